/* SPDX-License-Identifier: MIT */
/*
 * names.h - what the spec's references stand for here: `${chat}`, `!GetAtt
 * X.Arn`,
 * `!Sub`, `!Join` and the pseudo parameters, by the spec's names and by the
 * template's.
 */
#ifndef GATEWAY_NAMES_H
#define GATEWAY_NAMES_H

#include "../base/json.h"

struct names;

struct names *names_new(void);
void names_free(struct names *names);

/* A value for `${name}`, which may have dots in it; both are copied. */
void names_give(struct names *names, struct wsg_str name, struct wsg_str value);

/*
 * The text that value stands for, scalars included, added to out. False:
 * something has no value here, and *missing (a slice of the tree, or a phrase)
 * is what; out is as it was.
 */
bool names_resolve(const struct names *names, const struct json *value,
		   struct wsg_buf *out, struct wsg_str *missing);

#endif
