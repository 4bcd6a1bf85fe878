/* SPDX-License-Identifier: MIT */
/*
 * Patterns: a syntax tree, from that a program for a machine that is in many
 * places at once, so that no text makes it go back. Patterns are short and
 * read anew each time, into the event's arena.
 */
#include "internal.h"

/* Groups in groups. */
#define NESTING_MAX 64
/* Largest count in {n,m}; what it is applied to is written out that often. */
#define COUNT_MAX 1000
#define NO_LIMIT UINT32_MAX

struct range {
	uint32_t from, to;
};

struct node {
	enum node_kind {
		NODE_EMPTY,
		NODE_SET,    /* a code point of ranges */
		NODE_START,  /* ^ */
		NODE_END,    /* $ */
		NODE_BOTH,   /* left, then right */
		NODE_EITHER, /* left or right */
		NODE_REPEAT, /* left, min to max times */
	} kind;
	const struct node *left, *right;
	uint32_t min, max;
	struct range *ranges;
	size_t ranges_count;
	bool negated;
};

struct step {
	enum step_kind {
		STEP_SET,
		STEP_START,
		STEP_END,
		STEP_FORK,
		STEP_DONE
	} kind;
	const struct node *set;
	uint32_t next, other; /* steps to go on with */
};

struct pattern {
	struct wsg_arena *arena;
	const char *at;
	unsigned nesting;
	bool bad;
	struct step *steps;
	uint32_t count;
};

static const struct range digits[] = { { '0', '9' } };
static const struct range letters[] = {
	{ '0', '9' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' }
};
static const struct range spaces[] = {
	{ 0x9, 0xd },	    { 0x20, 0x20 },	{ 0xa0, 0xa0 },
	{ 0x1680, 0x1680 }, { 0x2000, 0x200a }, { 0x2028, 0x2029 },
	{ 0x202f, 0x202f }, { 0x205f, 0x205f }, { 0x3000, 0x3000 },
	{ 0xfeff, 0xfeff },
};
static const struct range line_ends[] = { { '\n', '\n' },
					  { '\r', '\r' },
					  { 0x2028, 0x2029 } };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct node *node(struct pattern *p, enum node_kind kind,
			 const struct node *left, const struct node *right)
{
	static struct node none;
	struct node *made = wsg_arena_alloc(p->arena, sizeof(*made));

	if (!made) {
		p->bad = true;
		return &none;
	}
	made->kind = kind;
	made->left = left;
	made->right = right;
	return made;
}

static void add_range(struct pattern *p, struct node *set, uint32_t from,
		      uint32_t to)
{
	struct range *ranges = wsg_arena_grow(
		p->arena, set->ranges, set->ranges_count * sizeof(*ranges),
		(set->ranges_count + 1) * sizeof(*ranges));

	if (!ranges || from > to) {
		p->bad = true;
		return;
	}
	ranges[set->ranges_count++] = (struct range){ from, to };
	set->ranges = ranges;
}

static void add_all(struct pattern *p, struct node *set,
		    const struct range *ranges, size_t count, bool negated)
{
	uint32_t from = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		if (!negated) {
			add_range(p, set, ranges[i].from, ranges[i].to);
			continue;
		}
		if (ranges[i].from > from)
			add_range(p, set, from, ranges[i].from - 1);
		from = ranges[i].to + 1;
	}
	if (negated)
		add_range(p, set, from, 0x10ffff);
}

static uint32_t hex(struct pattern *p, int count)
{
	uint32_t value = 0;

	for (; count; count--, p->at++) {
		char c = *p->at;

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uint32_t)(c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			value = value << 4 | (uint32_t)(c - 'A' + 10);
		else {
			p->bad = true;
			return 0;
		}
	}
	return value;
}

/* What follows a backslash: a class into set, or else one code point. */
static bool escape_class(struct pattern *p, struct node *set)
{
	char c = *p->at;

	switch (c) {
	case 'd':
	case 'D':
		add_all(p, set, digits, COUNT(digits), c == 'D');
		break;
	case 'w':
	case 'W':
		add_all(p, set, letters, COUNT(letters), c == 'W');
		break;
	case 's':
	case 'S':
		add_all(p, set, spaces, COUNT(spaces), c == 'S');
		break;
	default:
		return false;
	}
	p->at++;
	return true;
}

static uint32_t escape_char(struct pattern *p)
{
	char c = *p->at++;

	switch (c) {
	case 't':
		return '\t';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 'f':
		return '\f';
	case 'v':
		return '\v';
	case 'x':
		return hex(p, 2);
	case 'u':
		return hex(p, 4);
	}
	/* Letters and digits would mean something that is not done here. */
	if (!c || !strchr("^$\\.*+?()[]{}|/-\"'!#%&,:;<=>@_`~ ", c)) {
		p->at--;
		p->bad = true;
	}
	return (unsigned char)c;
}

/* One code point of a class, which ends before its `]`. */
static uint32_t class_char(struct pattern *p)
{
	if (!*p->at) {
		p->bad = true;
		return 0;
	}
	if (*p->at != '\\')
		return wsg_utf8_next(&p->at);
	p->at++;
	return escape_char(p);
}

static struct node *class(struct pattern *p)
{
	struct node *set = node(p, NODE_SET, NULL, NULL);

	set->negated = *p->at == '^';
	p->at += set->negated;
	while (*p->at != ']' && !p->bad) {
		uint32_t from, to;

		if (*p->at == '\\') {
			p->at++;
			if (escape_class(p, set))
				continue;
			p->at--;
		}
		from = to = class_char(p);
		if (p->at[0] == '-' && p->at[1] && p->at[1] != ']') {
			p->at++;
			to = class_char(p);
		}
		add_range(p, set, from, to);
	}
	if (!p->bad)
		p->at++;
	return set;
}

static const struct node *either(struct pattern *p);

static const struct node *group(struct pattern *p)
{
	const struct node *inner;

	if (p->at[0] == '?') {
		p->bad = p->at[1] != ':';
		p->at += p->bad ? 0 : 2;
	}
	if (p->bad || ++p->nesting > NESTING_MAX) {
		p->bad = true;
		return NULL;
	}
	inner = either(p);
	p->nesting--;
	if (*p->at != ')')
		p->bad = true;
	else
		p->at++;
	return inner;
}

static const struct node *atom(struct pattern *p)
{
	struct node *set;

	switch (*p->at) {
	case '(':
		p->at++;
		return group(p);
	case '[':
		p->at++;
		return class(p);
	case '^':
		p->at++;
		return node(p, NODE_START, NULL, NULL);
	case '$':
		p->at++;
		return node(p, NODE_END, NULL, NULL);
	case '*':
	case '+':
	case '?':
	case '{':
	case '}':
	case ']':
		p->bad = true;
		return NULL;
	}
	set = node(p, NODE_SET, NULL, NULL);
	if (*p->at == '.') {
		p->at++;
		add_all(p, set, line_ends, COUNT(line_ends), true);
	} else if (*p->at == '\\') {
		p->at++;
		if (!escape_class(p, set)) {
			uint32_t code = escape_char(p);

			add_range(p, set, code, code);
		}
	} else {
		uint32_t code = wsg_utf8_next(&p->at);

		add_range(p, set, code, code);
	}
	return set;
}

static uint32_t count(struct pattern *p)
{
	uint32_t value = 0;

	if (*p->at < '0' || *p->at > '9')
		p->bad = true;
	while (*p->at >= '0' && *p->at <= '9' && value <= COUNT_MAX)
		value = value * 10 + (uint32_t)(*p->at++ - '0');
	if (value > COUNT_MAX)
		p->bad = true;
	return value;
}

/* `*`, `+`, `?`, `{n,m}` behind an atom; false if there is none of them. */
static bool quantifier(struct pattern *p, uint32_t *min, uint32_t *max)
{
	switch (*p->at) {
	case '*':
	case '+':
		*min = *p->at == '+';
		*max = NO_LIMIT;
		break;
	case '?':
		*min = 0;
		*max = 1;
		break;
	case '{':
		p->at++;
		*min = *max = count(p);
		if (*p->at == ',') {
			p->at++;
			*max = *p->at == '}' ? NO_LIMIT : count(p);
		}
		if (*p->at != '}' || *max < *min)
			p->bad = true;
		break;
	default:
		return false;
	}
	if (p->bad)
		return true;
	p->at++;
	/* A lazy one matches the same texts. */
	p->at += *p->at == '?';
	return true;
}

static const struct node *sequence(struct pattern *p)
{
	const struct node *all = node(p, NODE_EMPTY, NULL, NULL);

	while (*p->at && *p->at != '|' && *p->at != ')' && !p->bad) {
		const struct node *one = atom(p);
		uint32_t min, max;

		if (!p->bad && quantifier(p, &min, &max)) {
			struct node *repeat = node(p, NODE_REPEAT, one, NULL);

			repeat->min = min;
			repeat->max = max;
			one = repeat;
		}
		all = node(p, NODE_BOTH, all, one);
	}
	return all;
}

static const struct node *either(struct pattern *p)
{
	const struct node *all = sequence(p);

	while (*p->at == '|' && !p->bad) {
		p->at++;
		all = node(p, NODE_EITHER, all, sequence(p));
	}
	return all;
}

static uint32_t emit(struct pattern *p, enum step_kind kind, uint32_t next,
		     uint32_t other)
{
	if (p->count == WSG_PATTERN_MAX) {
		p->bad = true;
		return 0;
	}
	p->steps[p->count] = (struct step){
		.kind = kind,
		.next = next,
		.other = other,
	};
	return p->count++;
}

/*
 * The steps of a node, made from the end on: next is what comes after it. The
 * result is where it starts.
 */
static uint32_t compile(struct pattern *p, const struct node *n, uint32_t next)
{
	uint32_t fork, start, i;

	if (p->bad)
		return 0;
	switch (n->kind) {
	case NODE_EMPTY:
		return next;
	case NODE_SET:
		start = emit(p, STEP_SET, next, 0);
		p->steps[start].set = n;
		return start;
	case NODE_START:
		return emit(p, STEP_START, next, 0);
	case NODE_END:
		return emit(p, STEP_END, next, 0);
	case NODE_BOTH:
		return compile(p, n->left, compile(p, n->right, next));
	case NODE_EITHER:
		start = compile(p, n->left, next);
		return emit(p, STEP_FORK, start, compile(p, n->right, next));
	case NODE_REPEAT:
		start = next;
		if (n->max == NO_LIMIT) {
			fork = emit(p, STEP_FORK, next, next);
			start = compile(p, n->left, fork);
			p->steps[fork].other = start;
			start = fork;
		}
		for (i = n->min; n->max != NO_LIMIT && i < n->max && !p->bad;
		     i++)
			start = emit(p, STEP_FORK, next,
				     compile(p, n->left, start));
		for (i = 0; i < n->min && !p->bad; i++)
			start = compile(p, n->left, start);
		return start;
	}
	return next;
}

static bool in_set(const struct node *set, uint32_t code)
{
	bool found = false;
	size_t i;

	for (i = 0; i < set->ranges_count && !found; i++)
		found = code >= set->ranges[i].from &&
			code <= set->ranges[i].to;
	return found != set->negated;
}

/* Where the machine is: steps that wait for a code point. */
struct places {
	uint32_t *steps;
	uint32_t count;
};

struct machine {
	const struct pattern *pattern;
	struct places now, then;
	uint32_t *todo;	   /* forks not yet followed */
	uint32_t *visited; /* the round in which each step was */
	uint32_t round;
	bool first, last; /* at the start, at the end of the text */
};

/* Add a step and all that is reached from it for free; true at the end. */
static bool reach(struct machine *m, struct places *places, uint32_t step)
{
	uint32_t todo = 0;

	m->todo[todo++] = step;
	while (todo) {
		const struct step *s;

		step = m->todo[--todo];
		if (m->visited[step] == m->round)
			continue;
		m->visited[step] = m->round;
		s = &m->pattern->steps[step];
		switch (s->kind) {
		case STEP_SET:
			places->steps[places->count++] = step;
			break;
		case STEP_START:
			if (m->first)
				m->todo[todo++] = s->next;
			break;
		case STEP_END:
			if (m->last)
				m->todo[todo++] = s->next;
			break;
		case STEP_FORK:
			m->todo[todo++] = s->next;
			m->todo[todo++] = s->other;
			break;
		case STEP_DONE:
			return true;
		}
	}
	return false;
}

static bool run(struct machine *m, uint32_t start, struct wsg_str text)
{
	const char *at = text.len ? text.ptr : "", *end = at + text.len;
	uint32_t i;

	for (;;) {
		struct places done;
		uint32_t code;

		m->first = at == (text.len ? text.ptr : at);
		m->last = at == end;
		/* This round's visits were begun by the code point before. */
		if (!m->round)
			m->round = 1;
		if (reach(m, &m->now, start))
			return true;
		if (at == end)
			return false;
		code = wsg_utf8_next(&at);
		m->first = false;
		m->last = at == end;
		m->round++;
		m->then.count = 0;
		for (i = 0; i < m->now.count; i++) {
			const struct step *s =
				&m->pattern->steps[m->now.steps[i]];

			if (in_set(s->set, code) && reach(m, &m->then, s->next))
				return true;
		}
		done = m->now;
		m->now = m->then;
		m->then = done;
	}
}

bool wsg_pattern_matches(struct wsg_arena *arena, const char *pattern,
			 struct wsg_str text)
{
	struct pattern p = { .arena = arena, .at = pattern };
	struct machine m = { .pattern = &p };
	const struct node *tree = either(&p);
	uint32_t start;

	if (p.bad || *p.at)
		return false;
	p.steps = wsg_arena_raw(arena, WSG_PATTERN_MAX * sizeof(*p.steps));
	if (!p.steps)
		return false;
	emit(&p, STEP_DONE, 0, 0);
	start = compile(&p, tree, 0);
	m.now.steps = wsg_arena_raw(arena, p.count * sizeof(uint32_t));
	m.then.steps = wsg_arena_raw(arena, p.count * sizeof(uint32_t));
	m.todo = wsg_arena_raw(arena, (2 * p.count + 2) * sizeof(uint32_t));
	m.visited = wsg_arena_alloc(arena, p.count * sizeof(uint32_t));
	if (p.bad || !m.now.steps || !m.then.steps || !m.todo || !m.visited)
		return false;
	return run(&m, start, text);
}
