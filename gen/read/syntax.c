/* SPDX-License-Identifier: MIT */
#include "read/syntax.h"

#include <string.h>

#define QUOTED_MAX 60 /* bytes of a value that a message repeats */

struct explain {
	struct diag *diag;
	struct text *text;
	const struct syntax_error *error;
};

static bool is(const char *words, const char *part)
{
	return words && strstr(words, part);
}

static char byte_at(const struct text *text, size_t at)
{
	return at < text->len ? text->bytes[at] : '\0';
}

/* The bytes from start to end as a text for a message: one line, not long. */
static const char *words(struct explain *e, size_t start, size_t end)
{
	const char *from = e->text->bytes + start;
	size_t len = end - start;
	const char *cut = "";

	for (size_t i = 0; i < len; i++)
		if (from[i] == '\n' || from[i] == '\r') {
			len = i;
			cut = "...";
		}
	if (len > QUOTED_MAX) {
		len = QUOTED_MAX;
		while ((from[len] & 0xc0) == 0x80)
			len--;
		cut = "...";
	}
	return arena_printf(e->diag->arena, "%.*s%s", (int)len, from, cut);
}

bool syntax_closes_split(struct diag *diag, struct text *text,
			 struct syntax_split *split, size_t start, size_t end)
{
	struct explain e = { diag, text, NULL };
	int open = 0;

	for (size_t at = start; at < end; at++) {
		open += text->bytes[at] == '(';
		open -= text->bytes[at] == ')';
	}
	if (split->is_open && open < 0) {
		diag_error(diag,
			   text_loc(text, split->start, end - split->start),
			   "a ',' splits this value in two: quote it, as in "
			   "\"%s\"",
			   words(&e, split->start, end));
		split->is_open = false;
		return true;
	}
	if (!split->is_open && open > 0) {
		split->is_open = true;
		split->start = start;
	}
	return false;
}

/* Past the bracket that closes the one at this place, and what clings to it. */
static size_t past_bracket(const struct text *text, size_t at)
{
	int depth = 0;

	for (; at < text->len; at++) {
		char c = text->bytes[at];

		if (c == '\n' || c == '\r')
			break;
		if (!depth && strchr(" ,]}", c))
			break;
		depth += c == '[' || c == '{';
		depth -= c == ']' || c == '}';
	}
	return at;
}

/* {x: T[]}, {t: ${X}}: a bracket right after an unquoted value. */
static bool explain_bracket(struct explain *e)
{
	const struct syntax_error *error = e->error;
	char c = byte_at(e->text, error->at);
	size_t end;

	if ((c != '[' && c != '{') || !error->plain ||
	    error->scalar_end != error->at || error->scalar == error->at)
		return false;
	end = past_bracket(e->text, error->at);
	diag_error(e->diag,
		   text_loc(e->text, error->scalar, end - error->scalar),
		   "a '%c' splits this value in two: quote it, as in \"%s\"", c,
		   words(e, error->scalar, end));
	return true;
}

static void explain_flow(struct explain *e)
{
	const struct syntax_error *error = e->error;
	char close = is(error->problem, "'}'") ? '}' : ']';
	char open = close == '}' ? '{' : '[';

	if (explain_bracket(e))
		return;
	if (error->at >= e->text->len)
		diag_error(e->diag, text_loc(e->text, error->context_at, 1),
			   "this '%c' is never closed", open);
	else
		diag_error(e->diag, text_loc(e->text, error->at, 1),
			   "expected ',' or '%c' here", close);
	if (error->at < e->text->len)
		diag_note(e->diag, text_loc(e->text, error->context_at, 1),
			  "for the '%c' that opens here", open);
}

/* A character that no value may start with. */
static void explain_start(struct explain *e)
{
	size_t at = e->error->at, end = at;
	const char *bytes = e->text->bytes;

	if (byte_at(e->text, at) == '\t') {
		diag_error(e->diag, text_loc(e->text, at, 1),
			   "a tab cannot indent: use spaces");
		return;
	}
	while (end < e->text->len && !strchr(" \t\r\n,]}", bytes[end]))
		end++;
	diag_error(e->diag, text_loc(e->text, at, end - at),
		   "no value starts with '%c' unless it is quoted: \"%s\"",
		   byte_at(e->text, at), words(e, at, end));
}

/* a: b: c, or a key that is indented below a value. */
static void explain_colon(struct explain *e)
{
	const struct syntax_error *error = e->error;
	struct loc at = text_loc(e->text, error->at, 1);
	struct loc value = text_loc(e->text, error->scalar, 1);

	if (value.line == at.line)
		diag_error(e->diag, at,
			   "a second ': ' on this line: quote the value that "
			   "holds it");
	else
		diag_error(e->diag, at,
			   "a key below a value: the value above goes on to "
			   "here, as this line is indented deeper than its "
			   "key");
}

static void explain_key(struct explain *e)
{
	const struct syntax_error *error = e->error;
	struct loc at = text_loc(e->text, error->at, 1);
	struct loc last = text_loc(e->text, error->scalar, 1);

	if (error->tagged && byte_at(e->text, error->at) == '!')
		diag_error(e->diag, at,
			   "a second tag on one value: write the inner one in "
			   "its long form, as in !Base64 {\"Fn::Sub\": ...}");
	else if (last.line == at.line && !error->plain)
		diag_error(e->diag, at,
			   "text after a closing quote: put quotes around all "
			   "of the value");
	else
		diag_error(e->diag, at,
			   "expected a key here, in line with the keys above");
	diag_note(e->diag, text_loc(e->text, error->context_at, 1),
		  "the mapping starts here");
}

static void explain_rest(struct explain *e)
{
	static const struct {
		const char *problem, *words;
	} known[] = {
		{ "did not find expected '-' indicator",
		  "expected '- ' here, in line with the items of the list "
		  "above" },
		{ "block sequence entries are not allowed",
		  "'- ' cannot stand here: start the list on a line of its "
		  "own" },
		{ "could not find expected ':'",
		  "expected ': ' after the key on this line or the one "
		  "above" },
		{ "found unknown escape character",
		  "no such escape in double quotes: write \\\\ for a "
		  "backslash, or use single quotes" },
		{ "did not find expected node content",
		  "expected a value here" },
		{ "did not find expected <document start>",
		  "the document ended before this" },
	};
	const struct syntax_error *error = e->error;
	struct loc loc = text_loc(e->text, error->at, 1);

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (is(error->problem, known[i].problem)) {
			diag_error(e->diag, loc, "%s", known[i].words);
			return;
		}
	diag_error(e->diag, loc, "this is no YAML: %s%s%s",
		   error->problem ? error->problem : "out of memory",
		   error->context ? ", " : "",
		   error->context ? error->context : "");
}

void syntax_explain(struct diag *diag, struct text *text,
		    const struct syntax_error *error)
{
	struct explain e = { diag, text, error };
	struct loc context = text_loc(text, error->context_at, 1);
	char opener = byte_at(text, error->context_at);

	if (is(error->problem, "did not find expected ',' or"))
		explain_flow(&e);
	else if (is(error->problem, "cannot start any token"))
		explain_start(&e);
	else if (is(error->problem, "found a tab character"))
		diag_error(diag, text_loc(text, error->at, 1),
			   "a tab cannot indent: use spaces");
	else if (is(error->problem, "mapping values are not allowed"))
		explain_colon(&e);
	else if (is(error->problem, "did not find expected key"))
		explain_key(&e);
	else if (is(error->problem, "unexpected end of stream"))
		diag_error(diag, context, "this '%c' is never closed", opener);
	else if (is(error->problem, "alphabetic or numeric character"))
		diag_error(diag, context,
			   "'%c' names a value here: quote it when it is part "
			   "of the text",
			   opener);
	else
		explain_rest(&e);
}
