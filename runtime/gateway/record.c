/* SPDX-License-Identifier: MIT */
/* record.c - what happens, written down. */
#include "record.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct record {
	struct trace_listener listener; /* the first member */
	struct trace *trace;
	FILE *file;
	char *path;
	int error; /* errno of what failed first */
};

static void hear(struct trace_listener *listener,
		 const struct trace_event *event)
{
	struct record *record = (struct record *)listener;
	struct wsg_buf line = { 0 };

	trace_put(&line, event);
	wsg_buf_text(&line, "\n");
	if (line.failed)
		mem_exhausted();
	if (!record->error &&
	    fwrite(line.ptr, 1, line.len, record->file) != line.len)
		record->error = errno;
	wsg_buf_release(&line);
}

static void put_why(struct wsg_buf *why, const char *path, int error)
{
	wsg_buf_printf(why, "--record: %s: %s%s\n", path, strerror(error),
		       error == EEXIST ? "; a recording is never written over"
				       : "");
}

struct record *record_new(struct trace *trace, const char *path,
			  struct wsg_buf *why)
{
	struct record *record;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (!file) {
		put_why(why, path, errno);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	fputs(RECORD_HEAD "\n", file);
	record = mem_alloc(sizeof(*record));
	record->trace = trace;
	record->file = file;
	record->path = mem_copy(wsg_str(path));
	record->listener.hear = hear;
	record->listener.kinds = (1u << TRACE_KINDS) - 1;
	trace_listen(trace, &record->listener);
	return record;
}

bool record_end(struct record *record, struct wsg_buf *why)
{
	int error;

	if (!record)
		return true;
	trace_ignore(record->trace, &record->listener);
	error = record->error;
	if (fclose(record->file) && !error)
		error = errno;
	if (error)
		put_why(why, record->path, error);
	free(record->path);
	free(record);
	return !error;
}
