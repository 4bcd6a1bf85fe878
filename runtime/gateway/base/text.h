/* SPDX-License-Identifier: MIT */
/* text.h - what one asks of texts that came over HTTP. ASCII, no locale. */
#ifndef GATEWAY_TEXT_H
#define GATEWAY_TEXT_H

#include <wsgen/str.h>

/* Whether they differ in nothing but case. */
bool text_alike(struct wsg_str a, struct wsg_str b);

/* The same without spaces and tabs at its ends. */
struct wsg_str text_trim(struct wsg_str text);

/*
 * The part before the first sep, and *rest behind it; all, and an empty *rest
 * whose ptr is NULL, without one.
 */
struct wsg_str text_cut(struct wsg_str text, char sep, struct wsg_str *rest);

/*
 * Add text with %XX read. plus: a `+` is a space, as in queries. False: a `%`
 * without its two digits, and out is as it was.
 */
bool text_percent_read(struct wsg_buf *out, struct wsg_str text, bool plus);

/* What a hexadecimal digit stands for, or -1. */
int text_hex(char c);

#endif
