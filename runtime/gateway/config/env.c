/* SPDX-License-Identifier: MIT */
/* env.c - files of NAME=value. */
#include "../base/mem.h"
#include "config.h"
#include "file.h"

#define ENV_MAX ((size_t)1 << 20) /* bytes of the file */

struct lines {
	const char *at, *end;
	size_t line; /* from 1 */
	const char *path;
	struct wsg_buf *why;
	struct wsg_arena *arena;
	struct config_variable *made;
	size_t count, room;
};

static bool complain(struct lines *lines, size_t line, const char *what)
{
	wsg_buf_printf(lines->why, "%s:%zu: %s\n", lines->path, line, what);
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static char peek(const struct lines *lines)
{
	return lines->at < lines->end ? *lines->at : '\n';
}

static void skip_blanks(struct lines *lines)
{
	while (is_blank(peek(lines)))
		lines->at++;
}

static void skip_line(struct lines *lines)
{
	while (peek(lines) != '\n')
		lines->at++;
	if (lines->at < lines->end)
		lines->at++;
	lines->line++;
}

/* --- names and values ----------------------------------------------------- */

static bool is_name_char(char c, bool first)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
		return true;
	return !first &&
	       ((c >= '0' && c <= '9') || c == '.' || c == ':' || c == '-');
}

static struct wsg_str read_name(struct lines *lines)
{
	const char *start = lines->at;

	while (is_name_char(peek(lines), lines->at == start))
		lines->at++;
	return (struct wsg_str){ start, (size_t)(lines->at - start) };
}

/* As in `export NAME=value`, which shells read too. */
static struct wsg_str read_name_after_export(struct lines *lines)
{
	struct wsg_str name = read_name(lines);

	if (!wsg_str_is(name, "export") || !is_blank(peek(lines)))
		return name;
	skip_blanks(lines);
	return read_name(lines);
}

/* To the end of the line, or to a comment. */
static void read_plain(struct lines *lines, struct wsg_buf *value)
{
	const char *start = lines->at, *end;

	while (peek(lines) != '\n') {
		if (*lines->at == '#' &&
		    (lines->at == start || is_blank(lines->at[-1])))
			break;
		lines->at++;
	}
	end = lines->at;
	while (end > start && is_blank(end[-1]))
		end--;
	wsg_buf_add(value, start, (size_t)(end - start));
}

static void add_escape(struct wsg_buf *value, char c)
{
	static const char letters[] = "nrt\"\\$`";
	static const char stand_for[] = "\n\r\t\"\\$`";
	const char *found = c ? strchr(letters, c) : NULL;

	if (c == '\n')
		return; /* the line goes on */
	if (!found)
		wsg_buf_text(value, "\\");
	wsg_buf_add(value, found ? &stand_for[found - letters] : &c, 1);
}

static bool read_quoted(struct lines *lines, struct wsg_buf *value)
{
	const char quote = *lines->at++;
	const size_t start = lines->line;

	while (lines->at < lines->end) {
		char c = *lines->at++;

		if (c == quote)
			return true;
		if (c == '\\' && quote == '"' && lines->at < lines->end) {
			c = *lines->at++;
			add_escape(value, c);
		} else {
			wsg_buf_add(value, &c, 1);
		}
		lines->line += c == '\n';
	}
	return complain(lines, start, "the quote is never closed");
}

static bool read_value(struct lines *lines, struct wsg_buf *value)
{
	skip_blanks(lines);
	if (peek(lines) != '"' && peek(lines) != '\'') {
		read_plain(lines, value);
		return true;
	}
	if (!read_quoted(lines, value))
		return false;
	skip_blanks(lines);
	if (peek(lines) == '\n' || peek(lines) == '#')
		return true;
	return complain(lines, lines->line, "text behind the closing quote");
}

/* --- lines ---------------------------------------------------------------- */

static void add(struct lines *lines, struct wsg_str name, struct wsg_str value)
{
	struct config_variable *grown;

	if (lines->count == lines->room) {
		lines->room = lines->room ? lines->room * 2 : 16;
		grown = mem_in(lines->arena, lines->room * sizeof(*grown));
		if (lines->count)
			memcpy(grown, lines->made,
			       lines->count * sizeof(*grown));
		lines->made = grown;
	}
	lines->made[lines->count].name = mem_copy_in(lines->arena, name);
	lines->made[lines->count].value = mem_copy_in(lines->arena, value);
	lines->count++;
}

static bool read_line(struct lines *lines, struct wsg_buf *value)
{
	struct wsg_str name;

	skip_blanks(lines);
	if (peek(lines) == '\n' || peek(lines) == '#')
		return true;
	name = read_name_after_export(lines);
	if (!name.len || peek(lines) != '=')
		return complain(lines, lines->line,
				"has to be NAME=value, without spaces before "
				"the '='");
	lines->at++;
	if (!read_value(lines, value))
		return false;
	add(lines, name, (struct wsg_str){ value->ptr, value->len });
	return true;
}

static bool read_lines(struct lines *lines)
{
	struct wsg_buf value = { 0 };
	bool good = true;

	while (lines->at < lines->end) {
		wsg_buf_clear(&value);
		good &= read_line(lines, &value);
		if (value.failed)
			mem_exhausted();
		skip_line(lines);
	}
	wsg_buf_release(&value);
	return good;
}

bool config_read_env(struct wsg_arena *arena, const char *path,
		     struct config_variable **variables, size_t *count,
		     struct wsg_buf *why)
{
	struct lines lines = {
		.line = 1, .path = path, .why = why, .arena = arena
	};
	struct wsg_buf text = { 0 };
	bool good = false;

	switch (file_read(path, ENV_MAX, &text, why)) {
	case FILE_READ:
		lines.at = text.ptr;
		lines.end = text.ptr + text.len;
		good = true;
		break;
	case FILE_ABSENT:
		wsg_buf_printf(why, "%s: is not there\n", path);
		break;
	case FILE_FAILED:
		break;
	}
	if (good && memchr(text.ptr, 0, text.len))
		good = complain(&lines, 1, "holds a NUL");
	/* As editors on Windows start a file. */
	if (good && text.len >= 3 && !memcmp(text.ptr, "\xef\xbb\xbf", 3))
		lines.at += 3;
	good = good && read_lines(&lines);
	wsg_buf_release(&text);
	if (!good)
		return false;
	*variables = lines.made;
	*count = lines.count;
	return true;
}
