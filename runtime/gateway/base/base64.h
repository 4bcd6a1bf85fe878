/* SPDX-License-Identifier: MIT */
/*
 * base64.h - RFC 4648: the standard alphabet and the one for URLs. Reading is
 * strict: each text is the only one for its bytes.
 */
#ifndef GATEWAY_BASE64_H
#define GATEWAY_BASE64_H

#include <wsgen/str.h>

/* How long the text of so many bytes is, padded. */
#define BASE64_LEN(bytes) (((bytes) + 2) / 3 * 4)

/* Add bytes as text, padded with `=` to a multiple of 4. */
void base64_put(struct wsg_buf *out, struct wsg_str bytes);
void base64_put_url(struct wsg_buf *out, struct wsg_str bytes);

/*
 * Add the bytes that text stands for; it has to be padded. False: it is no
 * such text, and out is as it was.
 */
bool base64_read(struct wsg_buf *out, struct wsg_str text);
bool base64_read_url(struct wsg_buf *out, struct wsg_str text);

#endif
