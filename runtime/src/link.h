/* SPDX-License-Identifier: MIT */
/*
 * link.h - one connection of the HTTP client, plain or with TLS, which never
 * blocks: it says what it waits for, and goes on when that is there.
 */
#ifndef WSGEN_LINK_H
#define WSGEN_LINK_H

#include "http_client.h"

struct wsg_link {
	enum {
		WSG_LINK_CLOSED,
		WSG_LINK_IDLE, /* kept */
		WSG_LINK_CONNECTING,
		WSG_LINK_SENDING,
		WSG_LINK_RECEIVING,
		WSG_LINK_DONE,	/* the answer is whole */
		WSG_LINK_FAILED /* error says why */
	} state;
	int fd;
	short wants; /* POLLIN or POLLOUT */
	struct wsg_tls *tls;
	struct wsg_tls_trust **trust;
	struct wsg_origin origin;
	int64_t idle_since_ms; /* Unix time, see resolve.c */
	int64_t connect_until_ms;
	bool kept;	/* the request went into a connection that was kept */
	size_t address; /* which one of the origin's */

	struct wsg_buf head;
	struct wsg_str body;
	size_t sent;
	size_t tag;
	size_t body_max;

	struct wsg_inbox in;
	struct wsg_response response;
	const char *error;
	char reason[192];
};

/* Start connecting; on failure the state says so. */
void wsg_link_connect(struct wsg_link *link, const struct wsg_address *address,
		      int64_t until_ms);

/* Send head and body into a kept connection. */
void wsg_link_reuse(struct wsg_link *link);

/* Whether a kept connection is still good. */
bool wsg_link_alive(struct wsg_link *link);

/* Go on, since the socket is ready. */
void wsg_link_step(struct wsg_link *link);

void wsg_link_close(struct wsg_link *link);

/* Whether any of an answer has come. */
bool wsg_link_answered(const struct wsg_link *link);

#endif
