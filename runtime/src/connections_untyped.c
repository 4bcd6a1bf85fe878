/* SPDX-License-Identifier: MIT */
/*
 * wsgen/connections.h. A function that declares what it sends defines the
 * symbol below as well, and so cannot be linked with this object.
 */
#include <wsgen/connections.h>

#include "calls.h"

const bool wsg_untyped_send_in_a_function_that_declares_sends = true;

static bool is_text(struct wsg_str data)
{
	if (!data.len || wsg_utf8_valid(data.ptr, data.len))
		return true;
	wsg_log(WSG_ERROR, "a message is not UTF-8");
	return false;
}

enum wsg_sent wsg_send(struct wsg_event *event, struct wsg_str connection_id,
		       struct wsg_str data)
{
	if (!wsg_message_fits(data))
		return WSG_TOO_LARGE;
	if (!is_text(data))
		return WSG_SEND_FAILED;
	return wsg_call(event, "POST", connection_id, data);
}

size_t wsg_send_all(struct wsg_event *event,
		    const struct wsg_str *connection_ids, size_t count,
		    struct wsg_str data, enum wsg_sent *results)
{
	struct wsg_calls calls = {
		.method = "POST",
		.ids = connection_ids,
		.count = count,
		.body = data,
		.results = results,
	};

	if (!wsg_message_fits(data))
		return wsg_calls_refuse(results, count, WSG_TOO_LARGE);
	if (!is_text(data))
		return wsg_calls_refuse(results, count, WSG_SEND_FAILED);
	return wsg_calls_make(event, &calls);
}

enum wsg_sent wsg_close(struct wsg_event *event, struct wsg_str connection_id)
{
	return wsg_call(event, "DELETE", connection_id, wsg_str(""));
}

enum wsg_sent wsg_inspect(struct wsg_event *event, struct wsg_str connection_id,
			  struct wsg_peer *peer)
{
	return wsg_call_inspect(event, connection_id, peer);
}
