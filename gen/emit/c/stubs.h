/* SPDX-License-Identifier: MIT */
/*
 * stubs.h - a handler that does nothing yet, but fits: what `wsgen stub`
 * writes into the user's files, and what build/stubs holds until it has.
 */
#ifndef WSGEN_STUBS_H
#define WSGEN_STUBS_H

#include "../emit.h"

/* One file of the user's, and the handlers that the spec puts there. */
struct stub_file {
	const char *path;	    /* src/send.c, below the spec's folder */
	LIST(const char *) symbols; /* in the order of the spec */
};

struct c_code;

struct stubs {
	const struct c_code *code;
	struct stub_file *items; /* by path */
	size_t count;
};

struct stubs emit_stub_files(const struct emit *emit);

/* The start of a new file of the user's: its comment and includes. */
void emit_stub_head(const struct stubs *stubs, const struct stub_file *file,
		    struct buf *out);

/* One handler, without an empty line before it. */
void emit_stub_text(const struct stubs *stubs, const struct stub_file *file,
		    const char *symbol, struct buf *out);

#endif
