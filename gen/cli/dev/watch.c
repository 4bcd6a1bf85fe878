/* SPDX-License-Identifier: MIT */
/* watch.c - a project's folders under inotify. */
#include "watch.h"

#include "../path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVENTS                                                    \
	(IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | \
	 IN_MOVED_TO | IN_ONLYDIR)

bool watch_init(struct watch *watch, struct arena *arena, const char *skip)
{
	*watch = (struct watch){ .arena = arena, .skip = skip };
	watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return watch->fd >= 0;
}

void watch_release(struct watch *watch)
{
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len >= end_len && !strcmp(name + len - end_len, end);
}

/* What editors, compilers and version control leave about. */
static bool is_noise(const char *name)
{
	static const char *const ends[] = { "~",  ".swp", ".swx", ".tmp",
					    ".o", ".d",	  ".orig" };

	if (!strcmp(name, ".env"))
		return false;
	if (*name == '.' || *name == '#' || !strcmp(name, "4913"))
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (ends_with(name, ends[i]))
			return true;
	return false;
}

static bool is_skipped(const struct watch *watch, const char *path)
{
	const char *leaf = strrchr(path, '/');

	leaf = leaf ? leaf + 1 : path;
	return !strcmp(path, watch->skip) || is_noise(leaf) ||
	       !strcmp(leaf, "node_modules");
}

static void say_full(struct watch *watch, const char *path, FILE *err)
{
	if (!watch->full)
		fprintf(err,
			"wsgen: %s: cannot be watched: %s; changes there "
			"are not seen\n",
			path,
			errno == ENOSPC ? "there are too many watches "
					  "(fs.inotify.max_user_watches)"
					: strerror(errno));
	watch->full = true;
}

/* False: it is watched already, or cannot be. */
static bool add_one(struct watch *watch, const char *path, unsigned depth,
		    FILE *err)
{
	int id;

	if (watch->folders.count == WATCH_FOLDERS_MAX) {
		errno = ENOSPC;
		say_full(watch, path, err);
		return false;
	}
	id = inotify_add_watch(watch->fd, path, EVENTS);
	if (id < 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			say_full(watch, path, err);
		return false;
	}
	for (size_t i = 0; i < watch->folders.count; i++) {
		struct watch_folder *folder = &watch->folders.items[i];

		if (!folder->path || folder->id != id)
			continue;
		if (depth == WATCH_DEPTH_MAX || !strcmp(folder->path, path))
			return false;
		/* It has another name now, and so have those below it. */
		folder->path = arena_strdup(watch->arena, path);
		folder->depth = depth;
		return true;
	}
	*LIST_ADD(watch->arena, &watch->folders) =
		(struct watch_folder){ id, depth,
				       arena_strdup(watch->arena, path) };
	return true;
}

static void add_tree(struct watch *watch, const char *path, unsigned depth,
		     FILE *err)
{
	struct dirent *entry;
	DIR *dir;

	if (depth == WATCH_DEPTH_MAX || !add_one(watch, path, depth, err))
		return;
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		const char *below;
		struct stat info;

		if (*entry->d_name == '.')
			continue;
		below = path_join(watch->arena, path, entry->d_name);
		/* A link is not followed: it may lead anywhere, and around. */
		if (!lstat(below, &info) && S_ISDIR(info.st_mode) &&
		    !is_skipped(watch, below))
			add_tree(watch, below, depth + 1, err);
	}
	closedir(dir);
}

void watch_add(struct watch *watch, const char *path, bool below, FILE *err)
{
	const char *absolute = path_absolute(watch->arena, path);

	if (!absolute || !strcmp(absolute, watch->skip))
		return;
	if (below)
		add_tree(watch, absolute, 0, err);
	else
		add_one(watch, absolute, WATCH_DEPTH_MAX, err);
}

static struct watch_folder *find(struct watch *watch, int id)
{
	for (size_t i = 0; i < watch->folders.count; i++)
		if (watch->folders.items[i].path &&
		    watch->folders.items[i].id == id)
			return &watch->folders.items[i];
	return NULL;
}

static bool matters(struct watch *watch, const struct inotify_event *event,
		    FILE *err)
{
	struct watch_folder *folder = find(watch, event->wd);
	unsigned depth;
	const char *path;

	if (event->mask & IN_Q_OVERFLOW)
		return true;
	if (!folder)
		return false;
	if (event->mask & IN_IGNORED) {
		folder->path = NULL;
		return false;
	}
	if (!event->len || is_noise(event->name))
		return false;
	if (!(event->mask & IN_ISDIR)) {
		/* A file that is made is told of again when it is closed. */
		return event->mask & ~(unsigned)IN_CREATE;
	}
	path = path_join(watch->arena, folder->path, event->name);
	if (is_skipped(watch, path) || folder->depth >= WATCH_DEPTH_MAX)
		return false;
	depth = folder->depth + 1;
	if (event->mask & (IN_CREATE | IN_MOVED_TO))
		add_tree(watch, path, depth, err);
	return true;
}

bool watch_changed(struct watch *watch, FILE *err)
{
	_Alignas(struct inotify_event) char bytes[16384];
	bool changed = false;
	ssize_t got;

	while ((got = read(watch->fd, bytes, sizeof(bytes))) > 0) {
		for (char *at = bytes; at < bytes + got;) {
			const struct inotify_event *event =
				(const struct inotify_event *)(void *)at;

			changed |= matters(watch, event, err);
			at += sizeof(*event) + event->len;
		}
	}
	return changed;
}
