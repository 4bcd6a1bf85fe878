/* SPDX-License-Identifier: MIT */
/*
 * mend.h - texts that have to be UTF-8 and may not be: headers and queries are
 * bytes, while JSON and text frames hold characters.
 */
#ifndef GATEWAY_MEND_H
#define GATEWAY_MEND_H

#include <wsgen/str.h>

/*
 * Add text, with U+FFFD for each byte that is part of no character.
 * UNSURE(events-utf-8): what API Gateway does with such bytes; these are seen
 * and break nothing.
 */
void mend_add(struct wsg_buf *out, struct wsg_str text);

/* The same as a JSON string. */
void mend_put(struct wsg_buf *out, struct wsg_str text);

#endif
