/* SPDX-License-Identifier: MIT */
/*
 * server.h - an HTTP/1.1 server: connections are kept alive, one request each
 * at a time, answered whenever its owner is ready. What a client can hold on to
 * is bounded: so many connections, so many bytes, and so long for a request to
 * arrive whole.
 */
#ifndef GATEWAY_SERVER_H
#define GATEWAY_SERVER_H

#include "http.h"
#include "stream.h"

#include <sys/socket.h>

#define SERVER_CONNECTIONS_MAX 20000

/* How long a client may take, in milliseconds. */
struct server_times {
	int64_t first;	 /* from accept to a first whole request */
	int64_t request; /* for a request to arrive, once begun */
	int64_t idle;	 /* between two of them */
	int64_t answer;	 /* for some more of an answer to leave */
	int64_t linger;	 /* to leave, after the last answer */
};

#define SERVER_TIMES                             \
	{                                        \
		20000, 20000, 75000, 20000, 2000 \
	}

struct server;
struct exchange;

struct server_user {
	/*
	 * A request is there. Answer it now or later, once: with
	 * exchange_reply, or by exchange_take. Until then exchange->request
	 * is good.
	 */
	void (*request)(struct exchange *exchange);
	/*
	 * The client left before it was answered: the exchange is gone when
	 * this returns. Only called when exchange->owner is not NULL. May be
	 * NULL; then, as without an owner, the exchange waits for its answer
	 * all the same: a client that only ended its side gets it.
	 */
	void (*abandoned)(struct exchange *exchange);
	size_t body_max;
	const struct server_times *times; /* NULL: those above */
	size_t connections_max; /* 0: SERVER_CONNECTIONS_MAX; more get 503 */
};

struct exchange {
	struct server *server;
	const struct http_request *request;
	struct wsg_str address; /* of the client, no port */
	void *owner;		/* the user's, NULL at first */
};

/* NULL: errno. Port 0 takes any. owner is the user's. */
struct server *server_new(struct loop *loop, const char *host, int port,
			  const struct server_user *user, void *owner);
/* Everything open is closed; abandoned is called where it has to be. */
void server_free(struct server *server);
int server_port(const struct server *server);
void *server_owner(const struct server *server);
struct loop *server_loop(const struct server *server);
size_t server_count(const struct server *server); /* connections open */

/*
 * Answer: headers are whole lines that each end in \r\n, Content-Length and the
 * rest are added. The exchange is gone then, and the connection serves on.
 */
void exchange_reply(struct exchange *exchange, int status,
		    struct wsg_str headers, struct wsg_str body);

/* The same, and the connection ends. */
void exchange_reply_last(struct exchange *exchange, int status,
			 struct wsg_str headers, struct wsg_str body);

/* {"message":"..."} as application/json, as AWS answers errors. */
void exchange_reply_message(struct exchange *exchange, int status,
			    const char *error_type, const char *message);

/*
 * Take the connection away from HTTP, for WebSocket: its descriptor, and in
 * *rest (the caller's to release) what the client had sent already. The
 * exchange is gone then.
 */
int exchange_take(struct exchange *exchange, struct wsg_buf *rest);

#endif
