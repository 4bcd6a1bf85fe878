/* SPDX-License-Identifier: MIT */
/* Documents as YAML that its 1.1 and 1.2 readers cannot read in two ways. */
#include "../doc.h"

#include "../base/utf8.h"

#include <string.h>

/* YAML wants "? key" where a key is longer; its own limit is 1024. */
#define PLAIN_KEY_MAX 1000

static bool same_word(const char *text, const char *word)
{
	for (; *text && *word; text++, word++) {
		char c = *text;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != *word)
			return false;
	}
	return *text == *word;
}

/* A boolean or null to some reader. */
static bool is_word(const char *text, size_t len)
{
	static const char *const words[] = { "y",    "yes", "n",    "no",
					     "on",   "off", "true", "false",
					     "null", "nan", "inf" };

	if (len > strlen("false"))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (same_word(text, words[i]))
			return true;
	return false;
}

/*
 * A string that starts with a digit is a number, a time of day or a date to
 * some reader unless it holds a letter that is in none of those.
 */
static bool is_numeric(const char *text)
{
	if (*text < '0' || *text > '9')
		return false;
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text | 0x20;

		if (c > 'f' && c <= 'z' && !strchr("otxz", c))
			return false;
	}
	return true;
}

/* May stand without quotes, as a key or a value in block style. */
static bool is_plain(const char *text, size_t len)
{
	char first = *text | 0x20;

	if (!(first >= 'a' && first <= 'z') &&
	    !(*text >= '0' && *text <= '9') && !strchr("_/$", *text) &&
	    !((unsigned char)*text & 0x80))
		return false;
	if (!len || is_word(text, len) || is_numeric(text))
		return false;
	if (text[len - 1] == ' ' || text[len - 1] == ':')
		return false;
	if (!memchr(text, ' ', len) && utf8_plain(text, len) == len)
		return true;
	for (size_t at = 0, step = 1; at < len; at += step) {
		const char c = text[at];
		uint32_t code;

		if ((c == ':' && text[at + 1] == ' ') ||
		    (c == ' ' && text[at + 1] == '#'))
			return false;
		step = 1;
		if (c >= 0x20 && c < 0x7f)
			continue;
		step = utf8_decode(text + at, len - at, &code);
		if (!step || utf8_hidden(code))
			return false;
	}
	return true;
}

static void print_quoted(struct buf *out, const char *text)
{
	size_t len = strlen(text), step;

	buf_char(out, '"');
	for (size_t at = 0; at < len; at += step) {
		uint32_t code = 0xfffd;

		step = utf8_plain(text + at, len - at);
		buf_add_n(out, text + at, step);
		if (step)
			continue;
		step = utf8_decode(text + at, len - at, &code);
		if (code == '"' || code == '\\')
			buf_printf(out, "\\%c", (char)code);
		else if (code == '\n')
			buf_add(out, "\\n");
		else if (code == '\t')
			buf_add(out, "\\t");
		else if (!step)
			buf_add(out, "\xef\xbf\xbd");
		else if (!utf8_hidden(code))
			buf_add_n(out, text + at, step);
		else if (code < 0x100)
			buf_printf(out, "\\x%02x", code);
		else if (code < 0x10000)
			buf_printf(out, "\\u%04x", code);
		else
			buf_printf(out, "\\U%08x", code);
		step += !step;
	}
	buf_char(out, '"');
}

void doc_yaml_scalar(struct buf *out, const char *text)
{
	const size_t len = strlen(text);

	if (is_plain(text, len))
		buf_add_n(out, text, len);
	else
		print_quoted(out, text);
}

/*
 * Several lines that a | block holds exactly. The doubtful cases, lines of
 * white space and lines that start with it at the top, stay in quotes.
 */
static bool is_block(const char *text)
{
	size_t len = strlen(text);
	const char *last = text + len;

	if (!len || strchr(" \t\n", *text) || !strchr(text, '\n'))
		return false;
	if (last[-1] == '\n' && last[-2] == '\n')
		return false;
	for (size_t at = 0, step; at < len; at += step) {
		uint32_t code;

		step = utf8_decode(text + at, len - at, &code);
		if (!step || (utf8_hidden(code) && code != '\n'))
			return false;
		if (code == ' ' && (text[at + 1] == '\n' || !text[at + 1]))
			return false;
	}
	return true;
}

static void indent(struct buf *out, int depth)
{
	static const char blanks[] = "                                ";
	size_t len = (size_t)depth * 2;

	for (; len >= sizeof(blanks); len -= sizeof(blanks) - 1)
		buf_add_n(out, blanks, sizeof(blanks) - 1);
	buf_add_n(out, blanks, len);
}

static void print_block(struct buf *out, const char *text, int depth)
{
	size_t len = strlen(text);

	buf_add(out, text[len - 1] == '\n' ? "|" : "|-");
	while (*text) {
		size_t line = strcspn(text, "\n");

		buf_char(out, '\n');
		if (line)
			indent(out, depth);
		buf_add_n(out, text, line);
		text += line + (text[line] == '\n');
	}
}

/* 1.1 readers want a dot and a sign of the exponent: 1e9 is 1.0e+9. */
static void print_number(struct buf *out, const char *text)
{
	size_t mantissa = strcspn(text, "eE");

	buf_add_n(out, text, mantissa);
	if (!text[mantissa])
		return;
	if (!memchr(text, '.', mantissa))
		buf_add(out, ".0");
	buf_add(out, strchr("+-", text[mantissa + 1]) ? "e" : "e+");
	buf_add(out, text + mantissa + 1);
}

static void print_key(struct buf *out, const char *key, int depth)
{
	size_t start = out->len;

	doc_yaml_scalar(out, key);
	if (out->len - start > PLAIN_KEY_MAX) {
		out->len = start;
		buf_add(out, "? ");
		doc_yaml_scalar(out, key);
		buf_char(out, '\n');
		indent(out, depth);
	}
	buf_char(out, ':');
}

static bool is_open(const struct doc *doc)
{
	return (doc->kind == DOC_LIST || doc->kind == DOC_MAP) && doc->count;
}

/*
 * What comes before is on this line already: a key's colon, a list's dash or
 * nothing. Ends without a newline; depth is that of the members.
 */
static void print(struct buf *out, const struct doc *doc, int depth)
{
	switch (doc->kind) {
	case DOC_NULL:
		buf_add(out, "null");
		return;
	case DOC_BOOL:
		buf_add(out, doc->text);
		return;
	case DOC_NUMBER:
		print_number(out, doc->text);
		return;
	case DOC_STRING:
		if (is_block(doc->text))
			print_block(out, doc->text, depth);
		else
			doc_yaml_scalar(out, doc->text);
		return;
	case DOC_LIST:
	case DOC_MAP:
		break;
	}
	if (!doc->count)
		buf_add(out, doc->kind == DOC_MAP ? "{}" : "[]");
	for (size_t i = 0; i < doc->count; i++) {
		const struct doc *value;

		if (i) {
			buf_char(out, '\n');
			indent(out, depth);
		}
		if (doc->kind == DOC_LIST) {
			buf_add(out, "- ");
			print(out, doc->items[i], depth + 1);
			continue;
		}
		value = doc->members[i].value;
		print_key(out, doc->members[i].key, depth);
		if (is_open(value)) {
			buf_char(out, '\n');
			indent(out, depth + 1);
		} else {
			buf_char(out, ' ');
		}
		print(out, value, depth + 1);
	}
}

void doc_print_yaml(struct buf *out, const struct doc *doc)
{
	/* A block scalar has to be indented, even at the top. */
	print(out, doc, doc->kind == DOC_STRING ? 1 : 0);
	buf_char(out, '\n');
}
