/* SPDX-License-Identifier: MIT */
/*
 * files.h - the files of a spec, those it includes among them, as one
 * document. Which file a part came from, its loc says.
 */
#ifndef WSGEN_READ_FILES_H
#define WSGEN_READ_FILES_H

#include "doc.h"

#define READ_MAX_SIZE (64 * 1024 * 1024) /* bytes of one file */
#define READ_MAX_FILES 10000		 /* of one spec */
#define READ_MAX_INCLUDES 64		 /* files that include one another */

/* What was looked at, so that make knows when to run again. */
struct read_inputs {
	LIST(const char *) files; /* every one once; not stdin */
	LIST(const char *) dirs;  /* that a glob looked in, "." for the own */
	bool failed; /* a file could not be read: not the spec's fault */
};

/*
 * Read the files at paths ("-" is standard input) and what their "include"
 * names, and merge the keys at their top: mappings member by member, lists
 * one after the other; a scalar stands in one file alone. Exactly one file has
 * a "name", and none that is included. A file that is reached twice is read
 * once; one that includes itself is refused.
 *
 * NULL after an error; inputs->failed tells whether the system was at fault.
 * inputs is filled in also then, and starts out zeroed.
 */
struct doc *read_files(struct arena *arena, struct diag *diag,
		       const char *const *paths, size_t count,
		       struct read_inputs *inputs);

/*
 * One more file, such as a JSON Schema, as it stands: nothing is included or
 * merged. from is where it is named. NULL after an error; inputs as above.
 */
const struct doc *read_one_file(struct arena *arena, struct diag *diag,
				const char *path, struct loc from,
				struct read_inputs *inputs);

#endif
