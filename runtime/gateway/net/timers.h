/* SPDX-License-Identifier: MIT */
/*
 * timers.h - a loop's timers of one clock, the next one first. For the loop
 * alone: everyone else starts and stops them there.
 */
#ifndef GATEWAY_TIMERS_H
#define GATEWAY_TIMERS_H

#include "loop.h"

/* { 0 } is empty. A timer knows its place, so that stopping need not search. */
struct timers {
	struct loop_timer **heap; /* from 1 on */
	size_t count;
	size_t size;
	uint64_t started; /* what the next one's order is */
};

/* Those that still run are forgotten, and no longer running. */
void timers_release(struct timers *timers);

/* Put in, by its at_us; it must not be running. */
void timers_put(struct timers *timers, struct loop_timer *timer);
void timers_take(struct timers *timers, struct loop_timer *timer);

/* The one that is due first, or NULL; of one time, the one started first. */
struct loop_timer *timers_first(const struct timers *timers);

/* Move all of them in time. */
void timers_shift(struct timers *timers, int64_t by_us);

#endif
