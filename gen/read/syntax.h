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

/* "',' splits this value", for what stands from start to end. */
void syntax_split(struct diag *diag, struct text *text, size_t start,
		  size_t end);

#endif
