/* SPDX-License-Identifier: MIT */
/*
 * quote.h - a text made safe for where it stands. Each function appends to
 * out. The text may hold any bytes but NUL; what is no UTF-8, and characters
 * that would show a reader something else than what a machine reads (control
 * characters, those that turn the direction of writing), never come out as
 * they are. JSON and YAML quote as documents do: doc.h.
 */
#ifndef WSGEN_QUOTE_H
#define WSGEN_QUOTE_H

#include "../base/buf.h"

#include <stdint.h>

/*
 * The inside of a C string literal. Whatever stands before and after in out,
 * no trigraph and no longer octal escape can come of it.
 */
void quote_c(struct buf *out, const char *text);

/*
 * One line of a C comment: white space runs are one space each, and neither
 * the start nor the end of a comment, nor a trigraph, is left in it. Ends
 * with no white space and no backslash.
 */
void quote_comment(struct buf *out, const char *text);

/* One line of a comment that starts with '#': the same, but for the slashes. */
void quote_hash_comment(struct buf *out, const char *text);

/*
 * A word of a make rule: a prerequisite, or a target, where a '%' would make
 * a pattern. Asserts what make has no way to write: that there is no newline
 * in it.
 */
void quote_make(struct buf *out, const char *text);
void quote_make_target(struct buf *out, const char *text);

/* One word of a shell command, with its quotes, if any. */
void quote_shell(struct buf *out, const char *text);

/* One word of a shell command that stands in a make recipe. No newline. */
void quote_recipe(struct buf *out, const char *text);

/*
 * The character at text, which is not at its end, and the bytes it takes;
 * UINT32_MAX and 1 for a byte that starts no valid UTF-8.
 */
uint32_t quote_decode(const char *text, size_t *len);

#endif
