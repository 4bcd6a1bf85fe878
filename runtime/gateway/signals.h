/* SPDX-License-Identifier: MIT */
/*
 * signals.h - SIGINT and SIGTERM as events of the loop.
 */
#ifndef GATEWAY_SIGNALS_H
#define GATEWAY_SIGNALS_H

#include "net/loop.h"

struct signals {
	struct loop *loop;
	struct loop_watch watch;
	void (*came)(struct signals *signals, int number);
};

/* They are blocked from here on; SIGPIPE is ignored. `came` is set beforehand.
 * False: errno. */
bool signals_init(struct signals *signals, struct loop *loop);

/* Also one that is { 0 }. A second SIGINT kills from here on. */
void signals_release(struct signals *signals);

#endif
