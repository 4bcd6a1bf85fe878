/* SPDX-License-Identifier: MIT */
/*
 * utf8.h - whether bytes are UTF-8, checked as they come: told at the first
 * byte that no character can go on with, wherever the pieces are cut.
 */
#ifndef GATEWAY_UTF8_H
#define GATEWAY_UTF8_H

#include <wsgen/str.h>

#include <stdint.h>

/*
 * Go on with the text that *state stands in; 0 is its beginning, and again
 * wherever it may end, between two characters.
 */
bool utf8_check(uint32_t *state, const char *bytes, size_t len);

/* The same for a text that is all there. */
bool utf8_is_text(struct wsg_str text);

/* How long the character is that text begins with; 0 if there is none. */
size_t utf8_character(struct wsg_str text);

#endif
