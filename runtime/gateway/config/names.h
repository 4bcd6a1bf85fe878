/* SPDX-License-Identifier: MIT */
/*
 * names.h - what the spec's references stand for here: `${chat}`, `!GetAtt
 * X.Arn`, `!Sub`, `!Join` and the pseudo parameters, by the spec's names and by
 * the template's.
 */
#ifndef GATEWAY_NAMES_H
#define GATEWAY_NAMES_H

#include "../base/json.h"

/* The longest text that a reference may become, in bytes. */
#define NAMES_VALUE_MAX ((size_t)64 << 10)

struct names;

struct names *names_new(void);
void names_free(struct names *names);

/* A value for `${name}`, which may have dots in it; both are copied. */
void names_give(struct names *names, struct wsg_str name, struct wsg_str value);

/* What was given under that name; ptr is NULL if nothing was. */
struct wsg_str names_get(const struct names *names, struct wsg_str name);

/*
 * The text that value stands for, scalars included, added to out. False:
 * something in it has no value here, and out is as it was; each such name, or a
 * phrase about what is none, is added to missing, which may be NULL, as a line
 * that ends in \n.
 */
bool names_resolve(const struct names *names, const struct json *value,
		   struct wsg_buf *out, struct wsg_buf *missing);

#endif
