/* SPDX-License-Identifier: MIT */
/* query.h - Query, and what it shares with the other operations. */
#ifndef GATEWAY_QUERY_H
#define GATEWAY_QUERY_H

#include "expression.h"
#include "operations.h"

bool operation_query(struct operation *operation);

/* Refuse it; these return false. The first refusal counts. */
bool operation_invalid(struct operation *operation, const char *message);
bool operation_failed(struct operation *operation); /* the store did */

/* TableName, which has to be there and allowed. */
bool operation_table(struct operation *operation, const char *action,
		     struct wsg_str *table);

struct expression_context operation_context(const struct operation *operation);

/* The expression under that member, or NULL; false: it is wrong. */
bool operation_expression(struct operation *operation, const char *member,
			  const struct expression **expression);

#endif
