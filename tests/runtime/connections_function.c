/* SPDX-License-Identifier: MIT */
/*
 * The function that test_connections.py runs: the body of its event is a list
 * of things to do to connections, and its reply what became of each.
 *
 *	[{"do": "send", "ids": ["a="], "text": "hi", "times": 1}, ...]
 */
#include <wsgen/connections.h>
#include <wsgen/json.h>

#include <stdlib.h>

#define IDS_MAX 300

struct note {
	struct wsg_str text;
};

static const struct wsg_field note_fields[] = {
	{ .key = { WSG_LIT("text") },
	  .type = WSG_STRING,
	  .offset = offsetof(struct note, text),
	  .len = { 0, 200000 } },
};

static const struct wsg_shape note_shape = {
	.name = "Note",
	.fields = note_fields,
	.fields_count = 1,
	.size = sizeof(struct note),
};

struct task {
	struct wsg_str what;
	struct wsg_str text;
	int64_t times; /* that the text is repeated */
	struct wsg_str ids[IDS_MAX];
	enum wsg_sent results[IDS_MAX];
	size_t count;
	struct wsg_peer peer;
};

static void read_task(struct wsg_json *json, struct task *task)
{
	struct wsg_str key;

	*task = (struct task){ .times = 1 };
	wsg_json_object(json);
	while (wsg_json_key(json, &key)) {
		if (wsg_str_is(key, "do")) {
			wsg_json_string(json, &task->what);
		} else if (wsg_str_is(key, "text")) {
			wsg_json_string(json, &task->text);
		} else if (wsg_str_is(key, "times")) {
			wsg_json_int64(json, &task->times);
		} else {
			wsg_json_array(json);
			while (task->count < IDS_MAX && wsg_json_item(json))
				wsg_json_string(json,
						&task->ids[task->count++]);
		}
	}
}

static void work(struct wsg_event *event, struct task *task)
{
	struct wsg_buf text = { 0 };
	struct wsg_str data;
	struct note note;
	int64_t i;

	for (i = 0; i < task->times; i++)
		wsg_buf_str(&text, task->text);
	data = (struct wsg_str){ text.ptr, text.len };
	note.text = data;
	if (wsg_str_is(task->what, "send"))
		task->results[0] = wsg_send(event, task->ids[0], data);
	else if (wsg_str_is(task->what, "send all"))
		wsg_send_all(event, task->ids, task->count, data,
			     task->results);
	else if (wsg_str_is(task->what, "message"))
		task->results[0] = wsg_send_message(event, task->ids[0],
						    &note_shape, &note);
	else if (wsg_str_is(task->what, "message all"))
		wsg_send_message_all(event, task->ids, task->count, &note_shape,
				     &note, task->results);
	else if (wsg_str_is(task->what, "close"))
		task->results[0] = wsg_close(event, task->ids[0]);
	else if (wsg_str_is(task->what, "close peer"))
		task->results[0] = wsg_close_peer(event, task->ids[0]);
	else if (wsg_str_is(task->what, "inspect"))
		task->results[0] =
			wsg_inspect(event, task->ids[0], &task->peer);
	else
		task->results[0] =
			wsg_inspect_peer(event, task->ids[0], &task->peer);
	wsg_buf_release(&text);
}

static void tell(struct wsg_buf *out, const struct task *task)
{
	static const char *const names[] = {
		"sent", "gone", "large", "throttled", "forbidden", "failed"
	};
	size_t i;

	wsg_json_put_array(out);
	for (i = 0; i < task->count; i++)
		wsg_json_put_string(out, wsg_str(names[task->results[i]]));
	if (task->peer.connected_at_ms) {
		wsg_json_put_int64(out, task->peer.connected_at_ms);
		wsg_json_put_int64(out, task->peer.last_active_at_ms);
		wsg_json_put_string(out, task->peer.source_ip);
		wsg_json_put_string(out, task->peer.user_agent);
	}
	wsg_json_put_array_end(out);
}

static enum wsg_result on_event(struct wsg_event *event)
{
	static struct task task;
	struct wsg_str body = wsg_body(event);
	struct wsg_buf *out = wsg_reply_text(event);
	char *copy = wsg_alloc(event, body.len + 1);
	struct wsg_json json;

	if (!copy)
		return WSG_FAILED;
	memcpy(copy, body.ptr, body.len);
	wsg_json_init(&json, copy, body.len);
	wsg_json_array(&json);
	wsg_json_put_array(out);
	while (wsg_json_item(&json)) {
		read_task(&json, &task);
		work(event, &task);
		tell(out, &task);
	}
	wsg_json_put_array_end(out);
	return wsg_json_end(&json) ? WSG_OK : WSG_FAILED;
}

static const struct wsg_route *find(struct wsg_str key)
{
	static const struct wsg_route route = { { WSG_LIT("any") }, on_event };

	(void)key;
	return &route;
}

int main(void)
{
	return wsg_run(&(struct wsg_function){ .name = "test", .find = find });
}
