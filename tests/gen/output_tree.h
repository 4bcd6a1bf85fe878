/* SPDX-License-Identifier: MIT */
/*
 * output_tree.h - folders of files for the tests of output. Trees are written
 * as text: "a=1" is a file, "d/" an empty folder, "l->target" a link, "-a" one
 * to remove; a line each.
 */
#ifndef WSGEN_OUTPUT_TREE_H
#define WSGEN_OUTPUT_TREE_H

#include "output.h"

extern struct arena arena;
extern char root[64]; /* a folder from start to stop */

int start(void **state);
int stop(void **state);

/* path in the root. */
const char *below(const char *path);
bool exists(const char *path);

/* Remove all that is in a folder. */
void empty(const char *path);

void make_tree(const char *dir, const char *tree);

/* What there is, sorted, without .wsgen. */
const char *tree_of(const char *dir);

/* The files of tree as an output. */
void fill(struct output *output, const char *tree);

/* Write them to dir. What the run says on a failure; NULL for none. */
const char *write_tree(const char *dir, const char *tree);

#endif
