/* SPDX-License-Identifier: MIT */
/*
 * wsgen/registry.h over any store. What is kept are sets of members, each set
 * with the API and the stage in its name, since stages share a table and their
 * connections know nothing of each other:
 *
 *	{api}/{stage}/connections          who is connected
 *	{api}/{stage}/topic/{topic}        who is in a topic
 *	{api}/{stage}/topics-of/{id}       which topics somebody is in
 *
 * A connection's id never comes back, so that nothing here has to look before
 * it writes. Whatever a crash leaves behind expires; until then publishing to
 * it finds it gone, and removes it.
 */
#include "registry.h"

#include <stdlib.h>

/* Sets are keys of stores; a connection's id is some 16 bytes. */
#define ID_MAX 1000

const struct wsg_registry *wsg_registry_of(const struct wsg_event *event)
{
	const struct wsg_registry *registry = event->registry;

	if (!registry) {
		wsg_log(WSG_ERROR, "the spec has no `connections`");
		return NULL;
	}
	if (!registry->store->ready()) {
		wsg_log(WSG_WARN, "connections are not kept here");
		return NULL;
	}
	return registry;
}

static const struct wsg_registry *topics_of(const struct wsg_event *event)
{
	const struct wsg_registry *registry = wsg_registry_of(event);

	if (registry && !registry->topics) {
		wsg_log(WSG_ERROR, "`connections` has no `topics: true`");
		return NULL;
	}
	return registry;
}

static char *append(char *to, struct wsg_str text)
{
	if (text.len)
		memcpy(to, text.ptr, text.len);
	return to + text.len;
}

/* {api}/{stage}/{kind}{name}; false, and logged, when there is no memory. */
static bool name_set(const struct wsg_event *event, const char *kind,
		     struct wsg_str name, struct wsg_str *set)
{
	struct wsg_str api = wsg_api_id(event), stage = wsg_stage(event);
	size_t len = api.len + 1 + stage.len + 1 + strlen(kind) + name.len;
	char *text = wsg_arena_raw(event->arena, len), *to = text;

	if (!text) {
		wsg_log(WSG_ERROR, "out of memory");
		return false;
	}
	to = append(to, api);
	*to++ = '/';
	to = append(to, stage);
	*to++ = '/';
	append(append(to, wsg_str(kind)), name);
	*set = (struct wsg_str){ text, len };
	return true;
}

static bool connections_set(const struct wsg_event *event, struct wsg_str *set)
{
	return name_set(event, "connections", wsg_str(""), set);
}

bool wsg_topic_set(const struct wsg_event *event, struct wsg_str topic,
		   struct wsg_str *set)
{
	if (!topic.len || topic.len > WSG_TOPIC_MAX ||
	    !wsg_utf8_valid(topic.ptr, topic.len)) {
		wsg_log(WSG_ERROR, "a topic is 1 to %d bytes of UTF-8",
			WSG_TOPIC_MAX);
		return false;
	}
	return name_set(event, "topic/", topic, set);
}

static bool topics_of_set(const struct wsg_event *event, struct wsg_str id,
			  struct wsg_str *set)
{
	if (!id.len || id.len > ID_MAX || !wsg_utf8_valid(id.ptr, id.len)) {
		wsg_log(WSG_ERROR, "this is no connection's id");
		return false;
	}
	return name_set(event, "topics-of/", id, set);
}

/* --- coming and going ----------------------------------------------------- */

/* Both entries of a membership. */
static bool pair_of(const struct wsg_event *event, struct wsg_str id,
		    struct wsg_str topic, struct wsg_member pair[2])
{
	pair[0].member = id;
	pair[1].member = topic;
	return wsg_topic_set(event, topic, &pair[0].set) &&
	       topics_of_set(event, id, &pair[1].set);
}

static int64_t expiry(const struct wsg_registry *registry)
{
	return wsg_now_ms() / 1000 + registry->ttl_s;
}

bool wsg_join(const struct wsg_event *event, struct wsg_str connection_id,
	      struct wsg_str topic)
{
	const struct wsg_registry *registry = topics_of(event);
	struct wsg_member pair[2];

	if (!registry || !pair_of(event, connection_id, topic, pair))
		return false;
	pair[0].expires_s = pair[1].expires_s = expiry(registry);
	event->maps->joined = true;
	return registry->store->put(event, pair, 2);
}

bool wsg_leave(const struct wsg_event *event, struct wsg_str connection_id,
	       struct wsg_str topic)
{
	const struct wsg_registry *registry = topics_of(event);
	struct wsg_member pair[2];

	if (!registry || !pair_of(event, connection_id, topic, pair))
		return false;
	return registry->store->remove(event, pair, 2);
}

/* Somebody who leaves all their topics. */
struct leaver {
	const struct wsg_event *event;
	struct wsg_str id;
	bool failed;
};

static bool leave_topics(void *arg, const struct wsg_str *topics, size_t count)
{
	struct leaver *leaver = arg;
	const struct wsg_store *store = leaver->event->registry->store;
	struct wsg_member *pairs = malloc(2 * count * sizeof(*pairs));
	size_t i;

	leaver->failed |= !pairs;
	for (i = 0; i < count && !leaver->failed; i++)
		leaver->failed |= !pair_of(leaver->event, leaver->id, topics[i],
					   pairs + 2 * i);
	if (!leaver->failed)
		leaver->failed |=
			!store->remove(leaver->event, pairs, 2 * count);
	free(pairs);
	return !leaver->failed;
}

static bool leave_all(const struct wsg_event *event, struct wsg_str id)
{
	struct leaver leaver = { .event = event, .id = id };
	struct wsg_str set;

	if (!event->registry->topics)
		return true;
	return topics_of_set(event, id, &set) &&
	       event->registry->store->each(event, set, leave_topics,
					    &leaver) &&
	       !leaver.failed;
}

/*
 * The topics first: while the connection's own entry stands, whoever sends to
 * it comes here again.
 */
static void forget(const struct wsg_event *event, struct wsg_str id)
{
	struct wsg_member one = { .member = id };

	if (leave_all(event, id) && connections_set(event, &one.set))
		event->registry->store->remove(event, &one, 1);
}

static bool record(const struct wsg_event *event)
{
	struct wsg_member one = { .member = wsg_connection_id(event) };

	one.expires_s = expiry(event->registry);
	return connections_set(event, &one.set) &&
	       event->registry->store->put(event, &one, 1);
}

static enum wsg_result handled(const struct wsg_event *event,
			       enum wsg_result result)
{
	struct wsg_str key = wsg_route_key(event), id;
	bool connects = wsg_str_is(key, "$connect");

	if ((!connects && !wsg_str_is(key, "$disconnect")) ||
	    !wsg_registry_of(event))
		return result;
	id = wsg_connection_id(event);
	if (!connects)
		forget(event, id);
	else if (result == WSG_OK)
		result = record(event) ? WSG_OK : WSG_FAILED;
	if (connects && result != WSG_OK && event->maps->joined)
		leave_all(event, id);
	return result;
}

static void gone(const struct wsg_event *event, struct wsg_str connection_id)
{
	if (wsg_registry_of(event))
		forget(event, connection_id);
}

const struct wsg_registry_hooks wsg_registry_hooks = { handled, gone };

/* --- asking --------------------------------------------------------------- */

bool wsg_each_in_topic(const struct wsg_event *event, struct wsg_str topic,
		       wsg_see_members *see, void *arg)
{
	const struct wsg_registry *registry = topics_of(event);
	struct wsg_str set;

	return registry && wsg_topic_set(event, topic, &set) &&
	       registry->store->each(event, set, see, arg);
}

bool wsg_each_connection(const struct wsg_event *event, wsg_see_members *see,
			 void *arg)
{
	const struct wsg_registry *registry = wsg_registry_of(event);
	struct wsg_str set;

	return registry && connections_set(event, &set) &&
	       registry->store->each(event, set, see, arg);
}

bool wsg_each_topic_of(const struct wsg_event *event,
		       struct wsg_str connection_id, wsg_see_members *see,
		       void *arg)
{
	const struct wsg_registry *registry = topics_of(event);
	struct wsg_str set;

	return registry && topics_of_set(event, connection_id, &set) &&
	       registry->store->each(event, set, see, arg);
}

bool wsg_count_in_topic(const struct wsg_event *event, struct wsg_str topic,
			size_t *count)
{
	const struct wsg_registry *registry = topics_of(event);
	struct wsg_str set;

	return registry && wsg_topic_set(event, topic, &set) &&
	       registry->store->count(event, set, count);
}

bool wsg_count_connections(const struct wsg_event *event, size_t *count)
{
	const struct wsg_registry *registry = wsg_registry_of(event);
	struct wsg_str set;

	return registry && connections_set(event, &set) &&
	       registry->store->count(event, set, count);
}
