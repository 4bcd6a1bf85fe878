/* SPDX-License-Identifier: MIT */
/*
 * wsgen/runtime.h - what a generated API is built on. Whatever a handler
 * reaches through its context is borrowed: valid until it returns.
 *
 * The first half is for whoever writes handlers; from "Generated code" on it is
 * for what wsgen writes.
 */
#ifndef WSGEN_RUNTIME_H
#define WSGEN_RUNTIME_H

#include <wsgen/event.h>
#include <wsgen/log.h>
#include <wsgen/message.h>
#include <wsgen/str.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WSG_ABI 1 /* goes up when generated code must be made again */

/* What became of something sent to a connection. */
enum wsg_sent {
	WSG_SENT,
	WSG_GONE,	/* the connection is no more */
	WSG_TOO_LARGE,	/* past 128 KB */
	WSG_THROTTLED,	/* still, after retries up to the deadline */
	WSG_FORBIDDEN,	/* the function's role does not allow it */
	WSG_SEND_FAILED /* anything else; the log says what */
};

/* What is known of a connection that may be inspected. */
struct wsg_peer {
	int64_t connected_at_ms;
	int64_t last_active_at_ms;
	struct wsg_str source_ip;
	struct wsg_str user_agent;
};

/*
 * Generated code.
 *
 * A route's wrapper reads the message, calls the handler and hands its result
 * to the loop:
 *
 *	if (!chat_read_send_message(event, &msg))
 *		return wsg_log_invalid(event);
 *	return on_send_message(&call, &msg);
 */

struct wsg_connect *wsg_connect(struct wsg_event *event);
struct wsg_disconnect *wsg_disconnect(struct wsg_event *event);

/*
 * The handlers of a $connect and a $disconnect that the spec leaves out and
 * needs all the same, for `connections` or for a token that came as a
 * subprotocol: whoever comes is let in, whoever goes may go.
 */
enum wsg_result wsg_accept(struct wsg_connect *client);
enum wsg_result wsg_ignore(struct wsg_disconnect *client);

/* Read the body into *msg. On false wsg_invalid says what does not fit. */
bool wsg_read(struct wsg_event *event, const struct wsg_shape *shape,
	      void *msg);

/* Write *msg after what out holds. On false nothing was added; logged. */
bool wsg_write(const struct wsg_event *event, const struct wsg_shape *shape,
	       const void *msg, struct wsg_buf *out);

/* What the last wsg_read did not like; NULL if it went well. */
const struct wsg_invalid *wsg_invalid(const struct wsg_event *event);

/* onInvalid: reply. {"error":"invalid","field":"$.a","reason":"missing"} */
enum wsg_result wsg_reply_invalid(struct wsg_event *event);

/* onInvalid: log. */
enum wsg_result wsg_log_invalid(struct wsg_event *event);

/*
 * The reply of a two-way route: *reply, if the handler's result is WSG_OK.
 * Returns result, or WSG_FAILED when the reply breaks its own bounds.
 */
enum wsg_result wsg_reply(struct wsg_event *event, enum wsg_result result,
			  const struct wsg_shape *shape, const void *reply);

/* `reply: true`: the handler writes what goes to the client, as it stands. */
struct wsg_buf *wsg_reply_text(struct wsg_event *event);

/*
 * Typed sends. Generated chat_send_<message>() functions stand in the main.c
 * of the functions whose routes list the message, and call these.
 */
enum wsg_sent wsg_send_message(struct wsg_event *event,
			       struct wsg_str connection_id,
			       const struct wsg_shape *shape, const void *msg);

/*
 * The same message to many, several at a time: results[i] is what became of
 * connection_ids[i]. The result is how many were sent.
 */
size_t wsg_send_message_all(struct wsg_event *event,
			    const struct wsg_str *connection_ids, size_t count,
			    const struct wsg_shape *shape, const void *msg,
			    enum wsg_sent *results);

enum wsg_sent wsg_close_peer(struct wsg_event *event,
			     struct wsg_str connection_id);
enum wsg_sent wsg_inspect_peer(struct wsg_event *event,
			       struct wsg_str connection_id,
			       struct wsg_peer *peer);

/*
 * A function that declares sends, closes or inspects defines this symbol, and
 * so does the object of libwsgen.a that holds the untyped wsg_send, wsg_close
 * and wsg_inspect (wsgen/connections.h). Calling one of those from such a
 * function therefore stops the linker with "multiple definition of" this name.
 */
extern const bool wsg_untyped_send_in_a_function_that_declares_sends;

struct wsg_route {
	struct wsg_str key; /* as the gateway spells it: "$connect" */
	enum wsg_result (*handle)(struct wsg_event *event);
};

/* Past 32 routes: a perfect hash over them, see wsg_route_find. */
struct wsg_index {
	const struct wsg_route *routes;
	const uint16_t *steps; /* of each bucket */
	const uint16_t *slots; /* the route in each slot; 0xffff: none */
	uint32_t buckets_mask; /* count of buckets - 1; a power of two */
	uint32_t slots_mask;
	uint64_t seed;
};

struct wsg_registry; /* where connections are kept: wsgen/registry.h */

/* One Lambda function: what it answers, and when. Unused members are NULL. */
struct wsg_function {
	const char *name;

	/* Events of routes; NULL for a key that is not this function's. */
	const struct wsg_route *(*find)(struct wsg_str key);

	/* REQUEST authorizer events. */
	enum wsg_result (*authorize)(struct wsg_authorize *client);

	/* Every event, unread; the answer is the JSON that out ends up with. */
	enum wsg_result (*raw)(struct wsg_event *event, struct wsg_buf *out);

	/* Once before the first event; anything but WSG_OK ends the process. */
	enum wsg_result (*init)(void);

	/* On SIGTERM, of which Lambda gives notice of at most 300 ms. */
	void (*shutdown)(void);

	/* Connections recorded on $connect, forgotten on $disconnect. */
	const struct wsg_registry *registry;

	/* Handlers ask wsg_session: it finds messages as they came. */
	bool session;
};

/*
 * Serve events until the environment is taken down; main returns what this
 * returns. Without AWS_LAMBDA_RUNTIME_API in the environment, one event is read
 * from standard input and its answer printed, so that a handler can be tried
 * from a shell:
 *
 *	build/functions/chat/bootstrap < event.json
 *
 * Then the result is 0 if the function answered, 1 if it failed.
 */
int wsg_run(const struct wsg_function *function);

/* A number from 8 bytes, little end first, on every machine. */
static inline uint64_t wsg_load64(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 |
	       (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
	       (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
	       (uint64_t)b[7] << 56;
}

static inline uint64_t wsg_load32(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 |
	       (uint64_t)b[3] << 24;
}

/*
 * The hash of a route key. wsgen computes the same one when it builds an index:
 * changing it here means a new WSG_ABI.
 */
static inline uint64_t wsg_hash(struct wsg_str key, uint64_t seed)
{
	uint64_t hash = seed ^ key.len * 0x9e3779b97f4a7c15u;
	uint64_t tail = 0;
	size_t i;

	for (i = 0; i + 8 < key.len; i += 8) {
		hash = (hash ^ wsg_load64(key.ptr + i)) * 0xff51afd7ed558ccdu;
		hash ^= hash >> 32;
	}
	if (key.len >= 8) {
		tail = wsg_load64(key.ptr + key.len - 8);
	} else if (key.len >= 4) {
		tail = wsg_load32(key.ptr + key.len - 4);
		tail = tail << 32 | wsg_load32(key.ptr);
	} else {
		for (; i < key.len; i++)
			tail = tail << 8 | (unsigned char)key.ptr[i];
	}
	/*
	 * Multiplying alone would keep the last bytes out of the low bits. By
	 * 29, as by 32 the two halves of a key of four bytes cancel out.
	 */
	hash ^= tail;
	hash = (hash ^ hash >> 29) * 0xc4ceb9fe1a85ec53u;
	return hash ^ hash >> 32;
}

/* Whether a is b, whose length is len too; words, as keys are short. */
static inline bool wsg_key_is(const char *a, const char *b, size_t len)
{
	size_t i;

	if (len >= 8 && len <= 16)
		return wsg_load64(a) == wsg_load64(b) &&
		       wsg_load64(a + len - 8) == wsg_load64(b + len - 8);
	if (len < 4)
		return !memcmp(a, b, len);
	if (len < 8)
		return wsg_load32(a) == wsg_load32(b) &&
		       wsg_load32(a + len - 4) == wsg_load32(b + len - 4);
	for (i = 0; i + 8 < len; i += 8) {
		if (wsg_load64(a + i) != wsg_load64(b + i))
			return false;
	}
	return wsg_load64(a + len - 8) == wsg_load64(b + len - 8);
}

/*
 * A key's bucket is the hash's low bits. Its slot is the hash from bit 40 on,
 * plus the bucket's step times the odd number from bit 16 on. The key itself is
 * compared too, so that a stranger with the same hash is no hit.
 */
static inline const struct wsg_route *
wsg_route_find(const struct wsg_index *index, struct wsg_str key)
{
	uint64_t hash = wsg_hash(key, index->seed);
	uint32_t step = index->steps[(uint32_t)hash & index->buckets_mask];
	uint32_t odd = (uint32_t)(hash >> 16) | 1;
	uint32_t slot = (uint32_t)(hash >> 40) + step * odd;
	uint16_t at = index->slots[slot & index->slots_mask];
	const struct wsg_route *route;

	if (at == 0xffff)
		return NULL;
	route = &index->routes[at];
	if (route->key.len != key.len ||
	    !wsg_key_is(route->key.ptr, key.ptr, key.len))
		return NULL;
	return route;
}

#endif
