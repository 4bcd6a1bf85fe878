/* SPDX-License-Identifier: MIT */
/*
 * history.h - what happened lately, as JSON texts, for who opens the console
 * later. So many and so many bytes; the oldest goes first.
 */
#ifndef GATEWAY_HISTORY_H
#define GATEWAY_HISTORY_H

#include <wsgen/str.h>

#define HISTORY_COUNT 512
#define HISTORY_BYTES ((size_t)4 << 20)

struct history {
	struct wsg_str texts[HISTORY_COUNT]; /* a ring; ours to free */
	size_t first, count;
	size_t bytes;
};

void history_release(struct history *history);
void history_add(struct history *history, struct wsg_str text);

/* The one at place, 0 being the oldest. */
struct wsg_str history_at(const struct history *history, size_t place);

#endif
