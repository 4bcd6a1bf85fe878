/* SPDX-License-Identifier: MIT */
/* Lines out of a pipe. */
#include "logs.h"

#include <errno.h>
#include <unistd.h>

static void tell(struct logs *logs, struct wsg_str line)
{
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	logs->heard(logs, line);
}

/* How much of a full line to tell: characters stay whole. */
static size_t cut(const char *text, size_t len)
{
	size_t back;

	for (back = 1; back < 4 && back < len; back++) {
		unsigned char c = (unsigned char)text[len - back];

		if (c >= 0xc0)
			return len - back;
		if (c < 0x80)
			break;
	}
	return len;
}

static void tell_full(struct logs *logs)
{
	size_t len = cut(logs->line.ptr, logs->line.len);
	size_t rest = logs->line.len - len;
	char kept[4];

	memcpy(kept, logs->line.ptr + len, rest);
	tell(logs, (struct wsg_str){ logs->line.ptr, len });
	wsg_buf_clear(&logs->line);
	wsg_buf_add(&logs->line, kept, rest);
}

/* Part of a line, which is too long at times. */
static void keep(struct logs *logs, const char *text, size_t len)
{
	while (len) {
		size_t room = LOGS_LINE_MAX - logs->line.len;
		size_t part = len < room ? len : room;

		wsg_buf_add(&logs->line, text, part);
		text += part;
		len -= part;
		if (logs->line.len == LOGS_LINE_MAX)
			tell_full(logs);
	}
}

static void end_line(struct logs *logs)
{
	tell(logs, (struct wsg_str){ logs->line.ptr, logs->line.len });
	/* One long line is no reason to hold its memory from then on. */
	if (logs->line.size > 4096)
		wsg_buf_release(&logs->line);
	else
		wsg_buf_clear(&logs->line);
}

static void split(struct logs *logs, const char *text, size_t len)
{
	const char *end;

	while ((end = memchr(text, '\n', len))) {
		size_t part = (size_t)(end - text);

		/* The usual one is told from where it stands. */
		if (!logs->line.len && part <= LOGS_LINE_MAX) {
			tell(logs, (struct wsg_str){ text, part });
		} else {
			keep(logs, text, part);
			end_line(logs);
		}
		text += part + 1;
		len -= part + 1;
	}
	keep(logs, text, len);
}

/* False: nothing will come any more. */
static bool read_some(struct logs *logs)
{
	char text[8192];
	size_t sum = 0;

	while (sum < LOGS_ROUND_MAX) {
		ssize_t len = read(logs->watch.fd, text, sizeof(text));

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return errno == EAGAIN;
		if (!len)
			return false;
		split(logs, text, (size_t)len);
		sum += (size_t)len;
		if ((size_t)len < sizeof(text))
			break;
	}
	return true;
}

static void close_pipe(struct logs *logs)
{
	int fd = logs->watch.fd;

	if (fd < 0)
		return;
	loop_unwatch(logs->loop, &logs->watch);
	logs->watch.fd = -1;
	close(fd);
}

static void on_output(struct loop_watch *watch, unsigned events)
{
	struct logs *logs =
		(void *)((char *)watch - offsetof(struct logs, watch));

	(void)events;
	if (!read_some(logs))
		close_pipe(logs);
}

bool logs_init(struct logs *logs, struct loop *loop, int fd)
{
	logs->loop = loop;
	logs->line = (struct wsg_buf){ 0 };
	logs->watch = (struct loop_watch){ .fd = -1, .ready = on_output };
	if (loop_watch(loop, &logs->watch, fd, LOOP_READ))
		return true;
	close(fd);
	logs->watch.fd = -1;
	return false;
}

void logs_release(struct logs *logs)
{
	close_pipe(logs);
	wsg_buf_release(&logs->line);
}

void logs_settle(struct logs *logs)
{
	if (logs->watch.fd >= 0 && !read_some(logs))
		close_pipe(logs);
	if (logs->line.len)
		end_line(logs);
}
