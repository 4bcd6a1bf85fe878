/* SPDX-License-Identifier: MIT */
/*
 * Where to break a line is the cheapest way through it: each token goes on
 * the line or on a new one, a new line has a price by what it tears apart,
 * and a column past the limit costs more than all of them.
 */
#include "wrap_c.h"

#include "wrap.h"

#include <string.h>

#define MAX_STEPS 20000 /* past these a line stays as it is */

struct step {
	struct state state;
	size_t penalty, from; /* from: number of the step before */
	bool new_line;
};

struct wrapper {
	struct arena *arena;
	struct line line;
	LIST(struct step *) steps; /* kept from line to line */
	size_t used;
	LIST(size_t) queue; /* a heap of steps by price, then by age */
	size_t queued;
	size_t price; /* of all lines that were broken, so far */
	struct buf out;
};

static bool is_before(const struct wrapper *w, size_t a, size_t b)
{
	size_t price_a = w->steps.items[a]->penalty;
	size_t price_b = w->steps.items[b]->penalty;

	return price_a != price_b ? price_a < price_b : a < b;
}

static void push(struct wrapper *w, size_t step)
{
	size_t at = w->queued++;

	if (w->queued > w->queue.count)
		LIST_ADD(w->arena, &w->queue);
	while (at && is_before(w, step, w->queue.items[(at - 1) / 2])) {
		w->queue.items[at] = w->queue.items[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	w->queue.items[at] = step;
}

static size_t pop(struct wrapper *w)
{
	size_t first = w->queue.items[0];
	size_t step = w->queue.items[--w->queued];
	size_t at = 0;

	for (size_t child; (child = at * 2 + 1) < w->queued; at = child) {
		if (child + 1 < w->queued &&
		    is_before(w, w->queue.items[child + 1],
			      w->queue.items[child]))
			child++;
		if (!is_before(w, w->queue.items[child], step))
			break;
		w->queue.items[at] = w->queue.items[child];
	}
	w->queue.items[at] = step;
	return first;
}

static struct step *new_step(struct wrapper *w)
{
	if (w->used == w->steps.count)
		*LIST_ADD(w->arena, &w->steps) =
			ARENA_NEW(w->arena, struct step);
	return w->steps.items[w->used++];
}

static void copy_state(struct state *to, const struct state *from)
{
	to->next = from->next;
	to->column = from->column;
	to->depth = from->depth;
	memcpy(to->levels, from->levels, from->depth * sizeof(*to->levels));
}

static void try_step(struct wrapper *w, size_t from, bool new_line)
{
	const struct step *before = w->steps.items[from];
	struct step *step;

	if (new_line ? !state_may_break(&w->line, &before->state)
		     : state_must_break(&w->line, &before->state) &&
			       state_may_break(&w->line, &before->state))
		return;
	step = new_step(w);
	copy_state(&step->state, &before->state);
	step->from = from;
	step->new_line = new_line;
	step->penalty = before->penalty +
			state_advance(&w->line, &step->state, new_line, NULL);
	push(w, w->used - 1);
}

/* Sets which tokens start a line; false when none is worth it. */
static bool solve(struct wrapper *w, bool *starts)
{
	struct step *first;

	w->used = w->queued = 0;
	first = new_step(w);
	state_start(&w->line, &first->state);
	first->penalty = state_advance(&w->line, &first->state, false, NULL);
	push(w, 0);
	while (w->queued && w->used < MAX_STEPS) {
		size_t at = pop(w);
		const struct step *step = w->steps.items[at];
		size_t price = step->penalty;

		if (step->state.next < w->line.count) {
			try_step(w, at, false);
			try_step(w, at, true);
			continue;
		}
		for (size_t i = w->line.count; i-- > 1;) {
			starts[i] = step->new_line;
			at = step->from;
			step = w->steps.items[at];
		}
		w->price += price;
		return true;
	}
	return false;
}

static void print_line(const struct line *line, const bool *starts,
		       struct buf *out)
{
	struct state state;

	state_start(line, &state);
	for (size_t i = 0; i < line->count; i++) {
		const struct token *token = &line->tokens[i];

		if (i && starts[i]) {
			buf_char(out, '\n');
			wrap_indent(out, state_new_line_column(line, &state));
		} else if (i && token->space) {
			buf_char(out, ' ');
		} else if (!i) {
			wrap_indent(out, line->indent);
		}
		state_advance(line, &state, i && starts[i], out);
	}
}

/* #define NAME VALUE has one place to break. */
static bool wrap_define(const char *text, size_t len, struct buf *out)
{
	const char *end = text + len, *at = text + strlen("#define ");

	if (len < strlen("#define ") || memcmp(text, "#define ", 8) != 0)
		return false;
	while (at < end && *at != ' ' && *at != '(')
		at++;
	while (at < end && at[-1] != ')' && *at != ' ')
		at += 1 + (*at == ',');
	if (at >= end || *at != ' ')
		return false;
	buf_add_n(out, text, (size_t)(at - text));
	buf_add(out, " \\\n\t");
	buf_add_n(out, at + 1, (size_t)(end - at) - 1);
	return true;
}

static void wrap_line(struct wrapper *w, const char *text, size_t len,
		      struct buf *out)
{
	bool starts[LINE_MAX_TOKENS] = { false };

	if (wrap_define(text, len, out))
		return;
	if (line_parse(&w->line, text, len) && solve(w, starts))
		print_line(&w->line, starts, out);
	else
		buf_add_n(out, text, len);
}

/* Whether a comment that was open, or not, before the line is open after. */
static bool is_comment_open(const char *text, const char *end, bool open)
{
	for (; text + 1 < end; text++) {
		if (open && text[0] == '*' && text[1] == '/') {
			open = false;
			text++;
		} else if (!open && text[0] == '/' && text[1] == '*') {
			open = true;
			text++;
		} else if (!open && (*text == '"' || *text == '\'')) {
			char quote = *text++;

			while (text < end && *text != quote)
				text += 1 + (*text == '\\');
		}
	}
	return open;
}

/*
 * An initialiser whose opening line was broken goes on further in: the
 * columns to add until it ends. indent is the opening line's own.
 */
static size_t shift_after(const struct buf *out, size_t from, size_t indent)
{
	size_t at = out->len, blank;

	if (at < from + 3 || memcmp(out->text + at - 3, "= {", 3) != 0)
		return 0;
	while (at > from && out->text[at - 1] != '\n')
		at--;
	blank = strspn(out->text + at, " \t");
	if (at == from)
		return 0;
	return wrap_column(0, out->text + at, blank) - indent;
}

/* Where the initialiser ends whose opening line comes before at. */
static const char *body_end(const char *at, const char *end, size_t indent)
{
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t blank = strspn(at, " \t");
		bool closes =
			at[blank] == '}' && wrap_column(0, at, blank) == indent;

		at = stop ? stop + 1 : end;
		if (closes)
			break;
	}
	return at;
}

static void shift_line(struct buf *line, const char *text, size_t len,
		       size_t shift)
{
	size_t blank = strspn(text, " \t");

	line->len = 0;
	if (len)
		wrap_indent(line, wrap_column(shift, text, blank));
	buf_add_n(line, text + blank, len - blank);
}

/* No character but a tab takes more columns than bytes. */
static bool is_too_long(const char *text, size_t len)
{
	const char *end = text + len, *tab = text;
	size_t most = len;

	while (most <= WRAP_COLUMNS &&
	       (tab = memchr(tab, '\t', (size_t)(end - tab)))) {
		most += WRAP_TAB - 1;
		tab++;
	}
	return most > WRAP_COLUMNS && wrap_column(0, text, len) > WRAP_COLUMNS;
}

static bool has_long_line(const char *at, const char *end)
{
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (is_too_long(at, (size_t)((stop ? stop : end) - at)))
			return true;
		at = stop ? stop + 1 : end;
	}
	return false;
}

static void wrap_lines(struct wrapper *w, const char *at, const char *end,
		       size_t shift, struct buf *out);

/* What it costs to leave a line as it is. */
static size_t price_whole(struct wrapper *w, const char *text, size_t len)
{
	struct state state;
	size_t price = 0;

	if (!line_parse(&w->line, text, len))
		return 0;
	state_start(&w->line, &state);
	for (size_t i = 0; i < w->line.count; i++)
		price += state_advance(&w->line, &state, false, NULL);
	return price;
}

/*
 * Once an opening line is broken, from `from` on, its body moves further in.
 * Where that costs more than the break saves, the line stays whole. at is
 * behind the line and price what was paid for it; returns the body's end.
 */
static const char *wrap_body(struct wrapper *w, const char *opening,
			     const char *at, const char *end, size_t from,
			     size_t price, struct buf *out)
{
	size_t indent = wrap_column(0, opening, strspn(opening, " \t"));
	size_t shift = shift_after(out, from, indent);
	size_t len = (size_t)(at - opening);
	const char *next;
	struct buf whole, broken;

	if (!shift || ++at >= end)
		return opening + len;
	next = body_end(at, end, indent);
	buf_init(&broken, w->arena);
	w->price = 0;
	wrap_lines(w, at, next, shift, &broken);
	price += w->price;
	buf_init(&whole, w->arena);
	w->price = price_whole(w, opening, len);
	wrap_lines(w, at, next, 0, &whole);
	if (w->price <= price) {
		out->len = from;
		buf_add_n(out, opening, len);
	}
	buf_char(out, '\n');
	if (w->price <= price)
		buf_add_n(out, whole.text, whole.len);
	else
		buf_add_n(out, broken.text, broken.len);
	return next;
}

static void wrap_lines(struct wrapper *w, const char *at, const char *end,
		       size_t shift, struct buf *out)
{
	bool comment = false;
	struct buf line;

	buf_init(&line, w->arena);
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *next = stop ? stop : end;
		size_t len = (size_t)(next - at), from = out->len;

		shift_line(&line, at, len, shift);
		if (!comment && is_too_long(line.text, line.len)) {
			size_t before = w->price;

			wrap_line(w, line.text, line.len, out);
			if (!shift)
				next = wrap_body(w, at, next, end, from,
						 w->price - before, out);
		} else {
			buf_add_n(out, line.text, line.len);
		}
		comment = is_comment_open(at, at + len, comment);
		if (next == stop) {
			buf_char(out, '\n');
			next++;
		}
		at = next;
	}
}

struct wrapper *wrap_new(struct arena *arena)
{
	struct wrapper *w = ARENA_NEW(arena, struct wrapper);

	w->arena = arena;
	buf_init(&w->out, arena);
	return w;
}

void wrap_c(struct wrapper *w, struct buf *text, size_t from)
{
	if (!has_long_line(text->text + from, text->text + text->len))
		return;
	w->out.len = 0;
	wrap_lines(w, text->text + from, text->text + text->len, 0, &w->out);
	text->len = from;
	buf_add_n(text, w->out.text, w->out.len);
}
