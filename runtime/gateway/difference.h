/* SPDX-License-Identifier: MIT */
/* difference.h - where two JSON values differ first, for people to read. */
#ifndef GATEWAY_DIFFERENCE_H
#define GATEWAY_DIFFERENCE_H

#include "base/json.h"

struct difference {
	struct wsg_buf path;	  /* "$.body.people"; to be released */
	const struct json *a, *b; /* what is there; NULL: nothing */
};

/*
 * False if they are the same, in whichever order objects have their members.
 * Texts that hold JSON are looked into, as the bodies of answers are.
 */
bool difference_find(struct difference *difference, struct wsg_arena *arena,
		     const struct json *a, const struct json *b);

#endif
