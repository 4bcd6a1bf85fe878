/* SPDX-License-Identifier: MIT */
/*
 * clock_control.h - POST /_wsgen/clock, by which tests move the gateway's
 * clock: {"advance": "10m"}.
 */
#ifndef GATEWAY_CLOCK_CONTROL_H
#define GATEWAY_CLOCK_CONTROL_H

#include "net/server.h"

/* The furthest that one request moves it: a day. */
#define CLOCK_ADVANCE_MAX_US (INT64_C(86400) * 1000000)

/* "90s", "10m", "2h", "50ms": microseconds, or -1. */
int64_t clock_duration(struct wsg_str text);

/* Answer a request for that path, which the console admits: no stranger's page
 * moves the clock. What falls due on the way has happened when the answer
 * comes. */
void clock_request(struct loop *loop, struct exchange *exchange);

#endif
