/* SPDX-License-Identifier: MIT */
/* logs.h - what a function writes, line by line. */
#ifndef GATEWAY_LOGS_H
#define GATEWAY_LOGS_H

#include "../net/loop.h"

#include <wsgen/str.h>

/* The longest line; what is longer goes on in the next. CloudWatch's own. */
#define LOGS_LINE_MAX (256u * 1024 - 26)

/* Read at once, so that nobody's flood keeps the others waiting. */
#define LOGS_ROUND_MAX (64u * 1024)

struct logs {
	struct loop *loop;
	struct loop_watch watch;
	struct wsg_buf line; /* begun, and not ended yet */
	void (*heard)(struct logs *logs, struct wsg_str line);
};

/* Read fd, which is taken over. logs->heard is set beforehand. */
bool logs_init(struct logs *logs, struct loop *loop, int fd);
void logs_release(struct logs *logs);

/*
 * Tell what has been written until now, the end of a line that was only begun
 * included: what comes next belongs to something else.
 */
void logs_settle(struct logs *logs);

#endif
