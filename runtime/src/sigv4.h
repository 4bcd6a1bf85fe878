/* SPDX-License-Identifier: MIT */
/* sigv4.h - what signing and checking signatures have in common. */
#ifndef WSGEN_SRC_SIGV4_H
#define WSGEN_SRC_SIGV4_H

#include "sha256.h"

#include <wsgen/sigv4.h>

#define WSG_SIGV4_ALGORITHM "AWS4-HMAC-SHA256"
#define WSG_SIGV4_TIME_LEN 16 /* 20150830T123600Z */

/* What a signature is made of, whichever form it has. */
struct wsg_sigv4_parts {
	struct wsg_str method, path, query;
	struct wsg_sigv4_header headers[WSG_SIGV4_HEADERS_MAX];
	size_t headers_count;
	struct wsg_str body;
	const char *body_sha256; /* or NULL */
	bool keep_path;

	char time[WSG_SIGV4_TIME_LEN + 1];
	struct wsg_str region, service, secret;
	struct wsg_sigv4_key *key; /* or NULL */
};

/* Add a header, to be signed; false if there are too many. */
bool wsg_sigv4_add(struct wsg_sigv4_parts *parts, struct wsg_str name,
		   struct wsg_str value);

/* Put the headers into the order in which they are signed. */
void wsg_sigv4_sort(struct wsg_sigv4_parts *parts);

/* host;x-amz-date, of sorted headers. */
void wsg_sigv4_put_names(struct wsg_buf *out,
			 const struct wsg_sigv4_parts *parts);

/* 20150830/us-east-1/execute-api/aws4_request */
void wsg_sigv4_put_scope(struct wsg_buf *out,
			 const struct wsg_sigv4_parts *parts);

/*
 * The signature of parts with sorted headers. What is left in the two buffers
 * is the canonical request and the string to sign. False: too many parameters
 * in the query, or no memory.
 */
bool wsg_sigv4_compute(const struct wsg_sigv4_parts *parts,
		       struct wsg_buf *canonical, struct wsg_buf *to_sign,
		       struct wsg_buf *scratch,
		       char signature[WSG_SHA256_HEX_LEN + 1]);

/* 20150830T123600Z; false outside of the years 0 to 9999. */
bool wsg_sigv4_print_time(char text[WSG_SIGV4_TIME_LEN + 1], int64_t time_s);
bool wsg_sigv4_parse_time(struct wsg_str text, int64_t *time_s);

/* Undo percent-encoding; what is no %XX stays as it is. */
void wsg_sigv4_decode(struct wsg_buf *out, struct wsg_str text);

#endif
