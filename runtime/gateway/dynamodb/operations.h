/* SPDX-License-Identifier: MIT */
/*
 * operations.h - the calls of DynamoDB that there are here. Each reads a
 * request and writes the members of its answer, or says what it is refused
 * with.
 */
#ifndef GATEWAY_OPERATIONS_H
#define GATEWAY_OPERATIONS_H

#include "../base/json.h"
#include "store.h"

#define OPERATION_BATCH_MAX 25		     /* DynamoDB's own limits */
#define OPERATION_PAGE_MAX ((size_t)1 << 20) /* bytes that a Query reads */

/* The attributes of a key; a table that `connections` keeps has these. */
#define OPERATION_PARTITION "pk"
#define OPERATION_SORT "sk"
#define OPERATION_EXPIRES "expires"

struct operation {
	struct store *store;
	struct wsg_arena *arena;
	const struct json *request;
	/* Whether there is such a table; whether the caller may do this to it.
	 */
	bool (*has_table)(void *owner, struct wsg_str table);
	bool (*allowed)(void *owner, struct wsg_str table, const char *action);
	void *owner;
	struct wsg_buf *out; /* the answer, a JSON object */
	/* What it is refused with: ResourceNotFoundException ... */
	const char *error;
	struct wsg_buf *message;
};

/* Whether there is an operation of that name; false as well if it is refused,
 * and then operation->error is set. */
bool operation_run(struct operation *operation, struct wsg_str name);

#endif
