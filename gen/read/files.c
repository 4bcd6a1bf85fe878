/* SPDX-License-Identifier: MIT */
#include "read/files.h"

#include "read/include.h"
#include "read/merge.h"
#include "read/yaml.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FIRST_READ (64 * 1024) /* of what does not tell its size */

/* One that was reached, by the command line or an include. */
struct file {
	const char *path;
	struct loc from; /* the include, or no place */
	const struct file *parent;
	bool is_open; /* its includes are still being read */
	int depth;
};

struct files {
	struct arena *arena;
	struct diag *diag;
	struct read_inputs *inputs;
	struct map known; /* "device:inode" to struct file */
	struct merge merge;
};

static bool fail(struct files *files, const struct file *file, int error)
{
	diag_error(files->diag, file->from, "cannot read '%s': %s", file->path,
		   strerror(error));
	files->inputs->failed = true;
	return false;
}

/* All of a stream as a source. Returns 0 after an error. */
static uint16_t load(struct files *files, const struct file *file, FILE *in,
		     const struct stat *info)
{
	bool has_size = S_ISREG(info->st_mode) && info->st_size > 0 &&
			info->st_size <= READ_MAX_SIZE;
	size_t room = has_size ? (size_t)info->st_size + 1 : FIRST_READ;
	size_t len = 0, got;
	char *text = arena_alloc(files->arena, room + 1);

	while ((got = fread(text + len, 1, room - len, in)) > 0) {
		char *more;

		len += got;
		if (len > READ_MAX_SIZE) {
			diag_error(files->diag, file->from,
				   "'%s' is larger than %d MB", file->path,
				   READ_MAX_SIZE / 1024 / 1024);
			return 0;
		}
		if (len < room)
			continue;
		room *= 2;
		more = arena_alloc(files->arena, room + 1);
		memcpy(more, text, len);
		text = more;
	}
	if (ferror(in)) {
		fail(files, file, errno);
		return 0;
	}
	if (in != stdin)
		*LIST_ADD(files->arena, &files->inputs->files) = file->path;
	return diag_source(files->diag, in == stdin ? "<stdin>" : file->path,
			   text, len);
}

static void refuse_cycle(struct files *files, const struct file *file)
{
	diag_error(files->diag, file->from, "'%s' includes itself", file->path);
	for (file = file->parent; file && file->from.source;
	     file = file->parent)
		diag_note(files->diag, file->from, "'%s' is included here",
			  file->path);
}

/*
 * True when the file is to be read now: not one that was read before, under
 * whatever name, and not one that is being read.
 */
static bool is_new(struct files *files, struct file *file,
		   const struct stat *info)
{
	char *identity = arena_printf(files->arena, "%llu:%llu",
				      (unsigned long long)info->st_dev,
				      (unsigned long long)info->st_ino);
	const struct file *same = map_put(&files->known, identity, file);

	if (same) {
		if (same->is_open)
			refuse_cycle(files, file);
		return false;
	}
	if (files->known.count > READ_MAX_FILES) {
		diag_error(files->diag, file->from, "more than %d files",
			   READ_MAX_FILES);
		return false;
	}
	if (file->depth > READ_MAX_INCLUDES) {
		diag_error(files->diag, file->from,
			   "includes are nested more than %d deep",
			   READ_MAX_INCLUDES);
		return false;
	}
	return true;
}

/* The source of a file that is to be read now, or 0. */
static uint16_t open_file(struct files *files, struct file *file)
{
	bool is_stdin = !file->parent && !strcmp(file->path, "-");
	FILE *in = is_stdin ? stdin : fopen(file->path, "rb");
	uint16_t source = 0;
	struct stat info;

	if (!in) {
		fail(files, file, errno);
		return 0;
	}
	if (fstat(fileno(in), &info))
		fail(files, file, errno);
	else if (is_new(files, file, &info))
		source = load(files, file, in, &info);
	if (!is_stdin)
		fclose(in);
	return source;
}

static void read_file(struct files *files, struct file *file);

static void read_pattern(struct files *files, const struct file *from,
			 const struct doc *pattern)
{
	struct include_paths found = { 0 };

	if (!include_find(files->arena, files->diag, from->path, pattern,
			  files->inputs, &found))
		return;
	for (size_t i = 0; i < found.paths.count; i++) {
		struct file *file = ARENA_NEW(files->arena, struct file);

		*file = (struct file){ .path = found.paths.items[i],
				       .from = pattern->loc,
				       .parent = from,
				       .depth = from->depth + 1 };
		read_file(files, file);
	}
}

/* The file's own keys come first, then those of what it includes. */
static void merge_file(struct files *files, const struct file *file,
		       const struct doc *doc)
{
	const struct doc *include = doc_get(doc, "include");

	for (size_t i = 0; i < doc->count; i++) {
		const struct doc_member *member = &doc->members[i];

		if (!strcmp(member->key, "include"))
			continue;
		if (file->parent && !strcmp(member->key, "name"))
			diag_error(files->diag, member->key_loc,
				   "'name' is the main file's: one that is "
				   "included has none");
		else
			merge_member(&files->merge, member);
	}
	if (!include || include->kind == DOC_NULL)
		return;
	if (include->kind != DOC_LIST)
		read_pattern(files, file, include);
	else
		for (size_t i = 0; i < include->count; i++)
			read_pattern(files, file, include->items[i]);
}

static void read_file(struct files *files, struct file *file)
{
	uint16_t source = open_file(files, file);
	const struct doc *doc;

	if (!source)
		return;
	doc = read_yaml(files->arena, files->diag, source);
	if (!doc)
		return;
	if (!files->merge.root->loc.source)
		files->merge.root->loc = doc->loc;
	file->is_open = true;
	if (doc->kind == DOC_MAP)
		merge_file(files, file, doc);
	else if (doc->kind != DOC_NULL)
		diag_error(files->diag, doc->loc,
			   "a spec is a mapping, as in 'name: chat'");
	else if (!file->parent)
		diag_error(files->diag, doc->loc,
			   "an empty spec: it starts with 'name: ...'");
	file->is_open = false;
}

struct doc *read_files(struct arena *arena, struct diag *diag,
		       const char *const *paths, size_t count,
		       struct read_inputs *inputs)
{
	struct files files = { .arena = arena,
			       .diag = diag,
			       .inputs = inputs,
			       .known = { .arena = arena } };
	size_t errors = diag->errors;

	merge_init(&files.merge, arena, diag);
	for (size_t i = 0; i < count; i++) {
		struct file *file = ARENA_NEW(arena, struct file);

		file->path = paths[i];
		read_file(&files, file);
	}
	return diag->errors == errors ? files.merge.root : NULL;
}

const struct doc *read_one_file(struct arena *arena, struct diag *diag,
				const char *path, struct loc from,
				struct read_inputs *inputs)
{
	struct files files = { .arena = arena,
			       .diag = diag,
			       .inputs = inputs,
			       .known = { .arena = arena } };
	/* Its parent only says that "-" is a name here, not standard input. */
	const struct file parent = { 0 };
	struct file file = { .path = path, .from = from, .parent = &parent };
	size_t known = inputs->files.count;
	uint16_t source = open_file(&files, &file);

	for (size_t i = 0; i < known && inputs->files.count > known; i++)
		if (!strcmp(inputs->files.items[i], path))
			inputs->files.count = known;
	return source ? read_yaml(arena, diag, source) : NULL;
}
