/* SPDX-License-Identifier: MIT */
/*
 * text.h - the bytes of one source: are they text at all, and which line and
 * column a place in them has. libyaml counts characters, diag counts bytes.
 */
#ifndef WSGEN_READ_TEXT_H
#define WSGEN_READ_TEXT_H

#include "base/diag.h"

struct text_line {
	uint32_t start; /* its first byte */
	bool is_ascii;	/* characters are bytes */
};

struct text {
	uint16_t source;
	const char *bytes; /* after the byte order mark, if there is one */
	size_t len;
	LIST(struct text_line) lines;
	bool is_ascii; /* all of them */
	size_t line;   /* the one that a loc was last on */
	/* The last place on a line that is not ASCII. */
	size_t walked_line, walked_column, walked;
};

/*
 * Look at all of a source. False, with an error, when it holds what YAML does
 * not allow: NUL and other controls, what is no UTF-8, separators that only
 * some readers take for the end of a line.
 */
bool text_init(struct text *text, struct diag *diag, uint16_t source);

/*
 * The byte at which a character starts. All three count from 0: characters of
 * the whole text, lines, and characters of the line.
 */
size_t text_offset(struct text *text, size_t index, size_t line, size_t column);

/* The place of len bytes, or of those of them that are on the first line. */
struct loc text_loc(struct text *text, size_t offset, size_t len);

/* Where the value starts in a node that starts with a tag or an anchor. */
size_t text_value(const struct text *text, size_t start, size_t end);

#endif
