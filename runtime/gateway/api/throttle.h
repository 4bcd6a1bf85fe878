/* SPDX-License-Identifier: MIT */
/*
 * throttle.h - token buckets, and those that all APIs of an account share.
 */
#ifndef GATEWAY_THROTTLE_H
#define GATEWAY_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

/* API Gateway's quotas of an account in one Region. */
#define ACCOUNT_REQUESTS_RATE 10000
#define ACCOUNT_REQUESTS_BURST 5000
#define ACCOUNT_CONNECTIONS_RATE 500
#define ACCOUNT_CONNECTIONS_BURST 500

/* { 0 } is a full one. */
struct bucket {
	double tokens;
	int64_t at_us; /* 0: nothing was ever taken */
};

/* Take a token, if there is one: rate come in a second, up to burst of them. */
bool bucket_take(struct bucket *bucket, double rate, double burst,
		 int64_t now_us);

struct account {
	struct bucket requests; /* handshakes, messages and callbacks */
	struct bucket connections;
	bool unlimited;
};

bool account_request(struct account *account, int64_t now_us);
bool account_connection(struct account *account, int64_t now_us);

#endif
