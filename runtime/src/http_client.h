/* SPDX-License-Identifier: MIT */
/*
 * http_client.h - an HTTP/1.1 client for what AWS has: requests of one job to
 * one origin, several at a time, over connections that are kept. Redirects are
 * answers like any other, and nothing is retried but a request that went into
 * a kept connection which the server had closed meanwhile.
 */
#ifndef WSGEN_HTTP_CLIENT_H
#define WSGEN_HTTP_CLIENT_H

#include "internal.h"
#include "resolve.h"
#include "tls.h"

/* Connections, and so requests at a time. */
#define WSG_LINKS_MAX 16

/* A kept connection is not used again after this. */
#define WSG_IDLE_MAX_MS 50000

#define WSG_HTTP_HEAD_MAX ((size_t)64 << 10)

/* Where requests go to. */
struct wsg_origin {
	bool tls;
	char host[WSG_HOST_MAX + 1]; /* IPv6 without its brackets */
	uint16_t port;
};

/*
 * Take a URL apart: https://host[:port][/path]. *path is what follows the
 * origin, without a slash at its end. False: this is no such URL.
 */
bool wsg_origin_read(struct wsg_str url, struct wsg_origin *origin,
		     struct wsg_str *path);

/* What Host says: the port only where it is not the usual one. */
void wsg_origin_put_host(struct wsg_buf *out, const struct wsg_origin *origin);

/* An answer being read; { 0 } at the start of it. */
struct wsg_response {
	int status;
	const char *head; /* its lines, after the status line */
	size_t head_len;
	struct wsg_str body;
	bool close; /* the server will */

	enum {
		WSG_READ_HEAD,
		WSG_READ_LENGTH,
		WSG_READ_CHUNK_LINE,
		WSG_READ_CHUNK,
		WSG_READ_CHUNK_END,
		WSG_READ_TRAILER,
		WSG_READ_TO_END,
	} state;
	size_t head_at, body_at, body_len;
	size_t at;   /* first byte that is not understood yet */
	size_t left; /* of the body, or of this chunk */
};

enum wsg_progress { WSG_MORE, WSG_WHOLE, WSG_BROKEN };

/*
 * Go on reading text, which holds len bytes from the answer's first one on;
 * ended: there will be no more. Chunks are moved together where they stand.
 * With WSG_WHOLE everything in response is set.
 */
enum wsg_progress wsg_response_read(struct wsg_response *response, char *text,
				    size_t len, bool ended, size_t body_max);

/* A header of a whole answer; none if it is not there. */
struct wsg_str wsg_response_header(const struct wsg_response *response,
				   const char *name);

/* When the server says that it answered; false if it does not say. */
bool wsg_response_date(const struct wsg_response *response, int64_t *ms);

/* Requests to be sent. The head holds everything up to the empty line. */
struct wsg_job {
	const struct wsg_origin *origin;
	unsigned parallel;   /* at most WSG_LINKS_MAX */
	int64_t deadline_ms; /* of wsg_clock_ms */
	size_t body_max;     /* of an answer */

	/* Write the next request; false if there are no more. */
	bool (*next)(void *arg, struct wsg_buf *head, struct wsg_str *body,
		     size_t *tag);

	/*
	 * What came of the request with that tag. response is NULL if there
	 * was no answer: then error says why.
	 */
	void (*done)(void *arg, size_t tag, const struct wsg_response *response,
		     const char *error);
	void *arg;
};

/* Connections that are kept, names that are known. */
struct wsg_net;

struct wsg_net *wsg_net_new(void);

/*
 * Before anything is sent over TLS: believe everybody whom the system believes,
 * not AWS alone. False: *error is a phrase that says why.
 */
bool wsg_net_trust_public(struct wsg_net *net, const char **error);
void wsg_net_free(struct wsg_net *net);

/* For tests: the resolver may be told of other files. */
struct wsg_resolver *wsg_net_resolver(struct wsg_net *net);

/* For tests: let kept connections have been idle for so much longer. */
void wsg_net_age(struct wsg_net *net, int64_t ms);

/*
 * Send all requests of a job and wait for their answers, or for the deadline:
 * those that were not started by then are not asked for.
 */
void wsg_net_run(struct wsg_net *net, const struct wsg_job *job);

#endif
