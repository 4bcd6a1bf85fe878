/* SPDX-License-Identifier: MIT */
/*
 * loop.h - one thread that waits for descriptors and times. loop_epoll.c is
 * the only file that knows how; another system is one more file.
 *
 * Watches and timers are members of what they serve, and belong to it: stop
 * them before it goes. Either may be stopped, or its owner freed, from within
 * any callback: nothing is called for it afterwards.
 */
#ifndef GATEWAY_LOOP_H
#define GATEWAY_LOOP_H

#include "clock.h"

#include <stddef.h>

#define LOOP_BUFFER_SIZE 65536

struct loop;

enum { LOOP_READ = 1, LOOP_WRITE = 2, LOOP_HANGUP = 4 };

struct loop_watch {
	int fd; /* -1: not watched */
	unsigned events;
	void (*ready)(struct loop_watch *watch, unsigned events);
	size_t place; /* the loop's; 0: nothing to be told this round */
};

struct loop_timer {
	void (*fire)(struct loop_timer *timer);
	enum clock_kind clock;
	int64_t at_us;
	size_t place;	/* the loop's; 0: not running */
	uint64_t order; /* of those started; also the loop's */
};

struct loop *loop_new(bool manual_clock);
void loop_free(struct loop *loop);

const struct clock *loop_clock(const struct loop *loop);

/* Unix time as of this round: one look at the clock serves all of it. */
int64_t loop_now_us(const struct loop *loop, enum clock_kind kind);
int64_t loop_now_ms(const struct loop *loop, enum clock_kind kind);

/* LOOP_BUFFER_SIZE bytes to read into, shared: for one callback at a time. */
char *loop_buffer(struct loop *loop);

/*
 * Watch fd, which does not block, for LOOP_READ or LOOP_WRITE; LOOP_HANGUP is
 * always told. watch->ready is set by the caller beforehand. False: errno.
 */
bool loop_watch(struct loop *loop, struct loop_watch *watch, int fd,
		unsigned events);
void loop_change(struct loop *loop, struct loop_watch *watch, unsigned events);
void loop_unwatch(struct loop *loop, struct loop_watch *watch);

/* Start a timer, or start it anew; fire and clock are set beforehand. */
void loop_start(struct loop *loop, struct loop_timer *timer, int64_t after_us);
void loop_stop(struct loop *loop, struct loop_timer *timer);

/*
 * Move the gateway's clock, which has to be a manual one. Timers on the way
 * fire at their times and in their order, as if it had moved by itself.
 */
void loop_advance(struct loop *loop, int64_t by_us);

/* Serve until loop_quit. False: waiting failed, errno says why. */
bool loop_run(struct loop *loop);
void loop_quit(struct loop *loop);

#endif
