/* SPDX-License-Identifier: MIT */
/*
 * bench_leg.c - the Runtime API alone, a floor for what invokes functions:
 * COUNT processes of a function are handed the same event for MS milliseconds
 * and asked no questions. It looks for the end of each request, and no further.
 *
 *     bench_leg FUNCTION COUNT MS <EVENT
 *
 * Prints the calls, the microseconds, and those of the processor's that were
 * spent here.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COUNT_MAX 64
#define BODY_MAX 65536
#define ROOM (BODY_MAX + 4096)

extern char **environ;

struct instance {
	pid_t pid;
	int fd;
	size_t len;
	char room[ROOM];
};

struct leg {
	struct instance instances[COUNT_MAX];
	char answer[ROOM]; /* to /next */
	size_t answer_len;
	long calls;
};

static void stop(const char *what)
{
	perror(what);
	exit(3);
}

static int64_t clock_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void read_event(struct leg *leg)
{
	static char event[BODY_MAX];
	size_t len = fread(event, 1, sizeof(event), stdin);

	leg->answer_len = (size_t)snprintf(
		leg->answer, sizeof(leg->answer),
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		"Lambda-Runtime-Aws-Request-Id: "
		"8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n"
		"Lambda-Runtime-Deadline-Ms: 4102444800000\r\n"
		"Content-Length: %zu\r\n\r\n%.*s",
		len, (int)len, event);
}

/* Start one that calls a port of its own, and take its connection. */
static void start(struct instance *instance, char *program)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int port = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	char *argv[] = { program, NULL }, address[32];

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (port < 0 || bind(port, (struct sockaddr *)&at, len) ||
	    listen(port, 1) || getsockname(port, (struct sockaddr *)&at, &len))
		stop("bench_leg: listen");
	snprintf(address, sizeof(address), "127.0.0.1:%d", ntohs(at.sin_port));
	setenv("AWS_LAMBDA_RUNTIME_API", address, 1);
	if (posix_spawn(&instance->pid, program, NULL, NULL, argv, environ))
		stop(program);
	instance->fd = accept4(port, NULL, NULL, SOCK_CLOEXEC);
	if (instance->fd < 0)
		stop("bench_leg: accept");
	setsockopt(instance->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	close(port);
}

/* Whether the request is there whole. */
static bool is_whole(const struct instance *instance)
{
	const char *end = strstr(instance->room, "\r\n\r\n");
	const char *length = strstr(instance->room, "Content-Length: ");

	if (!end)
		return false;
	return !length || length > end ||
	       instance->len >= (size_t)(end + 4 - instance->room) +
					strtoul(length + 16, NULL, 10);
}

static void hear(struct leg *leg, struct instance *instance)
{
	static const char accepted[] =
		"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\n"
		"Content-Length: 15\r\n\r\n{\"status\":\"OK\"}";
	bool next;
	ssize_t got = recv(instance->fd, instance->room + instance->len,
			   ROOM - 1 - instance->len, MSG_DONTWAIT);

	if (got <= 0)
		stop("bench_leg: the function left");
	instance->len += (size_t)got;
	instance->room[instance->len] = '\0';
	if (!is_whole(instance))
		return;
	instance->len = 0;
	next = instance->room[0] == 'G';
	leg->calls += !next;
	if (send(instance->fd, next ? leg->answer : accepted,
		 next ? leg->answer_len : sizeof(accepted) - 1,
		 MSG_NOSIGNAL) < 0)
		stop("bench_leg: send");
}

int main(int argc, char **argv)
{
	static struct leg leg;
	struct epoll_event events[COUNT_MAX];
	int poll = epoll_create1(EPOLL_CLOEXEC);
	int count = argc == 4 ? atoi(argv[2]) : 0;
	int64_t begin, begin_cpu, end, ms;

	if (count < 1 || count > COUNT_MAX) {
		fprintf(stderr, "usage: bench_leg FUNCTION COUNT MS <EVENT\n");
		return 2;
	}
	ms = atoi(argv[3]);
	read_event(&leg);
	for (int i = 0; i < count; i++) {
		struct instance *instance = &leg.instances[i];
		struct epoll_event event = { EPOLLIN, { .ptr = instance } };

		start(instance, argv[1]);
		if (epoll_ctl(poll, EPOLL_CTL_ADD, instance->fd, &event))
			stop("bench_leg: epoll");
	}
	begin = clock_us(CLOCK_MONOTONIC);
	begin_cpu = clock_us(CLOCK_PROCESS_CPUTIME_ID);
	do {
		int ready = epoll_wait(poll, events, COUNT_MAX, 1000);

		for (int i = 0; i < ready; i++)
			hear(&leg, events[i].data.ptr);
		end = clock_us(CLOCK_MONOTONIC);
	} while (end - begin < ms * 1000);
	printf("calls %ld us %lld cpu %lld\n", leg.calls,
	       (long long)(end - begin),
	       (long long)(clock_us(CLOCK_PROCESS_CPUTIME_ID) - begin_cpu));
	for (int i = 0; i < count; i++) {
		kill(leg.instances[i].pid, SIGKILL);
		waitpid(leg.instances[i].pid, NULL, 0);
	}
	return 0;
}
