/* SPDX-License-Identifier: MIT */
/*
 * stream.c - a TCP connection. It is read once a round, so that nobody who
 * sends a lot holds up the others, and written to directly; the loop is only
 * asked to tell when it can be written again while something waits for that.
 */
#include "stream.h"

#include "../base/mem.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static struct stream *stream_of(struct loop_watch *watch)
{
	return (struct stream *)((char *)watch -
				 offsetof(struct stream, watch));
}

static void watch_what_matters(struct stream *stream)
{
	unsigned events = 0;

	if (!stream->paused && !stream->over)
		events |= LOOP_READ;
	if (stream->out.len)
		events |= LOOP_WRITE;
	loop_change(stream->loop, &stream->watch, events);
}

static bool would_block(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINTR ||
	       error == ENOBUFS;
}

/* Nothing is told of it any more, but it can still be released. */
static void fail(struct stream *stream, int error)
{
	loop_unwatch(stream->loop, &stream->watch);
	stream->over = true;
	stream->user->ended(stream, error);
}

/* True if the stream may still be touched. */
static bool flush(struct stream *stream)
{
	ssize_t sent = send(stream->fd, stream->out.ptr + stream->sent,
			    stream->out.len - stream->sent,
			    MSG_NOSIGNAL | MSG_DONTWAIT);

	if (sent < 0) {
		if (would_block(errno))
			return true;
		fail(stream, errno);
		return false;
	}
	stream->sent += (size_t)sent;
	if (stream->sent < stream->out.len)
		return true;
	wsg_buf_release(&stream->out);
	stream->sent = 0;
	if (stream->finished)
		shutdown(stream->fd, SHUT_WR);
	watch_what_matters(stream);
	if (stream->finished || !stream->user->drained)
		return true;
	stream->user->drained(stream);
	return false;
}

/* hung_up: both sides have ended, once what is there has been read. */
static void fill(struct stream *stream, bool hung_up)
{
	char *buffer = loop_buffer(stream->loop);
	ssize_t len = recv(stream->fd, buffer, LOOP_BUFFER_SIZE, MSG_DONTWAIT);

	if (len > 0) {
		stream->user->input(stream, buffer, (size_t)len);
	} else if (!len && hung_up) {
		fail(stream, 0);
	} else if (!len) {
		stream->over = true;
		watch_what_matters(stream);
		stream->user->ended(stream, 0);
	} else if (!would_block(errno)) {
		fail(stream, errno);
	}
}

/* Both sides have ended, or the connection is dead. */
static void hang_up(struct stream *stream)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &error, &len))
		error = errno;
	fail(stream, error);
}

/* What is there to be read is read first: there may be a word about the end. */
static void ready(struct loop_watch *watch, unsigned events)
{
	struct stream *stream = stream_of(watch);

	if (events & LOOP_WRITE && !flush(stream))
		return;
	if (events & LOOP_READ)
		fill(stream, events & LOOP_HANGUP ||
				     (stream->finished && !stream->out.len));
	else if (events & LOOP_HANGUP)
		hang_up(stream);
}

bool stream_init(struct stream *stream, struct loop *loop, int fd,
		 const struct stream_user *user, void *owner)
{
	int one = 1, error;

	*stream = (struct stream){ .loop = loop,
				   .fd = fd,
				   .watch.ready = ready,
				   .user = user,
				   .owner = owner };
	/* Refused by what is no TCP, a socket pair in a test: no harm. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (loop_watch(loop, &stream->watch, fd, LOOP_READ))
		return true;
	error = errno;
	stream->loop = NULL;
	close(fd);
	errno = error;
	return false;
}

int stream_detach(struct stream *stream)
{
	int fd = stream->fd;

	loop_unwatch(stream->loop, &stream->watch);
	wsg_buf_release(&stream->out);
	stream->loop = NULL;
	return fd;
}

void stream_release(struct stream *stream)
{
	if (stream->loop)
		close(stream_detach(stream));
}

/* Behind what waits already. What has left is dropped when it is the half. */
static void keep(struct stream *stream, struct wsg_str bytes)
{
	struct wsg_buf *out = &stream->out;

	if (stream->sent && stream->sent >= out->len / 2) {
		out->len -= stream->sent;
		memmove(out->ptr, out->ptr + stream->sent, out->len);
		stream->sent = 0;
	}
	wsg_buf_str(out, bytes);
	if (out->failed)
		mem_exhausted();
}

bool stream_write2(struct stream *stream, struct wsg_str head,
		   struct wsg_str body)
{
	struct iovec parts[] = { { (char *)(uintptr_t)head.ptr, head.len },
				 { (char *)(uintptr_t)body.ptr, body.len } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	size_t sent = 0, of_head;

	if (stream->watch.fd < 0 || stream->finished)
		return false;
	if (!stream->out.len) {
		ssize_t result = sendmsg(stream->fd, &message,
					 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (result < 0 && !would_block(errno))
			return false; /* the loop is told of it as well */
		sent = result < 0 ? 0 : (size_t)result;
	}
	if (sent == head.len + body.len)
		return true;
	of_head = sent < head.len ? sent : head.len;
	sent -= of_head;
	if (of_head < head.len)
		keep(stream, (struct wsg_str){ head.ptr + of_head,
					       head.len - of_head });
	if (sent < body.len)
		keep(stream,
		     (struct wsg_str){ body.ptr + sent, body.len - sent });
	watch_what_matters(stream);
	return true;
}

bool stream_write(struct stream *stream, const void *bytes, size_t len)
{
	return stream_write2(stream, (struct wsg_str){ bytes, len },
			     (struct wsg_str){ NULL, 0 });
}

size_t stream_pending(const struct stream *stream)
{
	return stream->out.len - stream->sent;
}

void stream_pause(struct stream *stream)
{
	stream->paused = true;
	watch_what_matters(stream);
}

void stream_resume(struct stream *stream)
{
	stream->paused = false;
	watch_what_matters(stream);
}

void stream_finish(struct stream *stream)
{
	if (stream->finished || stream->watch.fd < 0)
		return;
	stream->finished = true;
	if (!stream->out.len)
		shutdown(stream->fd, SHUT_WR);
}
