/* SPDX-License-Identifier: MIT */
/* Documents as JSON: laid out for people, or compact for limits that count. */
#include "../doc.h"

#include "../base/utf8.h"

#include <string.h>

/*
 * What JavaScript, editors and terminals misread is escaped too, but no pairs
 * of surrogates are made: readers of YAML do not know them.
 */
static void escape(struct buf *out, uint32_t code)
{
	static const char shorthands[] = "\bb\ff\nn\rr\tt\"\"\\\\";

	for (const char *at = shorthands; *at; at += 2)
		if ((uint32_t)*at == code) {
			buf_printf(out, "\\%c", at[1]);
			return;
		}
	buf_printf(out, "\\u%04x", code);
}

void doc_json_inside(struct buf *out, const char *text)
{
	size_t len = strlen(text), done = 0, at = 0;

	while ((at += utf8_plain(text + at, len - at)) < len) {
		uint32_t code;
		size_t step = utf8_decode(text + at, len - at, &code);

		if (step && code != '"' && code != '\\' &&
		    (code > 0xffff || !utf8_hidden(code))) {
			at += step;
			continue;
		}
		buf_add_n(out, text + done, at - done);
		if (step)
			escape(out, code);
		else
			buf_add(out, "\xef\xbf\xbd"); /* U+FFFD */
		at += step ? step : 1;
		done = at;
	}
	buf_add_n(out, text + done, len - done);
}

static void print_string(struct buf *out, const char *text)
{
	buf_char(out, '"');
	doc_json_inside(out, text);
	buf_char(out, '"');
}

static void newline(struct buf *out, int depth)
{
	static const char blanks[] = "                                ";
	size_t len;

	if (depth < 0)
		return;
	buf_char(out, '\n');
	for (len = (size_t)depth * 2; len >= sizeof(blanks);
	     len -= sizeof(blanks) - 1)
		buf_add_n(out, blanks, sizeof(blanks) - 1);
	buf_add_n(out, blanks, len);
}

/* A depth below zero stays there: compact. */
static void print(struct buf *out, const struct doc *doc, int depth)
{
	int inner = depth < 0 ? depth : depth + 1;
	bool is_map = doc->kind == DOC_MAP;

	switch (doc->kind) {
	case DOC_NULL:
		buf_add(out, "null");
		return;
	case DOC_BOOL:
	case DOC_NUMBER:
		buf_add(out, doc->text);
		return;
	case DOC_STRING:
		print_string(out, doc->text);
		return;
	case DOC_LIST:
	case DOC_MAP:
		break;
	}
	buf_char(out, is_map ? '{' : '[');
	for (size_t i = 0; i < doc->count; i++) {
		if (i)
			buf_char(out, ',');
		newline(out, inner);
		if (is_map) {
			print_string(out, doc->members[i].key);
			buf_add(out, depth < 0 ? ":" : ": ");
		}
		print(out, is_map ? doc->members[i].value : doc->items[i],
		      inner);
	}
	if (doc->count)
		newline(out, depth);
	buf_char(out, is_map ? '}' : ']');
}

void doc_print_json(struct buf *out, const struct doc *doc)
{
	print(out, doc, 0);
}

static size_t string_size(struct arena *arena, const char *text)
{
	const size_t len = strlen(text);
	struct buf out;

	if (utf8_plain(text, len) == len)
		return len + 2;
	buf_init(&out, arena);
	print_string(&out, text);
	return out.len;
}

/* What print makes of it. */
static size_t size_of(struct arena *arena, const struct doc *doc, size_t depth)
{
	const bool is_map = doc->kind == DOC_MAP;
	size_t size = 2; /* the brackets */

	switch (doc->kind) {
	case DOC_NULL:
		return strlen("null");
	case DOC_BOOL:
	case DOC_NUMBER:
		return strlen(doc->text);
	case DOC_STRING:
		return string_size(arena, doc->text);
	case DOC_LIST:
	case DOC_MAP:
		break;
	}
	for (size_t i = 0; i < doc->count; i++) {
		size += strlen(",\n") + 2 * (depth + 1);
		if (is_map)
			size += string_size(arena, doc->members[i].key) +
				strlen(": ");
		size += size_of(arena,
				is_map ? doc->members[i].value : doc->items[i],
				depth + 1);
	}
	/* No comma after the last, but a line for the bracket. */
	return doc->count ? size + 2 * depth : size;
}

size_t doc_json_size(struct arena *arena, const struct doc *doc)
{
	return size_of(arena, doc, 0);
}

void doc_print_compact(struct buf *out, const struct doc *doc)
{
	print(out, doc, -1);
}
