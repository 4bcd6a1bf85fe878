/* SPDX-License-Identifier: MIT */
/* history.c - a ring of texts. */
#include "history.h"

#include "../base/mem.h"

#include <stdlib.h>

static void forget_oldest(struct history *history)
{
	struct wsg_str *oldest = &history->texts[history->first];

	history->bytes -= oldest->len;
	free((char *)oldest->ptr);
	*oldest = (struct wsg_str){ 0 };
	history->first = (history->first + 1) % HISTORY_COUNT;
	history->count--;
}

void history_release(struct history *history)
{
	while (history->count)
		forget_oldest(history);
}

void history_add(struct history *history, struct wsg_str text)
{
	size_t place;

	if (text.len > HISTORY_BYTES)
		return;
	while (history->count == HISTORY_COUNT ||
	       history->bytes + text.len > HISTORY_BYTES)
		forget_oldest(history);
	place = (history->first + history->count) % HISTORY_COUNT;
	history->texts[place] = (struct wsg_str){ mem_copy(text), text.len };
	history->bytes += text.len;
	history->count++;
}

struct wsg_str history_at(const struct history *history, size_t place)
{
	return history->texts[(history->first + place) % HISTORY_COUNT];
}
