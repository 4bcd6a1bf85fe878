/* SPDX-License-Identifier: MIT */
/*
 * The JSON writer. It keeps no state: whether a comma is due shows in the last
 * byte written, since a value never ends in one of `{[:,`.
 */
#include "internal.h"
#include "scan.h"

#include <math.h>

/* Room for len bytes and a comma; NULL if there is none. */
static char *start(struct wsg_buf *out, size_t len)
{
	char last;

	if (!wsg_buf_reserve(out, len + 1))
		return NULL;
	last = out->len ? out->ptr[out->len - 1] : '{';
	if (last != '{' && last != '[' && last != ':' && last != ',')
		out->ptr[out->len++] = ',';
	return out->ptr + out->len;
}

static void put(struct wsg_buf *out, const char *text, size_t len)
{
	char *to = start(out, len);

	if (!to)
		return;
	memcpy(to, text, len);
	out->len += len;
	out->ptr[out->len] = '\0';
}

void wsg_json_put_object(struct wsg_buf *out)
{
	put(out, "{", 1);
}

void wsg_json_put_object_end(struct wsg_buf *out)
{
	wsg_buf_add(out, "}", 1);
}

void wsg_json_put_array(struct wsg_buf *out)
{
	put(out, "[", 1);
}

void wsg_json_put_array_end(struct wsg_buf *out)
{
	wsg_buf_add(out, "]", 1);
}

void wsg_json_put_null(struct wsg_buf *out)
{
	put(out, "null", 4);
}

void wsg_json_put_bool(struct wsg_buf *out, bool value)
{
	put(out, value ? "true" : "false", value ? 4 : 5);
}

void wsg_json_put_uint64(struct wsg_buf *out, uint64_t value)
{
	char text[20];
	size_t at = sizeof(text);

	do {
		text[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put(out, text + at, sizeof(text) - at);
}

void wsg_json_put_int64(struct wsg_buf *out, int64_t value)
{
	char text[20];
	uint64_t size = (uint64_t)value;
	size_t at = sizeof(text);

	if (value < 0)
		size = 0 - size;
	do {
		text[--at] = (char)('0' + size % 10);
		size /= 10;
	} while (size);
	if (value < 0)
		text[--at] = '-';
	put(out, text + at, sizeof(text) - at);
}

void wsg_json_put_number(struct wsg_buf *out, double value)
{
	char text[WSG_NUMBER_MAX];

	if (!isfinite(value)) {
		out->failed = true;
		return;
	}
	put(out, text, wsg_number_print(text, value));
}

/* The escape of one special character, at most 6 bytes, at to. */
static size_t escape(char *to, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char shorts[] = "btnvfr"; /* from 8 on; \v is none */

	to[0] = '\\';
	if (c == '"' || c == '\\') {
		to[1] = (char)c;
		return 2;
	}
	if (c >= '\b' && c <= '\r' && c != '\v') {
		to[1] = shorts[c - '\b'];
		return 2;
	}
	to[1] = 'u';
	to[2] = to[3] = '0';
	to[4] = hex[c >> 4];
	to[5] = hex[c & 15];
	return 6;
}

void wsg_json_put_string(struct wsg_buf *out, struct wsg_str value)
{
	/* Only read through: scan_plain takes what its reader may change. */
	char *p = (char *)(value.len ? value.ptr : ""), *end = p + value.len;
	uint32_t high = 0;
	char *to;

	to = start(out, value.len + 2);
	if (!to)
		return;
	*to = '"';
	out->len++;
	while (p < end) {
		char *stop = scan_plain(p, end, &high);
		size_t len = (size_t)(stop - p);

		if (!wsg_buf_reserve(out, len + 8))
			return;
		memcpy(out->ptr + out->len, p, len);
		out->len += len;
		p = stop;
		if (p < end)
			out->len += escape(out->ptr + out->len,
					   (unsigned char)*p++);
	}
	wsg_buf_add(out, "\"", 1);
	if (high && !wsg_utf8_valid(value.ptr, value.len))
		out->failed = true;
}

void wsg_json_put_key(struct wsg_buf *out, struct wsg_str key)
{
	wsg_json_put_string(out, key);
	wsg_buf_add(out, ":", 1);
}

void wsg_json_put_raw(struct wsg_buf *out, struct wsg_str json)
{
	struct wsg_json reader;
	char *to = start(out, json.len);

	if (!to)
		return;
	memcpy(to, json.ptr, json.len);
	to[json.len] = '\0';
	out->len += json.len;
	wsg_json_init(&reader, to, json.len);
	if (!wsg_json_skip(&reader) || !wsg_json_end(&reader))
		out->failed = true;
}
