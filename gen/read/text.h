/* SPDX-License-Identifier: MIT */
/*
 * text.h - the bytes of one source: are they text at all, and which line and
 * column a place in them has. libyaml counts characters, diag counts bytes.
 */
#ifndef WSGEN_READ_TEXT_H
#define WSGEN_READ_TEXT_H

#include "base/diag.h"

struct text {
	uint16_t source;
	const char *bytes; /* after the byte order mark, if there is one */
	size_t len;
	LIST(uint32_t) lines; /* where each starts */
	bool ascii;	      /* characters are bytes */
	size_t line;	      /* the last one that was asked for */
	size_t index, at;     /* a character and its byte, asked for last */
};

/*
 * Look at all of a source. False, with an error, when it holds what YAML does
 * not allow: NUL and other controls, what is no UTF-8, separators that only
 * some readers take for the end of a line.
 */
bool text_init(struct text *text, struct diag *diag, uint16_t source);

/* The byte at which the character with this number starts. */
size_t text_offset(struct text *text, size_t index);

/* The place of len bytes, or of those of them that are on the first line. */
struct loc text_loc(struct text *text, size_t offset, size_t len);

/* Where the value starts in a node that starts with a tag or an anchor. */
size_t text_value(const struct text *text, size_t start, size_t end);

#endif
