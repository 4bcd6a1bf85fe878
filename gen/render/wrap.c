/* SPDX-License-Identifier: MIT */
#include "wrap.h"

#include "quote.h"

#include <string.h>

/* Two columns each in a terminal: CJK, kana, Hangul, full-width forms. */
static bool is_wide(uint32_t code)
{
	return (code >= 0x1100 && code <= 0x115f) ||
	       (code >= 0x2e80 && code <= 0xa4cf && code != 0x303f) ||
	       (code >= 0xac00 && code <= 0xd7a3) ||
	       (code >= 0xf900 && code <= 0xfaff) ||
	       (code >= 0xff00 && code <= 0xff60);
}

/* Scripts where each character takes one column, in every version of the
 * tables that clang-format and terminals have. */
static bool is_narrow(uint32_t code)
{
	return (code >= 0x20 && code < 0x7f) ||
	       (code >= 0xa1 && code < 0x300 && code != 0xad) ||
	       (code >= 0x410 && code < 0x450) ||
	       (code >= 0x2010 && code < 0x2027) ||
	       (code >= 0x2190 && code < 0x2300) || code == 0xfffd;
}

/*
 * A text with a character that not everyone gives the same width is as wide
 * as it has bytes: that is never too little.
 */
size_t wrap_column(size_t column, const char *text, size_t len)
{
	size_t start = column, step;
	const char *end = text + len;

	for (const char *at = text; at < end; at += step) {
		uint32_t code = quote_decode(at, &step);

		if (code == '\t')
			column += WRAP_TAB - column % WRAP_TAB;
		else if (is_narrow(code))
			column++;
		else if (is_wide(code))
			column += 2;
		else
			return start + len;
	}
	return column;
}

const char *wrap_padding(struct arena *arena, size_t from, size_t to)
{
	size_t first = WRAP_TAB - from % WRAP_TAB, spaces = to - from;
	struct buf out;

	buf_init(&out, arena);
	if (spaces >= first && spaces > 1) {
		buf_char(&out, '\t');
		for (spaces -= first; spaces >= WRAP_TAB; spaces -= WRAP_TAB)
			buf_char(&out, '\t');
	}
	while (spaces--)
		buf_char(&out, ' ');
	return out.text;
}

/* The line that out ends with. */
static const char *last_line(const struct buf *out)
{
	size_t at = out->len;

	while (at && out->text[at - 1] != '\n')
		at--;
	return out->text + at;
}

/* The length of the line's indentation and comment leader, or 0. */
static size_t leader_len(const char *line)
{
	size_t len = strspn(line, " \t");

	if (line[len] == '#')
		len += strspn(line + len, "#");
	else if (!strncmp(line + len, "//", 2))
		len += 2;
	else if (line[len] == '*')
		len++;
	else
		return 0;
	return line[len] == ' ' ? len + 1 : 0;
}

/* End the line: what stands last on it must not run on into the next. */
static void break_line(struct buf *out)
{
	if (out->text[out->len - 1] == '\\')
		buf_char(out, '.');
	buf_char(out, '\n');
}

/* Words of one line of quoted text; each new line starts with leader. */
static void add_words(struct buf *out, const char *text, const char *leader,
		      size_t leader_len)
{
	const char *line = last_line(out);
	size_t column = wrap_column(0, line, strlen(line));
	bool first = true;

	while (*text) {
		size_t len = strcspn(text, " ");
		size_t next = wrap_column(column + !first, text, len);

		/* One column is kept for the dot after a backslash. */
		if (!first && next + (text[len - 1] == '\\') > WRAP_COLUMNS) {
			break_line(out);
			buf_add_n(out, leader, leader_len);
			next = wrap_column(0, leader, leader_len);
			next = wrap_column(next, text, len);
		} else if (!first) {
			buf_char(out, ' ');
		}
		buf_add_n(out, text, len);
		column = next;
		first = false;
		text += len + (text[len] == ' ');
	}
}

void wrap_comment(struct buf *out, const char *text)
{
	const char *line = last_line(out);
	size_t indent = strspn(line, " \t");
	size_t len = leader_len(line);
	struct buf quoted;

	buf_init(&quoted, out->arena);
	if (line[indent] == '#')
		quote_hash_comment(&quoted, text);
	else
		quote_comment(&quoted, text);
	if (out->len && out->text[out->len - 1] == '*' && *quoted.text == '/')
		buf_char(out, ' ');
	if (len)
		add_words(out, quoted.text,
			  arena_strndup(out->arena, line, len), len);
	else
		buf_add(out, quoted.text);
}

/* Whether text has one line that says something. */
static bool is_one_line(const char *text)
{
	text += strcspn(text, "\n");
	return !text[strspn(text, " \t\r\n")];
}

/* Lines of text; NULL after the last. */
static const char *next_line(struct arena *arena, const char **text)
{
	size_t len = strcspn(*text, "\n");
	const char *line;

	if (!**text)
		return NULL;
	line = arena_strndup(arena, *text, len);
	*text += len + ((*text)[len] == '\n');
	return line;
}

void wrap_block(struct buf *out, const char *indent, size_t indent_len,
		const char *text)
{
	struct arena *arena = out->arena;
	struct buf leader, quoted;
	size_t empty = 0;
	bool first = true;

	text += strspn(text, " \t\r\n");
	buf_init(&quoted, arena);
	quote_comment(&quoted, text);
	buf_add_n(out, indent, indent_len);
	buf_add(out, "/*");
	if (is_one_line(text) &&
	    wrap_column(wrap_column(0, indent, indent_len) + 3, quoted.text,
			quoted.len) +
			    3 <=
		    WRAP_COLUMNS) {
		buf_printf(out, " %s */\n", quoted.text);
		return;
	}
	buf_init(&leader, arena);
	buf_add_n(&leader, indent, indent_len);
	buf_add(&leader, " * ");
	for (const char *line; (line = next_line(arena, &text));) {
		buf_init(&quoted, arena);
		quote_comment(&quoted, line);
		if (!quoted.len) {
			empty++;
			continue;
		}
		/* Empty lines at the end are left out. */
		for (; empty; empty--)
			if (!first)
				buf_printf(out, "\n%.*s", (int)leader.len - 1,
					   leader.text);
		buf_char(out, '\n');
		buf_add_n(out, leader.text, leader.len);
		add_words(out, quoted.text, leader.text, leader.len);
		first = false;
	}
	buf_char(out, '\n');
	buf_add_n(out, indent, indent_len);
	buf_add(out, " */\n");
}
