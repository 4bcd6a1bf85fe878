/* SPDX-License-Identifier: MIT */
#include "pattern.h"

#include "../base/utf8.h"

#include <stdint.h>
#include <string.h>

#define NO_LIMIT UINT32_MAX
#define LAST_CODE 0x10ffff

struct range {
	uint32_t from, to;
};

struct pattern {
	enum kind {
		EMPTY,
		SET,	/* one of ranges, or none of them */
		START,	/* ^ */
		END,	/* $ */
		BOTH,	/* left, then right */
		EITHER, /* left or right */
		REPEAT, /* left, min to max times */
	} kind;
	const struct pattern *left, *right;
	uint32_t min, max;
	LIST(struct range) ranges;
	bool negated;
	double steps; /* of the runtime's program */
};

struct parser {
	struct arena *arena;
	const char *text, *at;
	const char *bad_at, *why; /* the first error */
	size_t bad_len;
	unsigned nesting;
};

static const struct range digits[] = { { '0', '9' } };
static const struct range words[] = {
	{ '0', '9' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' }
};
static const struct range spaces[] = {
	{ 0x9, 0xd },	    { ' ', ' ' },	{ 0xa0, 0xa0 },
	{ 0x1680, 0x1680 }, { 0x2000, 0x200a }, { 0x2028, 0x2029 },
	{ 0x202f, 0x202f }, { 0x205f, 0x205f }, { 0x3000, 0x3000 },
	{ 0xfeff, 0xfeff },
};
static const struct range line_ends[] = { { '\n', '\n' },
					  { '\r', '\r' },
					  { 0x2028, 0x2029 } };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void bad(struct parser *p, const char *at, size_t len, const char *why)
{
	if (p->why)
		return;
	p->bad_at = at;
	p->bad_len = len;
	p->why = why;
}

static struct pattern *node(struct parser *p, enum kind kind,
			    const struct pattern *left,
			    const struct pattern *right)
{
	struct pattern *made = ARENA_NEW(p->arena, struct pattern);

	made->kind = kind;
	made->left = left;
	made->right = right;
	if (kind == SET || kind == START || kind == END)
		made->steps = 1;
	else if (kind == BOTH || kind == EITHER)
		made->steps = left->steps + right->steps + (kind == EITHER);
	return made;
}

static void add(struct parser *p, struct pattern *set, uint32_t from,
		uint32_t to)
{
	*LIST_ADD(p->arena, &set->ranges) = (struct range){ from, to };
}

static void add_all(struct parser *p, struct pattern *set,
		    const struct range *ranges, size_t count, bool negated)
{
	uint32_t from = 0;

	for (size_t i = 0; i < count; i++) {
		if (!negated)
			add(p, set, ranges[i].from, ranges[i].to);
		else if (ranges[i].from > from)
			add(p, set, from, ranges[i].from - 1);
		from = ranges[i].to + 1;
	}
	if (negated)
		add(p, set, from, LAST_CODE);
}

/* The character at hand; a byte that is part of none stands for itself. */
static uint32_t next_code(struct parser *p)
{
	uint32_t code = (unsigned char)*p->at;
	size_t len = utf8_decode(p->at, strlen(p->at), &code);

	p->at += len ? len : 1;
	return code;
}

static uint32_t hex(struct parser *p, size_t count)
{
	const char *from = p->at - 2;
	uint32_t value = 0;

	for (size_t i = 0; i < count; i++, p->at++) {
		const char *all = "0123456789abcdef0123456789ABCDEF";
		const char *digit = *p->at ? strchr(all, *p->at) : NULL;

		if (!digit) {
			bad(p, from, (size_t)(p->at - from),
			    count == 2 ? "'\\x' needs two hex digits"
				       : "'\\u' needs four hex digits");
			return 0;
		}
		value = value << 4 | (uint32_t)(digit - all) % 16;
	}
	if (value >= 0xd800 && value <= 0xdfff)
		bad(p, from, count + 2,
		    "half a surrogate pair: write the character itself");
	return value;
}

/* \d and the like, into set; false if it is none of them. */
static bool escaped_class(struct parser *p, struct pattern *set)
{
	char c = *p->at;

	if (c == 'd' || c == 'D')
		add_all(p, set, digits, COUNT(digits), c == 'D');
	else if (c == 'w' || c == 'W')
		add_all(p, set, words, COUNT(words), c == 'W');
	else if (c == 's' || c == 'S')
		add_all(p, set, spaces, COUNT(spaces), c == 'S');
	else
		return false;
	p->at++;
	return true;
}

static uint32_t escaped_char(struct parser *p)
{
	static const char controls[] = "t\tn\nr\rf\fv\v";
	const char *from = p->at - 1;
	char c = *p->at;

	for (size_t i = 0; i + 1 < sizeof(controls); i += 2) {
		if (controls[i] != c)
			continue;
		p->at++;
		return (unsigned char)controls[i + 1];
	}
	if (c && strchr("^$\\.*+?()[]{}|/-\"'!#%&,:;<=>@_`~ ", c)) {
		p->at++;
		return (unsigned char)c;
	}
	if (c == 'x' || c == 'u') {
		p->at++;
		return hex(p, c == 'x' ? 2 : 4);
	}
	if (c >= '1' && c <= '9')
		bad(p, from, 2, "back-references need backtracking");
	else if (c == 'b' || c == 'B')
		bad(p, from, 2, "'\\b' is not supported");
	else
		bad(p, from, c ? 2 : 1, "'\\' has no meaning here");
	return 0;
}

/* Not at the end of the text. */
static uint32_t class_char(struct parser *p)
{
	if (*p->at != '\\')
		return next_code(p);
	p->at++;
	return escaped_char(p);
}

static const struct pattern *class(struct parser *p)
{
	const char *open = p->at - 1;
	struct pattern *set = node(p, SET, NULL, NULL);

	set->negated = *p->at == '^';
	p->at += set->negated;
	while (*p->at && *p->at != ']' && !p->why) {
		const char *from_at = p->at;
		uint32_t from, to;

		if (p->at[0] == '\\') {
			p->at++;
			if (escaped_class(p, set))
				continue;
			p->at--;
		}
		from = to = class_char(p);
		if (p->at[0] == '-' && p->at[1] && p->at[1] != ']') {
			p->at++;
			to = class_char(p);
		}
		if (from > to)
			bad(p, from_at, (size_t)(p->at - from_at),
			    "the range is the wrong way round");
		add(p, set, from, to);
	}
	if (*p->at == ']')
		p->at++;
	else
		bad(p, open, 1, "'[' is never closed by ']'");
	return set;
}

static const struct pattern *either(struct parser *p);

static const struct pattern *group(struct parser *p)
{
	const char *open = p->at - 1;
	const struct pattern *inner;

	if (p->at[0] == '?') {
		if (p->at[1] != ':')
			bad(p, open, 3,
			    "only plain groups are supported, (...) and "
			    "(?:...)");
		else
			p->at += 2;
	}
	if (++p->nesting > PATTERN_MAX_NESTING)
		bad(p, open, 1, "groups nest at most 64 deep");
	inner = p->why ? node(p, EMPTY, NULL, NULL) : either(p);
	p->nesting--;
	if (*p->at == ')')
		p->at++;
	else
		bad(p, open, 1, "'(' is never closed by ')'");
	return inner;
}

static const struct pattern *atom(struct parser *p)
{
	struct pattern *set = NULL;
	char c = *p->at;
	uint32_t code;

	if (strchr("*+?{", c)) {
		bad(p, p->at, 1, "there is nothing to repeat here");
		return node(p, EMPTY, NULL, NULL);
	}
	if (strchr("}]", c)) {
		bad(p, p->at, 1, "a bracket that was never opened");
		return node(p, EMPTY, NULL, NULL);
	}
	if (strchr("([^$", c)) {
		p->at++;
		return c == '('	  ? group(p)
		       : c == '[' ? class(p)
				  : node(p, c == '^' ? START : END, NULL, NULL);
	}
	set = node(p, SET, NULL, NULL);
	if (c == '.') {
		p->at++;
		add_all(p, set, line_ends, COUNT(line_ends), true);
		return set;
	}
	if (c == '\\') {
		p->at++;
		if (escaped_class(p, set))
			return set;
		code = escaped_char(p);
	} else {
		code = next_code(p);
	}
	add(p, set, code, code);
	return set;
}

static uint32_t count(struct parser *p)
{
	const char *from = p->at;
	uint32_t value = 0;

	while (*p->at >= '0' && *p->at <= '9') {
		if (value <= PATTERN_MAX_COUNT)
			value = value * 10 + (uint32_t)(*p->at - '0');
		p->at++;
	}
	if (p->at == from)
		bad(p, from - 1, 1, "counts are written {3}, {3,} or {3,5}");
	else if (value > PATTERN_MAX_COUNT)
		bad(p, from, (size_t)(p->at - from), "counts go up to 1000");
	return value;
}

/* What comes behind an atom: * + ? {n,m}. False: nothing of it. */
static bool quantifier(struct parser *p, uint32_t *min, uint32_t *max)
{
	const char *from = p->at;
	char c = *p->at;

	if (!c || !strchr("*+?{", c))
		return false;
	p->at++;
	*min = c == '+';
	*max = c == '?' ? 1 : NO_LIMIT;
	if (c == '{') {
		*min = *max = count(p);
		if (*p->at == ',') {
			p->at++;
			*max = *p->at == '}' ? NO_LIMIT : count(p);
		}
		if (*p->at != '}')
			bad(p, from, 1,
			    "counts are written {3}, {3,} or {3,5}");
		else if (*max < *min)
			bad(p, from, (size_t)(p->at - from) + 1,
			    "the counts are the wrong way round");
		if (p->why)
			return true;
		p->at++;
	}
	/* A lazy one matches the same texts. */
	p->at += *p->at == '?';
	return true;
}

static const struct pattern *repeat(struct parser *p, const struct pattern *one,
				    uint32_t min, uint32_t max)
{
	struct pattern *made = node(p, REPEAT, one, NULL);
	/* What is empty counts too: it is gone over as often. */
	double each = one->steps < 1 ? 1 : one->steps;

	made->min = min;
	made->max = max;
	if (max == NO_LIMIT)
		made->steps = 1 + each + each * min;
	else
		made->steps = (max - min) * (1 + each) + each * min;
	return made;
}

static const struct pattern *sequence(struct parser *p)
{
	const struct pattern *all = node(p, EMPTY, NULL, NULL);

	while (*p->at && *p->at != '|' && *p->at != ')' && !p->why) {
		const char *from = p->at;
		const struct pattern *one = atom(p);
		uint32_t min, max;

		if (!p->why && quantifier(p, &min, &max))
			one = repeat(p, one, min, max);
		all = node(p, BOTH, all, one);
		if (all->steps + 1 > PATTERN_MAX_STEPS)
			bad(p, from, (size_t)(p->at - from),
			    "the pattern is too large: with its repetitions "
			    "written out it has more than 2000 parts");
	}
	return all;
}

static const struct pattern *either(struct parser *p)
{
	const struct pattern *all = sequence(p);

	while (*p->at == '|' && !p->why) {
		p->at++;
		all = node(p, EITHER, all, sequence(p));
	}
	return all;
}

const struct pattern *pattern_read(struct arena *arena, const char *text,
				   size_t *at, size_t *len, const char **why)
{
	struct parser p = { .arena = arena, .text = text, .at = text };
	const struct pattern *all = either(&p);

	if (!p.why && *p.at == ')')
		bad(&p, p.at, 1, "a bracket that was never opened");
	if (all->steps + 1 > PATTERN_MAX_STEPS)
		bad(&p, text, strlen(text),
		    "the pattern is too large: with its repetitions written "
		    "out it has more than 2000 parts");
	if (!p.why)
		return all;
	*at = (size_t)(p.bad_at - text);
	*len = p.bad_len;
	*why = p.why;
	return NULL;
}

/* --- matching ---------------------------------------------------------------
 */

/* A text as characters, and for each place in it whether matching may be there.
 */
struct matcher {
	struct arena *arena;
	const uint32_t *codes;
	size_t count; /* of codes; there is one more place */
};

static bool *places(const struct matcher *m, const bool *copy)
{
	bool *made = arena_alloc(m->arena, (m->count + 1) * sizeof(*made));

	if (copy)
		memcpy(made, copy, (m->count + 1) * sizeof(*made));
	return made;
}

static bool in_set(const struct pattern *set, uint32_t code)
{
	bool found = false;

	for (size_t i = 0; i < set->ranges.count && !found; i++)
		found = code >= set->ranges.items[i].from &&
			code <= set->ranges.items[i].to;
	return found != set->negated;
}

/* Add what is in more to all; false when nothing was new. */
static bool unite(const struct matcher *m, bool *all, const bool *more)
{
	bool grown = false;

	for (size_t i = 0; i <= m->count; i++) {
		grown |= more[i] && !all[i];
		all[i] |= more[i];
	}
	return grown;
}

static bool *follow(const struct matcher *m, const struct pattern *p,
		    const bool *from);

static bool *follow_repeat(const struct matcher *m, const struct pattern *p,
			   const bool *from)
{
	bool *now = places(m, from), *all;

	for (uint32_t i = 0; i < p->min; i++)
		now = follow(m, p->left, now);
	all = places(m, now);
	for (uint32_t i = p->min; i < p->max; i++) {
		now = follow(m, p->left, now);
		if (!unite(m, all, now))
			break;
	}
	return all;
}

/* Where p can end when it starts at one of the places in from. */
static bool *follow(const struct matcher *m, const struct pattern *p,
		    const bool *from)
{
	bool *to = places(m, NULL);

	switch (p->kind) {
	case EMPTY:
		return places(m, from);
	case SET:
		for (size_t i = 0; i < m->count; i++)
			to[i + 1] = from[i] && in_set(p, m->codes[i]);
		return to;
	case START:
		to[0] = from[0];
		return to;
	case END:
		to[m->count] = from[m->count];
		return to;
	case BOTH:
		return follow(m, p->right, follow(m, p->left, from));
	case EITHER:
		unite(m, to, follow(m, p->left, from));
		unite(m, to, follow(m, p->right, from));
		return to;
	case REPEAT:
		return follow_repeat(m, p, from);
	}
	return to;
}

bool pattern_matches(const struct pattern *pattern, const char *text)
{
	size_t len = strlen(text), step;
	/* Of its own: this takes much, and is over soon. */
	struct arena scratch = { 0 };
	struct matcher m = { .arena = &scratch };
	uint32_t *codes = arena_alloc(&scratch, (len + 1) * sizeof(*codes));
	bool *from, *to, found = false;

	for (size_t at = 0; at < len; at += step ? step : 1) {
		codes[m.count] = (unsigned char)text[at];
		step = utf8_decode(text + at, len - at, &codes[m.count++]);
	}
	m.codes = codes;
	from = places(&m, NULL);
	memset(from, true, (m.count + 1) * sizeof(*from));
	to = follow(&m, pattern, from);
	for (size_t i = 0; i <= m.count; i++)
		found |= to[i];
	arena_release(&scratch);
	return found;
}
