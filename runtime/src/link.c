/* SPDX-License-Identifier: MIT */
/* One connection of the HTTP client; see link.h. */
#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#define READ_SIZE ((size_t)16384)

/* error may be memory of the connection that ends here. */
static void fail(struct wsg_link *link, const char *error)
{
	snprintf(link->reason, sizeof(link->reason), "%s", error);
	wsg_link_close(link);
	link->state = WSG_LINK_FAILED;
	link->error = link->reason;
}

void wsg_link_close(struct wsg_link *link)
{
	if (link->tls)
		wsg_tls_close(link->tls);
	if (link->fd >= 0)
		close(link->fd);
	link->tls = NULL;
	link->fd = -1;
	link->state = WSG_LINK_CLOSED;
}

bool wsg_link_answered(const struct wsg_link *link)
{
	return link->in.len > 0;
}

static const char *connect_error(int number)
{
	switch (number) {
	case ECONNREFUSED:
		return "connection refused";
	case ENETUNREACH:
	case EHOSTUNREACH:
		return "no route to the host";
	case ETIMEDOUT:
		return "connecting timed out";
	}
	return "no connection";
}

static void start_request(struct wsg_link *link)
{
	link->state = WSG_LINK_SENDING;
	link->wants = POLLOUT;
	link->sent = 0;
	link->in.len = 0;
	link->response = (struct wsg_response){ .status = 0 };
	link->error = NULL;
}

static void connected(struct wsg_link *link)
{
	const char *error = NULL;
	int on = 1;

	setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (link->origin.tls) {
		link->tls = wsg_tls_open(link->trust, link->fd,
					 link->origin.host, &error);
		if (!link->tls) {
			fail(link, error);
			return;
		}
	}
	start_request(link);
}

void wsg_link_connect(struct wsg_link *link, const struct wsg_address *address,
		      int64_t until_ms)
{
	struct sockaddr_storage to;
	socklen_t len = wsg_socket_address(address, link->origin.port, &to);

	wsg_link_close(link);
	link->kept = false;
	link->in.len = 0;
	link->connect_until_ms = until_ms;
	link->fd = socket(to.ss_family, SOCK_STREAM, 0);
	if (link->fd < 0 || fcntl(link->fd, F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(link->fd, F_SETFD, FD_CLOEXEC) < 0) {
		fail(link, "no socket");
	} else if (!connect(link->fd, (struct sockaddr *)&to, len)) {
		connected(link);
	} else if (errno == EINPROGRESS || errno == EINTR) {
		link->state = WSG_LINK_CONNECTING;
		link->wants = POLLOUT;
	} else {
		fail(link, connect_error(errno));
	}
}

void wsg_link_reuse(struct wsg_link *link)
{
	link->kept = true;
	start_request(link);
}

bool wsg_link_alive(struct wsg_link *link)
{
	struct pollfd poller = { .fd = link->fd, .events = POLLIN };
	int64_t idle_ms = wsg_now_ms() - link->idle_since_ms;
	char byte;

	if (link->state != WSG_LINK_IDLE || idle_ms < 0 ||
	    idle_ms > WSG_IDLE_MAX_MS)
		return false;
	if (poll(&poller, 1, 0) == 0)
		return true;
	/* TLS has news of its own, like tickets; plain HTTP has none. */
	return link->tls && wsg_tls_read(link->tls, &byte, 1) == WSG_TLS_READ;
}

/* As wsg_tls_read and wsg_tls_write, on the bare socket. */
static ssize_t plain_result(ssize_t done, enum wsg_tls_wait wait)
{
	if (done >= 0)
		return done;
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
		return wait;
	return WSG_TLS_FAILED;
}

static ssize_t write_plain(struct wsg_link *link)
{
	struct wsg_str parts[2] = { { link->head.ptr, link->head.len },
				    link->body };
	struct iovec vectors[2];
	struct msghdr message = { .msg_iov = vectors, .msg_iovlen = 2 };
	size_t skip = link->sent, i;

	for (i = 0; i < 2; i++) {
		size_t part = skip < parts[i].len ? skip : parts[i].len;

		vectors[i].iov_base = (char *)parts[i].ptr + part;
		vectors[i].iov_len = parts[i].len - part;
		skip -= part;
	}
	return plain_result(sendmsg(link->fd, &message, MSG_NOSIGNAL),
			    WSG_TLS_WRITE);
}

/* A short body goes with the head, into one TLS record. */
static void join_short_body(struct wsg_link *link)
{
	if (!link->tls || link->sent || !link->body.len ||
	    link->head.len + link->body.len > READ_SIZE)
		return;
	wsg_buf_str(&link->head, link->body);
	link->body.len = 0;
}

static ssize_t write_some(struct wsg_link *link)
{
	size_t head = link->head.len;

	if (!link->tls)
		return write_plain(link);
	if (link->sent < head)
		return wsg_tls_write(link->tls, link->head.ptr + link->sent,
				     head - link->sent);
	return wsg_tls_write(link->tls, link->body.ptr + (link->sent - head),
			     link->body.len - (link->sent - head));
}

static void wait_for(struct wsg_link *link, ssize_t wait)
{
	link->wants = wait == WSG_TLS_WRITE ? POLLOUT : POLLIN;
}

/*
 * Whether an answer comes while the request is still being sent: a server that
 * refuses it may read no further.
 */
static bool answers_early(const struct wsg_link *link)
{
	char byte;

	return !link->tls &&
	       recv(link->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
}

static void send_request(struct wsg_link *link)
{
	join_short_body(link);
	while (link->sent < link->head.len + link->body.len) {
		ssize_t done = write_some(link);

		if (done == WSG_TLS_READ || done == WSG_TLS_WRITE) {
			if (answers_early(link))
				break;
			wait_for(link, done);
			if (!link->tls)
				link->wants |= POLLIN;
			return;
		}
		if (done < 0 && link->tls) {
			fail(link, wsg_tls_error(link->tls));
			return;
		}
		/* It may have refused early: read what it says. */
		if (done < 0)
			break;
		link->sent += (size_t)done;
	}
	link->state = WSG_LINK_RECEIVING;
	link->wants = POLLIN;
}

/* Room to read into, within what an answer may take altogether. */
static bool reserve(struct wsg_link *link)
{
	struct wsg_inbox *in = &link->in;
	size_t most = 4 * WSG_HTTP_HEAD_MAX + 2 * link->body_max;
	size_t size = in->size ? in->size * 2 : 2 * READ_SIZE;
	char *ptr;

	if (in->size - in->len >= READ_SIZE)
		return true;
	if (in->len > most)
		return false;
	ptr = realloc(in->ptr, size);
	if (!ptr)
		return false;
	in->ptr = ptr;
	in->size = size;
	return true;
}

static void finish(struct wsg_link *link)
{
	if (link->response.close ||
	    link->sent < link->head.len + link->body.len)
		wsg_link_close(link);
	link->state = WSG_LINK_DONE;
}

static ssize_t read_some(struct wsg_link *link)
{
	struct wsg_inbox *in = &link->in;

	if (link->tls)
		return wsg_tls_read(link->tls, in->ptr + in->len,
				    in->size - in->len);
	return plain_result(
		recv(link->fd, in->ptr + in->len, in->size - in->len, 0),
		WSG_TLS_READ);
}

static void receive(struct wsg_link *link)
{
	enum wsg_progress progress;
	ssize_t got;

	for (;;) {
		if (!reserve(link)) {
			fail(link, "the answer is too long");
			return;
		}
		got = read_some(link);
		if (got == WSG_TLS_READ || got == WSG_TLS_WRITE) {
			wait_for(link, got);
			return;
		}
		if (got < 0) {
			fail(link, link->tls ? wsg_tls_error(link->tls)
					     : "connection reset");
			return;
		}
		link->in.len += (size_t)got;
		progress = wsg_response_read(&link->response, link->in.ptr,
					     link->in.len, got == 0,
					     link->body_max);
		if (progress == WSG_WHOLE) {
			finish(link);
			return;
		}
		if (progress == WSG_BROKEN || got == 0) {
			fail(link, got ? "the answer is no HTTP"
				       : "closed without an answer");
			return;
		}
	}
}

void wsg_link_step(struct wsg_link *link)
{
	socklen_t len = sizeof(int);
	int error = 0;

	if (link->state == WSG_LINK_CONNECTING) {
		if (getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &error, &len) <
			    0 ||
		    error)
			fail(link, connect_error(error));
		else
			connected(link);
	}
	if (link->state == WSG_LINK_SENDING)
		send_request(link);
	if (link->state == WSG_LINK_RECEIVING)
		receive(link);
}
