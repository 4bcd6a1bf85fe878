/* SPDX-License-Identifier: MIT */
/*
 * patience.h - until when a call of AWS may take, and the pauses before it is
 * made again: they grow, and are drawn by lot, so that functions which were
 * refused together do not come back together.
 */
#ifndef WSGEN_PATIENCE_H
#define WSGEN_PATIENCE_H

#include "internal.h"

/* Shortly before the event's deadline; of wsg_clock_ms. */
int64_t wsg_patience_end(const struct wsg_event *event);

/*
 * Wait before the number-th time, counted from 1: up to first_ms before the
 * first, doubled each time. False when there is no time for it.
 */
bool wsg_patience_pause(unsigned number, int64_t first_ms, int64_t end_ms);

#endif
