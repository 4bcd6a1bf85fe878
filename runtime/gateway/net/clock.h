/* SPDX-License-Identifier: MIT */
/*
 * clock.h - two times. The real one moves by itself: Lambda's timeouts, kept
 * sockets and signatures go by it. The gateway's is what API Gateway's limits
 * go by (idle, lifetime, integration and authorizer timeouts, throttles,
 * quotas, the times in events): it is the real one too, unless `--clock manual`
 * made it stand still until POST /_wsgen/clock moves it.
 */
#ifndef GATEWAY_CLOCK_H
#define GATEWAY_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum clock_kind { CLOCK_REAL, CLOCK_GATEWAY };
#define CLOCK_COUNT 2

struct clock {
	bool manual;
	int64_t manual_us; /* Unix time that the gateway's stands at */
};

void clock_init(struct clock *clock, bool manual);

/* Unix time. */
int64_t clock_us(const struct clock *clock, enum clock_kind kind);
int64_t clock_ms(const struct clock *clock, enum clock_kind kind);

#endif
