/* SPDX-License-Identifier: MIT */
/*
 * child.h - a program that wsgen dev starts: in a process group of its own, so
 * that it can be ended with all it started, and read through a pipe.
 */
#ifndef WSGEN_DEV_CHILD_H
#define WSGEN_DEV_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct child {
	pid_t pid; /* 0: none runs */
	int in;	   /* to its standard input; -1: it has none */
	int out;   /* from its standard output, and error if asked for */
};

enum child_pipes {
	CHILD_OUT = 1, /* out reads its standard output */
	CHILD_ERR = 2, /* ... and its standard error, too */
	CHILD_IN = 4,  /* in is its standard input; else that is empty */
};

/* argv[0] is looked for in PATH, without a shell. False: errno. */
bool child_start(struct child *child, char *const *argv, unsigned pipes);

/* Whether it has ended; *status is then as waitpid has it. */
bool child_ended(struct child *child, int *status);

/* Ask its group to end, and make it end after grace_ms. */
void child_end(struct child *child, int grace_ms);

/* The pipes; the process goes on. */
void child_close(struct child *child);

#endif
