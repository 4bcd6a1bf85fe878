/* SPDX-License-Identifier: MIT */
/*
 * disk.h - the inside of output: files below one folder, and the journal that
 * makes many changes one. Paths are relative, '/' between parts, and no part
 * of one is followed when it is a symbolic link.
 */
#ifndef WSGEN_DISK_H
#define WSGEN_DISK_H

#include "../base/buf.h"

#include <stdbool.h>
#include <stdio.h>

#define DISK_OWN ".wsgen"
#define DISK_MANIFEST DISK_OWN "/manifest"
#define DISK_JOURNAL DISK_OWN "/journal"
#define DISK_NEW DISK_OWN "/new"

/* Folders that were used last, still open. */
struct disk_cache {
	struct {
		const char *path; /* with a slash behind it; NULL: free */
		int fd;
		size_t used; /* when */
	} slots[8];
	size_t uses;
	const char *missing; /* a folder that was not there, or NULL */
};

struct disk {
	struct arena *arena;
	struct disk_cache *cache; /* disk_close empties it */
	const char *dir;	  /* as the user wrote it, for messages */
	FILE *err;		  /* NULL: say nothing */
	int root;		  /* of dir */
	int (*before_change)(void *data); /* or NULL; see output.h */
	void *data;
};

enum disk_kind {
	DISK_NONE,
	DISK_FILE,
	DISK_FOLDER,
	DISK_OTHER,   /* a link, a socket, ... */
	DISK_BLOCKED, /* one of the folders it would be in is none */
};

/* Whether path stays below the folder whatever the disk holds. */
bool disk_is_below(const char *path);

/* Close all that is open, the root too. */
void disk_close(const struct disk *disk);

/* Those that return bool print why and return false on failure. */
bool disk_fail(const struct disk *disk, const char *path, const char *why);

enum disk_kind disk_kind(const struct disk *disk, const char *path);

/* The text of a file; NULL with errno when there is none. */
const char *disk_read(const struct disk *disk, const char *path, size_t *len);

/* Whether path is a file with just this text. On false errno is ENOENT only
 * if nothing is there. */
bool disk_holds(const struct disk *disk, const char *path, const char *text,
		size_t len);

/* Whether a folder holds nothing but what ours says yes to and folders of
 * such: removing those files leaves it empty or removable. */
bool disk_folder_is(const struct disk *disk, const char *path,
		    bool (*ours)(const void *data, const char *path),
		    const void *data);

/* Remove all that is in a folder. */
void disk_empty_folder(const struct disk *disk, const char *path);

/* The folders that path is in. */
bool disk_make_folders(const struct disk *disk, const char *path);

/* A folder in one that is there; fine when it is there already. */
bool disk_make_folder(const struct disk *disk, const char *path);

/* Whether a rename to path, or its removal, is likely to work. */
bool disk_may_change(const struct disk *disk, const char *path);

/* A file that does not exist yet. */
bool disk_create(const struct disk *disk, const char *path, const char *text,
		 size_t len, bool sync);

/* from is one of our own. Sets errno on false. */
bool disk_rename(const struct disk *disk, const char *from, const char *to);

/* The same for a folder; to may be an empty one. */
bool disk_rename_folder(const struct disk *disk, const char *from,
			const char *to);

/* What is not there is removed already. */
bool disk_remove(const struct disk *disk, const char *path);

/* Remove the folders that path was in, from the inmost, up to one in use. */
void disk_prune(const struct disk *disk, const char *path);
void disk_remove_folder(const struct disk *disk, const char *path);

/* Create path or give it the time of now. */
bool disk_touch(const struct disk *disk, const char *path);

/* Wait until this process holds path. The lock goes with the descriptor. */
int disk_lock(const struct disk *disk, const char *path);

/*
 * One change of a journal: a file in DISK_NEW to put in place, a removal, or a
 * folder in DISK_NEW to put in place with all that is in it.
 */
struct change {
	const char *path;
	const char *text; /* of a file that is new in this run, or NULL */
	size_t len;
	const char *hash; /* of text, from base/hash.h; NULL: no file */
	bool folder;
	size_t within; /* the number of the folder it comes with, plus 1; or 0
			*/
};

struct disk_paths {
	LIST(const char *) list;
};

struct journal {
	LIST(struct change) changes; /* removals first */
};

/*
 * Write the new files and the journal, then make the changes, which are
 * removals and files: what folders to put in place is found out here.
 */
bool journal_commit(const struct disk *disk, const struct journal *changes);

/*
 * Finish what a journal on the disk began; true when there is none, too.
 * paths gets every file that it names.
 */
bool journal_recover(const struct disk *disk, struct disk_paths *paths);

#endif
