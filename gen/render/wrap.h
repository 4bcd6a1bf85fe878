/* SPDX-License-Identifier: MIT */
/*
 * wrap.h - lines of at most 80 columns: comments, and C as clang-format
 * would break it.
 */
#ifndef WSGEN_WRAP_H
#define WSGEN_WRAP_H

#include "../base/buf.h"

#include <stdbool.h>

#define WRAP_COLUMNS 80
#define WRAP_TAB 8

/* The column after text, when it starts in column: tabs and wide characters
 * counted as clang-format does. */
size_t wrap_column(size_t column, const char *text, size_t len);

/* The white space from one column to another: tabs first, as clang-format. */
const char *wrap_padding(struct arena *arena, size_t from, size_t to);

/*
 * A whole C comment for text: one line when it fits and text is one line,
 * else the form with a star on each line. Line ends and empty lines of text
 * stay; indent goes before each line. Ends with a newline.
 */
void wrap_block(struct buf *out, const char *indent, size_t indent_len,
		const char *text);

/*
 * text as words after what is on out's last line, broken where a line gets
 * too long. A line that begins with a comment's leader (" * ", "# ", "// ")
 * has it repeated on those that follow; behind anything else nothing breaks.
 */
void wrap_comment(struct buf *out, const char *text);

/* What wrap_c weighs lines with: made once, for many texts. */
struct wrapper;

struct wrapper *wrap_new(struct arena *arena);

/*
 * The C source at text[from...] with each line past 80 columns broken;
 * replaces the text from there on.
 */
void wrap_c(struct wrapper *wrapper, struct buf *text, size_t from);

#endif
