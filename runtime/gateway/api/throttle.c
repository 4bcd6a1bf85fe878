/* SPDX-License-Identifier: MIT */
/* throttle.c - token buckets. */
#include "throttle.h"

bool bucket_take(struct bucket *bucket, double rate, double burst,
		 int64_t now_us)
{
	if (!bucket->at_us)
		bucket->tokens = burst;
	else if (now_us > bucket->at_us)
		bucket->tokens += (double)(now_us - bucket->at_us) * rate / 1e6;
	/* The burst may have become less in the meantime. */
	if (bucket->tokens > burst)
		bucket->tokens = burst;
	/* Also when the system's clock was set back: nothing comes for the time
	 * that is there twice, but all goes on at once. */
	bucket->at_us = now_us;
	if (bucket->tokens < 1)
		return false;
	bucket->tokens -= 1;
	return true;
}

bool account_request(struct account *account, int64_t now_us)
{
	return account->unlimited ||
	       bucket_take(&account->requests, ACCOUNT_REQUESTS_RATE,
			   ACCOUNT_REQUESTS_BURST, now_us);
}

bool account_connection(struct account *account, int64_t now_us)
{
	return account->unlimited ||
	       bucket_take(&account->connections, ACCOUNT_CONNECTIONS_RATE,
			   ACCOUNT_CONNECTIONS_BURST, now_us);
}
