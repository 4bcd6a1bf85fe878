/* SPDX-License-Identifier: MIT */
/* type.c - the parser of type expressions. */
#include "type.h"

#include <stdarg.h>
#include <string.h>

struct parser {
	struct arena *arena;
	struct diag *diag;
	const struct doc *scalar;
	const char *text, *at;
	unsigned depth;
};

struct loc read_loc_in(const struct doc *scalar, size_t at, size_t len)
{
	struct loc loc = scalar->loc;
	size_t text_len = strlen(scalar->text);

	/* Escapes and folded lines: the place inside is not to be told. */
	if (scalar->quoted ? loc.len != text_len + 2 : loc.len != text_len)
		return loc;
	loc.column += (uint32_t)(at + scalar->quoted);
	if (at + len > text_len)
		len = at < text_len ? text_len - at : 1;
	loc.len = (uint16_t)(len ? len : 1);
	return loc;
}

static struct loc here(const struct parser *p, const char *from, const char *to)
{
	return read_loc_in(p->scalar, (size_t)(from - p->text),
			   (size_t)(to - from));
}

static void skip_blanks(struct parser *p)
{
	while (*p->at == ' ' || *p->at == '\t')
		p->at++;
}

static bool eat(struct parser *p, char c)
{
	skip_blanks(p);
	if (*p->at != c)
		return false;
	p->at++;
	return true;
}

static bool is_word(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c == '_') ||
	       (!first && c >= '0' && c <= '9');
}

static const char *cut(struct parser *p, const char *from, const char *to)
{
	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
		to--;
	return arena_strndup(p->arena, from, (size_t)(to - from));
}

/* One character, whole also when it takes several bytes. */
static const char *next_char(struct parser *p)
{
	size_t len = 1;

	while (((unsigned char)p->at[len] & 0xc0) == 0x80)
		len++;
	return arena_strndup(p->arena, p->at, len);
}

/* One end of bounds, from the text between from and to; blank is none. */
static bool read_bound(struct parser *p, enum type_kind kind, const char *from,
		       const char *to, struct bound *bound)
{
	const char *why, *text = cut(p, from, to);

	if (!*text || type_bound(p->arena, kind, text, bound, &why))
		return true;
	while (*from == ' ' || *from == '\t')
		from++;
	diag_error(p->diag, here(p, from, from + strlen(text)), "'%s' %s", text,
		   why);
	return false;
}

/* From behind the opening bracket to behind the closing one. */
static bool read_bounds(struct parser *p, struct type *type, char close)
{
	const char *from = p->at, *dots, *to, *wrong;

	to = strchr(from, close);
	if (!to) {
		diag_error(p->diag, here(p, from - 1, from),
			   "'%c' is never closed by '%c'", from[-1], close);
		return false;
	}
	p->at = to + 1;
	dots = strstr(from, "..");
	if (!dots || dots > to) {
		const char *only = cut(p, from, to);

		if (!*only)
			only = "64";
		diag_error(p->diag, here(p, from - 1, to + 1),
			   "bounds are written %c1..%s%c, %c..%s%c or %c1..%c",
			   from[-1], only, close, from[-1], only, close,
			   from[-1], close);
		return false;
	}
	if (!read_bound(p, type->kind, from, dots, &type->min) ||
	    !read_bound(p, type->kind, dots + 2, to, &type->max))
		return false;
	if (!type->min.text && !type->max.text)
		wrong = "bounds need a number on one side of '..'";
	else
		wrong = type_bounds_wrong(p->arena, type);
	if (wrong)
		diag_error(p->diag, here(p, from - 1, to + 1), "%s", wrong);
	return !wrong;
}

static struct type *type_new(struct parser *p, enum type_kind kind)
{
	struct type *type = ARENA_NEW(p->arena, struct type);

	type->kind = kind;
	return type;
}

static bool add_value(struct parser *p, struct type *type, const char *from,
		      const char *to)
{
	struct text *value;
	const char *text = cut(p, from, to);

	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	if (!*text) {
		diag_error(p->diag, here(p, from, from + 1),
			   "a value of 'enum' is empty");
		return false;
	}
	for (size_t i = 0; i < type->values.count; i++) {
		if (strcmp(type->values.items[i].s, text))
			continue;
		diag_error(p->diag, here(p, from, from + strlen(text)),
			   "'enum' has the value '%s' twice", text);
		return false;
	}
	value = LIST_ADD(p->arena, &type->values);
	value->s = text;
	value->loc = here(p, from, from + strlen(text));
	return true;
}

static struct type *read_enum(struct parser *p, const char *word)
{
	struct type *type = type_new(p, TYPE_ENUM);
	const char *open, *close;

	if (!eat(p, '(')) {
		diag_error(p->diag, here(p, word, p->at),
			   "'enum' needs its values: enum(happy|sad)");
		return NULL;
	}
	open = p->at - 1;
	close = strchr(p->at, ')');
	if (!close) {
		diag_error(p->diag, here(p, open, open + 1),
			   "'(' is never closed by ')'");
		return NULL;
	}
	for (const char *from = p->at, *to; from <= close; from = to + 1) {
		to = strchr(from, '|');
		if (!to || to > close)
			to = close;
		if (!add_value(p, type, from, to))
			return NULL;
	}
	p->at = close + 1;
	return type;
}

static struct type *read_whole(struct parser *p);

static struct type *read_map(struct parser *p, const char *word)
{
	struct type *type = type_new(p, TYPE_MAP);
	const char *open;

	if (!eat(p, '(')) {
		diag_error(p->diag, here(p, word, p->at),
			   "'map' needs the type of its values: map(string)");
		return NULL;
	}
	open = p->at - 1;
	type->item = read_whole(p);
	if (!type->item)
		return NULL;
	if (eat(p, '?')) {
		diag_error(p->diag, here(p, p->at - 1, p->at),
			   "the values of a map cannot be absent; '?' goes "
			   "behind the whole type");
		return NULL;
	}
	if (!eat(p, ')')) {
		if (*p->at)
			diag_error(p->diag, here(p, p->at, p->at + 1),
				   "expected ')' to close 'map(', not '%s'",
				   next_char(p));
		else
			diag_error(p->diag, here(p, open, open + 1),
				   "'(' is never closed by ')'");
		return NULL;
	}
	return type;
}

static bool takes_bounds(enum type_kind kind)
{
	return kind == TYPE_STRING || kind == TYPE_BYTES ||
	       kind == TYPE_NUMBER || type_lowest(kind);
}

static bool eat_base64(struct parser *p)
{
	const char *at = p->at;

	if (eat(p, '(')) {
		skip_blanks(p);
		if (!strncmp(p->at, "base64", 6)) {
			p->at += 6;
			if (eat(p, ')'))
				return true;
		}
	}
	p->at = at;
	return false;
}

static enum type_kind kind_of(const char *word)
{
	for (enum type_kind kind = TYPE_STRING; kind <= TYPE_JSON; kind++)
		if (!strcmp(type_name(kind), word))
			return kind;
	return TYPE_MESSAGE;
}

/* A type without what may follow it: a word with its bounds, enum, map. */
static struct type *read_plain(struct parser *p)
{
	const char *from, *word;
	struct type *type;

	skip_blanks(p);
	from = p->at;
	while (is_word(*p->at, p->at == from))
		p->at++;
	if (p->at == from) {
		if (*from)
			diag_error(p->diag, here(p, from, from + 1),
				   "expected a type such as string or int32, "
				   "not '%s'",
				   next_char(p));
		else
			diag_error(p->diag, here(p, from, from + 1),
				   "expected a type such as string or int32");
		return NULL;
	}
	word = arena_strndup(p->arena, from, (size_t)(p->at - from));
	if (!strcmp(word, "enum"))
		return read_enum(p, from);
	if (!strcmp(word, "map"))
		return read_map(p, from);
	type = type_new(p, kind_of(word));
	type->loc = here(p, from, p->at);
	if (type->kind == TYPE_MESSAGE)
		type->message_name = (struct text){ word, type->loc };
	if (type->kind == TYPE_BYTES)
		eat_base64(p);
	if (eat(p, '(')) {
		if (!takes_bounds(type->kind)) {
			diag_error(p->diag, here(p, from, p->at - 1),
				   "'%s' takes no bounds; strings, bytes, "
				   "numbers and lists do",
				   word);
			return NULL;
		}
		if (!read_bounds(p, type, ')'))
			return NULL;
	}
	return type;
}

/* As in C, the first brackets are the outer list's: int32[][..8] has rows of 8.
 */
static struct type *read_lists(struct parser *p, const char *from,
			       struct type *type)
{
	struct type *outer = NULL, *inner = NULL;

	while (eat(p, '[')) {
		struct type *list = type_new(p, TYPE_LIST);

		if (++p->depth > TYPE_DEPTH_MAX) {
			diag_error(p->diag, here(p, from, p->at),
				   "types nest at most %d deep",
				   TYPE_DEPTH_MAX);
			return NULL;
		}
		if (!eat(p, ']') && !read_bounds(p, list, ']'))
			return NULL;
		list->loc = here(p, from, p->at);
		if (inner)
			inner->item = list;
		else
			outer = list;
		inner = list;
	}
	if (!inner)
		return type;
	inner->item = type;
	return outer;
}

/* Everything but the "?" at the end. */
static struct type *read_whole(struct parser *p)
{
	struct type *type;
	const char *from, *mark;

	skip_blanks(p);
	from = p->at;
	if (++p->depth > TYPE_DEPTH_MAX) {
		diag_error(p->diag, here(p, from, from + 1),
			   "types nest at most %d deep", TYPE_DEPTH_MAX);
		return NULL;
	}
	type = read_plain(p);
	if (type && !type->loc.line)
		type->loc = here(p, from, p->at);
	type = type ? read_lists(p, from, type) : NULL;
	if (!type)
		return NULL;
	mark = p->at;
	if (eat(p, '?')) {
		if (eat(p, '[')) {
			diag_error(p->diag, here(p, mark, mark + 1),
				   "the items of a list cannot be absent; '?' "
				   "goes behind the whole type");
			return NULL;
		}
		p->at = mark;
	}
	p->depth--;
	return type;
}

struct type *read_type(struct arena *arena, struct diag *diag,
		       const struct doc *text, bool *optional)
{
	struct parser p = { arena, diag, text, text->text, text->text, 0 };
	struct type *type = read_whole(&p);
	const char *mark;

	if (!type)
		return NULL;
	skip_blanks(&p);
	mark = p.at;
	if (optional)
		*optional = false;
	if (eat(&p, '?')) {
		if (!optional) {
			diag_error(diag, here(&p, mark, p.at),
				   "only a field may be absent: leave out '?'");
			return NULL;
		}
		*optional = true;
	}
	skip_blanks(&p);
	if (*p.at) {
		diag_error(diag, here(&p, p.at, p.at + 1),
			   "unexpected '%s' behind the type '%s'",
			   next_char(&p), cut(&p, p.text, p.at));
		return NULL;
	}
	return type;
}
