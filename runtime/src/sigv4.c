/* SPDX-License-Identifier: MIT */
/*
 * What a signature is computed over: the canonical request, the string to
 * sign, and the key of a day.
 */
#include "sigv4.h"

#include "internal.h"

#include <strings.h>

static bool is_unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

void wsg_sigv4_encode(struct wsg_buf *out, struct wsg_str text, char keep)
{
	size_t i;

	if (text.len > SIZE_MAX / 4 || !wsg_buf_reserve(out, text.len * 3)) {
		out->failed = true;
		return;
	}
	for (i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (is_unreserved(c) || (keep && c == keep)) {
			out->ptr[out->len++] = c;
		} else {
			unsigned char byte = (unsigned char)c;

			out->ptr[out->len++] = '%';
			out->ptr[out->len++] = "0123456789ABCDEF"[byte >> 4];
			out->ptr[out->len++] = "0123456789ABCDEF"[byte & 15];
		}
	}
	out->ptr[out->len] = '\0';
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

void wsg_sigv4_decode(struct wsg_buf *out, struct wsg_str text)
{
	size_t i;

	if (!wsg_buf_reserve(out, text.len))
		return;
	for (i = 0; i < text.len; i++) {
		int high = -1, low = -1;

		if (text.ptr[i] == '%' && text.len - i > 2) {
			high = nibble(text.ptr[i + 1]);
			low = nibble(text.ptr[i + 2]);
		}
		if (high < 0 || low < 0) {
			out->ptr[out->len++] = text.ptr[i];
		} else {
			out->ptr[out->len++] = (char)(high << 4 | low);
			i += 2;
		}
	}
	out->ptr[out->len] = '\0';
}

/* Segment for segment, with `.`, `..` and empty ones taken out. */
static void put_normal_path(struct wsg_buf *out, struct wsg_str path)
{
	const char *p = path.ptr, *end = p + path.len;
	size_t start = out->len;
	bool slash = true;

	while (p < end) {
		const char *next = memchr(p, '/', (size_t)(end - p));
		struct wsg_str segment = { p, 0 };

		segment.len = (size_t)((next ? next : end) - p);
		slash = next || wsg_str_is(segment, ".") ||
			wsg_str_is(segment, "..");
		if (wsg_str_is(segment, "..")) {
			while (out->len > start && out->ptr[--out->len] != '/')
				;
		} else if (segment.len && !wsg_str_is(segment, ".")) {
			wsg_buf_text(out, "/");
			wsg_sigv4_encode(out, segment, 0);
		}
		p = next ? next + 1 : end;
	}
	if (slash || out->len == start)
		wsg_buf_text(out, "/");
}

static void put_path(struct wsg_buf *out, struct wsg_str path, bool keep)
{
	if (!path.len)
		wsg_buf_text(out, "/");
	else if (keep)
		wsg_sigv4_encode(out, path, '/');
	else
		put_normal_path(out, path);
}

/* A parameter, encoded: where it lies in scratch. */
struct parameter {
	size_t name, name_len, value_len; /* the value follows the name */
};

static int compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t len = a_len < b_len ? a_len : b_len;
	int order = len ? memcmp(a, b, len) : 0;

	return order ? order : (a_len > b_len) - (a_len < b_len);
}

static bool is_after(const char *text, const struct parameter *a,
		     const struct parameter *b)
{
	int order = compare(text + a->name, a->name_len, text + b->name,
			    b->name_len);

	if (!order)
		order = compare(text + a->name + a->name_len, a->value_len,
				text + b->name + b->name_len, b->value_len);
	return order > 0;
}

/* Decode and encode one half of a parameter; its length. */
static size_t put_half(struct wsg_buf *scratch, struct wsg_str text)
{
	struct wsg_str plain;
	size_t start = scratch->len;

	if (text.len > SIZE_MAX / 8 || !wsg_buf_reserve(scratch, text.len * 4))
		return 0;
	/* The plain text stands where the encoded one cannot reach it. */
	scratch->len += text.len * 3;
	plain.ptr = scratch->ptr + scratch->len;
	wsg_sigv4_decode(scratch, text);
	plain.len = (size_t)(scratch->ptr + scratch->len - plain.ptr);
	scratch->len = start;
	wsg_sigv4_encode(scratch, plain, 0);
	return scratch->len - start;
}

/* Take the query apart into items, in order; false if there are too many. */
static bool read_query(struct wsg_str query, struct wsg_buf *scratch,
		       struct parameter *items, size_t *count)
{
	const char *p = query.ptr, *end = p + query.len;
	size_t at;

	for (*count = 0; p < end;) {
		const char *next = memchr(p, '&', (size_t)(end - p));
		const char *stop = next ? next : end;
		const char *equals = memchr(p, '=', (size_t)(stop - p));
		struct wsg_str name = { p, (size_t)((equals ? equals : stop) -
						    p) };
		struct wsg_str value = { equals ? equals + 1 : stop, 0 };
		struct parameter item = { .name = scratch->len };

		value.len = (size_t)(stop - value.ptr);
		p = next ? next + 1 : end;
		if (!name.len && !value.len && !equals)
			continue;
		if (*count == WSG_SIGV4_PARAMETERS_MAX)
			return false;
		item.name_len = put_half(scratch, name);
		item.value_len = put_half(scratch, value);
		if (scratch->failed)
			return false;
		for (at = *count;
		     at && is_after(scratch->ptr, &items[at - 1], &item); at--)
			items[at] = items[at - 1];
		items[at] = item;
		++*count;
	}
	return true;
}

static bool put_query(struct wsg_buf *out, struct wsg_str query,
		      struct wsg_buf *scratch)
{
	struct parameter items[WSG_SIGV4_PARAMETERS_MAX];
	size_t count, i;

	wsg_buf_clear(scratch);
	if (!query.len)
		return true;
	if (!read_query(query, scratch, items, &count))
		return false;
	for (i = 0; i < count; i++) {
		const char *name = scratch->ptr + items[i].name;

		if (i)
			wsg_buf_text(out, "&");
		wsg_buf_add(out, name, items[i].name_len);
		wsg_buf_text(out, "=");
		wsg_buf_add(out, name + items[i].name_len, items[i].value_len);
	}
	return true;
}

static bool same_name(struct wsg_str a, struct wsg_str b)
{
	return a.len == b.len && (!a.len || !strncasecmp(a.ptr, b.ptr, a.len));
}

static void put_lower(struct wsg_buf *out, struct wsg_str name)
{
	size_t i;

	if (!wsg_buf_reserve(out, name.len))
		return;
	for (i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		out->ptr[out->len++] =
			c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	out->ptr[out->len] = '\0';
}

/* Trimmed, with one space for each run of white space. */
static void put_value(struct wsg_buf *out, struct wsg_str value)
{
	size_t i, start = out->len;

	if (!wsg_buf_reserve(out, value.len))
		return;
	for (i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (c != ' ' && c != '\t')
			out->ptr[out->len++] = c;
		else if (out->len > start && out->ptr[out->len - 1] != ' ')
			out->ptr[out->len++] = ' ';
	}
	if (out->len > start && out->ptr[out->len - 1] == ' ')
		out->len--;
	out->ptr[out->len] = '\0';
}

bool wsg_sigv4_print_time(char text[WSG_SIGV4_TIME_LEN + 1], int64_t time_s)
{
	char full[WSG_TIME_LEN + 1];
	size_t i, len = 0;

	if (time_s > INT64_MAX / 1000 || time_s < INT64_MIN / 1000 ||
	    !wsg_time_print(full, time_s * 1000))
		return false;
	for (i = 0; full[i] != '.'; i++) {
		if (full[i] != '-' && full[i] != ':')
			text[len++] = full[i];
	}
	text[len++] = 'Z';
	text[len] = '\0';
	return true;
}

bool wsg_sigv4_parse_time(struct wsg_str text, int64_t *time_s)
{
	char full[] = "YYYY-MM-DDTHH:MM:SSZ";
	size_t i, from = 0;
	int64_t ms;

	if (text.len != WSG_SIGV4_TIME_LEN || text.ptr[8] != 'T' ||
	    text.ptr[15] != 'Z')
		return false;
	for (i = 0; full[i]; i++) {
		if (full[i] != '-' && full[i] != ':')
			full[i] = text.ptr[from++];
	}
	if (!wsg_time_parse(wsg_str(full), &ms))
		return false;
	*time_s = ms / 1000;
	return true;
}

bool wsg_sigv4_add(struct wsg_sigv4_parts *parts, struct wsg_str name,
		   struct wsg_str value)
{
	if (parts->headers_count == WSG_SIGV4_HEADERS_MAX)
		return false;
	parts->headers[parts->headers_count++] =
		(struct wsg_sigv4_header){ name, value };
	return true;
}

static int compare_names(struct wsg_str a, struct wsg_str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? strncasecmp(a.ptr, b.ptr, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

void wsg_sigv4_sort(struct wsg_sigv4_parts *parts)
{
	size_t i, at;

	/* Stable: repeated headers are signed in the order sent. */
	for (i = 1; i < parts->headers_count; i++) {
		struct wsg_sigv4_header header = parts->headers[i];

		for (at = i; at && compare_names(parts->headers[at - 1].name,
						 header.name) > 0;
		     at--)
			parts->headers[at] = parts->headers[at - 1];
		parts->headers[at] = header;
	}
}

/* Whether header i repeats the one before it. */
static bool repeats(const struct wsg_sigv4_parts *parts, size_t i)
{
	return i &&
	       same_name(parts->headers[i - 1].name, parts->headers[i].name);
}

void wsg_sigv4_put_names(struct wsg_buf *out,
			 const struct wsg_sigv4_parts *parts)
{
	size_t i;

	for (i = 0; i < parts->headers_count; i++) {
		if (repeats(parts, i))
			continue;
		if (i)
			wsg_buf_text(out, ";");
		put_lower(out, parts->headers[i].name);
	}
}

static void put_headers(struct wsg_buf *out,
			const struct wsg_sigv4_parts *parts)
{
	size_t i;

	for (i = 0; i < parts->headers_count; i++) {
		if (repeats(parts, i)) {
			wsg_buf_text(out, ",");
		} else {
			wsg_buf_text(out, i ? "\n" : "");
			put_lower(out, parts->headers[i].name);
			wsg_buf_text(out, ":");
		}
		put_value(out, parts->headers[i].value);
	}
	wsg_buf_text(out, "\n\n");
	wsg_sigv4_put_names(out, parts);
	wsg_buf_text(out, "\n");
}

void wsg_sigv4_put_scope(struct wsg_buf *out,
			 const struct wsg_sigv4_parts *parts)
{
	wsg_buf_add(out, parts->time, 8);
	wsg_buf_text(out, "/");
	wsg_buf_str(out, parts->region);
	wsg_buf_text(out, "/");
	wsg_buf_str(out, parts->service);
	wsg_buf_text(out, "/aws4_request");
}

static void add_part(struct wsg_sha256 *sha, struct wsg_str part)
{
	unsigned char len[4];
	size_t i;

	for (i = 0; i < sizeof(len); i++)
		len[i] = (unsigned char)(part.len >> 8 * i);
	wsg_sha256_add(sha, len, sizeof(len));
	wsg_sha256_add(sha, part.ptr, part.len);
}

static void derive(const struct wsg_sigv4_parts *parts, struct wsg_buf *scratch,
		   unsigned char key[WSG_SHA256_LEN])
{
	struct wsg_str date = { parts->time, 8 };

	wsg_buf_clear(scratch);
	wsg_buf_text(scratch, "AWS4");
	wsg_buf_str(scratch, parts->secret);
	wsg_hmac_sha256(scratch->ptr, scratch->len, date, key);
	wsg_hmac_sha256(key, WSG_SHA256_LEN, parts->region, key);
	wsg_hmac_sha256(key, WSG_SHA256_LEN, parts->service, key);
	wsg_hmac_sha256(key, WSG_SHA256_LEN, wsg_str("aws4_request"), key);
}

/* The day's key: the one at hand if it was made from the same. */
static void find_key(const struct wsg_sigv4_parts *parts,
		     struct wsg_buf *scratch, unsigned char key[WSG_SHA256_LEN])
{
	unsigned char of[WSG_SHA256_LEN];
	struct wsg_sha256 sha;

	if (!parts->key) {
		derive(parts, scratch, key);
		return;
	}
	wsg_sha256_init(&sha);
	add_part(&sha, (struct wsg_str){ parts->time, 8 });
	add_part(&sha, parts->region);
	add_part(&sha, parts->service);
	add_part(&sha, parts->secret);
	wsg_sha256_end(&sha, of);
	if (!parts->key->ready || memcmp(parts->key->of, of, sizeof(of)) != 0) {
		derive(parts, scratch, parts->key->key);
		memcpy(parts->key->of, of, sizeof(of));
		parts->key->ready = !scratch->failed;
	}
	memcpy(key, parts->key->key, WSG_SHA256_LEN);
}

bool wsg_sigv4_compute(const struct wsg_sigv4_parts *parts,
		       struct wsg_buf *canonical, struct wsg_buf *to_sign,
		       struct wsg_buf *scratch,
		       char signature[WSG_SHA256_HEX_LEN + 1])
{
	unsigned char digest[WSG_SHA256_LEN];
	char hex[WSG_SHA256_HEX_LEN + 1];

	wsg_buf_clear(canonical);
	wsg_buf_str(canonical, parts->method);
	wsg_buf_text(canonical, "\n");
	put_path(canonical, parts->path, parts->keep_path);
	wsg_buf_text(canonical, "\n");
	if (!put_query(canonical, parts->query, scratch))
		return false;
	wsg_buf_text(canonical, "\n");
	put_headers(canonical, parts);
	if (!parts->body_sha256)
		wsg_sha256_hex_of(hex, parts->body);
	wsg_buf_text(canonical, parts->body_sha256 ? parts->body_sha256 : hex);
	if (canonical->failed)
		return false;
	wsg_buf_clear(to_sign);
	wsg_buf_text(to_sign, WSG_SIGV4_ALGORITHM "\n");
	wsg_buf_text(to_sign, parts->time);
	wsg_buf_text(to_sign, "\n");
	wsg_sigv4_put_scope(to_sign, parts);
	wsg_buf_text(to_sign, "\n");
	wsg_sha256_hex_of(hex,
			  (struct wsg_str){ canonical->ptr, canonical->len });
	wsg_buf_text(to_sign, hex);
	find_key(parts, scratch, digest);
	if (to_sign->failed || scratch->failed)
		return false;
	wsg_hmac_sha256(digest, sizeof(digest),
			(struct wsg_str){ to_sign->ptr, to_sign->len }, digest);
	wsg_sha256_hex(signature, digest);
	return true;
}
