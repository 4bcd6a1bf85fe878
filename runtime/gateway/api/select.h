/* SPDX-License-Identifier: MIT */
/*
 * select.h - the route selection expression: `$request.body.a.b`, in braces or
 * not, several of them and plain text between, evaluated for each message.
 */
#ifndef GATEWAY_SELECT_H
#define GATEWAY_SELECT_H

#include <wsgen/message.h>
#include <wsgen/str.h>

struct selection;

/* NULL: it is none, and *why is a phrase about it. */
struct selection *selection_new(struct wsg_str expression, const char **why);
void selection_free(struct selection *selection);

enum selected {
	SELECTED_KEY,	   /* *key is the result, perhaps empty */
	SELECTED_NOT_JSON, /* the body is none: $default */
	SELECTED_NO_TEXT,  /* an object or a fraction: $default */
};

/* Evaluate for a body, which is not changed. *key lives in out. */
enum selected selection_evaluate(const struct selection *selection,
				 struct wsg_str body, struct wsg_buf *out,
				 struct wsg_str *key);

#endif
