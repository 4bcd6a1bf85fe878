/* SPDX-License-Identifier: MIT */
/*
 * live.h - who is connected, made out from what happens: the console's history
 * may have forgotten who came long ago. { 0 } is nobody.
 */
#ifndef GATEWAY_LIVE_H
#define GATEWAY_LIVE_H

#include "../base/map.h"
#include "../trace.h"

#define LIVE_SHOWN_MAX 1000

struct live {
	struct map by_id;
};

void live_release(struct live *live);
void live_hear(struct live *live, const struct trace_event *event);
size_t live_count(const struct live *live);

/* A JSON array of some, LIVE_SHOWN_MAX at most. */
void live_put(struct wsg_buf *out, const struct live *live);

#endif
