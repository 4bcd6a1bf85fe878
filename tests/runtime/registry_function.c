/* SPDX-License-Identifier: MIT */
/*
 * The function that the registry's tests run: the body of its event is a list
 * of things to do to the registry, and its reply what became of each.
 *
 *	[{"do": "join", "id": "a=", "topic": "room"}, ...]
 *
 * TEST_TTL and TEST_TOPICS in the environment stand for the spec's. On $connect
 * TEST_JOIN is a topic to join, and TEST_REFUSE turns the client away.
 */
#include <wsgen/json.h>
#include <wsgen/registry.h>

#include <stdlib.h>

struct note {
	struct wsg_str text;
};

static const struct wsg_field note_fields[] = {
	{ .key = { WSG_LIT("text") },
	  .type = WSG_STRING,
	  .offset = offsetof(struct note, text),
	  .len = { 1, 200000 } },
};

static const struct wsg_shape note_shape = {
	.name = "Note",
	.fields = note_fields,
	.fields_count = 1,
	.size = sizeof(struct note),
};

struct task {
	struct wsg_str what, id, topic, text;
	int64_t times; /* that it is done, with -0, -1, ... behind the id */
};

static void read_task(struct wsg_json *json, struct task *task)
{
	struct wsg_str key;

	*task = (struct task){ .times = 0 };
	wsg_json_object(json);
	while (wsg_json_key(json, &key)) {
		if (wsg_str_is(key, "do"))
			wsg_json_string(json, &task->what);
		else if (wsg_str_is(key, "id"))
			wsg_json_string(json, &task->id);
		else if (wsg_str_is(key, "topic"))
			wsg_json_string(json, &task->topic);
		else if (wsg_str_is(key, "text"))
			wsg_json_string(json, &task->text);
		else
			wsg_json_int64(json, &task->times);
	}
}

/* A list in the reply, and when to have seen enough. */
struct seen {
	struct wsg_buf *out;
	size_t pages;
	size_t most;
};

static bool see(void *arg, const struct wsg_str *members, size_t count)
{
	struct seen *seen = arg;
	size_t i;

	for (i = 0; i < count; i++)
		wsg_json_put_string(seen->out, members[i]);
	return !seen->most || ++seen->pages < seen->most;
}

static bool tell_many(struct wsg_event *event, const struct task *task,
		      struct wsg_buf *out)
{
	struct seen seen = { .out = out, .most = (size_t)task->times };
	bool good = false;

	if (wsg_str_is(task->what, "in topic"))
		good = wsg_each_in_topic(event, task->topic, see, &seen);
	else if (wsg_str_is(task->what, "all"))
		good = wsg_each_connection(event, see, &seen);
	else if (wsg_str_is(task->what, "topics of"))
		good = wsg_each_topic_of(event, task->id, see, &seen);
	return good;
}

static bool tell_count(struct wsg_event *event, const struct task *task,
		       struct wsg_buf *out)
{
	size_t count = 0;
	bool good;

	if (task->topic.len)
		good = wsg_count_in_topic(event, task->topic, &count);
	else
		good = wsg_count_connections(event, &count);
	wsg_json_put_uint64(out, count);
	return good;
}

static bool publish(struct wsg_event *event, const struct task *task,
		    struct wsg_buf *out)
{
	struct note note = { task->text };
	struct wsg_tally tally;
	bool good;

	if (task->topic.len)
		good = wsg_publish_message(event, task->topic, &note_shape,
					   &note, &tally);
	else
		good = wsg_broadcast_message(event, &note_shape, &note, &tally);
	wsg_json_put_uint64(out, tally.sent);
	wsg_json_put_uint64(out, tally.gone);
	wsg_json_put_uint64(out, tally.failed);
	return good;
}

/* To the same connection as often; how many of these have arrived. */
static bool send(struct wsg_event *event, const struct task *task,
		 struct wsg_buf *out)
{
	struct note note = { task->text };
	enum wsg_sent results[8];
	struct wsg_str ids[8];
	size_t count = (size_t)task->times, i;

	if (count > 8)
		return false;
	for (i = 0; i < count; i++)
		ids[i] = task->id;
	wsg_json_put_uint64(out,
			    wsg_send_message_all(event, ids, count, &note_shape,
						 &note, results));
	return true;
}

static bool join_many(struct wsg_event *event, const struct task *task)
{
	struct wsg_buf id = { 0 };
	bool good = true;
	int64_t i;

	for (i = 0; i < task->times && good; i++) {
		wsg_buf_clear(&id);
		wsg_buf_str(&id, task->id);
		wsg_buf_printf(&id, "-%d", (int)i);
		good = wsg_join(event, (struct wsg_str){ id.ptr, id.len },
				task->topic);
	}
	wsg_buf_release(&id);
	return good;
}

static void work(struct wsg_event *event, const struct task *task,
		 struct wsg_buf *out)
{
	bool good;

	wsg_json_put_array(out);
	if (wsg_str_is(task->what, "join"))
		good = wsg_join(event, task->id, task->topic);
	else if (wsg_str_is(task->what, "join many"))
		good = join_many(event, task);
	else if (wsg_str_is(task->what, "leave"))
		good = wsg_leave(event, task->id, task->topic);
	else if (wsg_str_is(task->what, "count"))
		good = tell_count(event, task, out);
	else if (wsg_str_is(task->what, "send"))
		good = send(event, task, out);
	else if (wsg_str_is(task->what, "publish"))
		good = publish(event, task, out);
	else
		good = tell_many(event, task, out);
	wsg_json_put_bool(out, good);
	wsg_json_put_array_end(out);
}

static enum wsg_result on_any(struct wsg_event *event)
{
	struct wsg_str body = wsg_body(event);
	struct wsg_buf *out = wsg_reply_text(event);
	char *copy = wsg_alloc(event, body.len + 1);
	struct wsg_json json;
	struct task task;

	if (!copy)
		return WSG_FAILED;
	memcpy(copy, body.ptr, body.len);
	wsg_json_init(&json, copy, body.len);
	wsg_json_array(&json);
	wsg_json_put_array(out);
	while (wsg_json_item(&json)) {
		read_task(&json, &task);
		work(event, &task, out);
	}
	wsg_json_put_array_end(out);
	return wsg_json_end(&json) ? WSG_OK : WSG_FAILED;
}

static enum wsg_result on_connect(struct wsg_event *event)
{
	const struct wsg_event *it = wsg_connect_event(wsg_connect(event));
	struct wsg_str topic = wsg_str(getenv("TEST_JOIN"));

	if (topic.len && !wsg_join(it, wsg_connection_id(it), topic))
		return WSG_FAILED;
	return getenv("TEST_REFUSE") ? WSG_REFUSED : WSG_OK;
}

static enum wsg_result on_disconnect(struct wsg_event *event)
{
	(void)event;
	return WSG_OK;
}

static const struct wsg_route *find(struct wsg_str key)
{
	static const struct wsg_route routes[] = {
		{ { WSG_LIT("$connect") }, on_connect },
		{ { WSG_LIT("$disconnect") }, on_disconnect },
		{ { WSG_LIT("any") }, on_any },
	};
	size_t i;

	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (wsg_str_equal(routes[i].key, key))
			return &routes[i];
	}
	return NULL;
}

int main(void)
{
	const char *ttl = getenv("TEST_TTL"), *topics = getenv("TEST_TOPICS");
	struct wsg_registry registry = {
		.store = &wsg_store_dynamodb,
		.hooks = &wsg_registry_hooks,
		.ttl_s = ttl ? atoi(ttl) : 7200,
		.topics = !topics || strcmp(topics, "no") != 0,
	};

	return wsg_run(&(struct wsg_function){
		.name = "test", .find = find, .registry = &registry });
}
