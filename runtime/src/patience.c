/* SPDX-License-Identifier: MIT */
/* How long to wait for AWS, and in between; see patience.h. */
#include "patience.h"

#include "resolve.h"

#include <time.h>

/* Left for the handler's own answer. */
#define RESERVE_MS 200

/* For events that name no deadline. */
#define PATIENCE_MS 10000

#define PAUSE_MAX_MS 2000

int64_t wsg_patience_end(const struct wsg_event *event)
{
	int64_t left = PATIENCE_MS;

	if (event->invocation.deadline_ms)
		left = wsg_remaining_ms(event) - RESERVE_MS;
	return wsg_clock_ms() + (left > 0 ? left : 0);
}

bool wsg_patience_pause(unsigned number, int64_t first_ms, int64_t end_ms)
{
	int64_t most = first_ms, left = end_ms - wsg_clock_ms();
	struct timespec time;
	uint32_t lot = 0;

	while (--number && most < PAUSE_MAX_MS)
		most *= 2;
	wsg_random(&lot, sizeof(lot));
	most = most / 2 + lot % (most / 2 + 1);
	if (left <= most)
		return false;
	time.tv_sec = most / 1000;
	time.tv_nsec = most % 1000 * 1000000;
	nanosleep(&time, NULL);
	return true;
}
