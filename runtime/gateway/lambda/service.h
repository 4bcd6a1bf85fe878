/* SPDX-License-Identifier: MIT */
/* service.h - what the files of this folder share; nobody else includes it. */
#ifndef GATEWAY_LAMBDA_SERVICE_H
#define GATEWAY_LAMBDA_SERVICE_H

#include "../base/id.h"
#include "../base/map.h"
#include "../fault.h"
#include "../net/server.h"
#include "lambda.h"
#include "logs.h"
#include "process.h"

/* How often memory and debuggers are looked at, while anything runs. */
#define LAMBDA_WATCH_MS 100

/* How long a call waits for an instance that is about to be ready again. */
#define LAMBDA_PATIENCE_MS 20

/* From SIGTERM to SIGKILL. */
#define LAMBDA_GRACE_MS 500

/* What an answer past this is, nobody counts: the connection is closed. */
#define LAMBDA_BODY_MAX (64u * 1024 * 1024)

/* How long a function's connection is kept: longer than any call takes. */
#define LAMBDA_CONNECTION_MS (24 * 3600 * (int64_t)1000)

struct lambda {
	struct lambda_options options;
	char *debug;
	struct map functions;		 /* by key */
	struct lambda_call delayed;	 /* a ring, as those below */
	struct lambda_function *removed; /* whose last instances still run */
	struct loop_timer watch;	 /* LAMBDA_WATCH_MS */
	bool watching;
	int64_t watched_us;
	struct random random;	/* for trace ids */
	struct secrets secrets; /* for request ids */
	struct wsg_buf head;	/* of the event that is handed out */
};

struct lambda_function {
	struct lambda *lambda;
	struct lambda_config config; /* its own copy */
	struct wsg_str head; /* of every event: headers that do not change */
	struct lambda_instance *instances; /* the last used one first */
	struct lambda_call waiting;	   /* the head of a ring */
	unsigned waiting_count;
	unsigned started; /* instances ever */
	int64_t backoff_ms;
	struct loop_timer backoff; /* running: nothing is started meanwhile */
	bool held_back;
	const char *cannot_type; /* not NULL: calls hear when backoff fires */
	struct wsg_buf cannot_message;
	struct loop_timer patience; /* then one more is started after all */
	bool patient;		    /* it is running */
	struct loop_timer idle;	    /* ends what was not used for long */
	bool idle_set;
	bool gone; /* lambda_remove was here */
	struct lambda_function *next;
};

enum instance_state {
	INSTANCE_STARTING, /* it has to ask for an event */
	INSTANCE_IDLE,	   /* it asked: `asking` */
	INSTANCE_BUSY,	   /* it has one: request_id */
	INSTANCE_ANSWERED, /* and has to ask for the next */
	INSTANCE_ENDING,   /* was told to, or killed */
};

struct lambda_instance {
	struct lambda_function *function;
	struct lambda_instance *next, *previous;
	enum instance_state state;
	struct process process;
	struct logs logs;
	struct server *server;
	char address[24]; /* of the server: host and port */
	struct exchange *asking;
	struct lambda_call *call;   /* NULL: nobody waits for it any more */
	char request_id[37];	    /* of the last call; empty before */
	struct loop_timer deadline; /* of what the state has to come to */
	int64_t started_us, busy_us, idle_us;
	unsigned number;
	bool served;   /* it has asked for an event before */
	bool again;    /* its init ran out of time: once more, for the call's */
	bool retiring; /* made of what has changed */
	bool traced;   /* a debugger has been seen */
};

/* config.c: a copy of a config, and the environment that it makes. */
void config_copy(struct lambda_config *to, const struct lambda_config *from);
void config_release(struct lambda_config *config);
bool config_same(const struct lambda_config *a, const struct lambda_config *b);

/* environment.c: what a process gets, in one block that free() gives back. */
char **environment_new(const struct lambda_instance *instance);

/* instance.c: one process and its life. False: pool_cannot_start was told. */
bool instance_start(struct lambda_function *function, bool again);
void instance_deliver(struct lambda_instance *instance,
		      struct lambda_call *call);
/* SIGTERM, and SIGKILL after a while. */
void instance_end(struct lambda_instance *instance);
/* It asks for an event: the exchange is kept until there is one. */
void instance_asks(struct lambda_instance *instance, struct exchange *exchange);
/* What it asked with is lost. */
void instance_lost(struct lambda_instance *instance);
/* It is done with its call. What answer holds is good during this only. */
void instance_answers(struct lambda_instance *instance,
		      const struct lambda_answer *answer);
/* It says what is wrong with its init, and is expected to exit. */
void instance_fails(struct lambda_instance *instance,
		    const struct lambda_answer *answer);
/* Memory and debuggers. */
void instance_watch(struct lambda_instance *instance);
void instance_free(struct lambda_instance *instance);

/* pool.c: which instance serves which call, and how many there are. */
bool pool_is_debugged(const struct lambda_function *function);
void pool_init(struct lambda_function *function);
void pool_add(struct lambda_function *function, struct lambda_call *call);
void pool_serve(struct lambda_function *function);
void pool_insert(struct lambda_instance *instance); /* behind all others */
void pool_put_first(struct lambda_instance *instance);
void pool_remove(struct lambda_instance *instance);
/* One more is idle: the last ones may have been so for long. */
void pool_rest(struct lambda_function *function);
/* Its instances are of yesterday's binary. */
void pool_retire(struct lambda_function *function);
/* A start failed: calls that no other instance can serve hear of it. */
void pool_fail(struct lambda_function *function,
	       const struct lambda_answer *answer);
/* The same for when nobody may be called yet. */
void pool_cannot_start(struct lambda_function *function, const char *type,
		       const char *what, int error);

/* call.c: a call's place, and what becomes of it. */
void ring_init(struct lambda_call *ring);
void call_put(struct lambda_call *ring, struct lambda_call *call);
void call_take(struct lambda_call *call); /* from wherever it is */
/* It is done. A failure without a payload gets one that says the same. */
void call_answer(struct lambda_call *call, const struct lambda_answer *what);
/* What the caller reads: whose call it was, and answer's message. */
void put_message(struct wsg_buf *out, const struct lambda_call *call,
		 const struct lambda_answer *answer);
/* How a process ended, in Lambda's words. */
void put_exit(struct wsg_buf *out, int status);

/* runtime_api.c: what a function says, and is told. */
bool runtime_api_open(struct lambda_instance *instance); /* or errno */
void runtime_api_send(struct lambda_instance *instance,
		      struct exchange *exchange);
void runtime_api_refuse(struct exchange *exchange, const char *from,
			const char *to);

/* lambda.c */
void lambda_watch(struct lambda *lambda);

static inline int64_t lambda_now_us(const struct lambda *lambda)
{
	return loop_now_us(lambda->options.loop, CLOCK_REAL);
}

#endif
