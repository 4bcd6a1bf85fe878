/* SPDX-License-Identifier: MIT */
/*
 * item.h - DynamoDB's attribute values, as the JSON that they travel as:
 * {"S":"text"}, {"N":"12.5"}, {"BOOL":true} and so on.
 */
#ifndef GATEWAY_ITEM_H
#define GATEWAY_ITEM_H

#include "../base/json.h"

#define ITEM_MAX ((size_t)400 << 10) /* DynamoDB's own */

/* What is wrong with an attribute value, or NULL. */
const char *item_check_value(const struct json *value);

/* The same of a whole item or key: an object of attribute values. */
const char *item_check(const struct json *item);

/* The text of {"S":...}; false if it is another type, or missing. */
bool item_string(const struct json *value, struct wsg_str *text);

/*
 * Compare two valid values that are both S or both N: *order is below, above
 * or zero. False: they are not comparable.
 */
bool item_compare(const struct json *a, const struct json *b, int *order);

/* Whether two valid values are the same, of whichever type. */
bool item_equal(const struct json *a, const struct json *b);

#endif
