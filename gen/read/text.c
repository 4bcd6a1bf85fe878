/* SPDX-License-Identifier: MIT */
#include "read/text.h"

#include "base/utf8.h"

#include <string.h>

static void start_line(struct text *text, struct diag *diag, size_t at)
{
	*LIST_ADD(diag->arena, &text->lines) =
		(struct text_line){ (uint32_t)at, true };
}

/* The line that a byte is on: most often the one asked for last, or the next.
 */
static size_t find_line(struct text *text, size_t offset)
{
	const struct text_line *lines = text->lines.items;
	size_t first = 0, past = text->lines.count;

	if (lines[text->line].start <= offset) {
		first = text->line;
		for (size_t i = first + 1; i <= first + 2 && i < past; i++)
			if (lines[i].start > offset)
				past = i;
	}
	while (first + 1 < past) {
		size_t middle = first + (past - first) / 2;

		if (lines[middle].start <= offset)
			first = middle;
		else
			past = middle;
	}
	return text->line = first;
}

struct loc text_loc(struct text *text, size_t offset, size_t len)
{
	size_t line = find_line(text, offset), end;

	end = line + 1 < text->lines.count ? text->lines.items[line + 1].start
					   : text->len;
	while (end > offset &&
	       (text->bytes[end - 1] == '\n' || text->bytes[end - 1] == '\r'))
		end--;
	if (len > end - offset)
		len = end - offset;
	if (len > UINT16_MAX)
		len = UINT16_MAX;
	return (struct loc){
		.source = text->source,
		.len = (uint16_t)len,
		.line = (uint32_t)line + 1,
		.column = (uint32_t)(offset - text->lines.items[line].start) + 1
	};
}

/* On a line that is not ASCII: go on from where the last walk ended. */
static size_t walk(struct text *text, size_t line, size_t column)
{
	const char *bytes = text->bytes;
	size_t at = text->walked, index = text->walked_column;

	if (text->walked_line != line) {
		at = text->lines.items[line].start;
		index = 0;
	}
	for (; index < column && at < text->len; index++)
		for (at++; at < text->len && (bytes[at] & 0xc0) == 0x80;)
			at++;
	for (; index > column && at; index--)
		for (at--; at && (bytes[at] & 0xc0) == 0x80;)
			at--;
	text->walked_line = line;
	text->walked_column = index;
	return text->walked = at;
}

size_t text_offset(struct text *text, size_t index, size_t line, size_t column)
{
	size_t at;

	if (text->is_ascii)
		return index < text->len ? index : text->len;
	if (line >= text->lines.count)
		return text->len;
	if (!text->lines.items[line].is_ascii)
		return walk(text, line, column);
	at = text->lines.items[line].start + column;
	return at < text->len ? at : text->len;
}

size_t text_value(const struct text *text, size_t start, size_t end)
{
	const char *bytes = text->bytes;
	size_t at = start;

	while (at < end && strchr("!&", bytes[at])) {
		while (at < end && !strchr(" \t\r\n", bytes[at]))
			at++;
		while (at < end && strchr(" \t\r\n#", bytes[at])) {
			if (bytes[at] == '#')
				while (at < end && bytes[at] != '\n')
					at++;
			else
				at++;
		}
	}
	return at;
}

static bool refuse(struct text *text, struct diag *diag, size_t at,
		   const char *why, const char *instead)
{
	diag_error(diag, text_loc(text, at, 1), "%s: %s", why, instead);
	return false;
}

/* Anything but printable ASCII and ends of lines. */
static bool check_character(struct text *text, struct diag *diag, size_t at,
			    size_t *step)
{
	const char *why;
	uint32_t code = 0;

	*step = utf8_decode(text->bytes + at, text->len - at, &code);
	if (!*step)
		return refuse(text, diag, at, "this is not UTF-8",
			      "save the file as UTF-8");
	if (code >= 0x80)
		text->lines.items[text->lines.count - 1].is_ascii =
			text->is_ascii = false;
	if (code == 0)
		return refuse(text, diag, at, "a NUL byte",
			      "a spec is text, and this file is not");
	if (code == 0xfeff)
		return refuse(text, diag, at, "a byte order mark",
			      "it belongs at the start of a file only");
	why = arena_printf(diag->arena, "the character U+%04X", code);
	if (code == 0x85 || code == 0x2028 || code == 0x2029)
		return refuse(text, diag, at, why,
			      "a line ends here for some readers only; escape "
			      "it in double quotes");
	if ((code < 0x20 && code != '\t') || (code >= 0x7f && code < 0xa0) ||
	    code == 0xfffe || code == 0xffff)
		return refuse(text, diag, at, why,
			      "controls are not text; escape it in double "
			      "quotes");
	return true;
}

bool text_init(struct text *text, struct diag *diag, uint16_t source)
{
	const struct source *from = &diag->sources.items[source - 1];
	size_t at = 0, step;

	*text = (struct text){ .source = source,
			       .bytes = from->text,
			       .len = from->len,
			       .is_ascii = true };
	start_line(text, diag, 0);
	if (text->len >= 2 && (!memcmp(text->bytes, "\xff\xfe", 2) ||
			       !memcmp(text->bytes, "\xfe\xff", 2)))
		return refuse(text, diag, 0, "this is UTF-16",
			      "save the file as UTF-8");
	if (text->len >= 3 && !memcmp(text->bytes, "\xef\xbb\xbf", 3)) {
		text->bytes += 3;
		text->len -= 3;
	}
	while (at < text->len) {
		char c = text->bytes[at];

		if (c >= 0x20 && c < 0x7f) {
			at++;
			continue;
		}
		if (c == '\n' || c == '\r') {
			at++;
			if (c == '\r' && at < text->len &&
			    text->bytes[at] == '\n')
				at++;
			start_line(text, diag, at);
			continue;
		}
		if (!check_character(text, diag, at, &step))
			return false;
		at += step;
	}
	return true;
}
