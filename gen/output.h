/* SPDX-License-Identifier: MIT */
/*
 * output.h - the files to write: all or none, unchanged ones untouched. A
 * stage adds texts; nothing reaches the disk before output_write, which
 * writes what changed to DIR/.wsgen/new/, journals the renames, renames, and
 * removes what an earlier run wrote and this one did not.
 */
#ifndef WSGEN_OUTPUT_H
#define WSGEN_OUTPUT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdio.h>

struct output_file {
	const char *path; /* below the output folder, '/' between parts */
	const char *text;
	size_t len;
};

struct output {
	struct arena *arena;
	LIST(struct output_file) files; /* in the order they were added */
};

void output_init(struct output *output, struct arena *arena);

/* path and text are borrowed. Asserts that no file has that path yet and that
 * path stays below the folder. */
void output_add(struct output *output, const char *path, const char *text,
		size_t len);

/*
 * Roll an unfinished earlier run forward, then make dir hold exactly these
 * files of ours. On a failure prints "wsgen: PATH: why" to err and returns
 * false: dir then has all of the old files or all of the new ones.
 */
bool output_write(const struct output *output, const char *dir, FILE *err);

/* True when dir already holds just this. Prints a line per stale file. */
bool output_is_current(const struct output *output, const char *dir, FILE *out);

#endif
