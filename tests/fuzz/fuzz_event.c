/* SPDX-License-Identifier: MIT */
/* Events: any bytes, and every question a handler may ask about them. */
#include "internal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum wsg_result handle(struct wsg_event *event)
{
	static const char *const names[] = { "Host", "room", "a",
					     "connectionId", "sourceIp" };
	size_t i, j;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		wsg_context(event, names[i]);
		wsg_identity(event, names[i]);
		wsg_authorizer(event, names[i]);
		wsg_stage_variable(event, names[i]);
		wsg_header(event, names[i]);
		wsg_query(event, names[i]);
		for (j = 0; j < wsg_header_count(event, names[i]); j++)
			wsg_header_at(event, names[i], j);
		for (j = 0; j < wsg_query_count(event, names[i]); j++)
			wsg_query_at(event, names[i], j);
	}
	wsg_connected_at_ms(event);
	wsg_disconnect_code(wsg_disconnect(event));
	wsg_disconnect_reason(wsg_disconnect(event));
	wsg_connect_subprotocol(wsg_connect(event), "v1");
	if (wsg_str_is(wsg_route_key(event), "echo"))
		wsg_buf_str(wsg_reply_text(event), wsg_body(event));
	return WSG_OK;
}

static const struct wsg_route *find(struct wsg_str key)
{
	static struct wsg_route route;

	route = (struct wsg_route){ key, handle };
	return &route;
}

static enum wsg_result authorize(struct wsg_authorize *client)
{
	const struct wsg_event *event = wsg_authorize_event(client);

	wsg_context_string(client, "ip", wsg_source_ip(event));
	return wsg_allow(client, wsg_header(event, "Authorization"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct wsg_function function = {
		.name = "fuzz",
		.find = find,
		.authorize = authorize,
	};
	static struct wsg_event event; /* used again, as the loop does */
	static struct wsg_buf out;
	char *text = malloc(size + 1);
	struct wsg_fault fault;
	struct wsg_json json;

	if (!text || (!event.arena && !wsg_event_init(&event)))
		abort();
	if (size)
		memcpy(text, data, size);
	if (!wsg_answer(&function, &event, text, size, &out, &fault)) {
		wsg_buf_clear(&out);
		wsg_fault_write(&fault, &out);
	}
	/* Whatever came in, what goes out is JSON. */
	if (out.failed)
		abort();
	wsg_json_init(&json, out.ptr, out.len);
	if (!wsg_json_skip(&json) || !wsg_json_end(&json))
		abort();
	free(text);
	return 0;
}
