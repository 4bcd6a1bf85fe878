/* SPDX-License-Identifier: MIT */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK 65536

bool file_read(struct arena *arena, const char *path, struct file *file)
{
	int fd = open(path, O_RDONLY);
	struct buf text;
	ssize_t got;

	if (fd < 0)
		return false;
	buf_init(&text, arena);
	do {
		char chunk[CHUNK];

		got = read(fd, chunk, sizeof(chunk));
		if (got > 0)
			buf_add_n(&text, chunk, (size_t)got);
	} while (got > 0 || (got < 0 && errno == EINTR));
	if (got < 0) {
		int why = errno;

		close(fd);
		errno = why;
		return false;
	}
	close(fd);
	*file = (struct file){ text.text, text.len };
	return true;
}

static bool write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t done = write(fd, text, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		text += done;
		len -= (size_t)done;
	}
	return true;
}

static bool fail(struct cli *cli, const char *path)
{
	cli_failed(cli, path);
	return false;
}

/* Every folder on the way to path. */
static bool make_folders(struct cli *cli, const char *path)
{
	const char *p = path;

	while ((p = strchr(p + 1, '/'))) {
		const char *folder =
			arena_strndup(cli->arena, path, (size_t)(p - path));

		if (mkdir(folder, 0777) && errno != EEXIST)
			return fail(cli, folder);
	}
	return true;
}

static bool create(struct cli *cli, const char *path, const char *text,
		   size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
	bool good;

	if (fd < 0)
		return fail(cli, path);
	good = write_all(fd, text, len);
	if (!close(fd) && good)
		return true;
	fail(cli, path);
	unlink(path);
	return false;
}

bool file_create(struct cli *cli, const char *path, const char *text,
		 size_t len)
{
	return make_folders(cli, path) && create(cli, path, text, len);
}

bool file_append(struct cli *cli, const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND);
	off_t old;
	bool good;

	if (fd < 0)
		return fail(cli, path);
	old = lseek(fd, 0, SEEK_END);
	good = old >= 0 && write_all(fd, text, strlen(text));
	if (!good) {
		fail(cli, path);
		if (old >= 0 && ftruncate(fd, old))
			fail(cli, path);
	}
	if (close(fd) && good)
		return fail(cli, path);
	return good;
}

bool file_replace(struct cli *cli, const char *path, const char *text,
		  size_t len)
{
	const char *other = arena_printf(cli->arena, "%s.new", path);

	if (unlink(other) && errno != ENOENT)
		return fail(cli, other);
	if (!create(cli, other, text, len))
		return false;
	return !rename(other, path) || fail(cli, path);
}
