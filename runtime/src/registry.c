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
 * A connection's id never comes back. Its own entry says whether it is there:
 * it is written before its memberships are, and removed before they are. So
 *
 *	$disconnect	removes the entry; asks for the memberships; removes
 *			those
 *	a join		writes the membership; asks for the entry; removes the
 *			membership if there is none
 *
 * and whichever way these fall together, one of the two removes it: a join that
 * still finds the entry had written before $disconnect asks. What a crash
 * between two writes leaves behind are memberships without an entry, or halves
 * of memberships; and a $disconnect that overtakes its $connect leaves all of
 * it. They expire; until then a message to the topic, or to all, finds the
 * connection gone, and removes them.
 */
#include "registry.h"

#include <stdlib.h>

/* Sets are keys of stores; a connection's id is some 16 bytes. */
#define ID_MAX 1000

/*
 * What may pass between recording a connection and its being open: API Gateway
 * answers the client, and the clocks of two functions differ.
 */
#define OPENING_S 10

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
	pair[0].expires_s = pair[1].expires_s =
		wsg_now_ms() / 1000 + event->registry->ttl_s;
	return wsg_topic_set(event, topic, &pair[0].set) &&
	       topics_of_set(event, id, &pair[1].set);
}

/* A connection's own entry. */
static bool entry_of(const struct wsg_event *event, struct wsg_str id,
		     struct wsg_member *entry)
{
	entry->member = id;
	entry->expires_s = wsg_now_ms() / 1000 + event->registry->ttl_s;
	return connections_set(event, &entry->set);
}

/* Whether this is $connect, and the connection the one that it is about. */
static bool is_connecting(const struct wsg_event *event, struct wsg_str id)
{
	return wsg_str_is(wsg_route_key(event), "$connect") &&
	       wsg_str_equal(id, wsg_connection_id(event));
}

static void forget_join(const struct wsg_event *event, struct wsg_str topic)
{
	struct wsg_event_maps *maps = event->maps;
	size_t i, kept = 0;

	for (i = 0; i < maps->joins_count; i++) {
		if (!wsg_str_equal(maps->joins[i], topic))
			maps->joins[kept++] = maps->joins[i];
	}
	maps->joins_count = kept;
}

/* For record. */
static bool keep_join(const struct wsg_event *event, struct wsg_str topic)
{
	struct wsg_event_maps *maps = event->maps;
	size_t size;
	struct wsg_str *joins;

	forget_join(event, topic);
	size = maps->joins_count * sizeof(*joins);
	joins = wsg_arena_grow(event->arena, maps->joins, size,
			       size + sizeof(*joins));
	topic = wsg_arena_copy(event->arena, topic);
	if (!joins || !topic.ptr) {
		wsg_log(WSG_ERROR, "out of memory");
		return false;
	}
	joins[maps->joins_count++] = topic;
	maps->joins = joins;
	return true;
}

bool wsg_join(const struct wsg_event *event, struct wsg_str connection_id,
	      struct wsg_str topic)
{
	const struct wsg_registry *registry = topics_of(event);
	struct wsg_member pair[2], entry;
	bool connected;

	if (!registry || !pair_of(event, connection_id, topic, pair) ||
	    !entry_of(event, connection_id, &entry))
		return false;
	if (is_connecting(event, connection_id))
		return keep_join(event, topic);
	if (!registry->store->put(event, pair, 2) ||
	    !registry->store->has(event, &entry, &connected))
		return false;
	if (connected)
		return true;
	wsg_log(WSG_WARN, "whoever is not connected joins no topic");
	registry->store->remove(event, pair, 2);
	return false;
}

bool wsg_leave(const struct wsg_event *event, struct wsg_str connection_id,
	       struct wsg_str topic)
{
	const struct wsg_registry *registry = topics_of(event);
	struct wsg_member pair[2];

	if (!registry || !pair_of(event, connection_id, topic, pair))
		return false;
	if (is_connecting(event, connection_id)) {
		forget_join(event, topic);
		return true;
	}
	return registry->store->remove(event, pair, 2);
}

/* Connections that leave their topics. */
struct leavers {
	const struct wsg_event *event;
	struct wsg_str done; /* a topic's set that they have left; or none */
	size_t id_at;	     /* in the names of what the store is asked for */
	bool failed;
};

static bool leave_topics(void *arg, const struct wsg_member *topics,
			 size_t count)
{
	struct leavers *leavers = arg;
	const struct wsg_event *event = leavers->event;
	struct wsg_member *members = malloc(2 * count * sizeof(*members));
	size_t i, at = 0;

	if (!members) {
		wsg_log(WSG_ERROR, "out of memory");
		leavers->failed = true;
	}
	for (i = 0; i < count && !leavers->failed; i++) {
		struct wsg_str id = topics[i].set;

		id.ptr += leavers->id_at;
		id.len -= leavers->id_at;
		members[at++] = topics[i];
		members[at].member = id;
		if (!wsg_topic_set(event, topics[i].member, &members[at].set))
			leavers->failed = true;
		else if (!wsg_str_equal(members[at].set, leavers->done))
			at++;
	}
	if (!leavers->failed)
		leavers->failed =
			!event->registry->store->remove(event, members, at);
	free(members);
	return !leavers->failed;
}

static bool leave_all(const struct wsg_event *event, const struct wsg_str *ids,
		      size_t count, struct wsg_str done)
{
	struct leavers leavers = { .event = event, .done = done };
	struct wsg_str *sets = malloc(count * sizeof(*sets));
	bool good = sets != NULL;
	size_t i;

	if (!sets)
		wsg_log(WSG_ERROR, "out of memory");
	for (i = 0; i < count && good; i++) {
		good = topics_of_set(event, ids[i], &sets[i]);
		leavers.id_at = sets[i].len - ids[i].len;
	}
	good = good && event->registry->store->each(event, sets, count,
						    leave_topics, &leavers);
	free(sets);
	return good && !leavers.failed;
}

static void forget(const struct wsg_event *event, struct wsg_str id)
{
	struct wsg_member entry;

	if (entry_of(event, id, &entry) &&
	    event->registry->store->remove(event, &entry, 1) &&
	    event->registry->topics)
		leave_all(event, &id, 1, wsg_str(""));
}

/* What the handler of $connect has joined. */
static bool join_all(const struct wsg_event *event, struct wsg_str id)
{
	const struct wsg_event_maps *maps = event->maps;
	size_t count = maps->joins_count, i;
	struct wsg_member *pairs =
		wsg_arena_raw(event->arena, 2 * count * sizeof(*pairs));

	for (i = 0; pairs && i < count; i++) {
		if (!pair_of(event, id, maps->joins[i], pairs + 2 * i))
			return false;
	}
	return pairs && event->registry->store->put(event, pairs, 2 * count);
}

/* All of it, or else nothing that stays. */
static bool record(const struct wsg_event *event, struct wsg_str id)
{
	struct wsg_member entry;

	if (!entry_of(event, id, &entry) ||
	    !event->registry->store->put(event, &entry, 1))
		return false;
	if (!event->maps->joins_count || join_all(event, id))
		return true;
	forget(event, id);
	return false;
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
	else if (result == WSG_OK && !record(event, id))
		result = WSG_FAILED;
	return result;
}

/*
 * Those who are not only just coming. Their entries in set, which may have no
 * other half, are removed as well.
 */
static void remove_gone(const struct wsg_event *event, struct wsg_str *ids,
			size_t count, struct wsg_str set,
			struct wsg_member *members, bool *removed)
{
	const struct wsg_store *store = event->registry->store;
	size_t i, at = 0;

	for (i = 0; i < count; i++) {
		if (!entry_of(event, ids[i], &members[i]))
			return;
		members[i].expires_s -= OPENING_S;
	}
	store->remove_old(event, members, count, removed);
	for (i = 0; i < count; i++) {
		if (!removed[i])
			continue;
		members[at] = (struct wsg_member){ set, ids[i], 0 };
		ids[at++] = ids[i];
	}
	if (!at || !event->registry->topics)
		return;
	if (!set.len || store->remove(event, members, at))
		leave_all(event, ids, at, set);
}

static int by_bytes(const void *a, const void *b)
{
	const struct wsg_str *left = a, *right = b;

	if (left->len != right->len)
		return left->len < right->len ? -1 : 1;
	return left->len ? memcmp(left->ptr, right->ptr, left->len) : 0;
}

/* Each of them once; how many that leaves. */
static size_t drop_repeated(struct wsg_str *ids, size_t count)
{
	size_t i, at = 0;

	qsort(ids, count, sizeof(*ids), by_bytes);
	for (i = 0; i < count; i++) {
		if (!at || !wsg_str_equal(ids[at - 1], ids[i]))
			ids[at++] = ids[i];
	}
	return at;
}

static void gone(const struct wsg_event *event,
		 const struct wsg_str *connection_ids, size_t count,
		 struct wsg_str set)
{
	struct wsg_member *members = malloc(count * sizeof(*members));
	struct wsg_str *ids = malloc(count * sizeof(*ids));
	bool *removed = calloc(count, sizeof(*removed));

	if (!members || !ids || !removed) {
		wsg_log(WSG_ERROR, "out of memory");
	} else if (wsg_registry_of(event)) {
		memcpy(ids, connection_ids, count * sizeof(*ids));
		count = drop_repeated(ids, count);
		remove_gone(event, ids, count, set, members, removed);
	}
	free(members);
	free(ids);
	free(removed);
}

const struct wsg_registry_hooks wsg_registry_hooks = { handled, gone };

/* --- asking --------------------------------------------------------------- */

/* Whoever asks about one set, and knows its name. */
struct asker {
	wsg_see_members *see;
	void *arg;
	bool failed;
};

static bool see_members(void *arg, const struct wsg_member *members,
			size_t count)
{
	struct asker *asker = arg;
	struct wsg_str *names = malloc(count * sizeof(*names));
	bool more = false;
	size_t i;

	for (i = 0; names && i < count; i++)
		names[i] = members[i].member;
	if (names)
		more = asker->see(asker->arg, names, count);
	else
		wsg_log(WSG_ERROR, "out of memory");
	asker->failed = !names;
	free(names);
	return more;
}

static bool each(const struct wsg_event *event, struct wsg_str set,
		 wsg_see_members *see, void *arg)
{
	struct asker asker = { .see = see, .arg = arg };

	return event->registry->store->each(event, &set, 1, see_members,
					    &asker) &&
	       !asker.failed;
}

bool wsg_each_in_topic(const struct wsg_event *event, struct wsg_str topic,
		       wsg_see_members *see, void *arg)
{
	const struct wsg_registry *registry = topics_of(event);
	struct wsg_str set;

	return registry && wsg_topic_set(event, topic, &set) &&
	       each(event, set, see, arg);
}

bool wsg_each_connection(const struct wsg_event *event, wsg_see_members *see,
			 void *arg)
{
	const struct wsg_registry *registry = wsg_registry_of(event);
	struct wsg_str set;

	return registry && connections_set(event, &set) &&
	       each(event, set, see, arg);
}

bool wsg_each_topic_of(const struct wsg_event *event,
		       struct wsg_str connection_id, wsg_see_members *see,
		       void *arg)
{
	const struct wsg_registry *registry = topics_of(event);
	struct wsg_str set;

	return registry && topics_of_set(event, connection_id, &set) &&
	       each(event, set, see, arg);
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
