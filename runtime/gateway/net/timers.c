/* SPDX-License-Identifier: MIT */
/* timers.c - a binary heap. */
#include "timers.h"

#include "../base/mem.h"

#include <assert.h>
#include <stdlib.h>

#define SIZE_MIN 16

static bool earlier(const struct loop_timer *a, const struct loop_timer *b)
{
	return a->at_us < b->at_us ||
	       (a->at_us == b->at_us && a->order < b->order);
}

static void set(struct timers *timers, size_t place, struct loop_timer *timer)
{
	timers->heap[place] = timer;
	timer->place = place;
}

/* Up from place until what is above is due no later. */
static void rise(struct timers *timers, size_t place, struct loop_timer *timer)
{
	while (place > 1 && earlier(timer, timers->heap[place / 2])) {
		set(timers, place, timers->heap[place / 2]);
		place /= 2;
	}
	set(timers, place, timer);
}

/* Down from place until what is below is due no earlier. */
static void sink(struct timers *timers, size_t place, struct loop_timer *timer)
{
	size_t child;

	while ((child = 2 * place) <= timers->count) {
		if (child < timers->count &&
		    earlier(timers->heap[child + 1], timers->heap[child]))
			child++;
		if (!earlier(timers->heap[child], timer))
			break;
		set(timers, place, timers->heap[child]);
		place = child;
	}
	set(timers, place, timer);
}

void timers_release(struct timers *timers)
{
	for (size_t i = 1; i <= timers->count; i++)
		timers->heap[i]->place = 0;
	free(timers->heap);
	*timers = (struct timers){ 0 };
}

void timers_put(struct timers *timers, struct loop_timer *timer)
{
	assert(!timer->place);
	if (timers->count + 1 >= timers->size) {
		timers->size = timers->size ? timers->size * 2 : SIZE_MIN;
		timers->heap =
			mem_resize(timers->heap,
				   timers->size * sizeof(struct loop_timer *));
	}
	timers->count++;
	timer->order = timers->started++;
	rise(timers, timers->count, timer);
}

void timers_take(struct timers *timers, struct loop_timer *timer)
{
	struct loop_timer *last = timers->heap[timers->count--];
	size_t place = timer->place;

	assert(timers->heap[place] == timer);
	timer->place = 0;
	if (last == timer)
		return;
	if (place > 1 && earlier(last, timers->heap[place / 2]))
		rise(timers, place, last);
	else
		sink(timers, place, last);
}

struct loop_timer *timers_first(const struct timers *timers)
{
	return timers->count ? timers->heap[1] : NULL;
}

void timers_shift(struct timers *timers, int64_t by_us)
{
	for (size_t i = 1; i <= timers->count; i++)
		timers->heap[i]->at_us += by_us;
}
