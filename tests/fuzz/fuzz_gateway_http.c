/* SPDX-License-Identifier: MIT */
/*
 * Requests to the gateway: any bytes, in one piece, one by one, and in two
 * pieces wherever they are cut; all of these have to come to the same.
 */
#include "net/http.h"

#include <stdint.h>
#include <stdlib.h>

#define BODY_MAX 4096

/* Cut at each place up to here, then only now and then. */
#define EACH 300

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put(struct wsg_buf *out, struct wsg_str text)
{
	wsg_buf_printf(out, "%zu:", text.len);
	wsg_buf_str(out, text);
}

static void put_request(struct wsg_buf *out, const struct http_request *request)
{
	put(out, request->method);
	put(out, request->target);
	put(out, request->path);
	put(out, request->query);
	put(out, request->body);
	wsg_buf_printf(out, "%d", request->minor);
	for (size_t i = 0; i < request->headers_count; i++) {
		put(out, request->headers[i].name);
		put(out, request->headers[i].value);
	}
	if (request->body.len > BODY_MAX)
		abort();
}

/* Pieces up to cut bytes long, or one at cut and one behind it. */
static void parse(struct wsg_buf *out, const char *bytes, size_t size,
		  size_t cut, bool repeat)
{
	struct http_parser parser;
	size_t at = 0, used;

	http_parser_init(&parser, BODY_MAX);
	wsg_buf_clear(out);
	while (at < size) {
		size_t end = repeat ? at + cut : at < cut ? cut : size;
		enum http_result result;

		if (end > size)
			end = size;
		result = http_parse(&parser, bytes + at, end - at, &used);
		if (used > end - at || (result == HTTP_MORE && at + used < end))
			abort();
		at += used;
		if (result == HTTP_READY) {
			put_request(out, &parser.request);
			wsg_buf_printf(out, "at %zu\n", at);
			http_parser_reset(&parser);
		} else if (result == HTTP_REFUSED) {
			wsg_buf_printf(out, "%d\n", parser.status);
			break;
		}
	}
	wsg_buf_printf(out, "%d", parser.head_len != 0);
	http_parser_release(&parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct wsg_buf whole = { 0 }, cut = { 0 };

	parse(&whole, bytes, size, size, false);
	for (size_t at = 0; at <= size; at += at < EACH ? 1 : 97) {
		parse(&cut, bytes, size, at ? at : 1, !at);
		if (whole.len != cut.len ||
		    memcmp(whole.ptr, cut.ptr, whole.len))
			abort();
	}
	wsg_buf_release(&whole);
	wsg_buf_release(&cut);
	return 0;
}
