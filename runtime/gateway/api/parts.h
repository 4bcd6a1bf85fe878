/* SPDX-License-Identifier: MIT */
/*
 * parts.h - what the files of api/ share: an API as one reading of gateway.json
 * has it, what waits for functions, and the connections.
 */
#ifndef GATEWAY_API_PARTS_H
#define GATEWAY_API_PARTS_H

#include "../base/map.h"
#include "../base/utf8.h"
#include "../ws/socket.h"
#include "api.h"
#include "event.h"
#include "select.h"

/* API Gateway's quotas of WebSocket APIs. */
#define API_FRAME_MAX 32768
#define API_MESSAGE_MAX 131072
#define API_URL_MAX 4096 /* characters: a long token passes it */
#define API_IDLE_US (INT64_C(600) * 1000000)
#define API_LIFETIME_US (INT64_C(7200) * 1000000)
/*
 * UNSURE(authorizer-time): HTTP APIs' limit, taken for WebSocket authorizers
 * too.
 */
#define API_AUTHORIZER_MS 10000

/* What waits for a slow reader before posts to it are 429. */
#define API_PENDING_MAX (2 * API_MESSAGE_MAX)

/*
 * Messages being answered: past these a client is read no further until some
 * are done; the second bound is that of all clients of the API together.
 */
#define API_BUSY_MAX 128
#define API_BUSY_BYTES_MAX ((size_t)1 << 20)
#define API_ALL_BYTES_MAX ((size_t)256 << 20)

/* A route as one stage has it. */
struct api_route {
	const struct config_route *config;
	struct lambda_function *function;   /* NULL: another integration */
	struct lambda_function *authorizer; /* NULL: none that is here */
	struct bucket bucket;
};

struct api_stage {
	const struct config_stage *config;
	struct wsg_str endpoint; /* http://127.0.0.1:3001/dev */
	struct api_route *routes;
	struct map by_key;
};

/* The API as one reading of gateway.json has it; nothing keeps hold of it while
 * it waits. */
struct edition {
	const struct config *config;
	const struct config_api *api;
	struct selection *selection;
	struct wsg_arena *arena;
	struct api_stage *stages;
	size_t stages_count;
};

struct connection;
struct task;

struct api {
	struct api_options options;
	struct edition *edition;
	struct map connections; /* the open ones, by their id */
	struct map functions;	/* struct api_function, by their key */
	struct connection *everyone;
	struct connection *paused;
	struct task *tasks;
	size_t busy_bytes; /* of messages being answered */
	struct secrets secrets;
	struct wsg_arena *arena; /* for one step, reset by whoever uses it */
	struct wsg_buf text;	 /* likewise */
};

/* edition.c */
struct edition *edition_new(struct api *api, const struct config *config,
			    const struct config_api *api_config,
			    struct wsg_buf *why);
void edition_free(struct edition *edition);
/* Make and change its functions, and remove those that it has no more. */
void edition_functions(struct api *api, struct edition *edition,
		       const struct wsg_str *swap, size_t swap_count);
struct api_stage *edition_stage(struct edition *edition, struct wsg_str name);
struct api_route *stage_route(const struct api_stage *stage, const char *key);
struct api_route *stage_find(const struct api_stage *stage, struct wsg_str key);
void api_functions_free(struct api *api);

/* Whether a request for that route is within the stage's and the account's
 * throttles; faults may say no, too. */
bool api_admits(struct api *api, const struct api_stage *stage,
		struct api_route *route);

/* arn:aws:execute-api:...:{apiId}/{stage}/{rest}, in the API's arena. */
struct wsg_str api_arn(const struct api *api, struct wsg_str stage,
		       const char *rest);

/* The time as of this round. */
static inline int64_t api_now_ms(const struct api *api)
{
	return loop_now_ms(api->options.loop, CLOCK_GATEWAY);
}

static inline int64_t api_now_us(const struct api *api)
{
	return loop_now_us(api->options.loop, CLOCK_GATEWAY);
}

/* A trace event with what is known of the caller. */
struct trace_event api_event(const struct api *api, enum trace_kind kind,
			     const struct caller *caller);

/*
 * task.c: something that waits for a function, with a limit by the gateway's
 * clock. It is the first member of what it is for.
 */
struct task {
	struct lambda_call call;
	struct wsg_buf event;
	struct loop_timer limit;
	struct api *api;
	/* The function is done, or there is no more waiting: answer NULL. */
	void (*done)(struct task *task, const struct lambda_answer *answer);
	/* The API ends: free it. */
	void (*drop)(struct task *task);
	bool calling;
	struct task *next, *previous;
};

void task_init(struct task *task, struct api *api);
void task_release(struct task *task);
/* Call with task->event. limit_ms 0: however long it takes. */
void task_call(struct task *task, struct lambda_function *function,
	       int64_t limit_ms);

/* A caller whose strings are in room, of that size. */
size_t caller_size(const struct caller *caller);
void caller_copy(struct caller *to, const struct caller *from, char *room);

/* integration.c: what is not a function. The status that it comes to, and *note
 * says why if that is no 2xx. */
int integration_status(struct wsg_arena *arena,
		       const struct config_route *route, const char **note);

/* handshake.c: a client at the door. */
struct handshake {
	struct task task;
	struct exchange *exchange; /* NULL: the client has left */
	struct caller caller;
	char *room;	    /* of the caller's strings */
	char *authorizer;   /* of caller.authorizer */
	struct wsg_buf iam; /* of caller.iam */
	struct id request_id;
	int64_t authorizer_us; /* when it was called; then how long it took */
};

/* stage NULL: there is none of that name. */
void handshake_begin(struct api *api, const struct api_stage *stage,
		     struct exchange *exchange);
void handshake_abandoned(struct exchange *exchange);
/* Answer, and end the handshake; note is for the trace. */
void handshake_refuse(struct handshake *handshake, int status,
		      const char *error_type, const char *message,
		      const char *note);
/* Go on behind the authorizer. */
void handshake_authorized(struct handshake *handshake);

/* authorize.c: ask the Lambda authorizer; goes on in handshake.c. */
void authorize(struct handshake *handshake, const struct api_stage *stage,
	       const struct api_route *route);

/* iam.c: who signed. This one goes on in handshake.c. */
void iam_authorize(struct handshake *handshake);
/*
 * NULL if who signed a @connections call may make it; else it is answered, and
 * this is why, for the trace.
 */
const char *iam_admits(struct api *api, struct exchange *exchange,
		       struct wsg_str stage, struct wsg_str connection_id);

/* connection.c: an open one. */
struct message;

struct connection {
	struct ws_socket socket;
	struct api *api;
	struct caller caller;
	struct loop_timer timer; /* idle or lifetime, whichever is first */
	int64_t active_us;	 /* when data last went either way */
	struct message *messages, *messages_end;
	size_t busy_bytes;
	unsigned busy; /* messages being answered, or waiting for that */
	bool open;
	bool paused;
	const char *reason; /* for $disconnect, if not the close's own */
	struct connection *next, *previous;
	struct connection *next_paused;
	char room[]; /* of the caller's strings */
};

/* Let a client in: fd is its socket, first the 101. */
void connection_open(struct api *api, const struct caller *caller, int fd,
		     struct wsg_str first, struct wsg_str rest);
/* A text to the client; what for is the trace's note. */
enum ws_sent connection_send(struct connection *connection, struct wsg_str text,
			     struct wsg_str route, const char *note);
/* told is what $disconnect hears, the reason what the client does. */
void connection_close(struct connection *connection, unsigned code,
		      const char *reason, const char *told);
/* The API ends: close it with 1001; what its socket does not take at once is
 * not waited for, and nobody runs $disconnect. */
void connection_end(struct connection *connection);
/* Run $disconnect for somebody who has left. */
void connection_left(struct api *api, struct caller *caller, unsigned code,
		     struct wsg_str reason);
/* A message is to be answered, or done, its connection perhaps gone by then:
 * whether to read on goes by that. */
void connection_busy(struct connection *connection, size_t bytes);
void connection_done(struct api *api, struct connection *connection,
		     size_t bytes);

/* message.c */
void message_received(struct connection *connection, struct wsg_str text);
/* The connection is going: its messages are for nobody. */
void messages_orphan(struct connection *connection);

/* manage.c: rest is what follows the stage's name in the path. */
bool manage_is_path(struct wsg_str rest);
void manage_request(struct api *api, const struct api_stage *stage,
		    struct wsg_str rest, struct exchange *exchange);

#endif
