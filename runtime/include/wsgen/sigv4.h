/* SPDX-License-Identifier: MIT */
/*
 * wsgen/sigv4.h - AWS Signature Version 4, both sides of it: signing a request
 * in its headers or in its query, and checking one that came in.
 *
 * The path and the query are those that go over the wire. As everywhere but in
 * S3 the path is encoded once more for the signature, so that what the wire
 * has as `%3D` is signed as `%253D`.
 */
#ifndef WSGEN_SIGV4_H
#define WSGEN_SIGV4_H

#include <wsgen/str.h>

#include <stdint.h>

/* More headers or query parameters than this are not signed, nor checked. */
#define WSG_SIGV4_HEADERS_MAX 96
#define WSG_SIGV4_PARAMETERS_MAX 256

/* How long a signed query may be good for: 7 days. */
#define WSG_SIGV4_EXPIRES_MAX_S 604800

/* How far a signer's clock may be off, either way. */
#define WSG_SIGV4_SKEW_S 300

struct wsg_sigv4_header {
	struct wsg_str name; /* in any case */
	struct wsg_str value;
};

struct wsg_sigv4_request {
	struct wsg_str method;
	struct wsg_str path;
	struct wsg_str query; /* without the `?` */
	const struct wsg_sigv4_header *headers;
	size_t headers_count;
	struct wsg_str body;
	const char *body_sha256; /* in hex, if known already; or NULL */
};

struct wsg_credentials {
	struct wsg_str key_id;
	struct wsg_str secret;
	struct wsg_str token; /* of a session; empty without one */
};

/*
 * A key that a day's signatures in one region have in common. { 0 } is an empty
 * one; pass the same to each call and it is only computed when it has to be.
 */
struct wsg_sigv4_key {
	bool ready;
	unsigned char of[32]; /* digest of what it was made from */
	unsigned char key[32];
};

struct wsg_sigv4_signer {
	struct wsg_credentials credentials;
	struct wsg_str region;
	struct wsg_str service;
	int64_t time_s;		   /* Unix time that is signed */
	bool keep_path;		   /* do not resolve `.`, `..` and `//` */
	bool body_header;	   /* add and sign x-amz-content-sha256 */
	struct wsg_sigv4_key *key; /* NULL: computed each time */
};

/*
 * Sign all headers of the request, Host among them. What has to be sent besides
 * is added to out as header lines, each ending in \r\n: X-Amz-Date,
 * X-Amz-Security-Token, X-Amz-Content-Sha256, Authorization. False: there is
 * too much to sign, or no memory, and out is as it was.
 */
bool wsg_sigv4_sign(const struct wsg_sigv4_request *request,
		    const struct wsg_sigv4_signer *signer, struct wsg_buf *out);

/*
 * Sign in the query instead, good for expires_s. The whole query to be sent,
 * the request's own in front, is added to out. False as above, or the request's
 * query holds a parameter of a signature already.
 */
bool wsg_sigv4_presign(const struct wsg_sigv4_request *request,
		       const struct wsg_sigv4_signer *signer,
		       unsigned expires_s, struct wsg_buf *out);

/* The same bytes percent-encoded as AWS does it; keep: one more that stays. */
void wsg_sigv4_encode(struct wsg_buf *out, struct wsg_str text, char keep);

enum wsg_sigv4_result {
	WSG_SIGV4_VALID,
	WSG_SIGV4_MISSING,     /* the request is not signed */
	WSG_SIGV4_MALFORMED,   /* signed in a way that is none */
	WSG_SIGV4_UNKNOWN_KEY, /* no such key, or not with that token */
	WSG_SIGV4_WRONG_SCOPE, /* another region or service */
	WSG_SIGV4_EXPIRED,     /* too old, or from the future */
	WSG_SIGV4_MISMATCH,    /* the signature is another one */
};

struct wsg_sigv4_verifier {
	/* The secret of a key; false if there is no such key. */
	bool (*find)(void *arg, struct wsg_str key_id,
		     struct wsg_credentials *credentials);
	void *arg;
	struct wsg_str region; /* empty: any */
	struct wsg_str service;
	int64_t now_s;
	bool keep_path;
};

/*
 * What a check found. The buffers stay the caller's: { 0 } at first, used again
 * for the next check, released by wsg_sigv4_check_release.
 */
struct wsg_sigv4_check {
	struct wsg_str key_id; /* a slice of the request or of scratch */
	bool in_query;
	struct wsg_buf canonical;      /* as we computed it ... */
	struct wsg_buf string_to_sign; /* ... for messages about a mismatch */
	struct wsg_buf scratch;
};

/*
 * Check a request that came in, whichever way it is signed. The headers may be
 * all there are; those that were signed are picked.
 */
enum wsg_sigv4_result
wsg_sigv4_verify(const struct wsg_sigv4_request *request,
		 const struct wsg_sigv4_verifier *verifier,
		 struct wsg_sigv4_check *check);
void wsg_sigv4_check_release(struct wsg_sigv4_check *check);

#endif
