/* SPDX-License-Identifier: MIT */
/*
 * language_walk.h - what a section holds, asked by its table: whether a key
 * was given, where, and every value in which references may stand.
 */
#ifndef WSGEN_LANGUAGE_WALK_H
#define WSGEN_LANGUAGE_WALK_H

#include "language.h"

/* Was the key given in this struct of its section? */
bool lang_is_set(const struct lang_key *key, const void *section);

/* Where its value stands; the first item's place for a list. */
struct loc lang_loc(const struct lang_key *key, const void *section);

/*
 * Call visit for each LANG_VALUE and LANG_TREE in the struct and in all that
 * hangs on it, in the order of the tables.
 */
void lang_walk(const struct lang_section *section, const void *from,
	       void (*visit)(void *context, const struct lang_key *key,
			     const struct doc *value),
	       void *context);

#endif
