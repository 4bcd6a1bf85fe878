/* SPDX-License-Identifier: MIT */
/*
 * select.c - the expression is read once into parts, a text or a path each; for
 * each message every path is walked by the pull reader, on a copy, since it
 * unescapes in place. Usually there is one path, and one pass.
 */
#include "select.h"

#include "../base/mem.h"

#include <wsgen/json.h>

#include <stdlib.h>

/* More than any expression that somebody wrote by hand. */
#define PARTS_MAX 64
#define EXPRESSION_MAX 4096

#define BODY "request.body"

struct part {
	bool is_path;
	size_t start, len; /* in text; a path's names have dots between them */
};

struct selection {
	struct part parts[PARTS_MAX];
	size_t count;
	size_t used; /* of text */
	char text[EXPRESSION_MAX];
};

/* --- reading the expression ----------------------------------------------- */

static bool is_name_char(char c, bool first)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
		return true;
	return !first && ((c >= '0' && c <= '9') || c == '-');
}

/* How long `request.body.a.b` is; 0 if it is something else. */
static size_t variable_len(struct wsg_str text)
{
	size_t len = strlen(BODY);

	if (text.len <= len || memcmp(text.ptr, BODY, len) != 0 ||
	    text.ptr[len] != '.')
		return 0;
	while (len < text.len && text.ptr[len] == '.') {
		size_t start = ++len;

		while (len < text.len &&
		       is_name_char(text.ptr[len], len == start))
			len++;
		if (len == start)
			return 0;
	}
	return len;
}

static struct wsg_str behind(struct wsg_str text, size_t len)
{
	return (struct wsg_str){ text.ptr + len, text.len - len };
}

/* There is room for all of it: an expression is no longer than its text. */
static void keep(struct selection *selection, struct wsg_str text)
{
	memcpy(selection->text + selection->used, text.ptr, text.len);
	selection->used += text.len;
	selection->parts[selection->count - 1].len += text.len;
}

static bool begin(struct selection *selection, bool is_path)
{
	if (selection->count == PARTS_MAX)
		return false;
	selection->parts[selection->count++] =
		(struct part){ is_path, selection->used, 0 };
	return true;
}

/* A variable of that length: without `request.body.`. */
static bool add_path(struct selection *selection, struct wsg_str text,
		     size_t len)
{
	if (!begin(selection, true))
		return false;
	text.len = len;
	keep(selection, behind(text, strlen(BODY) + 1));
	return true;
}

static bool add_text(struct selection *selection, struct wsg_str text)
{
	if (!selection->count ||
	    selection->parts[selection->count - 1].is_path) {
		if (!begin(selection, false))
			return false;
	}
	keep(selection, text);
	return true;
}

/* One `${...}`, one escape, or one byte of text; *text goes behind it. */
static bool read_part(struct selection *selection, struct wsg_str *text)
{
	size_t len;

	if (text->ptr[0] == '\\' && text->len > 1 &&
	    (text->ptr[1] == '$' || text->ptr[1] == '\\')) {
		struct wsg_str escaped = { text->ptr + 1, 1 };

		*text = behind(*text, 2);
		return add_text(selection, escaped);
	}
	if (text->ptr[0] != '$') {
		struct wsg_str one = { text->ptr, 1 };

		*text = behind(*text, 1);
		return add_text(selection, one);
	}
	if (text->len < 2 || text->ptr[1] != '{')
		return false;
	*text = behind(*text, 2);
	len = variable_len(*text);
	if (!len || len == text->len || text->ptr[len] != '}' ||
	    !add_path(selection, *text, len))
		return false;
	*text = behind(*text, len + 1);
	return true;
}

static bool read_expression(struct selection *selection, struct wsg_str text)
{
	if (text.ptr[0] == '$') {
		size_t len = variable_len(behind(text, 1));

		if (len && len == text.len - 1)
			return add_path(selection, behind(text, 1), len);
	}
	while (text.len)
		if (!read_part(selection, &text))
			return false;
	return true;
}

struct selection *selection_new(struct wsg_str expression, const char **why)
{
	struct selection *selection;

	if (!expression.len || expression.len > EXPRESSION_MAX) {
		*why = expression.len ? "it is longer than 4096 bytes"
				      : "it is empty";
		return NULL;
	}
	selection = mem_alloc(sizeof(*selection));
	if (read_expression(selection, expression))
		return selection;
	*why = "it is neither $request.body.action, with names and dots, nor "
	       "text with ${request.body.action} in it";
	selection_free(selection);
	return NULL;
}

void selection_free(struct selection *selection)
{
	free(selection);
}

/* --- values as text ------------------------------------------------------- */

/* Whole numbers have no dot and no exponent. */
static bool is_whole(struct wsg_str number)
{
	for (size_t i = 0; i < number.len; i++)
		if (number.ptr[i] != '-' &&
		    (number.ptr[i] < '0' || number.ptr[i] > '9'))
			return false;
	return true;
}

static bool array_text(struct wsg_json *json, struct wsg_buf *out);

/*
 * Add the next value as a text. False: it is none, or the reader has met an
 * error; the value has been read all the same. UNSURE(key-values): what
 * numbers, true, false and null become. Here: whole numbers as they stand,
 * words for the truth values, nothing for null; a fraction is no text, nor is
 * an object.
 */
static bool value_text(struct wsg_json *json, struct wsg_buf *out,
		       const char *null)
{
	struct wsg_str text;

	switch (wsg_json_peek(json)) {
	case WSG_JSON_STRING:
		if (wsg_json_string(json, &text))
			wsg_buf_str(out, text);
		return !json->error;
	case WSG_JSON_NUMBER:
	case WSG_JSON_BOOL:
		if (!wsg_json_raw(json, &text))
			return false;
		wsg_buf_str(out, text);
		return text.ptr[0] == 't' || text.ptr[0] == 'f' ||
		       is_whole(text);
	case WSG_JSON_NULL:
		wsg_buf_text(out, null);
		return wsg_json_null(json);
	case WSG_JSON_ARRAY:
		return array_text(json, out);
	case WSG_JSON_OBJECT:
	case WSG_JSON_NONE:
		break;
	}
	wsg_json_skip(json);
	return false;
}

/* `[a, b]`; nested no deeper than the reader follows. */
static bool array_text(struct wsg_json *json, struct wsg_buf *out)
{
	bool good = true, first = true;

	wsg_buf_text(out, "[");
	wsg_json_array(json);
	while (wsg_json_item(json)) {
		if (!first)
			wsg_buf_text(out, ", ");
		first = false;
		good &= value_text(json, out, "null");
	}
	wsg_buf_text(out, "]");
	return good && !json->error;
}

/* --- walking a path ------------------------------------------------------- */

/*
 * The value that the path leads to, as it stands, and ptr NULL if it leads
 * nowhere; the reader goes to the end of its value. UNSURE(equal-keys): which
 * of two equal keys counts. Here: the last one, as in most readers.
 */
static struct wsg_str walk(struct wsg_json *json, struct wsg_str path)
{
	const char *dot = memchr(path.ptr, '.', path.len);
	size_t len = dot ? (size_t)(dot - path.ptr) : path.len;
	struct wsg_str found = { NULL, 0 }, key;

	if (wsg_json_peek(json) != WSG_JSON_OBJECT) {
		wsg_json_skip(json);
		return found;
	}
	wsg_json_object(json);
	while (wsg_json_key(json, &key)) {
		if (key.len != len || memcmp(key.ptr, path.ptr, len) != 0)
			wsg_json_skip(json);
		else if (dot)
			found = walk(json, behind(path, len + 1));
		else
			wsg_json_raw(json, &found);
	}
	return found;
}

/*
 * The same, from a copy of a body. False: the body is no JSON. json is ready to
 * read the value, as if there were nothing else.
 */
static bool find(struct wsg_buf *copy, struct wsg_str path,
		 struct wsg_json *json, bool *found)
{
	struct wsg_str value;
	char *start;

	wsg_json_init(json, copy->ptr, copy->len);
	value = walk(json, path);
	if (!wsg_json_end(json))
		return false;
	*found = value.ptr;
	if (!value.ptr)
		return true;
	start = copy->ptr + (value.ptr - copy->ptr);
	start[value.len] = '\0';
	wsg_json_init(json, start, value.len);
	return true;
}

static void copy_body(struct wsg_buf *copy, struct wsg_str body)
{
	wsg_buf_clear(copy);
	wsg_buf_str(copy, body);
	if (copy->failed)
		mem_exhausted();
}

/* --- evaluating ----------------------------------------------------------- */

static struct wsg_str part_text(const struct selection *selection, size_t i)
{
	return (struct wsg_str){ selection->text + selection->parts[i].start,
				 selection->parts[i].len };
}

/* One path and no text, which is nearly always so: without a second copy. */
static enum selected evaluate_one(const struct selection *selection,
				  struct wsg_str body, struct wsg_buf *out,
				  struct wsg_str *key)
{
	struct wsg_buf text = { 0 };
	struct wsg_json json;
	bool found, good;

	copy_body(out, body);
	if (!find(out, part_text(selection, 0), &json, &found))
		return SELECTED_NOT_JSON;
	*key = (struct wsg_str){ out->ptr, 0 };
	if (!found)
		return SELECTED_KEY;
	if (wsg_json_peek(&json) == WSG_JSON_STRING) {
		wsg_json_string(&json, key);
		return SELECTED_KEY;
	}
	good = value_text(&json, &text, "");
	copy_body(out, (struct wsg_str){ text.ptr, text.len });
	wsg_buf_release(&text);
	*key = (struct wsg_str){ out->ptr, out->len };
	return good ? SELECTED_KEY : SELECTED_NO_TEXT;
}

static enum selected evaluate_part(const struct selection *selection, size_t i,
				   struct wsg_str body, struct wsg_buf *copy,
				   struct wsg_buf *out)
{
	struct wsg_json json;
	bool found;

	if (!selection->parts[i].is_path) {
		wsg_buf_str(out, part_text(selection, i));
		return SELECTED_KEY;
	}
	copy_body(copy, body);
	if (!find(copy, part_text(selection, i), &json, &found))
		return SELECTED_NOT_JSON;
	return !found || value_text(&json, out, "") ? SELECTED_KEY
						    : SELECTED_NO_TEXT;
}

/* JSON the body has to be, even if the expression does not look at it. */
static bool is_json(struct wsg_str body, struct wsg_buf *copy)
{
	struct wsg_json json;

	copy_body(copy, body);
	wsg_json_init(&json, copy->ptr, copy->len);
	wsg_json_skip(&json);
	return wsg_json_end(&json);
}

enum selected selection_evaluate(const struct selection *selection,
				 struct wsg_str body, struct wsg_buf *out,
				 struct wsg_str *key)
{
	enum selected selected = SELECTED_NOT_JSON;
	struct wsg_buf copy = { 0 };

	*key = (struct wsg_str){ NULL, 0 };
	if (selection->count == 1 && selection->parts[0].is_path)
		return evaluate_one(selection, body, out, key);
	wsg_buf_clear(out);
	if (is_json(body, &copy))
		selected = SELECTED_KEY;
	for (size_t i = 0; i < selection->count && selected == SELECTED_KEY;
	     i++)
		selected = evaluate_part(selection, i, body, &copy, out);
	wsg_buf_release(&copy);
	if (out->failed)
		mem_exhausted();
	*key = (struct wsg_str){ out->ptr, out->len };
	return selected;
}
