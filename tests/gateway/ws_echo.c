/* SPDX-License-Identifier: MIT */
/*
 * ws_echo.c - WebSocket as the gateway speaks it, without the gateway: what
 * the protocol's tests and the benchmark talk to. It prints the port that it
 * listens on, and serves until its standard input ends.
 *
 *     /echo     sends each message back
 *     /command  does what a text says: `close CODE REASON`, `cut`, `release`,
 *               `send COUNT BYTES`, `pause`, for a tenth of a second, or
 *               `part`, the same and then a close; what is none of these is
 *               printed with the count of clients, and so is how a socket
 *               ended
 *
 *     ws_echo [FRAME_MAX [MESSAGE_MAX [PENDING_MAX]]]
 */
#include "base/mem.h"
#include "net/server.h"
#include "ws/handshake.h"
#include "ws/socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MESSAGE_MAX (64 << 20)

struct echo {
	struct frame_limits limits;
	size_t frame_max, pending_max;
	struct loop *loop;
	struct loop_watch input;
	struct client *first; /* all of them, to be released at the end */
	size_t count;
};

struct client {
	struct ws_socket socket;
	struct echo *echo;
	struct client *next, **link;
	struct loop_timer pause;
	bool commands, parting;
	char reason[64];
};

static void release(struct client *client)
{
	*client->link = client->next;
	if (client->next)
		client->next->link = client->link;
	client->echo->count--;
	loop_stop(client->echo->loop, &client->pause);
	ws_socket_release(&client->socket);
	free(client);
}

static void closed(struct ws_socket *socket, unsigned code,
		   struct wsg_str reason)
{
	struct client *client = socket->owner;

	if (client->commands) {
		printf("closed %u %.*s\n", code, WSG_FMT(reason));
		fflush(stdout);
	}
	release(client);
}

static void echo_back(struct ws_socket *socket, enum frame_opcode opcode,
		      struct wsg_str payload)
{
	/* A socket that is full must show in the tests: it loses its echo. */
	ws_socket_send(socket, opcode, payload);
}

/* So many messages of so many bytes, and what became of them. */
static void send_many(struct client *client, long count, long size)
{
	static const char *const names[] = { "sent", "full", "over" };
	struct wsg_str payload = { mem_alloc((size_t)size), (size_t)size };
	enum ws_sent sent = WS_SENT;
	long done;

	for (done = 0; done < count && sent == WS_SENT; done++)
		sent = ws_socket_send(&client->socket, FRAME_BINARY, payload);
	printf("%ld %s\n", sent == WS_SENT ? done : done - 1, names[sent]);
	fflush(stdout);
	free((char *)payload.ptr);
}

static void resume(struct loop_timer *timer)
{
	struct client *client =
		(struct client *)((char *)timer -
				  offsetof(struct client, pause));

	printf(client->parting ? "parted\n" : "resumed\n");
	fflush(stdout);
	if (client->parting)
		ws_socket_close(&client->socket, 4000, "ours");
	else
		ws_socket_resume(&client->socket);
}

static void pause_a_while(struct client *client, bool parting)
{
	client->parting = parting;
	client->pause.fire = resume;
	client->pause.clock = CLOCK_REAL;
	ws_socket_pause(&client->socket);
	loop_start(client->echo->loop, &client->pause, 100000);
}

static void obey(struct ws_socket *socket, enum frame_opcode opcode,
		 struct wsg_str payload)
{
	struct client *client = socket->owner;
	char *text = mem_copy(payload);
	unsigned code;
	long count, size;

	(void)opcode;
	if (sscanf(text, "close %u %63[^\n]", &code, client->reason) >= 1) {
		ws_socket_close(socket, code, client->reason);
	} else if (!strcmp(text, "cut")) {
		ws_socket_cut(socket);
	} else if (!strcmp(text, "pause") || !strcmp(text, "part")) {
		pause_a_while(client, text[2] == 'r');
	} else if (!strcmp(text, "release")) {
		release(client);
	} else if (sscanf(text, "send %ld %ld", &count, &size) == 2) {
		send_many(client, count, size);
	} else {
		printf("%s %zu\n", text, client->echo->count);
		fflush(stdout);
	}
	free(text);
}

static const struct ws_socket_user echoing = { echo_back, closed };
static const struct ws_socket_user obeying = { obey, closed };

static void request(struct exchange *exchange)
{
	struct echo *echo = server_owner(exchange->server);
	struct wsg_buf accept = { 0 }, rest = { 0 };
	struct client *client;
	const char *message;
	int status = handshake_check(exchange->request, &message), fd;

	if (status) {
		struct wsg_str headers = { 0 };

		if (status == 426)
			headers = wsg_str(HANDSHAKE_UPGRADE_HEADERS);
		exchange_reply(exchange, status, headers, wsg_str(message));
		return;
	}
	client = mem_alloc(sizeof(*client));
	client->echo = echo;
	client->commands = wsg_str_is(exchange->request->path, "/command");
	handshake_accept(exchange->request, (struct wsg_str){ 0 }, &accept);
	fd = exchange_take(exchange, &rest);
	if (ws_socket_init(&client->socket, echo->loop, fd,
			   client->commands ? &obeying : &echoing, client,
			   &echo->limits,
			   (struct wsg_str){ accept.ptr, accept.len },
			   (struct wsg_str){ rest.ptr, rest.len })) {
		client->socket.frame_max = echo->frame_max;
		client->socket.pending_max = echo->pending_max;
		client->link = &echo->first;
		client->next = echo->first;
		if (client->next)
			client->next->link = &client->next;
		echo->first = client;
		echo->count++;
	} else {
		free(client);
	}
	wsg_buf_release(&accept);
	wsg_buf_release(&rest);
}

/* Whoever started us closed our standard input: that is all it says. */
static void quit(struct loop_watch *watch, unsigned events)
{
	struct echo *echo =
		(struct echo *)((char *)watch - offsetof(struct echo, input));

	(void)events;
	loop_quit(echo->loop);
}

static size_t number(int argc, char **argv, int at, size_t otherwise)
{
	return argc > at ? strtoul(argv[at], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
	static const struct server_user user = { .request = request };
	struct echo echo = { .loop = loop_new(false) };
	struct server *server;

	echo.frame_max = number(argc, argv, 1, 0);
	echo.limits.message_max = number(argc, argv, 2, MESSAGE_MAX);
	echo.limits.frame_max = echo.limits.message_max;
	echo.pending_max = number(argc, argv, 3, SIZE_MAX);
	server = server_new(echo.loop, "127.0.0.1", 0, &user, &echo);
	if (!server) {
		perror("ws_echo");
		return 3;
	}
	echo.input.ready = quit;
	if (!loop_watch(echo.loop, &echo.input, STDIN_FILENO, LOOP_READ)) {
		perror("ws_echo: standard input");
		return 3;
	}
	printf("%d\n", server_port(server));
	fflush(stdout);
	if (!loop_run(echo.loop)) {
		perror("ws_echo");
		return 3;
	}
	while (echo.first)
		release(echo.first);
	loop_unwatch(echo.loop, &echo.input);
	server_free(server);
	loop_free(echo.loop);
	return 0;
}
