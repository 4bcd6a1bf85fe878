/* SPDX-License-Identifier: MIT */
/* path.h - where one folder lies, seen from another. */
#ifndef WSGEN_CLI_PATH_H
#define WSGEN_CLI_PATH_H

#include "../base/arena.h"

/* "a/b.yaml" to "a", "b.yaml" and "-" to ".", "/b" to "/". */
const char *path_folder(struct arena *arena, const char *path);

/*
 * From the root, without links in the part that exists; "" is the root. NULL,
 * with errno, when there is no working directory.
 */
const char *path_absolute(struct arena *arena, const char *path);

/*
 * The way from one folder to another: "../src", or "." when they are one.
 * Links are followed where the folders exist; those that do not exist yet
 * are taken at their word. NULL, with errno, when there is no working
 * directory.
 */
const char *path_from(struct arena *arena, const char *from, const char *to);

/* dir/name, without a second slash between them. */
const char *path_join(struct arena *arena, const char *dir, const char *name);

/* The last part: "a/b/" to "b". */
const char *path_leaf(struct arena *arena, const char *path);

#endif
