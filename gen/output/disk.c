/* SPDX-License-Identifier: MIT */
#include "disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How many folders struct disk_cache keeps open. */
#define CACHED                                     \
	(sizeof(((struct disk_cache *)0)->slots) / \
	 sizeof(((struct disk_cache *)0)->slots[0]))

bool disk_is_below(const char *path)
{
	for (const char *part = path;; part++) {
		size_t len = strcspn(part, "/");

		if (!len || (len == 1 && part[0] == '.') ||
		    (len == 2 && part[0] == '.' && part[1] == '.'))
			return false;
		for (size_t i = 0; i < len; i++)
			if ((unsigned char)part[i] < 0x20 || part[i] == 0x7f)
				return false;
		part += len;
		if (!*part)
			return true;
	}
}

bool disk_fail(const struct disk *disk, const char *path, const char *why)
{
	if (disk->err)
		fprintf(disk->err, "wsgen: %s/%s: %s\n", disk->dir, path, why);
	return false;
}

/* Let the test that listens fail the change that comes next. */
static bool may_change(const struct disk *disk)
{
	int error = disk->before_change ? disk->before_change(disk->data) : 0;

	if (error)
		errno = error;
	return !error;
}

static const char *leaf_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void close_keeping_errno(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
}

/* After a folder has gone, for which there may be another. */
static void forget(const struct disk *disk)
{
	for (size_t i = 0; i < CACHED; i++)
		if (disk->cache->slots[i].path)
			close_keeping_errno(disk->cache->slots[i].fd);
	*disk->cache = (struct disk_cache){ 0 };
}

void disk_close(const struct disk *disk)
{
	forget(disk);
	close(disk->root);
}

/* The slot for one more folder: a free one, or the one not used for longest. */
static size_t slot_for_more(struct disk_cache *cache)
{
	size_t oldest = 0;

	for (size_t i = 1; i < CACHED; i++)
		if (cache->slots[i].used < cache->slots[oldest].used)
			oldest = i;
	if (cache->slots[oldest].path)
		close(cache->slots[oldest].fd);
	return oldest;
}

static bool is_known_missing(const struct disk_cache *cache, const char *path,
			     size_t len)
{
	const size_t missing = cache->missing ? strlen(cache->missing) : 0;

	return missing && missing <= len &&
	       !memcmp(cache->missing, path, missing);
}

/*
 * The folder that is the first len bytes of path, up to a slash or none; -1
 * with errno. Each part is opened in the folder before it, so that no link is
 * followed. The cache keeps it, for as long as few others are asked for.
 */
static int open_below(const struct disk *disk, const char *path, size_t len)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	struct disk_cache *cache = disk->cache;
	size_t above = len, slot;
	int fd;

	if (!len)
		return disk->root;
	for (slot = 0; slot < CACHED; slot++) {
		const char *folder = cache->slots[slot].path;

		if (!folder || strncmp(folder, path, len) != 0 || folder[len])
			continue;
		cache->slots[slot].used = ++cache->uses;
		return cache->slots[slot].fd;
	}
	if (is_known_missing(cache, path, len)) {
		errno = ENOENT;
		return -1;
	}
	while (--above && path[above - 1] != '/')
		;
	fd = open_below(disk, path, above);
	if (fd < 0)
		return -1;
	fd = openat(fd,
		    arena_strndup(disk->arena, path + above, len - above - 1),
		    flags);
	if (fd < 0) {
		if (errno == ENOENT)
			cache->missing = arena_strndup(disk->arena, path, len);
		return -1;
	}
	slot = slot_for_more(cache);
	cache->slots[slot].path = arena_strndup(disk->arena, path, len);
	cache->slots[slot].fd = fd;
	cache->slots[slot].used = ++cache->uses;
	return fd;
}

/* The folder that path is in. */
static int open_parent(const struct disk *disk, const char *path)
{
	return open_below(disk, path, (size_t)(leaf_of(path) - path));
}

enum disk_kind disk_kind(const struct disk *disk, const char *path)
{
	int parent = open_parent(disk, path);
	struct stat info;
	int got;

	if (parent < 0)
		return errno == ENOENT ? DISK_NONE : DISK_BLOCKED;
	got = fstatat(parent, leaf_of(path), &info, AT_SYMLINK_NOFOLLOW);
	if (got < 0)
		return errno == ENOENT ? DISK_NONE : DISK_BLOCKED;
	return S_ISREG(info.st_mode)   ? DISK_FILE
	       : S_ISDIR(info.st_mode) ? DISK_FOLDER
				       : DISK_OTHER;
}

/* A regular file, open for reading, or -1 with errno. */
static int open_file(const struct disk *disk, const char *path,
		     struct stat *info)
{
	int parent = open_parent(disk, path);
	int fd;

	if (parent < 0)
		return -1;
	/* O_NONBLOCK: what stands there may be a pipe. */
	fd = openat(parent, leaf_of(path),
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, info) < 0 || !S_ISREG(info->st_mode)) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

static bool read_all(int fd, char *to, size_t len)
{
	while (len) {
		ssize_t got = read(fd, to, len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		len -= (size_t)got;
	}
	return true;
}

const char *disk_read(const struct disk *disk, const char *path, size_t *len)
{
	struct stat info;
	int fd = open_file(disk, path, &info);
	char *text = NULL;

	if (fd < 0)
		return NULL;
	*len = (size_t)info.st_size;
	text = arena_alloc(disk->arena, *len + 1);
	if (!read_all(fd, text, *len))
		text = NULL;
	close_keeping_errno(fd);
	return text;
}

bool disk_holds(const struct disk *disk, const char *path, const char *text,
		size_t len)
{
	struct stat info;
	int fd = open_file(disk, path, &info);
	char part[16384];
	bool same;

	if (fd < 0)
		return false;
	same = (size_t)info.st_size == len;
	while (same && len) {
		size_t want = len < sizeof(part) ? len : sizeof(part);

		same = read_all(fd, part, want) && !memcmp(part, text, want);
		text += want;
		len -= want;
	}
	close(fd);
	errno = 0;
	return same;
}

/* closedir closes it, so it is not the cache's. */
static DIR *open_folder(const struct disk *disk, const char *path)
{
	int at = open_parent(disk, arena_printf(disk->arena, "%s/.", path));
	int fd = at < 0 ? -1 : openat(at, ".", O_RDONLY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !folder)
		close_keeping_errno(fd);
	return folder;
}

/* The next entry's path, or NULL. */
static const char *next_entry(const struct disk *disk, DIR *folder,
			      const char *path)
{
	struct dirent *entry = readdir(folder);

	while (entry &&
	       (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")))
		entry = readdir(folder);
	if (!entry)
		return NULL;
	return arena_printf(disk->arena, "%s/%s", path, entry->d_name);
}

static bool is_empty(const struct disk *disk, const char *path)
{
	DIR *folder = open_folder(disk, path);
	bool empty = !folder || !next_entry(disk, folder, path);

	if (folder)
		closedir(folder);
	return empty;
}

bool disk_folder_is(const struct disk *disk, const char *path,
		    bool (*ours)(const void *data, const char *path),
		    const void *data)
{
	DIR *folder = open_folder(disk, path);
	const char *inner;
	bool yes = folder;

	while (yes && (inner = next_entry(disk, folder, path)))
		yes = disk_kind(disk, inner) != DISK_FOLDER
			      ? ours(data, inner)
			      : disk_folder_is(disk, inner, ours, data) &&
					!is_empty(disk, inner);
	if (folder)
		closedir(folder);
	return yes;
}

void disk_empty_folder(const struct disk *disk, const char *path)
{
	DIR *folder = open_folder(disk, path);
	const char *inner;

	while (folder && (inner = next_entry(disk, folder, path))) {
		if (disk_kind(disk, inner) != DISK_FOLDER) {
			disk_remove(disk, inner);
			continue;
		}
		disk_empty_folder(disk, inner);
		disk_remove_folder(disk, inner);
	}
	if (folder)
		closedir(folder);
}

static bool make_folder(const struct disk *disk, const char *path)
{
	int parent = open_parent(disk, path);

	if (parent < 0 || !may_change(disk))
		return false;
	disk->cache->missing = NULL;
	/* Another run may just have made it. */
	return mkdirat(parent, leaf_of(path), 0777) == 0 ||
	       (errno == EEXIST && disk_kind(disk, path) == DISK_FOLDER);
}

bool disk_make_folder(const struct disk *disk, const char *path)
{
	return make_folder(disk, path) ||
	       disk_fail(disk, path, strerror(errno));
}

bool disk_make_folders(const struct disk *disk, const char *path)
{
	const char *slash = path;

	if (open_parent(disk, path) >= 0)
		return true;
	while ((slash = strchr(slash, '/'))) {
		const char *folder = arena_strndup(disk->arena, path,
						   (size_t)(slash - path));

		slash++;
		if (open_below(disk, path, (size_t)(slash - path)) < 0 &&
		    !disk_make_folder(disk, folder))
			return false;
	}
	return true;
}

bool disk_may_change(const struct disk *disk, const char *path)
{
	int parent = open_parent(disk, path);
	struct stat root, info;
	bool may = false;

	if (parent >= 0) {
		may = faccessat(parent, ".", W_OK | X_OK, 0) == 0;
		if (may && fstat(parent, &info) == 0 &&
		    fstat(disk->root, &root) == 0 &&
		    info.st_dev != root.st_dev) {
			errno = EXDEV;
			may = false;
		}
	}
	return may || disk_fail(disk, path, strerror(errno));
}

static bool write_all(const struct disk *disk, int fd, const char *text,
		      size_t len)
{
	while (len) {
		ssize_t put = may_change(disk) ? write(fd, text, len) : -1;

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		text += put;
		len -= (size_t)put;
	}
	return true;
}

bool disk_create(const struct disk *disk, const char *path, const char *text,
		 size_t len, bool sync)
{
	int parent = open_parent(disk, path);
	int fd = -1;
	bool done;

	if (parent >= 0 && may_change(disk))
		fd = openat(parent, leaf_of(path),
			    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return disk_fail(disk, path, strerror(errno));
	done = write_all(disk, fd, text, len) &&
	       (!sync || (may_change(disk) && fsync(fd) == 0));
	if (!done)
		close_keeping_errno(fd);
	else
		done = close(fd) == 0;
	return done || disk_fail(disk, path, strerror(errno));
}

bool disk_rename(const struct disk *disk, const char *from, const char *to)
{
	int to_parent = open_parent(disk, to);
	/* A few levels down at most: this leaves the other one open. */
	int from_parent = to_parent < 0 ? -1 : open_parent(disk, from);
	bool done = from_parent >= 0 && may_change(disk) &&
		    renameat(from_parent, leaf_of(from), to_parent,
			     leaf_of(to)) == 0;

	return done || disk_fail(disk, to, strerror(errno));
}

bool disk_rename_folder(const struct disk *disk, const char *from,
			const char *to)
{
	bool done = disk_rename(disk, from, to);

	if (done)
		forget(disk);
	return done;
}

static bool unlink_at(const struct disk *disk, const char *path, int flag)
{
	int parent = open_parent(disk, path);
	bool done = parent >= 0 && may_change(disk) &&
		    unlinkat(parent, leaf_of(path), flag) == 0;

	if (done && flag)
		forget(disk);
	return done;
}

bool disk_remove(const struct disk *disk, const char *path)
{
	return unlink_at(disk, path, 0) || errno == ENOENT ||
	       disk_fail(disk, path, strerror(errno));
}

void disk_remove_folder(const struct disk *disk, const char *path)
{
	unlink_at(disk, path, AT_REMOVEDIR);
}

void disk_prune(const struct disk *disk, const char *path)
{
	char *folder = arena_strdup(disk->arena, path);
	char *slash;

	while ((slash = strrchr(folder, '/'))) {
		*slash = '\0';
		if (!unlink_at(disk, folder, AT_REMOVEDIR) && errno != ENOENT)
			return;
	}
}

/* A file of ours that is only ever touched or locked. */
static int open_marker(const struct disk *disk, const char *path)
{
	int parent = open_parent(disk, path);
	int fd = -1;

	if (parent >= 0 && may_change(disk))
		fd = openat(parent, leaf_of(path),
			    O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK |
				    O_CLOEXEC,
			    0666);
	if (fd < 0)
		disk_fail(disk, path, strerror(errno));
	return fd;
}

bool disk_touch(const struct disk *disk, const char *path)
{
	int fd = open_marker(disk, path);
	bool done;

	if (fd < 0)
		return false;
	done = futimens(fd, NULL) == 0;
	close_keeping_errno(fd);
	return done || disk_fail(disk, path, strerror(errno));
}

int disk_lock(const struct disk *disk, const char *path)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open_marker(disk, path);

	if (fd < 0)
		return -1;
	while (fcntl(fd, F_SETLKW, &lock) < 0) {
		if (errno == EINTR)
			continue;
		disk_fail(disk, path, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}
