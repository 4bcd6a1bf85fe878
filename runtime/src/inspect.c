/* SPDX-License-Identifier: MIT */
/* What AWS knows of a connection: the call, and reading its answer. */
#include "calls.h"

struct reader {
	struct wsg_event *event;
	struct wsg_peer peer;
};

/* A string, or nothing in place of null. */
static void read_text(struct wsg_json *json, struct wsg_str *text)
{
	if (wsg_json_peek(json) == WSG_JSON_STRING)
		wsg_json_string(json, text);
	else
		wsg_json_skip(json);
}

static void read_time(struct wsg_json *json, int64_t *ms)
{
	struct wsg_str text = { NULL, 0 };

	read_text(json, &text);
	if (text.len && !wsg_time_parse(text, ms))
		wsg_json_fail(json, "not a time");
}

static void read_identity(struct wsg_json *json, struct wsg_peer *peer)
{
	struct wsg_str key;

	if (wsg_json_peek(json) != WSG_JSON_OBJECT) {
		wsg_json_skip(json);
		return;
	}
	wsg_json_object(json);
	while (wsg_json_key(json, &key)) {
		if (wsg_str_is(key, "sourceIp"))
			read_text(json, &peer->source_ip);
		else if (wsg_str_is(key, "userAgent"))
			read_text(json, &peer->user_agent);
		else
			wsg_json_skip(json);
	}
}

/* The strings stay where they are, in memory that goes with the event. */
static bool take(void *arg, const struct wsg_response *response)
{
	struct reader *reader = arg;
	struct wsg_str copy =
		wsg_arena_copy(reader->event->arena, response->body);
	struct wsg_peer *peer = &reader->peer;
	struct wsg_json json;
	struct wsg_str key;

	if (!copy.ptr)
		return false;
	wsg_json_init(&json, (char *)copy.ptr, copy.len);
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key)) {
		if (wsg_str_is(key, "connectedAt"))
			read_time(&json, &peer->connected_at_ms);
		else if (wsg_str_is(key, "lastActiveAt"))
			read_time(&json, &peer->last_active_at_ms);
		else if (wsg_str_is(key, "identity"))
			read_identity(&json, peer);
		else
			wsg_json_skip(&json);
	}
	if (wsg_json_end(&json))
		return true;
	wsg_log(WSG_ERROR, "GET @connections: the answer is %s", json.error);
	return false;
}

enum wsg_sent wsg_call_inspect(struct wsg_event *event,
			       struct wsg_str connection_id,
			       struct wsg_peer *peer)
{
	struct reader reader = { .event = event };
	enum wsg_sent result;
	struct wsg_calls calls = {
		.method = "GET",
		.ids = &connection_id,
		.count = 1,
		.results = &result,
		.take = take,
		.arg = &reader,
	};

	wsg_calls_make(event, &calls);
	if (result == WSG_SENT)
		*peer = reader.peer;
	return result;
}
