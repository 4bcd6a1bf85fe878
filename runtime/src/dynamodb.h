/* SPDX-License-Identifier: MIT */
/* dynamodb.h - calls of DynamoDB: signed, and made again when it is busy. */
#ifndef WSGEN_DYNAMODB_H
#define WSGEN_DYNAMODB_H

#include "internal.h"

/*
 * Call an operation, "Query", with a JSON body. It may be carried out twice,
 * so it must be one that does not mind. The answer's JSON is left in *answer,
 * with a NUL behind it. False, and logged: it was refused, or there is no time
 * left before the event's deadline.
 */
bool wsg_dynamodb_call(const struct wsg_event *event, const char *operation,
		       struct wsg_str body, struct wsg_buf *answer);

#endif
