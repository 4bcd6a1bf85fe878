/* SPDX-License-Identifier: MIT */
#include "read/include.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#define WILDCARDS "*?["

/* The pattern seen from here. Only what the spec wrote can match many. */
static const char *rooted(struct arena *arena, const char *from,
			  const char *pattern)
{
	const char *slash = strrchr(from, '/');
	struct buf path;

	while (pattern[0] == '.' && pattern[1] == '/')
		pattern += 2;
	if (*pattern == '/' || !slash)
		return pattern;
	buf_init(&path, arena);
	for (; from <= slash; from++) {
		if (strchr(WILDCARDS "\\", *from))
			buf_char(&path, '\\');
		buf_char(&path, *from);
	}
	buf_add(&path, pattern);
	return path.text;
}

static bool is_wild(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\')
			i++;
		else if (strchr(WILDCARDS, text[i]))
			return true;
	}
	return false;
}

static void add_dir(struct arena *arena, struct read_inputs *inputs,
		    const char *dir, size_t len)
{
	const char *path = arena_strndup(arena, dir, len);

	for (size_t i = 0; i < inputs->dirs.count; i++)
		if (!strcmp(inputs->dirs.items[i], path))
			return;
	*LIST_ADD(arena, &inputs->dirs) = path;
}

/* The folders that match the first len bytes of a pattern, a '/' the last. */
static void add_dirs(struct arena *arena, struct read_inputs *inputs,
		     const char *pattern, size_t len)
{
	glob_t found = { 0 };

	if (len <= 1) {
		add_dir(arena, inputs, len ? "/" : ".", 1);
		return;
	}
	if (!glob(arena_strndup(arena, pattern, len), 0, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			add_dir(arena, inputs, found.gl_pathv[i],
				strlen(found.gl_pathv[i]) - 1);
	globfree(&found);
}

/* Each part with a wildcard was looked for in what the parts before it are. */
static void add_searched(struct arena *arena, struct read_inputs *inputs,
			 const char *pattern)
{
	size_t start = 0, len;

	for (;; start += len + 1) {
		len = strcspn(pattern + start, "/");
		if (is_wild(pattern + start, len))
			add_dirs(arena, inputs, pattern, start);
		if (!pattern[start + len])
			return;
	}
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool include_find(struct arena *arena, struct diag *diag, const char *from,
		  const struct doc *pattern, struct read_inputs *inputs,
		  struct include_paths *paths)
{
	const char *path;
	glob_t found = { 0 };
	int result;

	if (pattern->kind != DOC_STRING || !*pattern->text) {
		diag_error(diag, pattern->loc,
			   "'include' takes the path of a file, or a list of "
			   "paths; '*' stands for any name");
		return false;
	}
	if (strstr(pattern->text, "**")) {
		diag_error(diag, pattern->loc,
			   "'**' is not known here: '*' stands for one name, "
			   "as in 'routes/*/*.yaml'");
		return false;
	}
	path = rooted(arena, from, pattern->text);
	add_searched(arena, inputs, path);
	errno = 0;
	result = glob(path, GLOB_ERR | GLOB_NOSORT, NULL, &found);
	if (result == GLOB_ABORTED && errno != ENOENT) {
		diag_error(diag, pattern->loc, "cannot look for '%s': %s",
			   pattern->text, strerror(errno));
		inputs->failed = true;
	} else if (result) {
		diag_error(diag, pattern->loc, "no file matches '%s'",
			   pattern->text);
	}
	for (size_t i = 0; !result && i < found.gl_pathc; i++)
		*LIST_ADD(arena, &paths->paths) =
			arena_strdup(arena, found.gl_pathv[i]);
	globfree(&found);
	if (paths->paths.count)
		qsort(paths->paths.items, paths->paths.count,
		      sizeof(*paths->paths.items), by_bytes);
	return !result;
}
