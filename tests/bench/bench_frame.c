/* SPDX-License-Identifier: MIT */
/*
 * bench_frame.c - echoes a second of two servers, in turns in one run: 50
 * connections, each with one message under way.
 *
 *     bench_frame OURS [THEIRS]
 *
 * A server prints the port that it listens on, echoes at any path, and ends
 * with its standard input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS 50
#define ROUNDS 41 /* in turns, so that what else runs hits both */
#define ROUND_US 60000
#define REACH 1.02 /* times libwebsockets; DESIGN.md, 7 */

struct server {
	const char *path;
	pid_t pid;
	int input;
	int port;
	double rates[ROUNDS];
	double cpu_us[ROUNDS]; /* a message */
};

struct client {
	int fd;
	size_t left; /* of the echo */
};

static void stop(const char *what)
{
	perror(what);
	exit(3);
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void start(struct server *server)
{
	int input[2], output[2];
	char line[32] = "";
	ssize_t len;

	if (pipe2(input, O_CLOEXEC) || pipe2(output, O_CLOEXEC))
		stop("bench_frame: pipe");
	server->pid = fork();
	if (server->pid < 0)
		stop("bench_frame: fork");
	if (!server->pid) {
		dup2(input[0], STDIN_FILENO);
		dup2(output[1], STDOUT_FILENO);
		execl(server->path, server->path, (char *)NULL);
		_exit(127);
	}
	close(input[0]);
	close(output[1]);
	len = read(output[0], line, sizeof(line) - 1);
	if (len <= 0)
		stop(server->path);
	server->port = atoi(line);
	server->input = input[1];
}

/* The processor time that it has had so far. */
static double cpu_us(const struct server *server)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(server->pid, &clock) ||
	    clock_gettime(clock, &time))
		stop("bench_frame: the server's clock");
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int dial(int port)
{
	static const char request[] =
		"GET / HTTP/1.1\r\n"
		"Host: localhost\r\n"
		"Upgrade: websocket\r\n"
		"Connection: Upgrade\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
		"Sec-WebSocket-Version: 13\r\n\r\n";
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	char head[1024];
	size_t len = 0;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		stop("bench_frame: connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (write(fd, request, sizeof(request) - 1) < 0)
		stop("bench_frame: handshake");
	while (len < 4 || memcmp(head + len - 4, "\r\n\r\n", 4)) {
		ssize_t got = read(fd, head + len, sizeof(head) - len);

		if (got <= 0)
			stop("bench_frame: handshake");
		len += (size_t)got;
	}
	if (memcmp(head, "HTTP/1.1 101", 12)) {
		fprintf(stderr, "bench_frame: no handshake\n");
		exit(3);
	}
	return fd;
}

/* A masked text; the length of the echo, which is not masked, in *echo. */
static size_t make_frame(unsigned char *out, size_t size, size_t *echo)
{
	static const unsigned char mask[4] = { 0x37, 0xfa, 0x21, 0x3d };
	size_t at = 0;

	out[at++] = 0x81;
	if (size < 126) {
		out[at++] = (unsigned char)(0x80 | size);
	} else {
		out[at++] = 0x80 | 126;
		out[at++] = (unsigned char)(size >> 8);
		out[at++] = (unsigned char)size;
	}
	*echo = at + size;
	memcpy(out + at, mask, sizeof(mask));
	at += sizeof(mask);
	for (size_t i = 0; i < size; i++)
		out[at++] = (unsigned char)('a' + i % 26) ^ mask[i % 4];
	return at;
}

static void send_one(struct client *client, const unsigned char *frame,
		     size_t len, size_t echo)
{
	if (send(client->fd, frame, len, 0) != (ssize_t)len)
		stop("bench_frame: send");
	client->left = echo;
}

static void play(struct server *server, int round, size_t size)
{
	static unsigned char frame[65536], buffer[65536];
	struct client clients[CONNECTIONS];
	struct epoll_event events[CONNECTIONS];
	size_t echo, len = make_frame(frame, size, &echo);
	int poll = epoll_create1(EPOLL_CLOEXEC);
	long done = 0;
	double before;
	int64_t begin, end;

	for (int i = 0; i < CONNECTIONS; i++) {
		clients[i].fd = dial(server->port);
		events[0].events = EPOLLIN;
		events[0].data.ptr = &clients[i];
		if (epoll_ctl(poll, EPOLL_CTL_ADD, clients[i].fd, &events[0]))
			stop("bench_frame: epoll");
	}
	before = cpu_us(server);
	begin = now_us();
	for (int i = 0; i < CONNECTIONS; i++)
		send_one(&clients[i], frame, len, echo);
	do {
		int count = epoll_wait(poll, events, CONNECTIONS, 1000);

		if (count <= 0)
			stop("bench_frame: no echo");
		for (int i = 0; i < count; i++) {
			struct client *client = events[i].data.ptr;
			ssize_t got =
				recv(client->fd, buffer, sizeof(buffer), 0);

			if (got <= 0 || (size_t)got > client->left)
				stop("bench_frame: not the echo");
			client->left -= (size_t)got;
			if (client->left)
				continue;
			done++;
			send_one(client, frame, len, echo);
		}
		end = now_us();
	} while (end - begin < ROUND_US);
	server->rates[round] = (double)done * 1e6 / (double)(end - begin);
	server->cpu_us[round] = (cpu_us(server) - before) / (double)done;
	for (int i = 0; i < CONNECTIONS; i++)
		close(clients[i].fd);
	close(poll);
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof(*values), compare);
	return values[ROUNDS / 2];
}

int main(int argc, char **argv)
{
	static const size_t sizes[] = { 20, 512, 16384 };
	struct server servers[2] = { { .path = argv[1] },
				     { .path = argc > 2 ? argv[2] : NULL } };
	int count = argc > 2 ? 2 : 1;

	if (argc < 2) {
		fprintf(stderr, "usage: bench_frame OURS [THEIRS]\n");
		return 2;
	}
	for (int i = 0; i < count; i++)
		start(&servers[i]);
	printf("echo, %d connections, one message under way on each\n",
	       CONNECTIONS);
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		double rates[2] = { 0 }, cpu[2] = { 0 }, ratios[ROUNDS];

		for (int round = 0; round < ROUNDS; round++) {
			for (int i = 0; i < count; i++)
				play(&servers[i], round, sizes[s]);
			if (count == 2)
				ratios[round] = servers[0].rates[round] /
						servers[1].rates[round];
		}
		for (int i = 0; i < count; i++) {
			rates[i] = median(servers[i].rates);
			cpu[i] = median(servers[i].cpu_us);
		}
		printf("%6zu bytes: %8.0f a second, %5.2f us CPU each",
		       sizes[s], rates[0], cpu[0]);
		if (count == 2)
			printf("; libwebsockets %8.0f, %5.2f us: ratio %.2f "
			       "(reach %.2f), CPU %.2f\n",
			       rates[1], cpu[1], median(ratios), REACH,
			       cpu[0] / cpu[1]);
		else
			printf("; libwebsockets: not run\n");
	}
	for (int i = 0; i < count; i++) {
		close(servers[i].input);
		waitpid(servers[i].pid, NULL, 0);
	}
	return 0;
}
