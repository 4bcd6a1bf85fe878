/* SPDX-License-Identifier: MIT */
/* As bench_function, and its handler sends back: for what that adds in size. */
#include "chat.h"

#include <wsgen/connections.h>

static enum wsg_result route_send_message(struct wsg_event *event)
{
	struct chat_send_message msg;

	if (!chat_read_send_message(event, &msg))
		return wsg_log_invalid(event);
	return wsg_send(event, wsg_connection_id(event), msg.text) == WSG_SENT
		       ? WSG_OK
		       : WSG_REFUSED;
}

static const struct wsg_route *find(struct wsg_str key)
{
	static const struct wsg_route route = { { "sendMessage", 11 },
						route_send_message };

	return wsg_str_equal(key, route.key) ? &route : NULL;
}

int main(void)
{
	static const struct wsg_function function = {
		.name = "bench",
		.find = find,
	};

	return wsg_run(&function);
}
