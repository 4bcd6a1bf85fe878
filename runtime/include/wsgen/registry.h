/* SPDX-License-Identifier: MIT */
/*
 * wsgen/registry.h - who is connected, and to which topics: the spec's
 * `connections:`. Connections come and go by themselves.
 */
#ifndef WSGEN_REGISTRY_H
#define WSGEN_REGISTRY_H

#include <wsgen/runtime.h>

/* The store of `store: dynamodb`, for struct wsg_function. */
extern const struct wsg_registry wsg_registry_dynamodb;

/* Topics of a connection. False: the store could not be reached; logged. */
bool wsg_join(struct wsg_event *event, struct wsg_str connection_id,
	      struct wsg_str topic);
bool wsg_leave(struct wsg_event *event, struct wsg_str connection_id,
	       struct wsg_str topic);

/* How many are in a topic; of all connections when the topic is empty. */
bool wsg_count(struct wsg_event *event, struct wsg_str topic, size_t *count);

/*
 * Send a message to everyone in a topic; generated chat_publish_<message>()
 * functions call this. *sent counts those it reached.
 */
bool wsg_publish_message(struct wsg_event *event, struct wsg_str topic,
			 const struct wsg_shape *shape, const void *msg,
			 size_t *sent);

#endif
