/* SPDX-License-Identifier: MIT */
/*
 * type.h - type expressions: text such as string(1..64)[..16]? to struct type.
 *
 *	type   = plain { "[" [ bounds ] "]" } [ "?" ]
 *	plain  = word [ "(" bounds ")" ]        string bool int32 ... or a
 *message | "bytes" [ "(base64)" ] [ "(" bounds ")" ] | "enum(" value { "|"
 *value } ")" | "map(" type ")" bounds = [ number ] ".." [ number ]
 *
 * As in C, the first brackets are the outer list's: int32[][..8] is a list of
 * lists of at most 8. Blanks may stand between the parts, and around the values
 *of an enum, which are cut off there. Whether a message of that name is
 *declared is for check.
 */
#ifndef WSGEN_TYPE_H
#define WSGEN_TYPE_H

#include "../model.h"

#define TYPE_DEPTH_MAX 16	  /* lists of maps of lists ... */
#define TYPE_LEN_MAX 4294967295.0 /* no bound on bytes or items is higher */
#define TYPE_LEN_MAX_TEXT "4294967295"

/*
 * The type that a scalar's text says. *optional becomes whether it ends in "?";
 * NULL where nothing can be absent. NULL comes back when the text is no type,
 * which has been reported at the place inside of it.
 */
struct type *read_type(struct arena *arena, struct diag *diag,
		       const struct doc *text, bool *optional);

/* The place of len bytes from at on, in a scalar as it was read. */
struct loc read_loc_in(const struct doc *scalar, size_t at, size_t len);

/* "int32"; for enum, map and list: "enum", "map", "list". */
const char *type_name(enum type_kind kind);

/* Is this word a type of the language, so that no message can be called so? */
bool type_is_word(const char *name);

/* The words that may stand alone as a type, for did-you-mean; *count of them.
 */
const char *const *type_words(size_t *count);

/* What `int`, `boolean`, `datetime` and the like are here; or NULL. */
const char *type_alias(const char *name);

/* The lowest and highest whole number of a kind, or NULL for other kinds. */
const char *type_lowest(enum type_kind kind);
const char *type_highest(enum type_kind kind);

/* -1, 0 or 1: two whole numbers as text, without leading zeros, exactly. */
int type_compare(const char *a, const char *b);

/*
 * Read text as a bound of that kind: a length for strings, bytes, lists and
 * maps, or a number. False when it is none, and *why ends a sentence that
 * starts with the text: "is not a whole number".
 */
bool type_bound(struct arena *arena, enum type_kind kind, const char *text,
		struct bound *bound, const char **why);

/* Do the two contradict each other? Then what is wrong with them, or NULL. */
const char *type_bounds_wrong(struct arena *arena, const struct type *type);

#endif
