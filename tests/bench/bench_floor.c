/* SPDX-License-Identifier: MIT */
/*
 * The floor for an invocation: what a Lambda costs that looks at nothing. It
 * reads up to the length that the head names and posts a constant.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char in[1 << 20];

/* One whole answer; false when the server is gone. */
static int receive(int fd)
{
	size_t len = 0, need = 0;
	char *head_end, *length;

	while (!need || len < need) {
		ssize_t got = recv(fd, in + len, sizeof(in) - 1 - len, 0);

		if (got <= 0)
			return 0;
		len += (size_t)got;
		in[len] = '\0';
		if (need || !(head_end = strstr(in, "\r\n\r\n")))
			continue;
		length = strstr(in, "Content-Length: ");
		if (!length)
			return 0;
		need = (size_t)(head_end + 4 - in) +
		       strtoul(length + 16, NULL, 10);
	}
	return 1;
}

int main(void)
{
	static const char next[] = "GET /2018-06-01/runtime/invocation/next "
				   "HTTP/1.1\r\nHost: x\r\n\r\n";
	static const char post[] =
		"POST /2018-06-01/runtime/invocation/id/response "
		"HTTP/1.1\r\nHost: x\r\nContent-Length: 18\r\n\r\n"
		"{\"statusCode\":200}";
	const char *address = getenv("AWS_LAMBDA_RUNTIME_API");
	struct sockaddr_in to = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	if (!address || fd < 0)
		return 1;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((uint16_t)atoi(strchr(address, ':') + 1));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		return 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	while (send(fd, next, sizeof(next) - 1, MSG_NOSIGNAL) > 0 &&
	       receive(fd) &&
	       send(fd, post, sizeof(post) - 1, MSG_NOSIGNAL) > 0 &&
	       receive(fd))
		;
	return 0;
}
