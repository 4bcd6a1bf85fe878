/* SPDX-License-Identifier: MIT */
/*
 * load.c - many WebSocket clients in one thread, for benchmarks and tests.
 *
 *     load PORT PATH COUNT MS TEXT EXPECTED
 *         COUNT connections, each with one TEXT under way, for MS milliseconds.
 *         Then one line of names and numbers: calls that were answered with
 *         EXPECTED, those answered otherwise, those lost, connections closed,
 *         microseconds that it took, and that half and 99 % of the calls took
 *     load PORT PATH COUNT
 *         COUNT connections at rest, held until its standard input ends; then
 *         it prints how many of them are still open
 *
 * Both print `open` once all are connected.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROOM 1024      /* for an answer and its head */
#define PATIENCE 10000 /* milliseconds for what is under way at the end */

struct client {
	int fd; /* -1: closed */
	int64_t sent_us;
	bool waiting;
	size_t len;
	unsigned char room[ROOM];
};

struct load {
	struct client *clients;
	int count;
	int poll;
	unsigned char frame[ROOM];
	size_t frame_len;
	const char *expected;
	bool over; /* nothing more is sent */
	int under_way;
	long calls, failed, closed;
	uint32_t *taken_us;
	size_t taken_size;
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

static void *room_for(void *before, size_t size)
{
	void *room = realloc(before, size);

	if (!room)
		stop("load");
	return room;
}

static int dial(int port, const char *path)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	char head[1024];
	size_t len = 0;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		stop("load: connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (dprintf(fd,
		    "GET %s HTTP/1.1\r\nHost: localhost\r\n"
		    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
		    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
		    "Sec-WebSocket-Version: 13\r\n\r\n",
		    path) < 0)
		stop("load: handshake");
	while (len < 4 || memcmp(head + len - 4, "\r\n\r\n", 4)) {
		ssize_t got = recv(fd, head + len, sizeof(head) - 1 - len, 0);

		if (got <= 0 || len == sizeof(head) - 1)
			stop("load: handshake");
		len += (size_t)got;
		head[len] = '\0';
		if (len > 12 && memcmp(head, "HTTP/1.1 101", 12)) {
			fprintf(stderr, "load: no handshake: %s\n", head);
			exit(3);
		}
	}
	return fd;
}

static void make_frame(struct load *load, const char *text)
{
	static const unsigned char mask[4] = { 0x37, 0xfa, 0x21, 0x3d };
	unsigned char *frame = load->frame;
	size_t size = strlen(text), at = 0;

	if (size + 8 > sizeof(load->frame)) {
		fprintf(stderr, "load: the text is too long\n");
		exit(2);
	}
	frame[at++] = 0x81;
	if (size < 126) {
		frame[at++] = (unsigned char)(0x80 | size);
	} else {
		frame[at++] = 0x80 | 126;
		frame[at++] = (unsigned char)(size >> 8);
		frame[at++] = (unsigned char)size;
	}
	memcpy(frame + at, mask, sizeof(mask));
	at += sizeof(mask);
	for (size_t i = 0; i < size; i++)
		frame[at++] = (unsigned char)text[i] ^ mask[i % 4];
	load->frame_len = at;
}

static void end(struct load *load, struct client *client)
{
	close(client->fd);
	client->fd = -1;
	load->closed++;
}

static void send_one(struct load *load, struct client *client)
{
	client->sent_us = now_us();
	client->waiting = true;
	load->under_way++;
	if (send(client->fd, load->frame, load->frame_len, MSG_NOSIGNAL) !=
	    (ssize_t)load->frame_len)
		end(load, client);
}

static void count(struct load *load, const struct client *client,
		  const unsigned char *text, size_t len)
{
	if (len != strlen(load->expected) ||
	    memcmp(text, load->expected, len)) {
		load->failed++;
		return;
	}
	if ((size_t)load->calls == load->taken_size) {
		load->taken_size = load->taken_size * 2 + 4096;
		load->taken_us =
			room_for(load->taken_us,
				 load->taken_size * sizeof(*load->taken_us));
	}
	load->taken_us[load->calls++] = (uint32_t)(now_us() - client->sent_us);
}

/* Take whole frames off what came; there is at most one message under way. */
static void look(struct load *load, struct client *client)
{
	while (client->fd >= 0 && client->len >= 4) {
		const unsigned char *room = client->room;
		size_t head = room[1] == 126 ? 4 : 2;
		size_t size =
			head == 4 ? (size_t)room[2] << 8 | room[3] : room[1];

		if (room[0] != 0x81 || head + size > ROOM) {
			end(load, client);
			return;
		}
		if (client->len < head + size)
			return;
		if (client->waiting) {
			load->under_way--;
			client->waiting = false;
			count(load, client, room + head, size);
		}
		client->len -= head + size;
		memmove(client->room, room + head + size, client->len);
		if (!load->over)
			send_one(load, client);
	}
}

static void hear(struct load *load, struct client *client)
{
	ssize_t got = recv(client->fd, client->room + client->len,
			   ROOM - client->len, MSG_DONTWAIT);

	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0) {
		end(load, client);
		return;
	}
	client->len += (size_t)got;
	look(load, client);
}

/* What those that are closed wait for will not come. */
static int left(const struct load *load)
{
	int closed = 0;

	for (int i = 0; i < load->count; i++)
		closed += load->clients[i].waiting && load->clients[i].fd < 0;
	return load->under_way - closed;
}

static void serve(struct load *load, int64_t until_us)
{
	struct epoll_event events[256];

	while (!load->over || left(load)) {
		int64_t wait_ms = (until_us - now_us() + 999) / 1000;
		int count;

		if (wait_ms <= 0) {
			if (load->over)
				return;
			load->over = true;
			until_us = now_us() + PATIENCE * 1000;
			continue;
		}
		count = epoll_wait(load->poll, events, 256, (int)wait_ms);
		for (int i = 0; i < count; i++)
			hear(load, events[i].data.ptr);
	}
}

static int compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static void report(struct load *load, int64_t us)
{
	size_t calls = (size_t)load->calls;
	uint32_t half = 0, most = 0;

	if (calls) {
		qsort(load->taken_us, calls, sizeof(*load->taken_us), compare);
		half = load->taken_us[calls / 2];
		most = load->taken_us[calls * 99 / 100];
	}
	printf("calls %ld failed %ld lost %d closed %ld us %lld p50 %u "
	       "p99 %u\n",
	       load->calls, load->failed, load->under_way, load->closed,
	       (long long)us, half, most);
}

static void play(struct load *load, int64_t ms)
{
	int64_t begin;

	load->poll = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < load->count; i++) {
		struct epoll_event event = { EPOLLIN,
					     { .ptr = &load->clients[i] } };

		if (epoll_ctl(load->poll, EPOLL_CTL_ADD, load->clients[i].fd,
			      &event))
			stop("load: epoll");
	}
	begin = now_us();
	for (int i = 0; i < load->count; i++)
		send_one(load, &load->clients[i]);
	serve(load, begin + ms * 1000);
	report(load, now_us() - begin);
	close(load->poll);
}

static void rest(const struct load *load)
{
	int open = 0;
	char byte;

	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	for (int i = 0; i < load->count; i++)
		open += recv(load->clients[i].fd, &byte, 1,
			     MSG_DONTWAIT | MSG_PEEK) < 0 &&
			errno == EAGAIN;
	printf("open %d\n", open);
}

int main(int argc, char **argv)
{
	struct load load = { 0 };
	struct rlimit files;

	if (argc != 4 && argc != 7) {
		fprintf(stderr, "usage: load PORT PATH COUNT "
				"[MS TEXT EXPECTED]\n");
		return 2;
	}
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	load.count = atoi(argv[3]);
	load.clients =
		room_for(NULL, (size_t)load.count * sizeof(*load.clients));
	memset(load.clients, 0, (size_t)load.count * sizeof(*load.clients));
	for (int i = 0; i < load.count; i++)
		load.clients[i].fd = dial(atoi(argv[1]), argv[2]);
	printf("open\n");
	fflush(stdout);
	if (argc == 4) {
		rest(&load);
	} else {
		make_frame(&load, argv[5]);
		load.expected = argv[6];
		play(&load, atoi(argv[4]));
	}
	free(load.clients);
	free(load.taken_us);
	return 0;
}
