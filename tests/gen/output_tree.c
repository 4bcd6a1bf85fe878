/* SPDX-License-Identifier: MIT */
#include "output_tree.h"

#include "base/buf.h"
#include "unit.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct arena arena;
char root[64];

/* In memory where that can be had: each run syncs its journal. */
int start(void **state)
{
	const bool memory = access("/dev/shm", W_OK | X_OK) == 0;

	(void)state;
	strcpy(root, memory ? "/dev/shm/wsgen-output-XXXXXX"
			    : "/tmp/wsgen-output-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

const char *below(const char *path)
{
	return arena_printf(&arena, "%s/%s", root, path);
}

void empty(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		const char *inner =
			arena_printf(&arena, "%s/%s", path, entry->d_name);

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (unlink(inner) < 0) {
			empty(inner);
			rmdir(inner);
		}
	}
	if (folder)
		closedir(folder);
}

int stop(void **state)
{
	(void)state;
	empty(root);
	arena_release(&arena);
	return rmdir(root);
}

static void make_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

void make_tree(const char *dir, const char *tree)
{
	mkdir(dir, 0777);
	for (; *tree; tree += strcspn(tree, "\n"), tree += *tree == '\n') {
		char *line = arena_strndup(&arena, tree, strcspn(tree, "\n"));
		char *path = arena_printf(&arena, "%s/%s", dir,
					  line + (*line == '-'));
		char *cut;

		for (cut = path + strlen(dir) + 1;
		     *cut && *cut != '=' && strncmp(cut, "->", 2) != 0; cut++) {
			if (*cut != '/')
				continue;
			*cut = '\0';
			mkdir(path, 0777);
			*cut = '/';
		}
		if (*line == '-') {
			remove(path);
		} else if ((cut = strstr(path, "->"))) {
			*cut = '\0';
			assert_int_equal(symlink(cut + 2, path), 0);
		} else if ((cut = strchr(path, '='))) {
			*cut = '\0';
			make_file(path, cut + 1);
		}
	}
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_entry(struct buf *out, const char *dir, const char *name)
{
	const char *path = arena_printf(&arena, "%s/%s", dir, name);
	char text[4096] = { 0 };
	struct stat info;
	ssize_t len;
	FILE *file;

	assert_int_equal(lstat(path, &info), 0);
	if (S_ISLNK(info.st_mode)) {
		len = readlink(path, text, sizeof(text) - 1);
		assert_true(len > 0);
		buf_printf(out, "%s->%s\n", name, text);
		return;
	}
	file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	buf_printf(out, "%s=%s\n", name, text);
}

static void list_tree(struct buf *out, const char *dir, const char *prefix)
{
	LIST(const char *) names = { 0 };
	DIR *folder = opendir(arena_printf(&arena, "%s/%s", dir, prefix));
	struct dirent *entry;

	assert_non_null(folder);
	while ((entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    strcmp(entry->d_name, ".wsgen") != 0)
			*LIST_ADD(&arena, &names) = arena_printf(
				&arena, "%s%s", prefix, entry->d_name);
	closedir(folder);
	if (names.count)
		qsort(names.items, names.count, sizeof(*names.items),
		      compare_names);
	else if (*prefix)
		buf_printf(out, "%s\n", prefix);
	for (size_t i = 0; i < names.count; i++) {
		struct stat info;
		const char *path =
			arena_printf(&arena, "%s/%s", dir, names.items[i]);

		assert_int_equal(lstat(path, &info), 0);
		if (S_ISDIR(info.st_mode))
			list_tree(out, dir,
				  arena_printf(&arena, "%s/", names.items[i]));
		else
			add_entry(out, dir, names.items[i]);
	}
}

const char *tree_of(const char *dir)
{
	struct buf out;

	buf_init(&out, &arena);
	list_tree(&out, dir, "");
	return out.text;
}

void fill(struct output *output, const char *tree)
{
	output_init(output, &arena);
	for (; *tree; tree += strcspn(tree, "\n"), tree += *tree == '\n') {
		char *line = arena_strndup(&arena, tree, strcspn(tree, "\n"));
		char *text = strchr(line, '=');

		*text++ = '\0';
		output_add(output, line, text, strlen(text));
	}
}

const char *write_tree(const char *dir, const char *tree)
{
	struct output output;
	char *text = NULL;
	size_t len = 0;
	FILE *err = open_memstream(&text, &len);
	const char *said;
	bool done;

	fill(&output, tree);
	done = output_write(&output, dir, err);
	fclose(err);
	assert_int_equal(done, len == 0);
	said = done ? NULL : arena_strdup(&arena, text);
	free(text);
	return said;
}

bool exists(const char *path)
{
	struct stat info;

	return lstat(path, &info) == 0;
}
