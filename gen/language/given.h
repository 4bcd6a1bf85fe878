/* SPDX-License-Identifier: MIT */
/*
 * given.h - what was given, asked by the table of a section: whether
 * a key was, and where.
 */
#ifndef WSGEN_LANGUAGE_GIVEN_H
#define WSGEN_LANGUAGE_GIVEN_H

#include "../language.h"

/* Was the key given in this struct of its section? */
bool lang_is_set(const struct lang_key *key, const void *section);

/* Where its value stands; the first item's place for a list. */
struct loc lang_loc(const struct lang_key *key, const void *section);

#endif
