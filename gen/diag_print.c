/* SPDX-License-Identifier: MIT */
/* Diagnostics as text; diag/json.c has the formats for machines. */
#include "diag_print.h"

#include "base/utf8.h"
#include "diag/internal.h"

#include <string.h>

/* Cells of a quoted line; longer ones are cut around the marker. */
#define LINE_CELLS 120
#define CELLS_BEFORE 40 /* of the marker, in a line that was cut */
#define CUT "..."

static const char *const level_names[] = { "error", "warning", "note" };
static const char *const level_colors[] = { "\33[1;31m", "\33[1;35m",
					    "\33[1;36m" };
static const char bold[] = "\33[1m", plain[] = "\33[0m";

const struct source *diag_source_of(const struct diag *diag, struct loc loc)
{
	if (!loc.source || loc.source > diag->sources.count)
		return NULL;
	return &diag->sources.items[loc.source - 1];
}

struct diag_line diag_line(const struct source *source, uint32_t number)
{
	const char *at = source->text, *end = at + source->len, *start;

	if (source->len >= 3 && !memcmp(at, "\xef\xbb\xbf", 3))
		at += 3;
	for (start = at; at < end; at++) {
		bool ends = *at == '\n' ||
			    (*at == '\r' && (at + 1 == end || at[1] != '\n'));

		if (!ends)
			continue;
		if (!--number)
			break;
		start = at + 1;
	}
	if (number > 1)
		start = at;
	if (at > start && at[-1] == '\r')
		at--;
	return (struct diag_line){ start, (size_t)(at - start) };
}

const char *diag_uncounted(struct arena *arena, size_t count, size_t max,
			   const char *what)
{
	if (count <= max)
		return NULL;
	return arena_printf(arena, "%zu more %s%s", count - max, what,
			    count - max == 1 ? "" : "s");
}

/* One character, made visible. Returns its length; *cells grows by its width.
 */
static size_t show(struct buf *out, const char *text, size_t len, size_t *cells)
{
	size_t before = out->len, step;
	uint32_t code;

	step = utf8_decode(text, len, &code);
	*cells += 1;
	if (!step) {
		buf_char(out, '?');
		return 1;
	}
	if (code == '\t' || !utf8_hidden(code)) {
		buf_add_n(out, text, step);
		return step;
	}
	buf_printf(out, "\\u{%x}", code);
	*cells += out->len - before - 1;
	return step;
}

/* Messages quote the spec, paths come from anywhere. */
static void show_all(struct buf *out, const char *text)
{
	size_t len = strlen(text), cells = 0;

	for (size_t at = 0; at < len;)
		at += show(out, text + at, len - at, &cells);
}

/* Where to start showing a line so that the marker at column can be seen. */
static size_t window_start(struct diag_line line, size_t column)
{
	size_t start;

	if (line.len <= LINE_CELLS || column <= LINE_CELLS - CELLS_BEFORE)
		return 0;
	start = column - CELLS_BEFORE;
	if (start > line.len)
		start = line.len;
	while (start && ((unsigned char)line.text[start] & 0xc0) == 0x80)
		start--;
	return start;
}

/*
 * The line and, below it, the marker. Each character takes one cell of both,
 * a tab stays a tab in both, so that they line up in any terminal.
 */
static void quote_line(struct buf *out, const struct source *source,
		       struct loc loc, const char *color, struct arena *arena)
{
	struct diag_line line = diag_line(source, loc.line);
	size_t from = loc.column - 1, to = from + (loc.len ? loc.len : 1);
	size_t start = window_start(line, from), at = start, total = 0;
	struct buf marks;

	buf_init(&marks, arena);
	buf_printf(out, "%5u | ", loc.line);
	buf_add(&marks, "      | ");
	if (start) {
		buf_add(out, CUT);
		buf_add(&marks, "   ");
	}
	if (color)
		buf_add(&marks, color);
	while (at < line.len && total < LINE_CELLS) {
		size_t cells = 0, was = at;
		char mark = ' ';

		at += show(out, line.text + at, line.len - at, &cells);
		if (was >= from && was < to)
			mark = was == from ? '^' : '~';
		else if (was > from)
			mark = '\0';
		else if (line.text[was] == '\t')
			mark = '\t';
		for (size_t i = 0; mark && i < cells; i++)
			buf_char(&marks, i && mark == '^' ? '~' : mark);
		total += cells;
	}
	if (at < line.len)
		buf_add(out, CUT);
	if (from >= line.len)
		buf_char(&marks, '^');
	if (color)
		buf_add(&marks, plain);
	buf_printf(out, "\n%s\n", marks.text);
}

static void print_entry(const struct diag *diag, const struct diag_entry *entry,
			bool color, struct buf *out)
{
	const struct source *source = diag_source_of(diag, entry->loc);
	const char *paint = level_colors[entry->level];

	if (color)
		buf_add(out, bold);
	if (source) {
		show_all(out, source->path);
		buf_printf(out, ":%u:%u: ", entry->loc.line, entry->loc.column);
	} else {
		buf_add(out, "wsgen: ");
	}
	buf_printf(out, "%s%s: %s", color ? paint : "",
		   level_names[entry->level], color ? plain : "");
	show_all(out, entry->text);
	buf_char(out, '\n');
	if (source && entry->level != DIAG_NOTE)
		quote_line(out, source, entry->loc, color ? paint : NULL,
			   out->arena);
}

static void print_text(const struct diag *diag, bool color, struct buf *out)
{
	const char *more;

	for (size_t i = 0; i < diag->entries.count; i++)
		print_entry(diag, &diag->entries.items[i], color, out);
	more = diag_uncounted(out->arena, diag->errors, DIAG_MAX_ERRORS,
			      "error");
	if (more)
		buf_printf(out, "wsgen: and %s\n", more);
	more = diag_uncounted(out->arena, diag->warnings, DIAG_MAX_WARNINGS,
			      "warning");
	if (more)
		buf_printf(out, "wsgen: and %s\n", more);
}

void diag_print(const struct diag *diag, FILE *out, enum diag_format format,
		bool color)
{
	struct arena arena = { 0 };
	struct buf text;

	buf_init(&text, &arena);
	switch (format) {
	case DIAG_TEXT:
		print_text(diag, color, &text);
		break;
	case DIAG_JSON:
		diag_print_json(diag, &text);
		break;
	case DIAG_SARIF:
		diag_print_sarif(diag, &text);
		break;
	}
	fwrite(text.text, 1, text.len, out);
	arena_release(&arena);
}
