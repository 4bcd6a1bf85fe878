/* SPDX-License-Identifier: MIT */
#include "refs.h"

#include <string.h>

/* "a/b/" of "a/b/c", "" of "c". */
static const char *folder_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	return arena_strndup(arena, path,
			     slash ? (size_t)(slash + 1 - path) : 0);
}

/* a/./b/../c is a/c. What is left of ".." at the front stays. */
static const char *straighten(struct arena *arena, const char *path)
{
	struct buf out;
	size_t fixed = *path == '/'; /* what a ".." cannot take away */

	buf_init(&out, arena);
	if (fixed)
		buf_char(&out, '/');
	while (*path) {
		size_t len = strcspn(path, "/");

		if (len == 2 && !strncmp(path, "..", 2) && out.len > fixed) {
			while (out.len > fixed && out.text[out.len - 1] != '/')
				out.len--;
			out.len -= out.len > fixed;
			out.text[out.len] = '\0';
		} else if (len && !(len == 1 && *path == '.')) {
			if (out.len && out.text[out.len - 1] != '/')
				buf_char(&out, '/');
			buf_add_n(&out, path, len);
			if (len == 2 && !strncmp(path, "..", 2))
				fixed = out.len;
		}
		path += len;
		path += *path == '/';
	}
	return out.text;
}

static bool is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	if (!len)
		return *path != '/' && strncmp(path, "../", 3) != 0;
	return !strncmp(path, folder, len) &&
	       (folder[len - 1] == '/' || path[len] == '/');
}

const struct doc *refs_read(void *context, struct loc base, const char *path)
{
	struct refs *refs = context;
	const char *from = refs->diag->sources.items[base.source - 1].path;
	const char *top = folder_of(refs->arena, refs->main_path);
	const char *full;
	const struct doc *doc;

	full = arena_printf(refs->arena, "%s%s", folder_of(refs->arena, from),
			    path);
	full = straighten(refs->arena, full);
	if (*path == '/' || !is_below(full, straighten(refs->arena, top))) {
		diag_error(refs->diag, base,
			   "'%s' is not below the folder of the main spec",
			   path);
		return NULL;
	}
	doc = map_get(&refs->known, full);
	if (doc)
		return doc;
	doc = read_one_file(refs->arena, refs->diag, full, base, refs->inputs);
	if (doc)
		map_put(&refs->known, full, (struct doc *)doc);
	return doc;
}
