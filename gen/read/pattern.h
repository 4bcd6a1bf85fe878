/* SPDX-License-Identifier: MIT */
/*
 * pattern.h - the regular expressions that the runtime can match: what of
 * ECMA 262 needs no backtracking. The runtime's own limits are these; a
 * pattern that is read here works there.
 */
#ifndef WSGEN_PATTERN_H
#define WSGEN_PATTERN_H

#include "../base/arena.h"

#include <stdbool.h>

#define PATTERN_MAX_STEPS 2000 /* with counted repetitions written out */
#define PATTERN_MAX_NESTING 64 /* groups in groups */
#define PATTERN_MAX_COUNT 1000 /* in {n,m} */

struct pattern;

/*
 * NULL when text is no pattern: then *at is the byte where it ends to be one,
 * *len how many bytes are meant, and *why says what is wrong.
 */
const struct pattern *pattern_read(struct arena *arena, const char *text,
				   size_t *at, size_t *len, const char **why);

/* Whether any part of the text, which is UTF-8, is matched. */
bool pattern_matches(const struct pattern *pattern, const char *text);

#endif
