/* SPDX-License-Identifier: MIT */
/* maps.c - pairs, sorted by name, then written twice. */
#include "maps.h"

#include "../base/mem.h"
#include "../base/mend.h"
#include "../base/text.h"

#include <stdlib.h>

/* Those that the gateway adds. */
#define ADDED_MAX 8

struct pair {
	struct wsg_str name, value;
	size_t index; /* as they came: qsort does not keep it */
};

static int compare_index(const struct pair *a, const struct pair *b)
{
	return a->index < b->index ? -1 : a->index > b->index;
}

static int compare_bytes(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;
	size_t min = left->name.len < right->name.len ? left->name.len
						      : right->name.len;
	int order = min ? memcmp(left->name.ptr, right->name.ptr, min) : 0;

	if (!order && left->name.len != right->name.len)
		order = left->name.len < right->name.len ? -1 : 1;
	return order ? order : compare_index(left, right);
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

/* Headers stand in alphabetical order without regard to case. */
static int compare_letters(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;

	for (size_t i = 0; i < left->name.len && i < right->name.len; i++) {
		int order =
			lower(left->name.ptr[i]) - lower(right->name.ptr[i]);

		if (order)
			return order;
	}
	if (left->name.len != right->name.len)
		return left->name.len < right->name.len ? -1 : 1;
	return compare_index(left, right);
}

/* One past the last of the pairs that have the name of the one at i. */
static size_t group_end(const struct pair *pairs, size_t count, size_t i,
			bool ignore_case)
{
	size_t end = i + 1;

	while (end < count &&
	       (ignore_case ? text_alike(pairs[i].name, pairs[end].name)
			    : wsg_str_equal(pairs[i].name, pairs[end].name)))
		end++;
	return end;
}

static void put_key(struct wsg_buf *out, struct wsg_str name)
{
	mend_put(out, name);
	wsg_buf_text(out, ":");
}

/*
 * UNSURE(header-twice): how a header is spelled that came twice in two ways.
 * Here: as it came first.
 */
static void put_last(struct wsg_buf *out, const struct pair *pairs,
		     size_t count, bool ignore_case)
{
	size_t end;

	wsg_json_put_object(out);
	for (size_t i = 0; i < count; i = end) {
		end = group_end(pairs, count, i, ignore_case);
		put_key(out, pairs[i].name);
		mend_put(out, pairs[end - 1].value);
	}
	wsg_json_put_object_end(out);
}

static void put_all(struct wsg_buf *out, const struct pair *pairs, size_t count,
		    bool ignore_case)
{
	size_t end;

	wsg_json_put_object(out);
	for (size_t i = 0; i < count; i = end) {
		end = group_end(pairs, count, i, ignore_case);
		put_key(out, pairs[i].name);
		wsg_json_put_array(out);
		for (size_t k = i; k < end; k++)
			mend_put(out, pairs[k].value);
		wsg_json_put_array_end(out);
	}
	wsg_json_put_object_end(out);
}

/* --- headers -------------------------------------------------------------- */

struct headers {
	struct pair pairs[HTTP_HEADERS_MAX + ADDED_MAX];
	size_t count;
};

static void add(struct headers *headers, struct wsg_str name,
		struct wsg_str value)
{
	headers->pairs[headers->count].name = name;
	headers->pairs[headers->count].value = value;
	headers->pairs[headers->count].index = headers->count;
	headers->count++;
}

static void add_text(struct headers *headers, const char *name,
		     const char *value)
{
	add(headers, wsg_str(name), wsg_str(value));
}

/* What is between two hops, or what the gateway writes itself. */
static bool is_ours(struct wsg_str name)
{
	static const char *const names[] = {
		"Connection",	    "Upgrade",		 "Content-Length",
		"Keep-Alive",	    "Proxy-Connection",	 "TE",
		"Trailer",	    "Transfer-Encoding", "X-Forwarded-For",
		"X-Forwarded-Port", "X-Forwarded-Proto",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (text_alike(name, wsg_str(names[i])))
			return true;
	return false;
}

/*
 * The same for all events of a connection, as it is on AWS for those of one
 * handshake: made of what the connection has, so that it takes no chance.
 */
static void print_trace(char trace[64], const struct caller *caller)
{
	static const char hex[] = "0123456789abcdef";
	const char *id = caller->connection_id.text;
	uint64_t seconds = (uint64_t)caller->connected_ms / 1000;
	char *to = trace;

	memcpy(to, "Root=1-", 7);
	to += 7;
	for (int shift = 28; shift >= 0; shift -= 4)
		*to++ = hex[seconds >> shift & 15];
	*to++ = '-';
	for (size_t i = 0; i < 12; i++) {
		*to++ = hex[(unsigned char)id[i] >> 4 & 15];
		*to++ = hex[(unsigned char)id[i] & 15];
	}
	*to = '\0';
}

/* Whom the client says it speaks for, then the client. */
static void add_forwarded_for(struct headers *headers, struct wsg_buf *list,
			      const struct caller *caller,
			      const struct http_request *request)
{
	for (size_t i = 0; i < request->headers_count; i++) {
		if (!text_alike(request->headers[i].name,
				wsg_str("X-Forwarded-For")))
			continue;
		wsg_buf_str(list, request->headers[i].value);
		wsg_buf_text(list, ", ");
	}
	wsg_buf_str(list, caller->source_ip);
	if (list->failed)
		mem_exhausted();
	add(headers, wsg_str("X-Forwarded-For"),
	    (struct wsg_str){ list->ptr, list->len });
}

/*
 * UNSURE(websocket-key): a recorded authorizer event has Sec-WebSocket-Key in
 * the map of all values alone, the guide has it in both. Here: in both.
 */
void maps_put_headers(struct wsg_buf *out, const struct caller *caller,
		      const struct http_request *request, bool hops)
{
	struct headers headers;
	struct wsg_buf forwarded = { 0 };
	bool traced = false;
	char trace[64];

	headers.count = 0;
	for (size_t i = 0; i < request->headers_count && i < HTTP_HEADERS_MAX;
	     i++) {
		const struct wsg_sigv4_header *header = &request->headers[i];

		if (is_ours(header->name))
			continue;
		traced |= text_alike(header->name, wsg_str("X-Amzn-Trace-Id"));
		add(&headers, header->name, header->value);
	}
	print_trace(trace, caller);
	if (!traced)
		add_text(&headers, "X-Amzn-Trace-Id", trace);
	add_forwarded_for(&headers, &forwarded, caller, request);
	add_text(&headers, "X-Forwarded-Port", "443");
	add_text(&headers, "X-Forwarded-Proto", "https");
	if (hops) {
		add_text(&headers, "Connection", "upgrade");
		add_text(&headers, "Upgrade", "websocket");
		add_text(&headers, "content-length", "0");
	}
	qsort(headers.pairs, headers.count, sizeof(*headers.pairs),
	      compare_letters);
	wsg_json_put_key(out, wsg_str("headers"));
	put_last(out, headers.pairs, headers.count, true);
	wsg_json_put_key(out, wsg_str("multiValueHeaders"));
	put_all(out, headers.pairs, headers.count, true);
	wsg_buf_release(&forwarded);
}

/* --- the query ------------------------------------------------------------ */

/* Decoded; what is not encoded properly stays as it is. */
static struct wsg_str decode(struct wsg_arena *arena, struct wsg_buf *scratch,
			     struct wsg_str text)
{
	wsg_buf_clear(scratch);
	if (!text_percent_read(scratch, text, true)) {
		if (scratch->failed)
			mem_exhausted();
		return mem_copy_in(arena, text);
	}
	return mem_copy_in(arena,
			   (struct wsg_str){ scratch->ptr, scratch->len });
}

static size_t count_of(struct wsg_str text, char c)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == c;
	return count;
}

size_t event_query(struct wsg_arena *arena, struct wsg_str query,
		   struct query_parameter **parameters)
{
	struct query_parameter *made =
		mem_in(arena, (count_of(query, '&') + 1) * sizeof(*made));
	struct wsg_buf scratch = { 0 };
	size_t count = 0;

	while (query.len) {
		struct wsg_str value, rest;
		struct wsg_str name = text_cut(query, '&', &rest);

		query = rest;
		if (!name.len)
			continue;
		name = text_cut(name, '=', &value);
		made[count].name = decode(arena, &scratch, name);
		made[count].value = decode(arena, &scratch, value);
		count++;
	}
	wsg_buf_release(&scratch);
	*parameters = made;
	return count;
}

/* UNSURE(query-order): in which order. Here: alphabetical, as headers are. */
void maps_put_query(struct wsg_buf *out, struct wsg_str query, bool always)
{
	struct wsg_arena *arena;
	struct query_parameter *parameters;
	struct pair *pairs;
	size_t count;

	if (!query.len && !always)
		return;
	arena = wsg_arena_new();
	if (!arena)
		mem_exhausted();
	count = event_query(arena, query, &parameters);
	pairs = mem_in(arena, count * sizeof(*pairs));
	for (size_t i = 0; i < count; i++)
		pairs[i] = (struct pair){ parameters[i].name,
					  parameters[i].value, i };
	qsort(pairs, count, sizeof(*pairs), compare_bytes);
	if (count || always) {
		wsg_json_put_key(out, wsg_str("queryStringParameters"));
		put_last(out, pairs, count, false);
		wsg_json_put_key(out,
				 wsg_str("multiValueQueryStringParameters"));
		put_all(out, pairs, count, false);
	}
	wsg_arena_free(arena);
}
