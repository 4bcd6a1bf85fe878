/* SPDX-License-Identifier: MIT */
/* inherit.h - what "<<" names, in the mapping where it stands. */
#ifndef WSGEN_READ_INHERIT_H
#define WSGEN_READ_INHERIT_H

#include "doc.h"

/* A mapping or a list of mappings. False, with an error, for anything else. */
bool inherit_check(struct diag *diag, const struct doc *value);

/*
 * Put the members of value, which "<<" names, into map before its
 * position-th own member. A key that map has itself, or that came before, wins.
 */
void inherit(struct arena *arena, struct doc *map, size_t position,
	     const struct doc *value);

#endif
