/* SPDX-License-Identifier: MIT */
#include "quote.h"

#include "../base/utf8.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define INVALID UINT32_MAX

uint32_t quote_decode(const char *text, size_t *len)
{
	uint32_t code = INVALID;
	size_t got;

	if ((unsigned char)*text < 0x80) {
		*len = 1;
		return (unsigned char)*text;
	}
	got = utf8_decode(text, strnlen(text, 4), &code);
	*len = got ? got : 1;
	return got ? code : INVALID;
}

static bool is_hidden(uint32_t code)
{
	return code == INVALID || utf8_hidden(code);
}

static bool is_space(uint32_t code)
{
	return code == ' ' || (code >= '\t' && code <= '\r');
}

static char last(const struct buf *out)
{
	return out->len ? out->text[out->len - 1] : '\0';
}

static void add_octal(struct buf *out, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf_printf(out, "\\%03o", (unsigned)(unsigned char)bytes[i]);
}

void quote_c(struct buf *out, const char *text)
{
	size_t len;

	for (; *text; text += len) {
		uint32_t code = quote_decode(text, &len);

		if (code == '\n')
			buf_add(out, "\\n");
		else if (code == '\t')
			buf_add(out, "\\t");
		else if (code == '\r')
			buf_add(out, "\\r");
		else if (is_hidden(code))
			add_octal(out, text, len);
		else if (code == '"' || code == '\\' ||
			 (code == '?' && last(out) == '?'))
			buf_printf(out, "\\%c", *text);
		else
			buf_add_n(out, text, len);
	}
}

/* One character of a comment; slashes: also keep it from ending, or nesting. */
static void comment_char(struct buf *out, const char *text, size_t len,
			 uint32_t code, bool slashes)
{
	char before = last(out);

	if (is_hidden(code)) {
		buf_add(out, "\xef\xbf\xbd");
		return;
	}
	if (slashes &&
	    ((code == '/' && before == '*') || (code == '*' && before == '/')))
		buf_char(out, ' ');
	if (slashes && code == '?' && before == '?')
		buf_char(out, ' ');
	buf_add_n(out, text, len);
}

static void comment(struct buf *out, const char *text, bool slashes)
{
	size_t len, start = out->len;

	for (; *text; text += len) {
		uint32_t code = quote_decode(text, &len);

		if (!is_space(code)) {
			comment_char(out, text, len, code, slashes);
			continue;
		}
		while (is_space((unsigned char)text[len]))
			len++;
		if (text[len] && out->len > start)
			buf_char(out, ' ');
	}
	if (out->len > start && last(out) == '\\')
		buf_char(out, '.');
}

void quote_comment(struct buf *out, const char *text)
{
	comment(out, text, true);
}

void quote_hash_comment(struct buf *out, const char *text)
{
	comment(out, text, false);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_plain_word(const char *text, const char *more)
{
	for (const char *at = text; *at; at++)
		if (!is_letter(*at) && !(*at >= '0' && *at <= '9') &&
		    !strchr(more, *at))
			return false;
	return *text;
}

/*
 * make takes backslashes as they are unless they stand before a character
 * that one would quote; there they have to be doubled.
 */
static void make_word(struct buf *out, const char *text, const char *signs)
{
	size_t slashes = 0;

	for (; *text; text++) {
		assert(*text != '\n');
		if (strchr(signs, *text)) {
			while (slashes--)
				buf_char(out, '\\');
			buf_char(out, '\\');
		} else if (*text == '$') {
			buf_char(out, '$');
		}
		slashes = *text == '\\' ? slashes + 1 : 0;
		buf_char(out, *text);
	}
}

void quote_make(struct buf *out, const char *text)
{
	make_word(out, text, " \t#:*?[]~|");
}

void quote_make_target(struct buf *out, const char *text)
{
	make_word(out, text, " \t#:*?[]~|%");
}

void quote_shell(struct buf *out, const char *text)
{
	if (is_plain_word(text, "_-./:@%+,")) {
		buf_add(out, text);
		return;
	}
	buf_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_add(out, "'\\''");
		else
			buf_char(out, *text);
	}
	buf_char(out, '\'');
}

void quote_recipe(struct buf *out, const char *text)
{
	struct buf word;

	buf_init(&word, out->arena);
	quote_shell(&word, text);
	for (size_t i = 0; i < word.len; i++) {
		assert(word.text[i] != '\n');
		if (word.text[i] == '$')
			buf_char(out, '$');
		buf_char(out, word.text[i]);
	}
}
