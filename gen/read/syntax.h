/* SPDX-License-Identifier: MIT */
/* syntax.h - what libyaml cannot read, in words that say what to do. */
#ifndef WSGEN_READ_SYNTAX_H
#define WSGEN_READ_SYNTAX_H

#include "read/text.h"

/* Where and why libyaml gave up, and the last scalar that it read. */
struct syntax_error {
	const char *problem, *context; /* libyaml's words; NULL or not */
	size_t at, context_at;	       /* bytes */
	size_t scalar, scalar_end;     /* bytes; equal when there is none */
	bool plain, tagged;	       /* that scalar */
};

void syntax_explain(struct diag *diag, struct text *text,
		    const struct syntax_error *error);

/*
 * A flow collection in which "(" is open: the comma in {a: enum(x, y)} parts
 * a value, however little it looks so.
 */
struct syntax_split {
	bool is_flow, is_open;
	size_t start;
};

/* Take note of a plain scalar. True, with an error, when it ends a parted one.
 */
bool syntax_closes_split(struct diag *diag, struct text *text,
			 struct syntax_split *split, size_t start, size_t end);

#endif
