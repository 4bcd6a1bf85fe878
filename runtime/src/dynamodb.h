/* SPDX-License-Identifier: MIT */
/* dynamodb.h - calls of DynamoDB: signed, and made again when it is busy. */
#ifndef WSGEN_DYNAMODB_H
#define WSGEN_DYNAMODB_H

#include "internal.h"

/* What is kept from call to call: connections, the day's key, AWS's clock. */
struct wsg_dynamodb;

/* NULL: there is no memory. */
struct wsg_dynamodb *wsg_dynamodb_new(void);
void wsg_dynamodb_free(struct wsg_dynamodb *dynamodb);

/* Calls at a time. */
#define WSG_DYNAMODB_MAX 16

/* { 0 } but for its operation and its body; released by whoever made it. */
struct wsg_dynamodb_call {
	const char *operation; /* "Query" */
	struct wsg_buf body;   /* JSON */
	struct wsg_buf answer; /* the same, with a NUL behind it */
	bool done;	       /* not if its condition was not met */
};

/*
 * Make up to WSG_DYNAMODB_MAX calls, at once. Each may be carried out twice, so
 * it must be one that does not mind. A condition that is not met is an answer
 * as well. False, and logged: one was refused, or there is no time left before
 * the event's deadline; others may have been carried out.
 */
bool wsg_dynamodb_make(struct wsg_dynamodb *dynamodb,
		       const struct wsg_event *event,
		       struct wsg_dynamodb_call *calls, size_t count);

void wsg_dynamodb_release(struct wsg_dynamodb_call *calls, size_t count);

#endif
