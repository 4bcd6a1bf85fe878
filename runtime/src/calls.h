/* SPDX-License-Identifier: MIT */
/*
 * calls.h - calls of the @connections API: where it is, signing, what its
 * answers mean, and trying again while there is time.
 */
#ifndef WSGEN_CALLS_H
#define WSGEN_CALLS_H

#include "http_client.h"
#include "internal.h"

#include <wsgen/sigv4.h>

/* What is kept from event to event. */
struct wsg_outside {
	struct wsg_kept kept; /* the first member */
	struct wsg_net *net;
	struct wsg_sigv4_key key;
	int64_t skew_ms; /* how far AWS's clock is ahead of ours */
	struct wsg_buf body;
};

/* Of this event; NULL, and logged, when there is no memory. */
struct wsg_outside *wsg_outside_of(struct wsg_event *event);

/* Where the API is, and whom its requests are from. */
struct wsg_endpoint {
	struct wsg_origin origin;
	char path[512]; /* before /@connections */
	struct wsg_str region;
	struct wsg_credentials credentials; /* no key: nothing is signed */
};

/*
 * WSG_ENDPOINT, or what the event's API and stage come to. False, and logged,
 * when there is no telling.
 */
bool wsg_endpoint_find(const struct wsg_event *event,
		       struct wsg_endpoint *endpoint);

/* The same call for each of several connections. */
struct wsg_calls {
	const char *method;
	const struct wsg_str *ids;
	size_t count;
	struct wsg_str body;
	enum wsg_sent *results; /* one for each id */
	struct wsg_str set;	/* the registry's that the ids are of, if any */

	/* The answer to a call that went well; may be NULL. */
	bool (*take)(void *arg, const struct wsg_response *response);
	void *arg;
};

/* Make the calls; how many ended in WSG_SENT. */
size_t wsg_calls_make(struct wsg_event *event, const struct wsg_calls *calls);

/* What the public functions have in common: one call, a body that may go. */
enum wsg_sent wsg_call(struct wsg_event *event, const char *method,
		       struct wsg_str connection_id, struct wsg_str body);
enum wsg_sent wsg_call_inspect(struct wsg_event *event,
			       struct wsg_str connection_id,
			       struct wsg_peer *peer);

/* The same for all ids, for what cannot be sent to any of them. */
size_t wsg_calls_refuse(enum wsg_sent *results, size_t count,
			enum wsg_sent result);

/* Whether data fits into a message; logged if not. */
bool wsg_message_fits(struct wsg_str data);

#endif
