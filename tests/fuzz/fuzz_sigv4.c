/* SPDX-License-Identifier: MIT */
/*
 * fuzz_sigv4.c - any request as one that came in: checked or refused. What was
 * signed here is accepted, in either form, and nothing else is.
 */
#include <wsgen/sigv4.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static struct wsg_str line(struct wsg_str *rest)
{
	const char *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
	struct wsg_str one = { rest->ptr,
			       end ? (size_t)(end - rest->ptr) : rest->len };
	size_t used = one.len + (end != NULL);

	if (used)
		rest->ptr += used;
	rest->len -= used;
	return one;
}

static bool find(void *arg, struct wsg_str key_id,
		 struct wsg_credentials *credentials)
{
	*credentials = *(const struct wsg_credentials *)arg;
	return wsg_str_equal(key_id, credentials->key_id);
}

/* Method, path, query, then headers up to an empty line, then the body. */
static struct wsg_sigv4_request
read_request(struct wsg_str rest, struct wsg_sigv4_header *headers, size_t max)
{
	struct wsg_sigv4_request request = { .headers = headers };

	request.method = line(&rest);
	request.path = line(&rest);
	request.query = line(&rest);
	while (rest.len && request.headers_count < max) {
		struct wsg_str one = line(&rest);
		struct wsg_sigv4_header *to = &headers[request.headers_count];
		const char *colon =
			one.len ? memchr(one.ptr, ':', one.len) : NULL;

		if (!one.len)
			break;
		to->name = one;
		to->value = (struct wsg_str){ NULL, 0 };
		if (colon) {
			to->name.len = (size_t)(colon - one.ptr);
			to->value.ptr = colon + 1;
			to->value.len = one.len - to->name.len - 1;
		}
		request.headers_count++;
	}
	request.body = rest;
	return request;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct wsg_credentials credentials = {
		.key_id = { WSG_LIT("AKIDEXAMPLE") },
		.secret = { WSG_LIT("secret") },
	};
	struct wsg_sigv4_header headers[WSG_SIGV4_HEADERS_MAX + 4];
	struct wsg_sigv4_request request = read_request(
		(struct wsg_str){ (const char *)bytes, len }, headers, 98);
	struct wsg_sigv4_verifier verifier = {
		.find = find,
		.arg = &credentials,
		.now_s = 1440938160,
	};
	struct wsg_sigv4_signer signer = {
		.credentials = credentials,
		.region = { WSG_LIT("us-east-1") },
		.service = { WSG_LIT("execute-api") },
		.time_s = 1440938160,
	};
	struct wsg_sigv4_check check = { .in_query = false };
	struct wsg_buf query = { 0 };

	/* The secret is not in the corpus: nothing can have been signed. */
	if (wsg_sigv4_verify(&request, &verifier, &check) == WSG_SIGV4_VALID)
		abort();
	headers[0].name = wsg_str("host");
	headers[0].value = wsg_str("example.com");
	request.headers_count = 1;
	if (wsg_sigv4_presign(&request, &signer, 60, &query)) {
		request.query = (struct wsg_str){ query.ptr, query.len };
		switch (wsg_sigv4_verify(&request, &verifier, &check)) {
		case WSG_SIGV4_VALID:
			break;
		case WSG_SIGV4_MALFORMED:
		case WSG_SIGV4_MISSING:
		case WSG_SIGV4_UNKNOWN_KEY:
		case WSG_SIGV4_WRONG_SCOPE:
		case WSG_SIGV4_EXPIRED:
		case WSG_SIGV4_MISMATCH:
			abort();
		}
	}
	wsg_buf_release(&query);
	wsg_sigv4_check_release(&check);
	return 0;
}
