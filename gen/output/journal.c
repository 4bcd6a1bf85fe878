/* SPDX-License-Identifier: MIT */
/*
 * A journal is lines: "put HASH PATH" for the file DISK_NEW/N, where N counts
 * the lines from 0; "remove PATH"; "folder PATH" for the folder DISK_NEW/N,
 * which goes where none is, and after it "with HASH PATH" for each file in
 * it; then "end". It is complete from the moment it has its name: kill -9
 * before that leaves all of the old files, after that the next run makes all
 * of the changes again, those that were made already being no work.
 * DISK_NEW/folders lists, before any is made, the paths that folders are made
 * for in their places.
 */
#include "disk.h"

#include "../base/hash.h"
#include "../base/map.h"

#include <errno.h>
#include <string.h>

#define UNFINISHED DISK_JOURNAL ".part"
#define FOLDERS DISK_NEW "/folders"

static const char *new_path(const struct disk *disk, size_t number)
{
	return arena_printf(disk->arena, "%s/%zu", DISK_NEW, number);
}

/* Where the file or folder of a change is until it is put in place. */
static const char *place_of(const struct disk *disk,
			    const struct journal *journal, size_t number)
{
	const struct change *change = &journal->changes.items[number];
	const struct change *folder;

	if (!change->within)
		return new_path(disk, number);
	folder = &journal->changes.items[change->within - 1];
	return arena_printf(disk->arena, "%s/%zu%s", DISK_NEW,
			    change->within - 1,
			    change->path + strlen(folder->path));
}

static const char *print_journal(const struct disk *disk,
				 const struct journal *journal, size_t *len)
{
	struct buf text;

	buf_init(&text, disk->arena);
	for (size_t i = 0; i < journal->changes.count; i++) {
		const struct change *change = &journal->changes.items[i];

		buf_add(&text, change->folder	? "folder "
			       : !change->hash	? "remove "
			       : change->within ? "with "
						: "put ");
		if (change->hash) {
			buf_add(&text, change->hash);
			buf_char(&text, ' ');
		}
		buf_add(&text, change->path);
		buf_char(&text, '\n');
	}
	buf_add(&text, "end\n");
	*len = text.len;
	return text.text;
}

/* The line at text, if it begins with the word: what is behind that. */
static const char *after_word(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) ? NULL : text + strlen(word);
}

static bool is_in(const char *path, const char *folder)
{
	const char *rest = after_word(path, folder);

	return rest && *rest == '/';
}

/* A line of a journal; without a path when it is none. */
static struct change parse_line(const struct disk *disk,
				const struct journal *journal, size_t folder,
				const char *text, size_t len)
{
	const struct change none = { 0 };
	struct change change = { 0 };
	const char *end = text + len, *at;

	if ((at = after_word(text, "folder "))) {
		change.folder = true;
	} else if (!(at = after_word(text, "remove "))) {
		at = after_word(text, "put ");
		if (!at && (at = after_word(text, "with ")))
			change.within = folder;
		if (!at || end - at <= HASH_HEX_LEN || at[HASH_HEX_LEN] != ' ')
			return none;
		change.hash = arena_strndup(disk->arena, at, HASH_HEX_LEN);
		at += HASH_HEX_LEN + 1;
	}
	change.path = arena_strndup(disk->arena, at, (size_t)(end - at));
	if (*text == 'w' &&
	    (!folder ||
	     !is_in(change.path, journal->changes.items[folder - 1].path)))
		return none;
	return change;
}

/* The journal as it was printed, without texts; false when it is no such. */
static bool parse_journal(const struct disk *disk, const char *text,
			  struct journal *journal)
{
	size_t folder = 0;

	while (strcmp(text, "end\n") != 0) {
		size_t len = strcspn(text, "\n");
		struct change change =
			parse_line(disk, journal, folder, text, len);

		if (!change.path || !text[len] || !disk_is_below(change.path))
			return false;
		*LIST_ADD(disk->arena, &journal->changes) = change;
		if (change.folder)
			folder = journal->changes.count;
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

/* A new file, unless an earlier run has put it in place. */
static bool put_file(const struct disk *disk, const struct journal *journal,
		     size_t number)
{
	const struct change *change = &journal->changes.items[number];
	const char *from = place_of(disk, journal, number);

	return (!change->text && disk_kind(disk, from) == DISK_NONE) ||
	       put(disk, from, change->path);
}

/* Where something stands in its place by now, its files go one by one. */
static bool put_folder(const struct disk *disk, const struct journal *journal,
		       size_t number)
{
	const struct change *changes = journal->changes.items;
	const char *from = new_path(disk, number);
	const char *path = changes[number].path;
	struct disk quiet = *disk;

	quiet.err = NULL;
	if (disk_kind(disk, from) == DISK_NONE)
		return true; /* an earlier run has */
	if (disk_rename_folder(&quiet, from, path))
		return true;
	if (errno == ENOENT && disk_make_folders(disk, path) &&
	    disk_rename_folder(&quiet, from, path))
		return true;
	for (size_t i = number + 1;
	     i < journal->changes.count && changes[i].within; i++)
		if (disk_kind(disk, place_of(disk, journal, i)) != DISK_NONE &&
		    !put_file(disk, journal, i))
			return false;
	return true;
}

/* Remove everything, then put everything: a folder may become a file. */
static bool apply(const struct disk *disk, const struct journal *journal)
{
	for (size_t i = 0; i < journal->changes.count; i++) {
		const struct change *change = &journal->changes.items[i];
		enum disk_kind kind;

		if (change->hash || change->folder)
			continue;
		kind = disk_kind(disk, change->path);
		if ((kind == DISK_FILE || kind == DISK_OTHER) &&
		    !disk_remove(disk, change->path))
			return false;
		disk_prune(disk, change->path);
	}
	for (size_t i = 0; i < journal->changes.count; i++) {
		const struct change *change = &journal->changes.items[i];

		if (change->folder ? !put_folder(disk, journal, i)
				   : change->hash && !change->within &&
					     !put_file(disk, journal, i))
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

		if (change->text && !change->within &&
		    strchr(change->path, '/') &&
		    disk_kind(disk, change->path) == DISK_NONE)
			buf_printf(&text, "%s\n", change->path);
	}
	return !text.len ||
	       disk_create(disk, FOLDERS, text.text, text.len, false);
}

/* A folder that is put in place whole, with the files in it. */
struct group {
	const char *path;
	LIST(const struct change *) files;
};

/* What write_journal knows. */
struct writing {
	const struct disk *disk;
	struct journal *journal;
	struct map folders; /* a struct group; this, where no new one goes */
	LIST(struct group *) groups;
	struct map made; /* folders below DISK_NEW */
};

/* The outermost folder that path is in and that is not there, or NULL. */
static struct group *group_of(struct writing *w, const char *path)
{
	struct arena *arena = w->disk->arena;

	for (const char *slash = path; (slash = strchr(slash, '/')); slash++) {
		const size_t len = (size_t)(slash - path);
		void *known = map_get_n(&w->folders, path, len);
		struct group *group;
		char *folder;

		if (known == w)
			continue;
		if (known)
			return known;
		folder = arena_strndup(arena, path, len);
		if (disk_kind(w->disk, folder) != DISK_NONE) {
			map_put(&w->folders, folder, w);
			continue;
		}
		group = ARENA_NEW(arena, struct group);
		group->path = folder;
		map_put(&w->folders, folder, group);
		*LIST_ADD(arena, &w->groups) = group;
		return group;
	}
	return NULL;
}

/* The changes that were asked for, with files of new folders behind them. */
static void group_changes(struct writing *w, const struct journal *changes)
{
	struct arena *arena = w->disk->arena;

	for (size_t i = 0; i < changes->changes.count; i++) {
		const struct change *change = &changes->changes.items[i];
		struct group *group =
			change->text ? group_of(w, change->path) : NULL;

		if (group)
			*LIST_ADD(arena, &group->files) = change;
		else
			*LIST_ADD(arena, &w->journal->changes) = *change;
	}
	for (size_t g = 0; g < w->groups.count; g++) {
		const struct group *group = w->groups.items[g];
		size_t folder;

		*LIST_ADD(arena, &w->journal->changes) =
			(struct change){ .path = group->path, .folder = true };
		folder = w->journal->changes.count;
		for (size_t i = 0; i < group->files.count; i++) {
			struct change *change =
				LIST_ADD(arena, &w->journal->changes);

			*change = *group->files.items[i];
			change->within = folder;
		}
	}
}

/* The folders of a file below DISK_NEW, which only this run makes. */
static bool make_new_folders(struct writing *w, const char *path)
{
	for (const char *slash = path + strlen(DISK_NEW "/");
	     (slash = strchr(slash, '/')); slash++) {
		const size_t len = (size_t)(slash - path);
		char *folder;

		if (map_get_n(&w->made, path, len))
			continue;
		folder = arena_strndup(w->disk->arena, path, len);
		map_put(&w->made, folder, w);
		if (!disk_make_folder(w->disk, folder))
			return false;
	}
	return true;
}

/* All that can fail before the journal has its name. */
static bool prepare(struct writing *w, size_t number, struct map *folders)
{
	const struct disk *disk = w->disk;
	const struct change *change = &w->journal->changes.items[number];
	const char *place = place_of(disk, w->journal, number);
	const char *slash = strrchr(change->path, '/');
	const size_t len = slash ? (size_t)(slash - change->path) : 0;

	if (change->text &&
	    !(make_new_folders(w, place) &&
	      disk_create(disk, place, change->text, change->len, false)))
		return false;
	if (change->within || map_put_n(folders, change->path, len, folders))
		return true; /* seen to already */
	/* A file of ours that will go stands where a folder has to be. */
	if (disk_kind(disk, change->path) == DISK_BLOCKED)
		return true;
	return disk_make_folders(disk, change->path) &&
	       disk_may_change(disk, change->path);
}

/* journal: empty, for what is written. */
static bool write_journal(const struct disk *disk,
			  const struct journal *changes,
			  struct journal *journal)
{
	struct writing w = { .disk = disk,
			     .journal = journal,
			     .folders = { .arena = disk->arena },
			     .made = { .arena = disk->arena } };
	struct map folders = { .arena = disk->arena };
	const char *text;
	size_t len;

	group_changes(&w, changes);
	if (!disk_make_folders(disk, FOLDERS) || !list_folders(disk, journal))
		return false;
	for (size_t i = 0; i < journal->changes.count; i++)
		if (!prepare(&w, i, &folders))
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

bool journal_commit(const struct disk *disk, const struct journal *changes)
{
	struct journal journal = { 0 };

	if (!write_journal(disk, changes, &journal)) {
		clean_up(disk);
		return false;
	}
	return apply(disk, &journal) && finish(disk);
}

/*
 * New files are not synced: when the power went, those that are not what
 * the journal says are dropped, and the run that follows makes them anew.
 */
static bool drop_torn_files(const struct disk *disk,
			    const struct journal *journal)
{
	for (size_t i = 0; i < journal->changes.count; i++) {
		const char *path = place_of(disk, journal, i), *text;
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
			if (!journal.changes.items[i].folder)
				*LIST_ADD(disk->arena, &paths->list) =
					journal.changes.items[i].path;
	}
	return finish(disk);
}
