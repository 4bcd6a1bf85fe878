/* SPDX-License-Identifier: MIT */
/* file.h - the user's own files: made, added to, never overwritten. */
#ifndef WSGEN_CLI_FILE_H
#define WSGEN_CLI_FILE_H

#include "cli.h"

struct file {
	const char *text; /* NUL-terminated, too */
	size_t len;
};

/* On false errno says why. */
bool file_read(struct arena *arena, const char *path, struct file *file);

/* These print "wsgen: PATH: why" and return false when they fail. */

/* A file that is not there yet, with the folders it is in. */
bool file_create(struct cli *cli, const char *path, const char *text,
		 size_t len);

/* At the end; a file that cannot take all of text is left as it was. */
bool file_append(struct cli *cli, const char *path, const char *text);

/* The whole of a file that is ours, by way of a second one next to it. */
bool file_replace(struct cli *cli, const char *path, const char *text,
		  size_t len);

#endif
