/* SPDX-License-Identifier: MIT */
/*
 * Stands in for what sends, until the runtime has it: says what it was asked
 * to, so that the example can be linked and called. Tests only.
 */
#include <wsgen/runtime.h>

#include <stdio.h>

enum wsg_sent wsg_send_message(struct wsg_event *event,
			       struct wsg_str connection_id,
			       const struct wsg_shape *shape, const void *msg)
{
	struct wsg_buf out = { 0 };

	if (wsg_str_is(connection_id, "gone"))
		return WSG_GONE;
	if (!wsg_write(event, shape, msg, &out))
		return WSG_SEND_FAILED;
	fprintf(stderr, "sent %s to %.*s: %s\n", shape->name,
		WSG_FMT(connection_id), out.ptr);
	wsg_buf_release(&out);
	return WSG_SENT;
}

size_t wsg_send_message_all(struct wsg_event *event,
			    const struct wsg_str *connection_ids, size_t count,
			    const struct wsg_shape *shape, const void *msg,
			    enum wsg_sent *results)
{
	size_t i, sent = 0;

	for (i = 0; i < count; i++) {
		results[i] =
			wsg_send_message(event, connection_ids[i], shape, msg);
		sent += results[i] == WSG_SENT;
	}
	return sent;
}

enum wsg_sent wsg_close_peer(struct wsg_event *event,
			     struct wsg_str connection_id)
{
	(void)event;
	fprintf(stderr, "closed %.*s\n", WSG_FMT(connection_id));
	return WSG_SENT;
}

enum wsg_sent wsg_inspect_peer(struct wsg_event *event,
			       struct wsg_str connection_id,
			       struct wsg_peer *peer)
{
	(void)event;
	(void)connection_id;
	*peer = (struct wsg_peer){ 0 };
	return WSG_GONE;
}
