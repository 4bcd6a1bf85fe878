/* SPDX-License-Identifier: MIT */
/* include.h - which files an "include" names. */
#ifndef WSGEN_READ_INCLUDE_H
#define WSGEN_READ_INCLUDE_H

#include "read/files.h"

struct include_paths {
	LIST(const char *) paths; /* sorted */
};

/*
 * The files that a pattern matches, relative to the file that names it; the
 * folders it looked in join inputs->dirs. False, with an error, when there
 * are none or a folder cannot be read.
 */
bool include_find(struct arena *arena, struct diag *diag, const char *from,
		  const struct doc *pattern, struct read_inputs *inputs,
		  struct include_paths *paths);

#endif
