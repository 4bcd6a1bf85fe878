/* SPDX-License-Identifier: MIT */
/*
 * watch.h - told when a file of the project changes: inotify on its folders.
 * What editors leave beside a file, and what is built, does not count.
 */
#ifndef WSGEN_DEV_WATCH_H
#define WSGEN_DEV_WATCH_H

#include "../../base/arena.h"

#include <stdio.h>

#define WATCH_FOLDERS_MAX 4096
#define WATCH_DEPTH_MAX 32

struct watch {
	struct arena *arena;
	int fd;
	const char *skip; /* absolute: the output folder */
	LIST(struct watch_folder {
		int id;
		unsigned depth;
		const char *path; /* absolute; NULL: gone */
	})
	folders;
	bool full; /* said that there are too many */
};

/* False: errno. skip is the folder that is never looked into. */
bool watch_init(struct watch *watch, struct arena *arena, const char *skip);
void watch_release(struct watch *watch);

/* Watch a folder and all below it, or the folder alone. */
void watch_add(struct watch *watch, const char *path, bool below, FILE *err);

/* Read what happened. True if any of it is a reason to build. */
bool watch_changed(struct watch *watch, FILE *err);

#endif
