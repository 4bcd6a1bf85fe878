/* SPDX-License-Identifier: MIT */
/*
 * site.h - a server over loopback that answers as the paths of its requests
 * say, and a client that hears what it says.
 */
#ifndef GATEWAY_SITE_H
#define GATEWAY_SITE_H

#include "test.h"

#include "net/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

#define BODY_MAX 300000
#define BIG 20000000 /* more than sockets hold */
#define HOST "Host: h\r\n"
#define END "\r\n"

#define OK(len) "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: " len END
#define CLOSE "Connection: close\r\n"
#define BAD(status, phrase, len)                                               \
	"HTTP/1.1 " status " " phrase "\r\nContent-Type: application/json\r\n" \
	"Content-Length: " len "\r\n" CLOSE "\r\n{\"message\":\"" phrase "\"}"

/* Long enough for anything to happen that is going to. */
#define SETTLE_US 15000

/* What the server's owner knows: it answers as the paths say. */
struct site {
	struct loop *loop;
	struct server *server;
	struct loop_timer later;
	struct loop_timer quit;
	int rounds; /* before that */
	struct exchange *waiting;
	size_t abandoned;
	int taken;
	struct wsg_buf rest;
	struct wsg_buf answer; /* of the client, the date taken out */
};

static inline struct wsg_str text(const char *of)
{
	return wsg_str(of);
}

/* What the request was, as a body. */
static inline void echo(struct exchange *exchange, bool last)
{
	const struct http_request *request = exchange->request;
	struct wsg_buf body = { 0 };
	struct wsg_str bytes;

	wsg_buf_str(&body, request->method);
	wsg_buf_text(&body, " ");
	wsg_buf_str(&body, request->target);
	wsg_buf_text(&body, " ");
	wsg_buf_str(&body, request->body);
	bytes = test_str(&body);
	if (last)
		exchange_reply_last(exchange, 200, text("A: b\r\n"), bytes);
	else
		exchange_reply(exchange, 200, text("A: b\r\n"), bytes);
	wsg_buf_release(&body);
}

static inline void answer_later(struct loop_timer *timer)
{
	struct site *site =
		(struct site *)((char *)timer - offsetof(struct site, later));
	struct exchange *exchange = site->waiting;

	site->waiting = NULL;
	if (wsg_str_is(exchange->request->path, "/taken-later"))
		site->taken = exchange_take(exchange, &site->rest);
	else
		echo(exchange, false);
}

static inline void big(struct exchange *exchange)
{
	size_t len = BIG;
	char *bytes = calloc(1, len);

	exchange_reply(exchange, 200, text(""), (struct wsg_str){ bytes, len });
	free(bytes);
}

static inline void on_request(struct exchange *exchange)
{
	struct site *site = server_owner(exchange->server);
	struct wsg_str path = exchange->request->path;

	test_text("address", exchange->address, text("127.0.0.1"));
	if (wsg_str_is(path, "/last")) {
		echo(exchange, true);
	} else if (wsg_str_is(path, "/later") ||
		   wsg_str_is(path, "/taken-later")) {
		assert_null(site->waiting);
		site->waiting = exchange;
		loop_start(site->loop, &site->later, 3000);
	} else if (wsg_str_is(path, "/never")) {
		exchange->owner = site;
	} else if (wsg_str_is(path, "/taken")) {
		site->taken = exchange_take(exchange, &site->rest);
	} else if (wsg_str_is(path, "/empty")) {
		exchange_reply(exchange, 204, text(""), text("no body"));
	} else if (wsg_str_is(path, "/gone")) {
		exchange_reply_message(exchange, 410, "GoneException",
				       "\"gone\"");
	} else if (wsg_str_is(path, "/big")) {
		big(exchange);
	} else if (wsg_str_is(path, "/free")) {
		server_free(site->server);
		site->server = NULL;
	} else {
		echo(exchange, false);
	}
}

static inline void on_abandoned(struct exchange *exchange)
{
	struct site *site = exchange->owner;

	site->abandoned++;
}

static inline void quit(struct loop_timer *timer)
{
	struct site *site =
		(struct site *)((char *)timer - offsetof(struct site, quit));

	if (site->rounds--)
		loop_start(site->loop, timer, 0);
	else
		loop_quit(site->loop);
}

static inline void site_init(struct site *site, const struct server_user *user)
{
	*site = (struct site){ .loop = loop_new(false), .taken = -1 };
	site->later.fire = answer_later;
	site->quit.fire = quit;
	site->server = server_new(site->loop, "127.0.0.1", 0, user, site);
	assert_non_null(site->server);
	assert_ptr_equal(server_loop(site->server), site->loop);
}

static inline void site_release(struct site *site)
{
	server_free(site->server);
	loop_free(site->loop);
	wsg_buf_release(&site->answer);
	wsg_buf_release(&site->rest);
	if (site->taken >= 0)
		close(site->taken);
}

/* And for some rounds, however slow the machine is. */
static inline void run(struct site *site, int64_t for_us)
{
	site->rounds = 8;
	loop_start(site->loop, &site->quit, for_us);
	assert_true(loop_run(site->loop));
}

static inline int client(const struct site *site)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)server_port(site->server)),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(
		connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static inline void say(int fd, struct wsg_str bytes)
{
	assert_int_equal(send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL),
			 bytes.len);
}

static inline void drop_dates(struct wsg_buf *buf)
{
	char *date;

	while (buf->ptr && (date = strstr(buf->ptr, "Date: "))) {
		char *end = strstr(date, "\r\n");

		assert_int_equal(end - date, 35);
		memmove(date, end + 2, strlen(end + 2) + 1);
		buf->len -= 37;
	}
}

/* Everything that there is to be read; true if that was all. */
static inline bool hear(struct site *site, int fd)
{
	char bytes[4096];
	ssize_t len;

	while ((len = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		wsg_buf_add(&site->answer, bytes, (size_t)len);
	if (len < 0 && errno != EAGAIN)
		wsg_buf_printf(&site->answer, "(%s)", strerror(errno));
	wsg_buf_add(&site->answer, "", 0);
	drop_dates(&site->answer);
	return len == 0;
}

#endif
