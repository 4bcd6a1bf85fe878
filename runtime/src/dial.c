/* SPDX-License-Identifier: MIT */
/*
 * TCP connections to the Runtime API. Its address is a number, or a name that
 * /etc/hosts knows; getaddrinfo must not be linked statically.
 */
#include "internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static bool from_number(const char *host, uint16_t port, union address *to,
			socklen_t *len)
{
	memset(to, 0, sizeof(*to));
	if (inet_pton(AF_INET, host, &to->v4.sin_addr) == 1) {
		to->v4.sin_family = AF_INET;
		to->v4.sin_port = htons(port);
		*len = sizeof(to->v4);
		return true;
	}
	if (inet_pton(AF_INET6, host, &to->v6.sin6_addr) == 1) {
		to->v6.sin6_family = AF_INET6;
		to->v6.sin6_port = htons(port);
		*len = sizeof(to->v6);
		return true;
	}
	return false;
}

static bool from_hosts(const char *host, uint16_t port, union address *to,
		       socklen_t *len)
{
	FILE *file = fopen("/etc/hosts", "r");
	bool found = false;
	char line[1024];

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		char *rest, *name, *number;

		line[strcspn(line, "#\r\n")] = '\0';
		number = strtok_r(line, " \t", &rest);
		while (number && (name = strtok_r(NULL, " \t", &rest))) {
			if (!strcmp(name, host) &&
			    from_number(number, port, to, len)) {
				found = true;
				break;
			}
		}
	}
	fclose(file);
	return found;
}

/* "127.0.0.1:9001", "[::1]:9001", "localhost:9001" */
static bool split(const char *address, char *host, size_t size, uint16_t *port)
{
	const char *colon = strrchr(address, ':');
	const char *start = address, *end = colon;
	unsigned long number;
	char *rest;

	if (!colon || colon == address || colon[1] < '0' || colon[1] > '9')
		return false;
	number = strtoul(colon + 1, &rest, 10);
	if (*rest || number == 0 || number > 65535)
		return false;
	if (*start == '[' && end[-1] == ']') {
		start++;
		end--;
	}
	if ((size_t)(end - start) >= size)
		return false;
	memcpy(host, start, (size_t)(end - start));
	host[end - start] = '\0';
	*port = (uint16_t)number;
	return true;
}

static int connect_to(const union address *to, socklen_t len)
{
	int fd = socket(to->any.sa_family, SOCK_STREAM, 0);
	int on = 1, result;

	if (fd < 0)
		return -1;
	do
		result = connect(fd, &to->any, len);
	while (result < 0 && errno == EINTR);
	if (result < 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

int wsg_dial(const char *address)
{
	union address to;
	socklen_t len;
	uint16_t port;
	char host[256];

	if (!split(address, host, sizeof(host), &port)) {
		errno = EINVAL;
		return -1;
	}
	if (!from_number(host, port, &to, &len) &&
	    !from_hosts(host, port, &to, &len)) {
		errno = EHOSTUNREACH;
		return -1;
	}
	return connect_to(&to, len);
}
