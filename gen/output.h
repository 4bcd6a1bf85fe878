/* SPDX-License-Identifier: MIT */
/*
 * output.h - the files to write: all or none, unchanged ones untouched. A
 * stage adds texts; nothing reaches the disk before output_write, which
 * writes what changed to DIR/.wsgen/new/, journals the renames, renames, and
 * removes what an earlier run wrote and this one did not.
 *
 *     .wsgen/manifest  our files: a hash (base/hash.h) and a path each
 *     .wsgen/stamp     touched by every run that succeeds: make's target
 *     .wsgen/journal   there only while files are being renamed
 *     .wsgen/lock      held by the run that writes; a second run waits
 *
 * A file that stands where one of ours has to go, and that the manifest does
 * not list, is never replaced. Nothing is read, written or removed through a
 * symbolic link below DIR, whatever the manifest or the journal say.
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
	struct map *by_path;
	/*
	 * For tests: called before each change to the disk. What it returns
	 * is the errno that the change fails with; 0 lets it happen.
	 */
	int (*before_change)(void *data);
	void *data;
};

void output_init(struct output *output, struct arena *arena);

/* path and text are borrowed. Asserts that no file has that path yet and that
 * path stays below the folder, outside .wsgen. */
void output_add(struct output *output, const char *path, const char *text,
		size_t len);

/*
 * Roll an unfinished earlier run forward, then make dir hold exactly these
 * files of ours. On a failure prints "wsgen: PATH: why" to err and returns
 * false: dir then has all of the old files or all of the new ones, or a
 * journal, with which the next run finishes what this one began.
 */
bool output_write(const struct output *output, const char *dir, FILE *err);

/* True when dir already holds just this. Prints a line per stale file. */
bool output_is_current(const struct output *output, const char *dir, FILE *out);

/* The path of each file with dir before it, a line each, sorted. */
void output_list(const struct output *output, const char *dir, FILE *out);

#endif
