/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "path.h"

#include "../base/buf.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *path_folder(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	if (slash == path)
		return "/";
	return arena_strndup(arena, path, (size_t)(slash - path));
}

const char *path_join(struct arena *arena, const char *dir, const char *name)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	if (len == 1 && dir[0] == '.')
		return name;
	if (len == 1 && dir[0] == '/')
		return arena_printf(arena, "/%s", name);
	return arena_printf(arena, "%.*s/%s", (int)len, dir, name);
}

const char *path_leaf(struct arena *arena, const char *path)
{
	size_t end = strlen(path);
	size_t start;

	while (end && path[end - 1] == '/')
		end--;
	for (start = end; start && path[start - 1] != '/';)
		start--;
	return arena_strndup(arena, path + start, end - start);
}

static const char *working_folder(struct arena *arena)
{
	for (size_t size = 256;; size *= 2) {
		char *path = arena_alloc(arena, size);

		if (getcwd(path, size))
			return path;
		if (errno != ERANGE)
			return NULL;
	}
}

/* "/a/./b//../c" to "/a/c", by its letters alone. */
static const char *tidy(struct arena *arena, const char *path)
{
	struct buf out;

	buf_init(&out, arena);
	while (*path) {
		size_t len = strcspn(path, "/");

		if (len == 2 && !memcmp(path, "..", 2)) {
			while (out.len && out.text[--out.len] != '/')
				;
			out.text[out.len] = '\0';
		} else if (len && !(len == 1 && *path == '.')) {
			buf_char(&out, '/');
			buf_add_n(&out, path, len);
		}
		path += len + (path[len] == '/');
	}
	return out.text;
}

const char *path_absolute(struct arena *arena, const char *path)
{
	const char *rest = "";
	char *real;

	if (path[0] != '/') {
		const char *here = working_folder(arena);

		if (!here)
			return NULL;
		path = arena_printf(arena, "%s/%s", here, path);
	}
	for (;;) {
		real = realpath(path, NULL);
		if (real || !strcmp(path, "/"))
			break;
		rest = arena_printf(arena, "%s/%s", path_leaf(arena, path),
				    rest);
		while (strlen(path) > 1 && path[strlen(path) - 1] == '/')
			path = arena_strndup(arena, path, strlen(path) - 1);
		path = path_folder(arena, path);
	}
	path = tidy(arena,
		    arena_printf(arena, "%s/%s", real ? real : "", rest));
	free(real);
	return path;
}

const char *path_from(struct arena *arena, const char *from, const char *to)
{
	size_t same = 0;
	struct buf out;

	from = path_absolute(arena, from);
	to = path_absolute(arena, to);
	if (!from || !to)
		return NULL;
	for (size_t i = 0;; i++) {
		bool from_ends = !from[i] || from[i] == '/';
		bool to_ends = !to[i] || to[i] == '/';

		if (from_ends && to_ends)
			same = i;
		if (!from[i] || from[i] != to[i])
			break;
	}
	buf_init(&out, arena);
	for (const char *p = from + same; *p; p++)
		if (*p == '/')
			buf_add(&out, out.len ? "/.." : "..");
	if (to[same])
		buf_printf(&out, "%s%s", out.len ? "/" : "",
			   to + same + (to[same] == '/'));
	return out.len ? out.text : ".";
}
