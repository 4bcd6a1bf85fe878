/* SPDX-License-Identifier: MIT */
/*
 * What generated code calls to send to connections, close them and ask about
 * them; see wsgen/runtime.h. The untyped calls are in an object of their own.
 */
#include "calls.h"

bool wsg_message_fits(struct wsg_str data)
{
	if (data.len <= WSG_MESSAGE_MAX)
		return true;
	wsg_log(WSG_ERROR, "a message of %zu bytes is larger than %zu",
		data.len, WSG_MESSAGE_MAX);
	return false;
}

enum wsg_sent wsg_call(struct wsg_event *event, const char *method,
		       struct wsg_str connection_id, struct wsg_str body)
{
	enum wsg_sent result;
	struct wsg_calls calls = {
		.method = method,
		.ids = &connection_id,
		.count = 1,
		.body = body,
		.results = &result,
	};

	wsg_calls_make(event, &calls);
	return result;
}

size_t wsg_send_message_all(struct wsg_event *event,
			    const struct wsg_str *connection_ids, size_t count,
			    const struct wsg_shape *shape, const void *msg,
			    enum wsg_sent *results)
{
	struct wsg_outside *outside = wsg_outside_of(event);
	struct wsg_calls calls = {
		.method = "POST",
		.ids = connection_ids,
		.count = count,
		.results = results,
	};

	if (!outside)
		return wsg_calls_refuse(results, count, WSG_SEND_FAILED);
	wsg_buf_clear(&outside->body);
	if (!wsg_write(event, shape, msg, &outside->body))
		return wsg_calls_refuse(results, count, WSG_SEND_FAILED);
	calls.body = (struct wsg_str){ outside->body.ptr, outside->body.len };
	if (!wsg_message_fits(calls.body))
		return wsg_calls_refuse(results, count, WSG_TOO_LARGE);
	return wsg_calls_make(event, &calls);
}

enum wsg_sent wsg_send_message(struct wsg_event *event,
			       struct wsg_str connection_id,
			       const struct wsg_shape *shape, const void *msg)
{
	enum wsg_sent result = WSG_SEND_FAILED;

	wsg_send_message_all(event, &connection_id, 1, shape, msg, &result);
	return result;
}

enum wsg_sent wsg_close_peer(struct wsg_event *event,
			     struct wsg_str connection_id)
{
	return wsg_call(event, "DELETE", connection_id, wsg_str(""));
}

enum wsg_sent wsg_inspect_peer(struct wsg_event *event,
			       struct wsg_str connection_id,
			       struct wsg_peer *peer)
{
	return wsg_call_inspect(event, connection_id, peer);
}
