/* SPDX-License-Identifier: MIT */
/* listener.c - a listening socket. */
#include "stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* Accepted in one round at most, so that the rest gets its turn. */
#define ROUND_MAX 64

/* How long to wait when there are no descriptors or no memory left. */
#define RETRY_US 100000

#define BACKLOG 4096

/* The prefix of an IPv4 address that came over an IPv6 socket. */
#define MAPPED "::ffff:"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage room;
};

static bool set_flags(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && !fcntl(fd, F_SETFL, flags | O_NONBLOCK) &&
	       !fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static struct wsg_str text_of(const union address *address,
			      char text[INET6_ADDRSTRLEN])
{
	const void *bytes = address->any.sa_family == AF_INET6
				    ? (const void *)&address->v6.sin6_addr
				    : (const void *)&address->v4.sin_addr;

	if (!inet_ntop(address->any.sa_family, bytes, text, INET6_ADDRSTRLEN))
		return (struct wsg_str){ NULL, 0 };
	if (!strncmp(text, MAPPED, strlen(MAPPED)) && strchr(text, '.'))
		text += strlen(MAPPED);
	return wsg_str(text);
}

/* False: no more for now. */
static bool accept_one(struct listener *listener)
{
	char text[INET6_ADDRSTRLEN];
	union address address = { 0 };
	socklen_t len = sizeof(address);
	int fd = accept(listener->watch.fd, &address.any, &len);

	if (fd >= 0) {
		if (set_flags(fd))
			listener->accepted(listener, fd,
					   text_of(&address, text));
		else
			close(fd);
		return true;
	}
	switch (errno) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		loop_change(listener->loop, &listener->watch, 0);
		loop_start(listener->loop, &listener->retry, RETRY_US);
		return false;
	case EAGAIN:
		return false;
	default: /* that client is gone again: the next */
		return true;
	}
}

static void ready(struct loop_watch *watch, unsigned events)
{
	struct listener *listener =
		(struct listener *)((char *)watch -
				    offsetof(struct listener, watch));

	(void)events;
	for (int i = 0; i < ROUND_MAX && accept_one(listener); i++)
		continue;
}

static void retry(struct loop_timer *timer)
{
	struct listener *listener =
		(struct listener *)((char *)timer -
				    offsetof(struct listener, retry));

	loop_change(listener->loop, &listener->watch, LOOP_READ);
}

/* 0: host is no address. */
static socklen_t read_address(union address *address, const char *host,
			      int port)
{
	*address = (union address){ 0 };
	if (inet_pton(AF_INET, host, &address->v4.sin_addr) == 1) {
		address->v4.sin_family = AF_INET;
		address->v4.sin_port = htons((uint16_t)port);
		return sizeof(address->v4);
	}
	if (inet_pton(AF_INET6, host, &address->v6.sin6_addr) == 1) {
		address->v6.sin6_family = AF_INET6;
		address->v6.sin6_port = htons((uint16_t)port);
		return sizeof(address->v6);
	}
	return 0;
}

static bool start(struct listener *listener, int fd, union address *address,
		  socklen_t len)
{
	int one = 1;

	/* Else a port is refused for minutes after a program that had it. */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    !set_flags(fd) || bind(fd, &address->any, len) ||
	    listen(fd, BACKLOG) || getsockname(fd, &address->any, &len))
		return false;
	listener->port = ntohs(address->any.sa_family == AF_INET6
				       ? address->v6.sin6_port
				       : address->v4.sin_port);
	return loop_watch(listener->loop, &listener->watch, fd, LOOP_READ);
}

bool listener_init(struct listener *listener, struct loop *loop,
		   const char *host, int port)
{
	union address address;
	socklen_t len = read_address(&address, host, port);
	int fd, error;

	listener->loop = NULL;
	if (!len || port < 0 || port > 65535) {
		errno = EINVAL;
		return false;
	}
	fd = socket(address.any.sa_family, SOCK_STREAM, 0);
	if (fd < 0)
		return false;
	listener->loop = loop;
	listener->watch = (struct loop_watch){ .fd = -1, .ready = ready };
	listener->retry = (struct loop_timer){ .fire = retry };
	if (start(listener, fd, &address, len))
		return true;
	error = errno;
	close(fd);
	listener->loop = NULL;
	errno = error;
	return false;
}

void listener_release(struct listener *listener)
{
	int fd;

	if (!listener->loop)
		return;
	fd = listener->watch.fd;
	loop_stop(listener->loop, &listener->retry);
	loop_unwatch(listener->loop, &listener->watch);
	close(fd);
	listener->loop = NULL;
}
