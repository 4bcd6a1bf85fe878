/* SPDX-License-Identifier: MIT */
/* clock.c - two times, of which one can be made to stand still. */
#include "clock.h"

#include <time.h>

static int64_t system_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* A manual one stands at the time of the start, in whole milliseconds. */
void clock_init(struct clock *clock, bool manual)
{
	*clock = (struct clock){ .manual = manual };
	if (manual)
		clock->manual_us = system_us() / 1000 * 1000;
}

int64_t clock_us(const struct clock *clock, enum clock_kind kind)
{
	if (clock->manual && kind == CLOCK_GATEWAY)
		return clock->manual_us;
	return system_us();
}

int64_t clock_ms(const struct clock *clock, enum clock_kind kind)
{
	return clock_us(clock, kind) / 1000;
}
