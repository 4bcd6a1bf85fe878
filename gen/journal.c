/* SPDX-License-Identifier: MIT */
/*
 * A journal is lines: "put SHA256 PATH" for the file DISK_NEW/N, where N
 * counts the lines from 0, or "remove PATH"; then "end". It is complete from
 * the moment it has its name: kill -9 before that leaves all of the old
 * files, after that the next run makes all of the changes again, those that
 * were made already being no work.
 */
#include "disk.h"

#include "base/sha256.h"

#include <errno.h>
#include <string.h>

#define UNFINISHED DISK_JOURNAL ".part"

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
			buf_printf(&text, "put %s %s\n", change->sha256,
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

		if (!strncmp(text, "put ", 4) && len > 69 && text[68] == ' ') {
			change.sha256 =
				arena_strndup(disk->arena, text + 4, 64);
			change.path =
				arena_strndup(disk->arena, text + 69, len - 69);
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

/* Remove everything, then put everything: a folder may become a file. */
static bool apply(const struct disk *disk, const struct journal *journal)
{
	for (size_t i = 0; i < journal->changes.count; i++) {
		const struct change *change = &journal->changes.items[i];

		enum disk_kind kind = disk_kind(disk, change->path);

		if (change->sha256)
			continue;
		if ((kind == DISK_FILE || kind == DISK_OTHER) &&
		    !disk_remove(disk, change->path))
			return false;
		disk_prune(disk, change->path);
	}
	for (size_t i = 0; i < journal->changes.count; i++) {
		const struct change *change = &journal->changes.items[i];
		const char *from = new_path(disk, i);

		if (!change->sha256 || disk_kind(disk, from) == DISK_NONE)
			continue;
		if (disk_kind(disk, change->path) == DISK_FOLDER)
			disk_remove_folder(disk, change->path);
		if (!disk_make_folders(disk, change->path, NULL) ||
		    !disk_rename(disk, from, change->path))
			return false;
	}
	return true;
}

/* Take back what was written before the journal had its name. */
static bool give_up(const struct disk *disk, const struct journal *journal,
		    const struct disk_paths *made)
{
	struct disk quiet = *disk;

	quiet.err = NULL;
	disk_remove(&quiet, UNFINISHED);
	for (size_t i = 0; i < journal->changes.count; i++)
		disk_remove(&quiet, new_path(disk, i));
	disk_remove_folder(&quiet, DISK_NEW);
	for (size_t i = made->list.count; i-- > 0;)
		disk_remove_folder(&quiet, made->list.items[i]);
	return false;
}

/* All that can fail before the journal has its name. */
static bool prepare(const struct disk *disk, const struct change *change,
		    const char *new_path, struct disk_paths *made)
{
	if (change->text &&
	    !disk_create(disk, new_path, change->text, change->len, false))
		return false;
	/* A file of ours that will go stands where a folder has to be. */
	if (disk_kind(disk, change->path) == DISK_BLOCKED)
		return true;
	return disk_make_folders(disk, change->path, made) &&
	       disk_may_change(disk, change->path);
}

bool journal_commit(const struct disk *disk, const struct journal *journal)
{
	struct disk_paths made = { 0 };
	const char *text;
	size_t len;

	disk_remove(disk, UNFINISHED);
	if (!disk_make_folders(disk, DISK_NEW "/", NULL))
		return false;
	disk_empty_folder(disk, DISK_NEW);
	for (size_t i = 0; i < journal->changes.count; i++) {
		const struct change *change = &journal->changes.items[i];

		if (!prepare(disk, change, new_path(disk, i), &made))
			return give_up(disk, journal, &made);
	}
	text = print_journal(disk, journal, &len);
	if (!disk_create(disk, UNFINISHED, text, len, true) ||
	    !disk_rename(disk, UNFINISHED, DISK_JOURNAL))
		return give_up(disk, journal, &made);
	if (!apply(disk, journal) || !disk_remove(disk, DISK_JOURNAL))
		return false;
	disk_remove_folder(disk, DISK_NEW);
	return true;
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

		if (!journal->changes.items[i].sha256 ||
		    disk_kind(disk, path) == DISK_NONE)
			continue;
		text = disk_read(disk, path, &len);
		if (text && !strcmp(sha256_hex(disk->arena, text, len),
				    journal->changes.items[i].sha256))
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

	if (!text && errno == ENOENT)
		return true;
	if (!text)
		return disk_fail(disk, DISK_JOURNAL, strerror(errno));
	if (parse_journal(disk, text, &journal)) {
		if (!drop_torn_files(disk, &journal) || !apply(disk, &journal))
			return false;
		for (size_t i = 0; i < journal.changes.count; i++)
			*LIST_ADD(disk->arena, &paths->list) =
				journal.changes.items[i].path;
	}
	return disk_remove(disk, DISK_JOURNAL);
}
