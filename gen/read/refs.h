/* SPDX-License-Identifier: MIT */
/*
 * refs.h - the files that messages name by `$ref`: found beside the file that
 * names them, and never outside of the main spec's folder.
 */
#ifndef WSGEN_REFS_H
#define WSGEN_REFS_H

#include "../base/map.h"
#include "files.h"

struct refs {
	struct arena *arena;
	struct diag *diag;
	struct read_inputs *inputs;
	const char *main_path; /* of the spec's main file */
	struct map known; /* path -> struct doc, so that each is read once */
};

/* For struct message_files; context is a struct refs. */
const struct doc *refs_read(void *context, struct loc base, const char *path);

#endif
