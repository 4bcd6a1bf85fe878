/* SPDX-License-Identifier: MIT */
/*
 * lambda.h - Lambda on this machine: starts the functions' own binaries, speaks
 * the Runtime API to each over a loopback port of its own, starts more of them
 * while all are busy and ends them when idle, and says what became of each
 * call as Lambda would.
 */
#ifndef GATEWAY_LAMBDA_H
#define GATEWAY_LAMBDA_H

#include "../net/loop.h"
#include "../trace.h"

#include <wsgen/str.h>

/* The largest answer, and the largest event: AWS's own. */
#define LAMBDA_ANSWER_MAX (6u * 1024 * 1024 + 100)
#define LAMBDA_EVENT_MAX (6u * 1024 * 1024)

#define LAMBDA_INIT_MS 10000
#define LAMBDA_IDLE_MS 300000	  /* an instance past the first ends then */
#define LAMBDA_QUEUE_MAX 10000	  /* calls that wait for one instance kind */
#define LAMBDA_BACKOFF_MIN_MS 100 /* after a start that failed */
#define LAMBDA_BACKOFF_MAX_MS 10000

struct lambda;
struct lambda_function;

struct lambda_options {
	struct loop *loop;
	struct trace *trace;
	struct fault *fault;	/* NULL: none */
	unsigned max_instances; /* of each function */
	int64_t idle_ms;	/* 0: LAMBDA_IDLE_MS */
	bool memory_limit;	/* hold functions to memoryMb */
	struct wsg_str debug;	/* this function waits for gdb; or empty */
};

struct lambda_variable {
	const char *name, *value;
};

/* What a function is; copied. */
struct lambda_config {
	/* Tells functions apart; one that serves two stages has two, since its
	 * environment differs. */
	struct wsg_str key;
	struct wsg_str name;
	const char *bootstrap; /* absolute path; started without a shell */
	const char *folder;    /* LAMBDA_TASK_ROOT, and where it runs */
	struct wsg_str arn;
	struct wsg_str region;
	int64_t timeout_ms;
	unsigned memory_mb;
	bool log_json;
	/* All that it gets besides what Lambda itself sets: the spec's, its
	 * credentials, WSG_ENDPOINT ... */
	const struct lambda_variable *environment;
	size_t environment_count;
};

enum lambda_outcome {
	LAMBDA_DONE,	  /* payload is the answer */
	LAMBDA_ERROR,	  /* the handler reported one: payload, error_* */
	LAMBDA_TIMED_OUT, /* killed */
	LAMBDA_CRASHED,	  /* it exited, or was killed, memory included */
	LAMBDA_INIT_FAILED,
	LAMBDA_TOO_LARGE, /* the answer is past LAMBDA_ANSWER_MAX */
	LAMBDA_THROTTLED, /* the queue is full */
	LAMBDA_GONE,	  /* the gateway is ending */
};

struct lambda_answer {
	enum lambda_outcome outcome;
	struct wsg_str payload;	      /* gone when done returns */
	struct wsg_str error_type;    /* Runtime.ExitError */
	struct wsg_str error_message; /* as Lambda words it */
	int64_t duration_us;	      /* in the function; 0: it never started */
};

/* One call; a member of what waits for it. */
struct lambda_call {
	/* Called once, from the loop, never from within lambda_invoke. */
	void (*done)(struct lambda_call *call,
		     const struct lambda_answer *answer);
	char request_id[37];  /* set by lambda_invoke */
	struct wsg_str event; /* owned by the call until it is done */
	struct lambda_function *function;
	/* The service's. */
	enum {
		CALL_NOWHERE,
		CALL_DELAYED,
		CALL_WAITING,
		CALL_FAILING,
		CALL_SERVED
	} place;
	struct lambda_call *next, *previous;
	struct lambda_instance *instance;
	struct loop_timer timer;
	enum lambda_outcome verdict; /* of a call that cannot be made */
	int64_t started_us;
};

struct lambda *lambda_new(const struct lambda_options *options);

/* Functions in flight get SIGTERM, and soon SIGKILL; calls are LAMBDA_GONE. */
void lambda_free(struct lambda *lambda);

/*
 * The function of that key, made or changed. When anything of it differs from
 * before, or swap says that its binary was built anew, instances that are busy
 * finish their call and end, idle ones end now, and the next call starts a new
 * one. Good until lambda_free or lambda_remove.
 */
struct lambda_function *lambda_function(struct lambda *lambda,
					const struct lambda_config *config,
					bool swap);
void lambda_remove(struct lambda *lambda, struct lambda_function *function);

/* Call it. call->done and call->event are set by the caller. */
void lambda_invoke(struct lambda_function *function, struct lambda_call *call);

/* Nobody waits any more: done is not called; the function still runs on. */
void lambda_abandon(struct lambda_call *call);

/* How many instances there are, how many are busy, and the calls that wait. */
void lambda_count(const struct lambda_function *function, unsigned *instances,
		  unsigned *busy, unsigned *waiting);

/* Kill one that is serving this call, as a fault would. */
void lambda_crash(struct lambda_call *call);

#endif
