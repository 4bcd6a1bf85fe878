/* SPDX-License-Identifier: MIT */
/*
 * expression.h - DynamoDB's conditions: comparisons, BETWEEN, IN, AND, OR, NOT,
 * attribute_exists, attribute_not_exists, begins_with, on attributes of the top
 * level.
 */
#ifndef GATEWAY_EXPRESSION_H
#define GATEWAY_EXPRESSION_H

#include "../base/json.h"

#define EXPRESSION_MAX 4096 /* bytes of its text; DynamoDB's own limit */
#define EXPRESSION_DEPTH_MAX 32

struct expression;

/* ExpressionAttributeNames and ExpressionAttributeValues; NULL: there are none.
 * What the values are is checked by whoever read them. */
struct expression_context {
	struct wsg_arena *arena;
	const struct json *names, *values;
};

/* NULL: *why is a phrase, as DynamoDB words it where that matters. */
const struct expression *
expression_parse(const struct expression_context *context, struct wsg_str text,
		 const char **why);

/* Whether it holds for the item; NULL stands for one that is not there. */
bool expression_holds(const struct expression *expression,
		      const struct json *item);

/*
 * The value that the attribute has to equal for it to hold, when it is that or
 * an AND with that in it; otherwise NULL. A key condition is looked up so.
 */
const struct json *expression_equals(const struct expression *expression,
				     struct wsg_str attribute);

/* A list of names, as in ProjectionExpression; false: *why. */
bool expression_names(const struct expression_context *context,
		      struct wsg_str text, const struct wsg_str **names,
		      size_t *count, const char **why);

#endif
