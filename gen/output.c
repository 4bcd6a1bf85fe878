/* SPDX-License-Identifier: MIT */
#include "output.h"

#include "base/hash.h"
#include "base/map.h"
#include "output/disk.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What one run knows about the folder it writes to. */
struct plan_of_writes {
	const struct output *output;
	struct disk disk;
	struct map owned;	 /* by path: what earlier runs wrote */
	struct disk_paths paths; /* the same, as a list */
	const char **hashes;	 /* of each file of output */
	const char *manifest;	 /* as it is to be */
	size_t manifest_len;
	struct journal journal;
};

void output_init(struct output *output, struct arena *arena)
{
	*output = (struct output){ .arena = arena };
	output->by_path = ARENA_NEW(arena, struct map);
	output->by_path->arena = arena;
}

/* What stands in .wsgen is no output. */
static bool may_own(const char *path)
{
	return disk_is_below(path) &&
	       strncmp(path, DISK_OWN "/", strlen(DISK_OWN) + 1) != 0;
}

void output_add(struct output *output, const char *path, const char *text,
		size_t len)
{
	struct output_file file = { path, text, len };
	void *taken = map_put(output->by_path, path, output);

	assert(!taken && may_own(path));
	(void)taken;
	*LIST_ADD(output->arena, &output->files) = file;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp((*(const struct output_file *const *)a)->path,
		      (*(const struct output_file *const *)b)->path);
}

static const struct output_file **sorted(const struct output *output)
{
	const struct output_file **files = arena_alloc(
		output->arena, (output->files.count + 1) * sizeof(*files));

	for (size_t i = 0; i < output->files.count; i++)
		files[i] = &output->files.items[i];
	qsort(files, output->files.count, sizeof(*files), compare_paths);
	return files;
}

static void print_manifest(struct plan_of_writes *plan)
{
	const struct output *output = plan->output;
	const struct output_file **files = sorted(output);
	struct buf text;

	plan->hashes = arena_alloc(output->arena, (output->files.count +
						   1) * sizeof(*plan->hashes));
	buf_init(&text, output->arena);
	for (size_t i = 0; i < output->files.count; i++) {
		const char *hash =
			hash_hex(output->arena, files[i]->text, files[i]->len);

		plan->hashes[files[i] - output->files.items] = hash;
		buf_add(&text, hash);
		buf_add(&text, "  ");
		buf_add(&text, files[i]->path);
		buf_char(&text, '\n');
	}
	plan->manifest = text.text;
	plan->manifest_len = text.len;
}

static void own(struct plan_of_writes *plan, const char *path)
{
	if (may_own(path) && !map_put(&plan->owned, path, plan))
		*LIST_ADD(plan->output->arena, &plan->paths.list) = path;
}

/* Lines that are none of ours say nothing about any file. */
static void read_manifest(struct plan_of_writes *plan)
{
	size_t len = 0;
	const char *text = disk_read(&plan->disk, DISK_MANIFEST, &len);

	while (text && *text) {
		const size_t line = strcspn(text, "\n");
		const size_t path = strspn(text, "0123456789abcdef") + 2;

		if (line > path && !strncmp(text + path - 2, "  ", 2))
			own(plan, arena_strndup(plan->output->arena,
						text + path, line - path));
		text += line + (text[line] == '\n');
	}
}

/* Ours, and not to be any more: what a new folder or file may take over. */
static bool goes_away(const void *data, const char *path)
{
	const struct plan_of_writes *plan = data;

	return map_get(&plan->owned, path) &&
	       !map_get(plan->output->by_path, path);
}

/* Whether a file on path's way to the root is one that goes away. */
static bool blocker_goes_away(const struct plan_of_writes *plan,
			      const char *path)
{
	const char *slash = path;

	while ((slash = strchr(slash, '/'))) {
		const char *folder = arena_strndup(plan->output->arena, path,
						   (size_t)(slash++ - path));
		enum disk_kind kind = disk_kind(&plan->disk, folder);

		if (kind != DISK_FOLDER)
			return kind == DISK_NONE || goes_away(plan, folder);
	}
	return true;
}

static bool may_put(const struct plan_of_writes *plan, const char *path)
{
	const struct disk *disk = &plan->disk;

	switch (disk_kind(disk, path)) {
	case DISK_NONE:
		return true;
	case DISK_FILE:
	case DISK_OTHER:
		return map_get(&plan->owned, path);
	case DISK_FOLDER:
		return disk_folder_is(disk, path, goes_away, plan);
	case DISK_BLOCKED:
		return blocker_goes_away(plan, path);
	}
	return false;
}

static void plan_put(struct plan_of_writes *plan, const char *path,
		     const char *text, size_t len, const char *hash)
{
	*LIST_ADD(plan->output->arena, &plan->journal.changes) =
		(struct change){
			.path = path, .text = text, .len = len, .hash = hash
		};
}

/* Reports every file that cannot go where it has to. */
static bool plan_changes(struct plan_of_writes *plan)
{
	const struct output *output = plan->output;
	struct arena *arena = output->arena;
	bool fine = true;

	for (size_t i = 0; i < plan->paths.list.count; i++) {
		const char *path = plan->paths.list.items[i];
		enum disk_kind kind;

		if (map_get(output->by_path, path))
			continue;
		kind = disk_kind(&plan->disk, path);
		if (kind == DISK_FILE || kind == DISK_OTHER)
			LIST_ADD(arena, &plan->journal.changes)->path = path;
	}
	if (!disk_holds(&plan->disk, DISK_MANIFEST, plan->manifest,
			plan->manifest_len))
		plan_put(plan, DISK_MANIFEST, plan->manifest,
			 plan->manifest_len,
			 hash_hex(arena, plan->manifest, plan->manifest_len));
	for (size_t i = 0; i < output->files.count; i++) {
		const struct output_file *file = &output->files.items[i];

		if (disk_holds(&plan->disk, file->path, file->text, file->len))
			continue;
		if (errno == ENOENT || may_put(plan, file->path))
			plan_put(plan, file->path, file->text, file->len,
				 plan->hashes[i]);
		else
			fine = disk_fail(&plan->disk, file->path,
					 "not written by wsgen; move it away");
	}
	return fine;
}

/* dir and the folders it is in, as far as they can be made. */
static void make_dir(const struct output *output, const char *dir)
{
	char *path = arena_strdup(output->arena, dir);

	for (char *at = path; *at; at++) {
		if (*at != '/' || at == path)
			continue;
		*at = '\0';
		mkdir(path, 0777);
		*at = '/';
	}
	mkdir(path, 0777);
}

/* dir itself may be a link: it is what the user named. */
static bool open_dir(struct plan_of_writes *plan, const struct output *output,
		     const char *dir, FILE *err)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	*plan = (struct plan_of_writes){
		.output = output,
		.disk = { .arena = output->arena,
			  .cache = ARENA_NEW(output->arena, struct disk_cache),
			  .dir = arena_strndup(output->arena, dir, len),
			  .err = err,
			  .before_change = output->before_change,
			  .data = output->data },
		.owned = { .arena = output->arena },
	};
	plan->disk.root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return plan->disk.root >= 0;
}

static bool write_locked(struct plan_of_writes *plan)
{
	struct disk_paths recovered = { 0 };

	if (!journal_recover(&plan->disk, &recovered))
		return false;
	read_manifest(plan);
	for (size_t i = 0; i < recovered.list.count; i++)
		own(plan, recovered.list.items[i]);
	print_manifest(plan);
	if (!plan_changes(plan))
		return false;
	if (plan->journal.changes.count &&
	    !journal_commit(&plan->disk, &plan->journal))
		return false;
	return disk_touch(&plan->disk, DISK_OWN "/stamp");
}

bool output_write(const struct output *output, const char *dir, FILE *err)
{
	struct plan_of_writes plan;
	bool done = false;
	int lock;

	make_dir(output, dir);
	if (!open_dir(&plan, output, dir, err)) {
		fprintf(err, "wsgen: %s: %s\n", dir, strerror(errno));
		return false;
	}
	if (disk_make_folders(&plan.disk, DISK_OWN "/")) {
		lock = disk_lock(&plan.disk, DISK_OWN "/lock");
		if (lock >= 0) {
			done = write_locked(&plan);
			close(lock);
		}
	}
	disk_close(&plan.disk);
	return done;
}

static void print_stale(const struct plan_of_writes *plan, const char *path,
			const char *why, FILE *out)
{
	fprintf(out, "%s/%s: %s\n", plan->disk.dir, path, why);
}

/* Prints what differs; whether nothing does. */
static bool compare_files(const struct plan_of_writes *plan, FILE *out)
{
	const struct output_file **files = sorted(plan->output);
	bool current = true;

	for (size_t i = 0; i < plan->output->files.count; i++) {
		const struct output_file *file = files[i];

		if (disk_holds(&plan->disk, file->path, file->text, file->len))
			continue;
		current = false;
		print_stale(plan, file->path,
			    disk_kind(&plan->disk, file->path) == DISK_NONE
				    ? "missing"
				    : "stale",
			    out);
	}
	for (size_t i = 0; i < plan->paths.list.count; i++) {
		const char *path = plan->paths.list.items[i];

		if (map_get(plan->output->by_path, path) ||
		    disk_kind(&plan->disk, path) != DISK_FILE)
			continue;
		current = false;
		print_stale(plan, path, "no longer made", out);
	}
	return current;
}

bool output_is_current(const struct output *output, const char *dir, FILE *out)
{
	struct plan_of_writes plan;
	bool current;

	if (!open_dir(&plan, output, dir, NULL)) {
		fprintf(out, "%s: %s\n", dir, strerror(errno));
		return false;
	}
	read_manifest(&plan);
	current = compare_files(&plan, out);
	if (disk_kind(&plan.disk, DISK_JOURNAL) != DISK_NONE) {
		current = false;
		print_stale(&plan, DISK_JOURNAL, "an unfinished run", out);
	}
	disk_close(&plan.disk);
	return current;
}

void output_list(const struct output *output, const char *dir, FILE *out)
{
	const struct output_file **files = sorted(output);
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	for (size_t i = 0; i < output->files.count; i++)
		fprintf(out, "%.*s/%s\n", (int)len, dir, files[i]->path);
}
