/* SPDX-License-Identifier: MIT */
/*
 * A journal is lines: "put SHA256 PATH" for the file DISK_NEW/N, where N
 * counts the lines from 0, or "remove PATH"; then "end". It is complete from
 * the moment it has its name: kill -9 before that leaves all of the old
 * files, after that the next run makes all of the changes again, those that
 * were made already being no work. DISK_NEW/folders lists, before any is
 * made, the paths that folders are made for.
 */
#include "disk.h"

#include "../base/hash.h"
#include "../base/map.h"

#include <errno.h>
#include <string.h>

#define UNFINISHED DISK_JOURNAL ".part"
#define FOLDERS DISK_NEW "/folders"
#define PUT_PATH (4 + HASH_HEX_LEN + 1) /* in "put HASH PATH" */

static const char *new_path(const struct disk *disk, size_t number)
{
	return arena_printf(disk->arena, "%s/%zu", DISK_NEW, number);
}

static const char *print_journal(const struct disk *disk,
				 const struct journal *journal, size_t *len)
{
	struct buf text;

	buf_init(&text, disk->arena);
	for (size_t i = 0; i < journal->changes.count; i++) {
		const struct change *change = &journal->changes.items[i];

		if (change->text)
			buf_printf(&text, "put %s %s\n", change->hash,
				   change->path);
		else
			buf_printf(&text, "remove %s\n", change->path);
	}
	buf_add(&text, "end\n");
	*len = text.len;
	return text.text;
}

/* The journal as it was printed, without texts; false when it is no such. */
static bool parse_journal(const struct disk *disk, const char *text,
			  struct journal *journal)
{
	while (strcmp(text, "end\n") != 0) {
		size_t len = strcspn(text, "\n");
		struct change change = { 0 };

		if (!strncmp(text, "put ", 4) && len > PUT_PATH &&
		    text[PUT_PATH - 1] == ' ') {
			change.hash = arena_strndup(disk->arena, text + 4,
						    HASH_HEX_LEN);
			change.path = arena_strndup(
				disk->arena, text + PUT_PATH, len - PUT_PATH);
		} else if (!strncmp(text, "remove ", 7)) {
			change.path =
				arena_strndup(disk->arena, text + 7, len - 7);
		}
		if (!change.path || !text[len] || !disk_is_below(change.path))
			return false;
		*LIST_ADD(disk->arena, &journal->changes) = change;
		text += len + 1;
	}
	return true;
}

/* Most go where a folder stands ready and nothing is in the way. */
static bool put(const struct disk *disk, const char *from, const char *path)
{
	struct disk quiet = *disk;

	quiet.err = NULL;
	if (disk_rename(&quiet, from, path))
		return true;
	if (errno == EISDIR)
		disk_remove_folder(disk, path);
	else if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
		return disk_fail(disk, path, strerror(errno));
	return disk_make_folders(disk, path) && disk_rename(disk, from, path);
}

/* Remove everything, then put everything: a folder may become a file. */
static bool apply(const struct disk *disk, const struct journal *journal)
{
	for (size_t i = 0; i < journal->changes.count; i++) {
		const struct change *change = &journal->changes.items[i];
		enum disk_kind kind;

		if (change->hash)
			continue;
		kind = disk_kind(disk, change->path);
		if ((kind == DISK_FILE || kind == DISK_OTHER) &&
		    !disk_remove(disk, change->path))
			return false;
		disk_prune(disk, change->path);
	}
	for (size_t i = 0; i < journal->changes.count; i++) {
		const struct change *change = &journal->changes.items[i];
		const char *from = new_path(disk, i);

		/* Without a text it is an earlier run's, and may be done. */
		if (!change->hash ||
		    (!change->text && disk_kind(disk, from) == DISK_NONE))
			continue;
		if (!put(disk, from, change->path))
			return false;
	}
	return true;
}

/* Take back what was written before the journal had its name. */
static void clean_up(const struct disk *disk)
{
	struct disk quiet = *disk;
	size_t len = 0;
	const char *path;

	if (disk_kind(disk, DISK_NEW) == DISK_NONE)
		return;
	quiet.err = NULL;
	path = disk_read(&quiet, FOLDERS, &len);
	while (path && *path) {
		len = strcspn(path, "\n");
		disk_prune(&quiet, arena_strndup(disk->arena, path, len));
		path += len + (path[len] == '\n');
	}
	disk_remove(&quiet, UNFINISHED);
	disk_empty_folder(&quiet, DISK_NEW);
	disk_remove_folder(&quiet, DISK_NEW);
}

/* What may need a folder, for clean_up. */
static bool list_folders(const struct disk *disk, const struct journal *journal)
{
	struct buf text;

	buf_init(&text, disk->arena);
	for (size_t i = 0; i < journal->changes.count; i++) {
		const struct change *change = &journal->changes.items[i];

		if (change->text && disk_kind(disk, change->path) == DISK_NONE)
			buf_printf(&text, "%s\n", change->path);
	}
	return !text.len ||
	       disk_create(disk, FOLDERS, text.text, text.len, false);
}

/* All that can fail before the journal has its name. */
static bool prepare(const struct disk *disk, const struct change *change,
		    const char *new_path, struct map *folders)
{
	const char *slash = strrchr(change->path, '/');
	const size_t len = slash ? (size_t)(slash - change->path) : 0;

	if (change->text &&
	    !disk_create(disk, new_path, change->text, change->len, false))
		return false;
	if (map_put_n(folders, change->path, len, folders))
		return true; /* seen to already */
	/* A file of ours that will go stands where a folder has to be. */
	if (disk_kind(disk, change->path) == DISK_BLOCKED)
		return true;
	return disk_make_folders(disk, change->path) &&
	       disk_may_change(disk, change->path);
}

static bool write_journal(const struct disk *disk,
			  const struct journal *journal)
{
	struct map folders = { .arena = disk->arena };
	const char *text;
	size_t len;

	if (!disk_make_folders(disk, FOLDERS) || !list_folders(disk, journal))
		return false;
	for (size_t i = 0; i < journal->changes.count; i++)
		if (!prepare(disk, &journal->changes.items[i],
			     new_path(disk, i), &folders))
			return false;
	text = print_journal(disk, journal, &len);
	return disk_create(disk, UNFINISHED, text, len, true) &&
	       disk_rename(disk, UNFINISHED, DISK_JOURNAL);
}

/* Once all files are in place. */
static bool finish(const struct disk *disk)
{
	struct disk quiet = *disk;

	quiet.err = NULL;
	if (!disk_remove(disk, DISK_JOURNAL))
		return false;
	disk_empty_folder(&quiet, DISK_NEW);
	disk_remove_folder(&quiet, DISK_NEW);
	return true;
}

bool journal_commit(const struct disk *disk, const struct journal *journal)
{
	if (!write_journal(disk, journal)) {
		clean_up(disk);
		return false;
	}
	return apply(disk, journal) && finish(disk);
}

/*
 * New files are not synced: when the power went, those that are not what
 * the journal says are dropped, and the run that follows makes them anew.
 */
static bool drop_torn_files(const struct disk *disk,
			    const struct journal *journal)
{
	for (size_t i = 0; i < journal->changes.count; i++) {
		const char *path = new_path(disk, i), *text;
		size_t len = 0;

		if (!journal->changes.items[i].hash ||
		    disk_kind(disk, path) == DISK_NONE)
			continue;
		text = disk_read(disk, path, &len);
		if (text && !strcmp(hash_hex(disk->arena, text, len),
				    journal->changes.items[i].hash))
			continue;
		if (!disk_remove(disk, path))
			return false;
	}
	return true;
}

bool journal_recover(const struct disk *disk, struct disk_paths *paths)
{
	struct journal journal = { 0 };
	size_t len = 0;
	const char *text = disk_read(disk, DISK_JOURNAL, &len);

	if (!text && errno == ENOENT) {
		clean_up(disk);
		return true;
	}
	if (!text)
		return disk_fail(disk, DISK_JOURNAL, strerror(errno));
	if (parse_journal(disk, text, &journal)) {
		if (!drop_torn_files(disk, &journal) || !apply(disk, &journal))
			return false;
		for (size_t i = 0; i < journal.changes.count; i++)
			*LIST_ADD(disk->arena, &paths->list) =
				journal.changes.items[i].path;
	}
	return finish(disk);
}
