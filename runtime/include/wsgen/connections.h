/* SPDX-License-Identifier: MIT */
/*
 * wsgen/connections.h - untyped messages to connections, for functions whose
 * spec declares no `sends`, `closes` or `inspects`. chat.h does not include
 * this: declare what a route sends, and chat_send_<message>() comes with types,
 * bounds and an IAM policy that allows just that.
 *
 * A function that declares any of the three does not link with these: the
 * linker reports a multiple definition of
 * wsg_untyped_send_in_a_function_that_declares_sends.
 *
 * An event that is const ($connect, $disconnect, authorizers) does not fit
 * here: there is nobody to send to yet, or any more.
 */
#ifndef WSGEN_CONNECTIONS_H
#define WSGEN_CONNECTIONS_H

#include <wsgen/runtime.h>

/* Send data as one text message; UTF-8, at most 128 KB. */
enum wsg_sent wsg_send(struct wsg_event *event, struct wsg_str connection_id,
		       struct wsg_str data);

/*
 * The same to many, several at a time: results[i] is what became of
 * connection_ids[i]. The result is how many were sent.
 */
size_t wsg_send_all(struct wsg_event *event,
		    const struct wsg_str *connection_ids, size_t count,
		    struct wsg_str data, enum wsg_sent *results);

/* Close a connection: its client sees a normal closure. */
enum wsg_sent wsg_close(struct wsg_event *event, struct wsg_str connection_id);

/* Since when a connection lives, and who it is. */
enum wsg_sent wsg_inspect(struct wsg_event *event, struct wsg_str connection_id,
			  struct wsg_peer *peer);

#endif
