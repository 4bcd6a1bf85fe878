/* SPDX-License-Identifier: MIT */
/* file.c - read by its descriptor, so that a folder or a pipe is refused. */
#include "file.h"

#include "../base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static enum file_result fail(const char *path, const char *reason,
			     struct wsg_buf *why)
{
	wsg_buf_printf(why, "%s: %s\n", path, reason);
	return FILE_FAILED;
}

static enum file_result read_all(int fd, const char *path, size_t max,
				 struct wsg_buf *text, struct wsg_buf *why)
{
	const size_t start = text->len;

	for (;;) {
		ssize_t got;

		if (!wsg_buf_reserve(text, 65536))
			mem_exhausted();
		got = read(fd, text->ptr + text->len, 65536);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(path, strerror(errno), why);
		text->len += (size_t)got;
		text->ptr[text->len] = '\0';
		if (!got)
			return FILE_READ;
		if (text->len - start > max)
			break;
	}
	wsg_buf_printf(why, "%s: larger than %zu KB\n", path, max >> 10);
	return FILE_FAILED;
}

enum file_result file_read(const char *path, size_t max, struct wsg_buf *text,
			   struct wsg_buf *why)
{
	/* Opening a pipe would wait for its other end. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum file_result result;
	struct stat status;

	if (fd < 0)
		return errno == ENOENT ? FILE_ABSENT
				       : fail(path, strerror(errno), why);
	if (fstat(fd, &status) != 0)
		result = fail(path, strerror(errno), why);
	else if (!S_ISREG(status.st_mode))
		result = fail(path, "not a file", why);
	else
		result = read_all(fd, path, max, text, why);
	close(fd);
	return result;
}
