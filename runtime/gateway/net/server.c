/* SPDX-License-Identifier: MIT */
/* server.c - connections, each of which serves one request after another. */
#include "server.h"

#include "../base/date.h"
#include "../base/mem.h"
#include "../base/mend.h"

#include <wsgen/json.h>

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

/* Parsers kept for the next requests; connections at rest have none. */
#define SPARE_MAX 16

/* What has to leave of an answer each time that somebody looks. */
#define PROGRESS_MIN 65536

/* The buffer that heads of answers are written in is kept up to this. */
#define HEAD_KEPT_MAX 16384

#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"
#define FULL                                                        \
	"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n" \
	"Connection: close\r\n\r\n"

enum connection_state {
	READING,   /* a request, or waiting for one */
	ANSWERING, /* the exchange is the user's */
	DRAINING,  /* the answer is leaving */
	LINGERING, /* it was the last one: what comes is thrown away */
};

struct connection {
	struct exchange exchange; /* first, so that it leads back here */
	struct stream stream;
	struct loop_timer timer;
	int64_t deadline_us; /* INT64_MAX: none; the timer may be earlier */
	struct http_parser *parser;
	struct wsg_buf rest;   /* came too early: read when it is its turn */
	struct wsg_str unread; /* a slice of rest, or of what just came */
	size_t pending;	       /* when the timer looked last */
	struct connection *next, *previous;
	enum connection_state state;
	bool serving;	/* serve() is at work on it */
	bool closed;	/* serve() is to free it */
	bool ended;	/* the client sends no more */
	bool last;	/* no further request is served */
	bool head;	/* the answer goes without its body */
	bool continued; /* the client was told to go on */
	bool old;	/* HTTP/1.0 */
	char address[INET6_ADDRSTRLEN];
};

struct server {
	struct loop *loop;
	struct listener listener;
	const struct server_user *user;
	const struct server_times *times;
	void *owner;
	struct connection *first;
	size_t count;
	struct http_parser *spare[SPARE_MAX];
	size_t spare_count;
	struct wsg_buf head;
	int64_t date_s; /* that date is for */
	struct date date;
};

const struct server_times server_times = { 20000, 20000, 75000, 20000, 2000 };

static struct connection *connection_of(struct exchange *exchange)
{
	return (struct connection *)exchange;
}

static struct http_parser *parser_new(struct server *server)
{
	struct http_parser *parser;

	if (server->spare_count)
		return server->spare[--server->spare_count];
	parser = mem_alloc(sizeof(*parser));
	http_parser_init(parser, server->user->body_max);
	return parser;
}

static void parser_free(struct http_parser *parser)
{
	http_parser_release(parser);
	free(parser);
}

static void give_parser_back(struct connection *c)
{
	struct server *server = c->exchange.server;
	struct http_parser *parser = c->parser;

	c->parser = NULL;
	if (!parser)
		return;
	if (server->spare_count == SPARE_MAX) {
		parser_free(parser);
		return;
	}
	http_parser_reset(parser);
	server->spare[server->spare_count++] = parser;
}

/*
 * The timer is only moved when it would fire too late; when it fires too early
 * it starts itself again. So one that is busy hardly ever touches it.
 */
static void set_deadline(struct connection *c, int64_t after_ms)
{
	struct loop *loop = c->exchange.server->loop;
	int64_t after_us = after_ms * 1000;

	c->deadline_us = loop_now_us(loop, CLOCK_REAL) + after_us;
	if (!c->timer.place || c->timer.at_us > c->deadline_us)
		loop_start(loop, &c->timer, after_us);
}

/* All of it but its memory, which serve() may still be looking at. */
static void connection_close(struct connection *c)
{
	struct server *server = c->exchange.server;

	if (c->closed)
		return;
	c->closed = true;
	loop_stop(server->loop, &c->timer);
	stream_release(&c->stream);
	give_parser_back(c);
	wsg_buf_release(&c->rest);
	if (c->next)
		c->next->previous = c->previous;
	if (c->previous)
		c->previous->next = c->next;
	else
		server->first = c->next;
	server->count--;
	if (!c->serving)
		free(c);
}

/* Until the answer has left, and for a client to leave after the last one. */
static void wait_to_leave(struct connection *c)
{
	const struct server_times *times = c->exchange.server->times;

	c->pending = stream_pending(&c->stream);
	set_deadline(c, c->pending ? times->answer : times->linger);
}

/*
 * Not closed at once: were there anything unread, the system would make the
 * client forget the answer.
 */
static void linger(struct connection *c)
{
	c->state = LINGERING;
	wsg_buf_release(&c->rest);
	c->unread = (struct wsg_str){ NULL, 0 };
	wait_to_leave(c);
	stream_resume(&c->stream);
	stream_finish(&c->stream);
}

/* Written again once a second. */
static const char *date_now(struct server *server)
{
	int64_t now_ms = loop_now_ms(server->loop, CLOCK_REAL);

	if (now_ms / 1000 != server->date_s) {
		server->date_s = now_ms / 1000;
		server->date = date_http(now_ms);
	}
	return server->date.text;
}

/* The head of the answer, in a buffer that is used again for the next one. */
static struct wsg_str answer_head(struct connection *c, int status,
				  struct wsg_str headers, size_t body_len)
{
	struct wsg_buf *head = &c->exchange.server->head;
	struct http_answer answer = { status, headers, body_len,
				      date_now(c->exchange.server), NULL };

	if (c->last)
		answer.connection = "close";
	else if (c->old)
		answer.connection = "keep-alive";
	if (head->size > HEAD_KEPT_MAX)
		wsg_buf_release(head);
	wsg_buf_clear(head);
	http_put_answer(head, &answer);
	if (head->failed)
		mem_exhausted();
	return (struct wsg_str){ head->ptr, head->len };
}

/* Go on with what the client has sent meanwhile, if anything. */
static void next_request(struct connection *c)
{
	c->state = READING;
	set_deadline(c, c->exchange.server->times->idle);
	if (c->serving)
		return; /* serve() goes on by itself */
	if (c->unread.len || c->ended)
		loop_start(c->exchange.server->loop, &c->timer, 0);
	else if (c->stream.paused)
		stream_resume(&c->stream);
}

static void reply(struct connection *c, int status, struct wsg_str headers,
		  struct wsg_str body)
{
	struct wsg_str head = answer_head(c, status, headers, body.len);

	if (c->head || !http_has_body(status))
		body.len = 0;
	if (!stream_write2(&c->stream, head, body)) {
		connection_close(c);
		return;
	}
	give_parser_back(c);
	if (c->last) {
		linger(c);
	} else if (stream_pending(&c->stream)) {
		c->state = DRAINING;
		wait_to_leave(c);
		stream_pause(&c->stream);
	} else {
		next_request(c);
	}
}

static void reply_message(struct connection *c, int status,
			  const char *error_type, const char *message)
{
	struct wsg_buf headers = { 0 }, body = { 0 };

	wsg_buf_text(&headers, "Content-Type: application/json\r\n");
	if (error_type) {
		wsg_buf_text(&headers, "x-amzn-ErrorType: ");
		wsg_buf_text(&headers, error_type);
		wsg_buf_text(&headers, "\r\n");
	}
	wsg_json_put_object(&body);
	wsg_json_put_key(&body, wsg_str("message"));
	/* What a client sent may be in it. */
	mend_put(&body, wsg_str(message));
	wsg_json_put_object_end(&body);
	if (headers.failed || body.failed)
		mem_exhausted();
	reply(c, status, (struct wsg_str){ headers.ptr, headers.len },
	      (struct wsg_str){ body.ptr, body.len });
	wsg_buf_release(&headers);
	wsg_buf_release(&body);
}

/* What came is no request, or none that will be served. */
static void refuse(struct connection *c, int status)
{
	c->head = false;
	c->last = true;
	reply_message(c, status, NULL, http_phrase(status));
}

/* Who waits for a word before it sends the body gets one, once. */
static void let_continue(struct connection *c)
{
	if (c->continued || !c->parser->head_len)
		return;
	c->continued = true;
	if (c->parser->request.minor &&
	    http_header_has(&c->parser->request, "expect", "100-continue"))
		stream_write(&c->stream, CONTINUE, strlen(CONTINUE));
}

static void start_exchange(struct connection *c)
{
	const struct http_request *request = &c->parser->request;

	c->old = !request->minor;
	c->head = wsg_str_is(request->method, "HEAD");
	c->last = c->old ? !http_header_has(request, "connection", "keep-alive")
			 : http_header_has(request, "connection", "close");
	c->continued = false;
	c->exchange.request = request;
	c->exchange.owner = NULL;
	c->state = ANSWERING;
	c->deadline_us = INT64_MAX;
	c->exchange.server->user->request(&c->exchange);
}

/* Read one request out of what is unread, or as much of it as is there. */
static void serve_one(struct connection *c)
{
	enum http_result result;
	size_t used;

	if (!c->parser) {
		int64_t deadline_us = c->deadline_us;

		c->parser = parser_new(c->exchange.server);
		set_deadline(c, c->exchange.server->times->request);
		/* The first one's time began when the client connected. */
		if (deadline_us < c->deadline_us)
			c->deadline_us = deadline_us;
	}
	result = http_parse(c->parser, c->unread.ptr, c->unread.len, &used);
	c->unread.ptr += used;
	c->unread.len -= used;
	switch (result) {
	case HTTP_READY:
		start_exchange(c);
		break;
	case HTTP_REFUSED:
		refuse(c, c->parser->status);
		break;
	case HTTP_MORE:
		let_continue(c);
		break;
	}
}

/*
 * Serve what is unread until it is read, or a request waits for its answer.
 * False: the connection is gone.
 */
static bool serve(struct connection *c)
{
	c->serving = true;
	while (!c->closed && c->state == READING && c->unread.len)
		serve_one(c);
	c->serving = false;
	if (c->closed) {
		free(c);
		return false;
	}
	if (c->state == READING && c->ended) {
		connection_close(c);
		return false;
	}
	return true;
}

/* What is not served yet waits, and so does the client with sending more. */
static void keep_unread(struct connection *c)
{
	wsg_buf_str(&c->rest, c->unread);
	if (c->rest.failed)
		mem_exhausted();
	c->unread = (struct wsg_str){ c->rest.ptr, c->rest.len };
	stream_pause(&c->stream);
}

static void input(struct stream *stream, char *bytes, size_t len)
{
	struct connection *c = stream->owner;

	switch (c->state) {
	case READING:
		c->unread = (struct wsg_str){ bytes, len };
		if (serve(c) && c->unread.len)
			keep_unread(c);
		break;
	case ANSWERING:
	case DRAINING:
		c->unread = (struct wsg_str){ bytes, len };
		keep_unread(c);
		break;
	case LINGERING:
		break;
	}
}

static void drained(struct stream *stream)
{
	struct connection *c = stream->owner;

	if (c->state == DRAINING)
		next_request(c);
}

/* The client has left, or is not let have its answer any more. */
static void abandon(struct connection *c)
{
	const struct server_user *user = c->exchange.server->user;

	if (c->state == ANSWERING && c->exchange.owner && user->abandoned) {
		c->state = LINGERING;
		user->abandoned(&c->exchange);
	}
	connection_close(c);
}

static void ended(struct stream *stream, int error)
{
	struct connection *c = stream->owner;

	c->ended = true;
	if (c->state == ANSWERING &&
	    !(c->exchange.owner && c->exchange.server->user->abandoned))
		return;
	/* It may have ended its side only, with an answer still to read. */
	if (c->state == DRAINING && !error)
		return;
	if (c->state == LINGERING && !error && stream_pending(stream))
		return;
	abandon(c);
}

/* Time is up: whoever still makes progress is given more of it. */
static void expire(struct connection *c)
{
	size_t pending = stream_pending(&c->stream);

	if (c->state == READING && c->parser)
		refuse(c, 408);
	else if (c->state != READING && c->pending &&
		 (!pending || pending + PROGRESS_MIN <= c->pending))
		wait_to_leave(c);
	else
		connection_close(c);
}

static void fire(struct loop_timer *timer)
{
	struct connection *c =
		(struct connection *)((char *)timer -
				      offsetof(struct connection, timer));
	int64_t now_us = loop_now_us(c->exchange.server->loop, CLOCK_REAL);

	if (c->state == READING && (c->unread.len || c->ended)) {
		if (!serve(c))
			return;
		if (!c->unread.len) {
			wsg_buf_release(&c->rest);
			if (c->state != DRAINING)
				stream_resume(&c->stream);
		}
	}
	if (c->timer.place || c->deadline_us == INT64_MAX)
		return;
	if (now_us < c->deadline_us)
		loop_start(c->exchange.server->loop, &c->timer,
			   c->deadline_us - now_us);
	else
		expire(c);
}

static const struct stream_user stream_user = { input, drained, ended };

static void accepted(struct listener *listener, int fd, struct wsg_str address)
{
	struct server *server = listener->owner;
	size_t max = server->user->connections_max;
	struct connection *c;

	if (server->count >= (max ? max : SERVER_CONNECTIONS_MAX)) {
		/* Whether it gets to read that is its own affair. */
		ssize_t sent = send(fd, FULL, strlen(FULL),
				    MSG_NOSIGNAL | MSG_DONTWAIT);

		(void)sent;
		close(fd);
		return;
	}
	c = mem_alloc(sizeof(*c));
	if (!stream_init(&c->stream, server->loop, fd, &stream_user, c)) {
		free(c);
		return;
	}
	memcpy(c->address, address.ptr, address.len);
	c->exchange.server = server;
	c->exchange.address = (struct wsg_str){ c->address, address.len };
	c->timer.fire = fire;
	c->next = server->first;
	if (c->next)
		c->next->previous = c;
	server->first = c;
	server->count++;
	set_deadline(c, server->times->first);
}

struct server *server_new(struct loop *loop, const char *host, int port,
			  const struct server_user *user, void *owner)
{
	struct server *server = mem_alloc(sizeof(*server));

	server->loop = loop;
	server->user = user;
	server->times = user->times ? user->times : &server_times;
	server->owner = owner;
	server->date_s = -1;
	server->listener.accepted = accepted;
	server->listener.owner = server;
	if (!listener_init(&server->listener, loop, host, port)) {
		free(server);
		return NULL;
	}
	return server;
}

void server_free(struct server *server)
{
	if (!server)
		return;
	listener_release(&server->listener);
	while (server->first)
		abandon(server->first);
	while (server->spare_count)
		parser_free(server->spare[--server->spare_count]);
	wsg_buf_release(&server->head);
	free(server);
}

int server_port(const struct server *server)
{
	return server->listener.port;
}

void *server_owner(const struct server *server)
{
	return server->owner;
}

struct loop *server_loop(const struct server *server)
{
	return server->loop;
}

size_t server_count(const struct server *server)
{
	return server->count;
}

void exchange_reply(struct exchange *exchange, int status,
		    struct wsg_str headers, struct wsg_str body)
{
	struct connection *c = connection_of(exchange);

	assert(c->state == ANSWERING);
	reply(c, status, headers, body);
}

void exchange_reply_last(struct exchange *exchange, int status,
			 struct wsg_str headers, struct wsg_str body)
{
	connection_of(exchange)->last = true;
	exchange_reply(exchange, status, headers, body);
}

void exchange_reply_message(struct exchange *exchange, int status,
			    const char *error_type, const char *message)
{
	struct connection *c = connection_of(exchange);

	assert(c->state == ANSWERING);
	reply_message(c, status, error_type, message);
}

int exchange_take(struct exchange *exchange, struct wsg_buf *rest)
{
	struct connection *c = connection_of(exchange);
	int fd;

	assert(c->state == ANSWERING);
	fd = stream_detach(&c->stream);
	*rest = (struct wsg_buf){ 0 };
	wsg_buf_str(rest, c->unread);
	if (rest->failed)
		mem_exhausted();
	connection_close(c);
	return fd;
}
