/* SPDX-License-Identifier: MIT */
/* Checking a signature that came in; see wsgen/sigv4.h. */
#include "sigv4.h"

#include "internal.h"

#include <strings.h>

/* What a request says about its signature. */
struct claim {
	struct wsg_str credential, signed_names, signature, token;
	struct wsg_str date, region, service; /* of the credential */
	struct wsg_str time;
	int64_t time_s;
	int64_t expires_s; /* in a query */
};

static struct wsg_str trim(const char *start, const char *end)
{
	while (start < end && (*start == ' ' || *start == '\t'))
		start++;
	while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return (struct wsg_str){ start, (size_t)(end - start) };
}

static bool is_named(struct wsg_str a, struct wsg_str name)
{
	return a.len == name.len &&
	       (!a.len || !strncasecmp(a.ptr, name.ptr, a.len));
}

static struct wsg_str header(const struct wsg_sigv4_request *request,
			     const char *name)
{
	size_t i;

	for (i = 0; i < request->headers_count; i++) {
		struct wsg_str value = request->headers[i].value;

		if (value.len &&
		    is_named(request->headers[i].name, wsg_str(name)))
			return trim(value.ptr, value.ptr + value.len);
	}
	return (struct wsg_str){ NULL, 0 };
}

static bool starts_with(struct wsg_str text, const char *start)
{
	size_t len = strlen(start);

	return text.len >= len && !memcmp(text.ptr, start, len);
}

/* Whether one of the query's parameters is a signature. */
static bool has_signature(struct wsg_str query)
{
	struct wsg_str rest = query;

	while (rest.len) {
		const char *next = memchr(rest.ptr, '&', rest.len);

		if (starts_with(rest, "X-Amz-Signature="))
			return true;
		if (!next)
			return false;
		rest.len -= (size_t)(next + 1 - rest.ptr);
		rest.ptr = next + 1;
	}
	return false;
}

/* Credential=..., SignedHeaders=..., Signature=... in any order. */
static bool read_authorization(struct wsg_str text, struct claim *claim)
{
	const char *p = text.ptr + strlen(WSG_SIGV4_ALGORITHM);
	const char *end = text.ptr + text.len;

	while (p < end) {
		const char *comma = memchr(p, ',', (size_t)(end - p));
		struct wsg_str part = trim(p, comma ? comma : end);
		const char *equals =
			part.len ? memchr(part.ptr, '=', part.len) : NULL;
		struct wsg_str name, value, *to = NULL;

		p = comma ? comma + 1 : end;
		if (!equals)
			return false;
		name = (struct wsg_str){ part.ptr,
					 (size_t)(equals - part.ptr) };
		value = (struct wsg_str){ equals + 1, part.len - name.len - 1 };
		if (wsg_str_is(name, "Credential"))
			to = &claim->credential;
		else if (wsg_str_is(name, "SignedHeaders"))
			to = &claim->signed_names;
		else if (wsg_str_is(name, "Signature"))
			to = &claim->signature;
		if (!to || to->ptr)
			return false;
		*to = value;
	}
	return claim->credential.len && claim->signed_names.len &&
	       claim->signature.len;
}

static struct wsg_str *parameter_of(struct claim *claim, struct wsg_str name,
				    struct wsg_str *algorithm,
				    struct wsg_str *expires)
{
	if (wsg_str_is(name, "X-Amz-Algorithm"))
		return algorithm;
	if (wsg_str_is(name, "X-Amz-Credential"))
		return &claim->credential;
	if (wsg_str_is(name, "X-Amz-Date"))
		return &claim->time;
	if (wsg_str_is(name, "X-Amz-Expires"))
		return expires;
	if (wsg_str_is(name, "X-Amz-SignedHeaders"))
		return &claim->signed_names;
	if (wsg_str_is(name, "X-Amz-Security-Token"))
		return &claim->token;
	if (wsg_str_is(name, "X-Amz-Signature"))
		return &claim->signature;
	return NULL;
}

static bool read_expires(struct wsg_str text, int64_t *expires_s)
{
	size_t i;

	for (*expires_s = 0, i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' || i > 6)
			return false;
		*expires_s = *expires_s * 10 + (text.ptr[i] - '0');
	}
	return *expires_s > 0 && *expires_s <= WSG_SIGV4_EXPIRES_MAX_S;
}

/*
 * The parameters of a signature, decoded into scratch, which has room for them
 * all; the rest of the query goes to unsigned_query.
 */
static bool read_query(struct wsg_str query, struct wsg_buf *scratch,
		       struct claim *claim, struct wsg_str *unsigned_query)
{
	const char *p = query.ptr, *end = p + query.len;
	struct wsg_str algorithm = { NULL, 0 }, expires = { NULL, 0 };
	char *rest = scratch->ptr + query.len + 1;
	size_t rest_len = 0;

	while (p < end) {
		const char *next = memchr(p, '&', (size_t)(end - p));
		const char *stop = next ? next : end;
		const char *equals = memchr(p, '=', (size_t)(stop - p));
		struct wsg_str name = { p, (size_t)((equals ? equals : stop) -
						    p) };
		struct wsg_str *to =
			parameter_of(claim, name, &algorithm, &expires);

		if (to && (to->ptr || !equals))
			return false;
		if (to) {
			to->ptr = scratch->ptr + scratch->len;
			wsg_sigv4_decode(scratch,
					 (struct wsg_str){
						 equals + 1,
						 (size_t)(stop - equals - 1) });
			to->len =
				(size_t)(scratch->ptr + scratch->len - to->ptr);
		}
		if (to != &claim->signature) {
			if (rest_len)
				rest[rest_len++] = '&';
			memcpy(rest + rest_len, p, (size_t)(stop - p));
			rest_len += (size_t)(stop - p);
		}
		p = next ? next + 1 : end;
	}
	*unsigned_query = (struct wsg_str){ rest, rest_len };
	return wsg_str_is(algorithm, WSG_SIGV4_ALGORITHM) &&
	       read_expires(expires, &claim->expires_s) &&
	       claim->credential.len && claim->signed_names.len &&
	       claim->signature.len;
}

/* key/20150830/region/service/aws4_request; a key may hold no slash. */
static bool split_credential(struct claim *claim, struct wsg_str *key_id)
{
	struct wsg_str end = { NULL, 0 };
	struct wsg_str *parts[] = { key_id, &claim->date, &claim->region,
				    &claim->service, &end };
	const char *p = claim->credential.ptr;
	const char *stop = p + claim->credential.len;
	size_t i;

	for (i = 0; i < 5; i++) {
		const char *slash = memchr(p, '/', (size_t)(stop - p));

		if (!slash != (i == 4))
			return false;
		*parts[i] = (struct wsg_str){
			p, (size_t)((slash ? slash : stop) - p)
		};
		p = slash ? slash + 1 : stop;
	}
	return key_id->len && claim->date.len == 8 &&
	       wsg_str_is(end, "aws4_request");
}

static bool lists(struct wsg_str names, struct wsg_str name)
{
	const char *p = names.ptr, *end = p + names.len;

	while (p < end) {
		const char *next = memchr(p, ';', (size_t)(end - p));
		struct wsg_str one = { p, (size_t)((next ? next : end) - p) };

		if (is_named(one, name))
			return true;
		p = next ? next + 1 : end;
	}
	return false;
}

/* The headers that were signed; each listed one must be there. */
static bool pick_headers(const struct wsg_sigv4_request *request,
			 struct wsg_str names, struct wsg_sigv4_parts *parts)
{
	const char *p = names.ptr, *end = p + names.len;
	size_t i;

	for (i = 0; i < request->headers_count; i++) {
		if (lists(names, request->headers[i].name) &&
		    !wsg_sigv4_add(parts, request->headers[i].name,
				   request->headers[i].value))
			return false;
	}
	while (p < end) {
		const char *next = memchr(p, ';', (size_t)(end - p));
		struct wsg_str one = { p, (size_t)((next ? next : end) - p) };

		for (i = 0; i < parts->headers_count; i++) {
			if (is_named(parts->headers[i].name, one))
				break;
		}
		if (i == parts->headers_count)
			return false;
		p = next ? next + 1 : end;
	}
	return lists(names, wsg_str("host"));
}

/* Everything that can be known without the key. */
static enum wsg_sigv4_result read_claim(const struct wsg_sigv4_request *request,
					struct claim *claim,
					struct wsg_sigv4_check *check,
					struct wsg_sigv4_parts *parts)
{
	struct wsg_str authorization = header(request, "authorization");
	bool fine;

	parts->query = request->query;
	if (starts_with(authorization, WSG_SIGV4_ALGORITHM)) {
		fine = read_authorization(authorization, claim);
		claim->time = header(request, "x-amz-date");
		claim->token = header(request, "x-amz-security-token");
		fine = fine &&
		       lists(claim->signed_names, wsg_str("x-amz-date"));
	} else if (has_signature(request->query)) {
		check->in_query = true;
		fine = wsg_buf_reserve(&check->scratch,
				       2 * request->query.len + 2) &&
		       read_query(request->query, &check->scratch, claim,
				  &parts->query);
	} else {
		return WSG_SIGV4_MISSING;
	}
	if (!fine || !split_credential(claim, &check->key_id) ||
	    !wsg_sigv4_parse_time(claim->time, &claim->time_s) ||
	    memcmp(claim->time.ptr, claim->date.ptr, 8) != 0 ||
	    !pick_headers(request, claim->signed_names, parts))
		return WSG_SIGV4_MALFORMED;
	return WSG_SIGV4_VALID;
}

static bool in_time(const struct claim *claim, bool in_query, int64_t now_s)
{
	int64_t age = now_s - claim->time_s;

	if (age < -WSG_SIGV4_SKEW_S)
		return false;
	return age <= (in_query ? claim->expires_s : WSG_SIGV4_SKEW_S);
}

/* In a time that does not tell where the two differ. */
static bool same_signature(struct wsg_str given,
			   const char computed[WSG_SHA256_HEX_LEN + 1])
{
	unsigned difference = 0;
	size_t i;

	if (given.len != WSG_SHA256_HEX_LEN)
		return false;
	for (i = 0; i < WSG_SHA256_HEX_LEN; i++)
		difference |= (unsigned char)given.ptr[i] ^
			      (unsigned char)computed[i];
	return !difference;
}

enum wsg_sigv4_result
wsg_sigv4_verify(const struct wsg_sigv4_request *request,
		 const struct wsg_sigv4_verifier *verifier,
		 struct wsg_sigv4_check *check)
{
	struct wsg_credentials credentials = { .token = { NULL, 0 } };
	struct wsg_sigv4_parts parts = { .method = request->method };
	struct claim claim = { .expires_s = 0 };
	char signature[WSG_SHA256_HEX_LEN + 1];
	struct wsg_buf work = { 0 };
	enum wsg_sigv4_result result;
	bool computed;

	wsg_buf_clear(&check->scratch);
	wsg_buf_clear(&check->canonical);
	wsg_buf_clear(&check->string_to_sign);
	check->key_id = (struct wsg_str){ NULL, 0 };
	check->in_query = false;
	result = read_claim(request, &claim, check, &parts);
	if (result != WSG_SIGV4_VALID)
		return result;
	if ((verifier->region.len &&
	     !wsg_str_equal(verifier->region, claim.region)) ||
	    (verifier->service.len &&
	     !wsg_str_equal(verifier->service, claim.service)))
		return WSG_SIGV4_WRONG_SCOPE;
	if (!verifier->find(verifier->arg, check->key_id, &credentials) ||
	    !wsg_str_equal(credentials.token, claim.token))
		return WSG_SIGV4_UNKNOWN_KEY;
	parts.path = request->path;
	parts.body = request->body;
	parts.keep_path = verifier->keep_path;
	parts.region = claim.region;
	parts.service = claim.service;
	parts.secret = credentials.secret;
	memcpy(parts.time, claim.time.ptr, WSG_SIGV4_TIME_LEN);
	wsg_sigv4_sort(&parts);
	computed = wsg_sigv4_compute(&parts, &check->canonical,
				     &check->string_to_sign, &work, signature);
	wsg_buf_release(&work);
	if (!computed)
		return WSG_SIGV4_MALFORMED;
	if (!same_signature(claim.signature, signature))
		return WSG_SIGV4_MISMATCH;
	return in_time(&claim, check->in_query, verifier->now_s)
		       ? WSG_SIGV4_VALID
		       : WSG_SIGV4_EXPIRED;
}

void wsg_sigv4_check_release(struct wsg_sigv4_check *check)
{
	wsg_buf_release(&check->canonical);
	wsg_buf_release(&check->string_to_sign);
	wsg_buf_release(&check->scratch);
	*check = (struct wsg_sigv4_check){ .in_query = false };
}
