/* SPDX-License-Identifier: MIT */
/* loop_epoll.c - the loop on Linux: level-triggered epoll, a round at a time.
 */
#define _GNU_SOURCE
#include "loop.h"
#include "timers.h"

#include "../base/mem.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Descriptors that one round serves. */
#define BATCH 256

struct loop {
	int fd;
	bool quit;
	bool running;
	struct clock clock;
	int64_t now_us[CLOCK_COUNT];
	struct timers timers[CLOCK_COUNT];
	struct epoll_event batch[BATCH]; /* from this round's wait */
	char buffer[LOOP_BUFFER_SIZE];
};

static uint32_t wanted(unsigned events)
{
	return (events & LOOP_READ ? (uint32_t)EPOLLIN : 0) |
	       (events & LOOP_WRITE ? (uint32_t)EPOLLOUT : 0);
}

static bool control(struct loop *loop, int how, struct loop_watch *watch)
{
	struct epoll_event event = { .events = wanted(watch->events),
				     .data.ptr = watch };

	return !epoll_ctl(loop->fd, how, watch->fd, &event);
}

/*
 * Look at the clock. When somebody sets the system's back, timers go with it:
 * what was due in a minute still is.
 */
static void look(struct loop *loop)
{
	int64_t back = loop->now_us[CLOCK_REAL];

	for (int kind = 0; kind < CLOCK_COUNT; kind++)
		loop->now_us[kind] =
			clock_us(&loop->clock, (enum clock_kind)kind);
	back -= loop->now_us[CLOCK_REAL];
	if (back <= 0)
		return;
	timers_shift(&loop->timers[CLOCK_REAL], -back);
	if (!loop->clock.manual)
		timers_shift(&loop->timers[CLOCK_GATEWAY], -back);
}

struct loop *loop_new(bool manual_clock)
{
	struct loop *loop = mem_alloc(sizeof(*loop));

	loop->fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->fd < 0) {
		free(loop);
		return NULL;
	}
	clock_init(&loop->clock, manual_clock);
	look(loop);
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	for (int kind = 0; kind < CLOCK_COUNT; kind++)
		timers_release(&loop->timers[kind]);
	close(loop->fd);
	free(loop);
}

const struct clock *loop_clock(const struct loop *loop)
{
	return &loop->clock;
}

int64_t loop_now_us(const struct loop *loop, enum clock_kind kind)
{
	return loop->now_us[kind];
}

int64_t loop_now_ms(const struct loop *loop, enum clock_kind kind)
{
	return loop->now_us[kind] / 1000;
}

char *loop_buffer(struct loop *loop)
{
	return loop->buffer;
}

bool loop_watch(struct loop *loop, struct loop_watch *watch, int fd,
		unsigned events)
{
	watch->fd = fd;
	watch->events = events;
	watch->place = 0;
	if (control(loop, EPOLL_CTL_ADD, watch))
		return true;
	watch->fd = -1;
	return false;
}

void loop_change(struct loop *loop, struct loop_watch *watch, unsigned events)
{
	if (watch->fd < 0 || watch->events == events)
		return;
	watch->events = events;
	control(loop, EPOLL_CTL_MOD, watch);
}

void loop_unwatch(struct loop *loop, struct loop_watch *watch)
{
	if (watch->fd < 0)
		return;
	control(loop, EPOLL_CTL_DEL, watch);
	watch->fd = -1;
	if (watch->place)
		loop->batch[watch->place - 1].data.ptr = NULL;
	watch->place = 0;
}

void loop_start(struct loop *loop, struct loop_timer *timer, int64_t after_us)
{
	int64_t now;

	/* Before the loop runs, the last look may be long ago. */
	if (!loop->running)
		look(loop);
	now = loop->now_us[timer->clock];
	loop_stop(loop, timer);
	if (after_us < 0)
		after_us = 0;
	timer->at_us = after_us > INT64_MAX - now ? INT64_MAX : now + after_us;
	timers_put(&loop->timers[timer->clock], timer);
}

void loop_stop(struct loop *loop, struct loop_timer *timer)
{
	if (timer->place)
		timers_take(&loop->timers[timer->clock], timer);
}

/*
 * Fire what is due by then. What that starts anew waits for the next round,
 * so that a timer that always starts itself cannot hold up the rest.
 */
static void fire_due(struct loop *loop, enum clock_kind kind)
{
	struct timers *timers = &loop->timers[kind];
	uint64_t started = timers->started;
	struct loop_timer *timer;

	while ((timer = timers_first(timers)) && timer->order < started &&
	       timer->at_us <= loop->now_us[kind]) {
		timers_take(timers, timer);
		timer->fire(timer);
	}
}

void loop_advance(struct loop *loop, int64_t by_us)
{
	struct timers *timers = &loop->timers[CLOCK_GATEWAY];
	int64_t to = loop->clock.manual_us + (by_us > 0 ? by_us : 0);
	struct loop_timer *timer;

	assert(loop->clock.manual);
	while ((timer = timers_first(timers)) && timer->at_us <= to) {
		if (timer->at_us > loop->clock.manual_us)
			loop->clock.manual_us = timer->at_us;
		loop->now_us[CLOCK_GATEWAY] = loop->clock.manual_us;
		timers_take(timers, timer);
		timer->fire(timer);
	}
	if (to > loop->clock.manual_us)
		loop->clock.manual_us = to;
	loop->now_us[CLOCK_GATEWAY] = loop->clock.manual_us;
}

/* Milliseconds until a timer is due, rounded up; -1: there is none. */
static int patience(const struct loop *loop)
{
	int64_t least = INT64_MAX;

	for (int kind = 0; kind < CLOCK_COUNT; kind++) {
		struct loop_timer *timer = timers_first(&loop->timers[kind]);
		int64_t left;

		if (!timer)
			continue;
		left = timer->at_us - loop->now_us[kind];
		if (left <= 0)
			return 0;
		/* One that stands still is moved by a request, not by us. */
		if (kind == CLOCK_GATEWAY && loop->clock.manual)
			continue;
		if (left < least)
			least = left;
	}
	if (least == INT64_MAX)
		return -1;
	least = least / 1000 + (least % 1000 != 0);
	return least > INT_MAX ? INT_MAX : (int)least;
}

static void serve(struct loop *loop, int count)
{
	for (int i = 0; i < count; i++) {
		struct loop_watch *watch = loop->batch[i].data.ptr;

		watch->place = (size_t)i + 1;
	}
	for (int i = 0; i < count; i++) {
		struct loop_watch *watch = loop->batch[i].data.ptr;
		uint32_t came = loop->batch[i].events;
		unsigned events = 0;

		if (!watch) /* it was stopped meanwhile */
			continue;
		watch->place = 0;
		if (came & EPOLLIN)
			events |= LOOP_READ;
		if (came & EPOLLOUT)
			events |= LOOP_WRITE;
		events &= watch->events; /* which may have changed meanwhile */
		if (came & (EPOLLHUP | EPOLLERR))
			events |= LOOP_HANGUP;
		if (events)
			watch->ready(watch, events);
	}
}

bool loop_run(struct loop *loop)
{
	bool well = true;

	loop->running = true;
	look(loop);
	while (!loop->quit) {
		int count;

		for (int kind = 0; kind < CLOCK_COUNT; kind++)
			fire_due(loop, (enum clock_kind)kind);
		if (loop->quit)
			break;
		count = epoll_wait(loop->fd, loop->batch, BATCH,
				   patience(loop));
		if (count < 0 && errno != EINTR) {
			well = false;
			break;
		}
		look(loop);
		serve(loop, count);
	}
	loop->quit = false;
	loop->running = false;
	return well;
}

void loop_quit(struct loop *loop)
{
	loop->quit = true;
}
