/* SPDX-License-Identifier: MIT */
/*
 * The JSON reader: pulling and skipping must agree, and what was pulled must be
 * the same again when it is written and read.
 */
#include <wsgen/json.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool copy_value(struct wsg_json *json, struct wsg_buf *out)
{
	struct wsg_str text;
	double number;
	bool flag;

	switch (wsg_json_peek(json)) {
	case WSG_JSON_NONE:
		return wsg_json_skip(json);
	case WSG_JSON_NULL:
		wsg_json_put_null(out);
		return wsg_json_null(json);
	case WSG_JSON_BOOL:
		if (wsg_json_bool(json, &flag))
			wsg_json_put_bool(out, flag);
		return !json->error;
	case WSG_JSON_NUMBER:
		if (wsg_json_number(json, &number))
			wsg_json_put_number(out, number);
		return !json->error;
	case WSG_JSON_STRING:
		if (wsg_json_string(json, &text))
			wsg_json_put_string(out, text);
		return !json->error;
	case WSG_JSON_ARRAY:
		wsg_json_put_array(out);
		if (!wsg_json_array(json))
			return false;
		while (wsg_json_item(json))
			copy_value(json, out);
		wsg_json_put_array_end(out);
		return !json->error;
	case WSG_JSON_OBJECT:
		wsg_json_put_object(out);
		if (!wsg_json_object(json))
			return false;
		while (wsg_json_key(json, &text)) {
			wsg_json_put_key(out, text);
			copy_value(json, out);
		}
		wsg_json_put_object_end(out);
		return !json->error;
	}
	return false;
}

/* Read a copy of just the size; what it says goes to out. */
static bool read_all(const char *data, size_t size, struct wsg_buf *out)
{
	char *text = malloc(size + 1);
	struct wsg_json json;
	bool good;

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	wsg_json_init(&json, text, size);
	if (out)
		copy_value(&json, out);
	else
		wsg_json_skip(&json);
	good = wsg_json_end(&json);
	if (wsg_json_offset(&json) > size)
		abort();
	free(text);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct wsg_buf first = { 0 }, second = { 0 };
	bool good = read_all(text, size, &first);

	/* Skipping also takes numbers that no double holds. */
	if (good && !read_all(text, size, NULL))
		abort();
	if (good) {
		if (first.failed || !read_all(first.ptr, first.len, &second) ||
		    first.len != second.len ||
		    memcmp(first.ptr, second.ptr, first.len) != 0)
			abort();
	}
	wsg_buf_release(&first);
	wsg_buf_release(&second);
	return 0;
}
