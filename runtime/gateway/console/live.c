/* SPDX-License-Identifier: MIT */
/* live.c - a map of those who came and have not left. */
#include "live.h"

#include "../base/mem.h"

#include <wsgen/json.h>

#include <stdlib.h>

/* Its texts follow it, in the same piece of memory. */
struct client {
	struct wsg_str id, api, stage;
	int64_t since_ms;
};

static struct wsg_str put(char **at, struct wsg_str text)
{
	struct wsg_str copy = { *at, text.len };

	if (text.len)
		memcpy(*at, text.ptr, text.len);
	*at += text.len;
	return copy;
}

static void came(struct live *live, const struct trace_event *event)
{
	struct client *client =
		mem_alloc(sizeof(*client) + event->connection_id.len +
			  event->api.len + event->stage.len);
	char *at = (char *)(client + 1);

	client->id = put(&at, event->connection_id);
	client->api = put(&at, event->api);
	client->stage = put(&at, event->stage);
	client->since_ms = event->at_ms;
	free(map_take(&live->by_id, client->id));
	map_put(&live->by_id, client->id, client);
}

void live_hear(struct live *live, const struct trace_event *event)
{
	if (event->kind == TRACE_OPENED)
		came(live, event);
	else if (event->kind == TRACE_CLOSED)
		free(map_take(&live->by_id, event->connection_id));
}

size_t live_count(const struct live *live)
{
	return live->by_id.count;
}

void live_put(struct wsg_buf *out, const struct live *live)
{
	const struct client *client;
	size_t at = 0;

	wsg_json_put_array(out);
	for (int i = 0; i < LIVE_SHOWN_MAX; i++) {
		client = map_next(&live->by_id, &at);
		if (!client)
			break;
		wsg_json_put_object(out);
		wsg_json_put_key(out, wsg_str("connectionId"));
		wsg_json_put_string(out, client->id);
		wsg_json_put_key(out, wsg_str("api"));
		wsg_json_put_string(out, client->api);
		wsg_json_put_key(out, wsg_str("stage"));
		wsg_json_put_string(out, client->stage);
		wsg_json_put_key(out, wsg_str("at"));
		wsg_json_put_int64(out, client->since_ms);
		wsg_json_put_object_end(out);
	}
	wsg_json_put_array_end(out);
}

void live_release(struct live *live)
{
	struct client *client;
	size_t at = 0;

	while ((client = map_next(&live->by_id, &at)))
		free(client);
	map_release(&live->by_id);
}
