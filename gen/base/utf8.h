/* SPDX-License-Identifier: MIT */
/*
 * utf8.h - reading UTF-8 one character at a time. Bytes that are no UTF-8
 * (overlong forms and surrogates included) are never taken for characters.
 */
#ifndef WSGEN_UTF8_H
#define WSGEN_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The character that text starts with. Returns its length in bytes and sets
 * *code; returns 0 and leaves *code alone when there is none: at the end, or
 * before bytes that are no UTF-8.
 */
size_t utf8_decode(const char *text, size_t len, uint32_t *code);

/*
 * How many bytes text starts with that are printable ASCII and neither '"'
 * nor '\\': what stands in a string of most formats as it is.
 */
size_t utf8_plain(const char *text, size_t len);

/*
 * A character that a person cannot see for what it is: controls (tab and
 * newline too), line separators, bidirectional marks, the byte order mark,
 * what is no character at all. Whoever shows text escapes these.
 */
bool utf8_hidden(uint32_t code);

#endif
