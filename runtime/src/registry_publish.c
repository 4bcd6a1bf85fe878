/* SPDX-License-Identifier: MIT */
/*
 * A message to everyone in a topic, or to all: written once, then page by page
 * from the store, a page's connections several at a time. Apart from
 * registry.c, so that only those who publish link what sends.
 */
#include "calls.h"
#include "registry.h"

#include <stdlib.h>

struct publication {
	struct wsg_event *event;
	struct wsg_str set; /* the topic's; none for all */
	struct wsg_buf body;
	struct wsg_tally tally;
	bool failed;
};

static bool send_page(void *arg, const struct wsg_str *ids, size_t count)
{
	struct publication *p = arg;
	struct wsg_calls calls = {
		.method = "POST",
		.ids = ids,
		.count = count,
		.body = { p->body.ptr, p->body.len },
		.results = malloc(count * sizeof(enum wsg_sent)),
		.set = p->set,
	};
	size_t sent, gone = 0, i;

	if (!calls.results) {
		wsg_log(WSG_ERROR, "out of memory");
		p->failed = true;
		return false;
	}
	sent = wsg_calls_make(p->event, &calls);
	for (i = 0; i < count; i++)
		gone += calls.results[i] == WSG_GONE;
	p->tally.sent += sent;
	p->tally.gone += gone;
	p->tally.failed += count - sent - gone;
	free(calls.results);
	return true;
}

/* To a topic; to all if it has no ptr. */
static bool publish(struct wsg_event *event, struct wsg_str topic,
		    const struct wsg_shape *shape, const void *msg,
		    struct wsg_tally *tally)
{
	struct publication p = { .event = event };
	bool good =
		wsg_registry_of(event) &&
		(!topic.ptr || wsg_topic_set(event, topic, &p.set)) &&
		wsg_write(event, shape, msg, &p.body) &&
		wsg_message_fits((struct wsg_str){ p.body.ptr, p.body.len });

	if (good && topic.ptr)
		good = wsg_each_in_topic(event, topic, send_page, &p);
	else if (good)
		good = wsg_each_connection(event, send_page, &p);
	wsg_buf_release(&p.body);
	if (tally)
		*tally = p.tally;
	return good && !p.failed;
}

bool wsg_publish_message(struct wsg_event *event, struct wsg_str topic,
			 const struct wsg_shape *shape, const void *msg,
			 struct wsg_tally *tally)
{
	/* A topic that is none is refused, and is not all. */
	if (!topic.ptr)
		topic = wsg_str("");
	return publish(event, topic, shape, msg, tally);
}

bool wsg_broadcast_message(struct wsg_event *event,
			   const struct wsg_shape *shape, const void *msg,
			   struct wsg_tally *tally)
{
	return publish(event, (struct wsg_str){ NULL, 0 }, shape, msg, tally);
}
