/* SPDX-License-Identifier: MIT */
/*
 * wsgen/registry.h - who is connected, and in which topics: the spec's
 * `connections:`.
 *
 * Connections come and go by themselves: one is recorded when $connect has let
 * it in, and removed on $disconnect, when a message to it finds it gone, and
 * at the latest when its entry expires. $connect fails when it cannot be
 * recorded, so that nobody is connected whom no message reaches. For the same
 * reason nobody is removed in their first seconds but by $disconnect: until API
 * Gateway has answered the client it says of the connection that it is gone.
 *
 * All calls wait for the store until shortly before the function's deadline,
 * and try again when it is busy. What they return false for is in the log.
 * Without `connections:`, or without a store, as when a handler is tried from a
 * shell, they return false as well.
 */
#ifndef WSGEN_REGISTRY_H
#define WSGEN_REGISTRY_H

#include <wsgen/runtime.h>

/* A topic's name: UTF-8, 1 to so many bytes. */
#define WSG_TOPIC_MAX 1000

/* What became of a message to many. */
struct wsg_tally {
	size_t sent;
	size_t gone;   /* no longer connected, or not quite yet */
	size_t failed; /* throttled, forbidden, or past the deadline */
};

/*
 * With `topics: true`: let a connection into a topic, or out of it; either may
 * be done twice. A connection that is removed leaves all its topics, and does
 * not get into one any more: false, and nothing is left of it. $connect may
 * let its own client in: that is kept in mind, and done once the client is let
 * in.
 */
bool wsg_join(const struct wsg_event *event, struct wsg_str connection_id,
	      struct wsg_str topic);
bool wsg_leave(const struct wsg_event *event, struct wsg_str connection_id,
	       struct wsg_str topic);

/*
 * Call see with all connections of a topic, with all there are, or with the
 * topics of one connection: so many at a time, in no order, borrowed until it
 * returns. One that comes or goes meanwhile may be left out. see returns false
 * to hear no more; that is no failure.
 */
typedef bool wsg_see_members(void *arg, const struct wsg_str *members,
			     size_t count);
bool wsg_each_in_topic(const struct wsg_event *event, struct wsg_str topic,
		       wsg_see_members *see, void *arg);
bool wsg_each_connection(const struct wsg_event *event, wsg_see_members *see,
			 void *arg);
bool wsg_each_topic_of(const struct wsg_event *event,
		       struct wsg_str connection_id, wsg_see_members *see,
		       void *arg);

/* How many those are. Every one of them is read, so this is no cheap call. */
bool wsg_count_in_topic(const struct wsg_event *event, struct wsg_str topic,
			size_t *count);
bool wsg_count_connections(const struct wsg_event *event, size_t *count);

/*
 * Generated code.
 *
 * chat_publish_<message>() and chat_broadcast_<message>() call these: the
 * message to everyone in a topic, or to all. tally may be NULL. False: it could
 * not be written, or not everyone could be looked up; those that were have been
 * sent to and are in the tally.
 */
bool wsg_publish_message(struct wsg_event *event, struct wsg_str topic,
			 const struct wsg_shape *shape, const void *msg,
			 struct wsg_tally *tally);
bool wsg_broadcast_message(struct wsg_event *event,
			   const struct wsg_shape *shape, const void *msg,
			   struct wsg_tally *tally);

/*
 * Stores.
 *
 * A store keeps sets of members, each with its end: that is all the registry
 * asks for, and another store is another struct of these. Every call is done
 * when it returns, and seen by whatever is asked after that, from anywhere;
 * false: it was not done, or in part, and is in the log.
 */
struct wsg_member {
	struct wsg_str set;    /* at most 2000 bytes */
	struct wsg_str member; /* at most 1000 bytes */
	int64_t expires_s;     /* Unix time; for put and remove_old */
};

typedef bool wsg_see_kept(void *arg, const struct wsg_member *members,
			  size_t count);

struct wsg_kept; /* what a store keeps to itself from event to event */

struct wsg_store {
	/* Whether there is one: nothing is kept, nor refused, without. */
	bool (*ready)(void);

	/* Once, before the first event; NULL when there is no memory. */
	struct wsg_kept *(*open)(void);

	/* All or, after a failure, some; one that is there is replaced. */
	bool (*put)(const struct wsg_event *event,
		    const struct wsg_member *members, size_t count);

	/* What is not there counts as removed. */
	bool (*remove)(const struct wsg_event *event,
		       const struct wsg_member *members, size_t count);

	/*
	 * The same, but leave those that expire later than these say. Of each:
	 * whether it is gone now, as it also is when it was not there.
	 */
	bool (*remove_old)(const struct wsg_event *event,
			   const struct wsg_member *members, size_t count,
			   bool *removed);

	/* Whether a member is in its set, and has not expired. */
	bool (*has)(const struct wsg_event *event,
		    const struct wsg_member *member, bool *has);

	/* The members of sets that have not expired; see as above. */
	bool (*each)(const struct wsg_event *event, const struct wsg_str *sets,
		     size_t count, wsg_see_kept *see, void *arg);
	bool (*count)(const struct wsg_event *event, struct wsg_str set,
		      size_t *count);
};

/* `store: dynamodb`: the table that WSG_CONNECTIONS_TABLE names. */
extern const struct wsg_store wsg_store_dynamodb;

/* What the loop and the senders call: see registry.c. */
struct wsg_registry_hooks {
	/* After $connect and $disconnect; the result that then counts. */
	enum wsg_result (*handled)(const struct wsg_event *event,
				   enum wsg_result result);

	/* A message found connections gone; that set, if any, names them. */
	void (*gone)(const struct wsg_event *event,
		     const struct wsg_str *connection_ids, size_t count,
		     struct wsg_str set);
};
extern const struct wsg_registry_hooks wsg_registry_hooks;

/* `connections:` of one API, for struct wsg_function. */
struct wsg_registry {
	const struct wsg_store *store;
	const struct wsg_registry_hooks *hooks; /* &wsg_registry_hooks */
	int64_t ttl_s;
	bool topics;
};

#endif
