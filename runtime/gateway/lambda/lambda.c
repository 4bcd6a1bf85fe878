/* SPDX-License-Identifier: MIT */
/* The service: which functions there are, and the calls that come for them. */
#include "../base/mem.h"
#include "service.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>

/* How long the kernel may take to end what was killed. */
#define KILL_MS 5000

struct lambda *lambda_new(const struct lambda_options *options)
{
	struct lambda *lambda = mem_alloc(sizeof(*lambda));
	uint64_t seed;

	assert(options->max_instances);
	lambda->options = *options;
	lambda->debug = mem_copy(options->debug);
	lambda->options.debug.ptr = lambda->debug;
	ring_init(&lambda->delayed);
	random_secret(&seed, sizeof(seed));
	random_seed(&lambda->random, seed);
	return lambda;
}

static void free_function(struct lambda_function *function)
{
	struct loop *loop = function->lambda->options.loop;

	loop_stop(loop, &function->idle);
	loop_stop(loop, &function->patience);
	loop_stop(loop, &function->backoff);
	wsg_buf_release(&function->cannot_message);
	config_release(&function->config);
	free(function);
}

/* Whether a call for it is held up, by its verdict or by --fault. */
static bool is_awaited(const struct lambda_function *function)
{
	const struct lambda_call *delayed = &function->lambda->delayed;
	const struct lambda_call *call = delayed->next;

	while (call != delayed && call->function != function)
		call = call->next;
	return call != delayed;
}

/* Removed functions go with their last instance, and their last call. */
static void sweep(struct lambda *lambda)
{
	struct lambda_function **at = &lambda->removed;

	while (*at) {
		struct lambda_function *function = *at;

		if (function->instances || function->waiting_count ||
		    is_awaited(function)) {
			at = &function->next;
			continue;
		}
		*at = function->next;
		free_function(function);
	}
}

/* Look after those of one function; whether there will be more to see. */
static bool watch_function(struct lambda_function *function)
{
	struct lambda *lambda = function->lambda;
	bool debugged = pool_is_debugged(function);
	struct lambda_instance *each;
	bool any = false;

	for (each = function->instances; each; each = each->next) {
		bool expected = debugged && !each->traced;
		bool idle = each->state == INSTANCE_IDLE && !expected;

		any = any || !idle;
		/* One that slept all the time is as it was. */
		if (!idle || each->busy_us >= lambda->watched_us)
			instance_watch(each);
	}
	return any;
}

static void on_watch(struct loop_timer *timer)
{
	struct lambda *lambda =
		(void *)((char *)timer - offsetof(struct lambda, watch));
	struct lambda_function *function;
	bool any = false;
	size_t at = 0;

	lambda->watching = false;
	while ((function = map_next(&lambda->functions, &at)))
		any = watch_function(function) || any;
	for (function = lambda->removed; function; function = function->next)
		any = watch_function(function) || any;
	lambda->watched_us = lambda_now_us(lambda);
	sweep(lambda);
	if (any || lambda->removed)
		lambda_watch(lambda);
}

void lambda_watch(struct lambda *lambda)
{
	if (lambda->watching)
		return;
	lambda->watching = true;
	lambda->watch.fire = on_watch;
	lambda->watch.clock = CLOCK_REAL;
	loop_start(lambda->options.loop, &lambda->watch,
		   LAMBDA_WATCH_MS * 1000);
}

struct lambda_function *lambda_function(struct lambda *lambda,
					const struct lambda_config *config,
					bool swap)
{
	struct lambda_function *function =
		map_get(&lambda->functions, config->key);
	bool made = !function;

	if (made) {
		function = mem_alloc(sizeof(*function));
		function->lambda = lambda;
		pool_init(function);
	} else if (!swap && config_same(&function->config, config)) {
		return function;
	} else {
		map_take(&lambda->functions, config->key);
		config_release(&function->config);
	}
	config_copy(&function->config, config);
	map_put(&lambda->functions, function->config.key, function);
	if (!made) {
		pool_retire(function);
		pool_serve(function);
	}
	return function;
}

static void answer_gone(struct lambda_call *call)
{
	call_answer(call, &(struct lambda_answer){
				  .outcome = LAMBDA_GONE,
				  .error_type = wsg_str("Service.Ended"),
				  .error_message = wsg_str(
					  "The function is there no more"),
			  });
}

/* Have the call answered from the loop, soon. */
static void answer_later(struct lambda_call *call, enum lambda_outcome verdict)
{
	struct lambda *lambda = call->function->lambda;

	call->verdict = verdict;
	call->place = CALL_DELAYED;
	call_put(&lambda->delayed, call);
	loop_start(lambda->options.loop, &call->timer, 0);
}

void lambda_remove(struct lambda *lambda, struct lambda_function *function)
{
	map_take(&lambda->functions, function->config.key);
	pool_retire(function);
	loop_stop(lambda->options.loop, &function->idle);
	function->gone = true;
	while (function->waiting_count) {
		struct lambda_call *call = function->waiting.next;

		call_take(call);
		answer_later(call, LAMBDA_GONE);
	}
	function->next = lambda->removed;
	lambda->removed = function;
	lambda_watch(lambda);
}

static void answer_verdict(struct lambda_call *call)
{
	struct lambda_answer answer = { .outcome = call->verdict };

	switch (call->verdict) {
	case LAMBDA_THROTTLED:
		answer.error_type = wsg_str("TooManyRequestsException");
		answer.error_message = wsg_str("Rate Exceeded.");
		break;
	case LAMBDA_TOO_LARGE:
		answer.error_type = wsg_str("RequestTooLargeException");
		answer.error_message =
			wsg_str("Request must be smaller than 6291456 bytes "
				"for the InvokeFunction operation");
		break;
	case LAMBDA_GONE:
	case LAMBDA_DONE:
	case LAMBDA_ERROR:
	case LAMBDA_TIMED_OUT:
	case LAMBDA_CRASHED:
	case LAMBDA_INIT_FAILED:
		answer_gone(call);
		return;
	}
	call_answer(call, &answer);
}

static void enter(struct lambda_call *call)
{
	struct lambda_function *function = call->function;

	if (function->gone)
		answer_later(call, LAMBDA_GONE);
	else if (function->waiting_count >= LAMBDA_QUEUE_MAX)
		answer_later(call, LAMBDA_THROTTLED);
	else
		pool_add(function, call);
}

/* A call that was held up, by its verdict or by --fault. */
static void on_call_due(struct loop_timer *timer)
{
	struct lambda_call *call =
		(void *)((char *)timer - offsetof(struct lambda_call, timer));

	if (call->verdict != LAMBDA_DONE) {
		answer_verdict(call);
		return;
	}
	call_take(call);
	enter(call);
}

static struct uuid next_id(struct lambda *lambda)
{
	unsigned char bytes[UUID_BYTES];

	secrets_take(&lambda->secrets, bytes, sizeof(bytes));
	return uuid_of(bytes);
}

void lambda_invoke(struct lambda_function *function, struct lambda_call *call)
{
	struct lambda *lambda = function->lambda;
	struct uuid id = next_id(lambda);
	int64_t latency_us = fault_latency_us(lambda->options.fault);

	memcpy(call->request_id, id.text, sizeof(call->request_id));
	call->function = function;
	call->instance = NULL;
	call->place = CALL_NOWHERE;
	call->verdict = LAMBDA_DONE;
	call->started_us = 0;
	call->timer =
		(struct loop_timer){ .fire = on_call_due, .clock = CLOCK_REAL };
	if (call->event.len > LAMBDA_EVENT_MAX) {
		answer_later(call, LAMBDA_TOO_LARGE);
	} else if (latency_us) {
		call->place = CALL_DELAYED;
		call_put(&lambda->delayed, call);
		loop_start(lambda->options.loop, &call->timer, latency_us);
	} else {
		enter(call);
	}
}

void lambda_abandon(struct lambda_call *call)
{
	call_take(call);
}

void lambda_count(const struct lambda_function *function, unsigned *instances,
		  unsigned *busy, unsigned *waiting)
{
	const struct lambda_instance *each;

	*instances = 0;
	*busy = 0;
	*waiting = function->waiting_count;
	for (each = function->instances; each; each = each->next) {
		*instances += each->state != INSTANCE_ENDING;
		*busy += each->state == INSTANCE_BUSY ||
			 each->state == INSTANCE_ANSWERED;
	}
}

void lambda_crash(struct lambda_call *call)
{
	if (call->instance)
		process_signal(&call->instance->process, SIGKILL);
}

/* All functions, the removed ones first: start with *at = 0, *from = NULL. */
static struct lambda_function *each_function(const struct lambda *lambda,
					     struct lambda_function **removed,
					     size_t *at)
{
	struct lambda_function *function = *removed;

	if (function) {
		*removed = function->next;
		return function;
	}
	return map_next(&lambda->functions, at);
}

static void answer_all(struct lambda *lambda)
{
	struct lambda_function *removed = lambda->removed, *function;
	struct lambda_instance *each;
	size_t at = 0;

	while ((function = each_function(lambda, &removed, &at))) {
		function->gone = true;
		for (each = function->instances; each; each = each->next) {
			if (each->call)
				answer_gone(each->call);
		}
		while (function->waiting_count)
			answer_gone(function->waiting.next);
	}
	while (lambda->delayed.next != &lambda->delayed)
		answer_gone(lambda->delayed.next);
}

static void signal_all(struct lambda *lambda, int signal)
{
	struct lambda_function *removed = lambda->removed, *function;
	const struct lambda_instance *each;
	size_t at = 0;

	while ((function = each_function(lambda, &removed, &at))) {
		for (each = function->instances; each; each = each->next)
			process_signal(&each->process, signal);
	}
}

static void wait_all(struct lambda *lambda, int64_t ms)
{
	struct clock real = { .manual = false };
	int64_t until_us = clock_us(&real, CLOCK_REAL) + ms * 1000;
	struct lambda_function *removed = lambda->removed, *function;
	struct lambda_instance *each;
	size_t at = 0;

	while ((function = each_function(lambda, &removed, &at))) {
		for (each = function->instances; each; each = each->next) {
			process_wait(&each->process, until_us);
			/* Its last words; nor may a full pipe hold it up. */
			logs_settle(&each->logs);
		}
	}
}

static void free_whole(struct lambda_function *function)
{
	while (function->instances) {
		struct lambda_instance *instance = function->instances;

		pool_remove(instance);
		instance_free(instance);
	}
	free_function(function);
}

void lambda_free(struct lambda *lambda)
{
	struct lambda_function *function;
	size_t at = 0;

	if (!lambda)
		return;
	signal_all(lambda, SIGTERM);
	answer_all(lambda);
	wait_all(lambda, LAMBDA_GRACE_MS);
	signal_all(lambda, SIGKILL);
	wait_all(lambda, KILL_MS);
	loop_stop(lambda->options.loop, &lambda->watch);
	while ((function = lambda->removed)) {
		lambda->removed = function->next;
		free_whole(function);
	}
	while ((function = map_next(&lambda->functions, &at)))
		free_whole(function);
	map_release(&lambda->functions);
	wsg_buf_release(&lambda->head);
	free(lambda->debug);
	free(lambda);
}
