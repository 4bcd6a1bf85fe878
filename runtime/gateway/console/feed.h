/* SPDX-License-Identifier: MIT */
/*
 * feed.h - what happens, sent to every open console over a WebSocket: messages
 * {"events":[...],"missed":N,"open":N}, a few each second however much happens;
 * the first one has what happened before, and "connections", those that are
 * open. A page that does not keep up misses events, and is told how many.
 */
#ifndef GATEWAY_FEED_H
#define GATEWAY_FEED_H

#include "../net/server.h"
#include "../trace.h"

#define FEED_PAGES_MAX 16
#define FEED_EVERY_MS 50
#define FEED_TEXT_MAX ((size_t)64 << 10) /* of an event that is shown */
#define FEED_BATCH_MAX ((size_t)1 << 20)
#define FEED_PENDING_MAX ((size_t)8 << 20)

/* Kept for later, while no page is open, and as many that are bad: more would
 * cost those who are served. */
#define FEED_KEPT_PER_S 200

struct feed;

struct feed *feed_new(struct loop *loop, struct trace *trace);
void feed_free(struct feed *feed);

/* Answer a request for a WebSocket. */
void feed_open(struct feed *feed, struct exchange *exchange);

#endif
