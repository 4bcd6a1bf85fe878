/* SPDX-License-Identifier: MIT */
/*
 * fault.h - `--fault throttle=5%,gone=1%,latency=50ms..2s,crash=0.1%,drop=1%,
 * seed=7`: what goes wrong on AWS now and then, on purpose and repeatably.
 */
#ifndef GATEWAY_FAULT_H
#define GATEWAY_FAULT_H

#include "base/random.h"

struct fault {
	struct random random;
	double throttle; /* of messages and @connections calls, as throttled */
	double gone;	 /* of @connections calls answered 410 */
	double crash;	 /* of invocations whose function is killed */
	double drop;	 /* of messages after which the TCP connection is cut */
	int64_t latency_min_us, latency_max_us; /* before each invocation */
};

/* False: *error is a sentence about what is wrong with the text. */
bool fault_parse(struct fault *fault, struct wsg_str text,
		 struct wsg_buf *error);

/* Whether it happens this time; fault may be NULL: never. */
bool fault_hits(struct fault *fault, double share);
int64_t fault_latency_us(struct fault *fault);

#endif
