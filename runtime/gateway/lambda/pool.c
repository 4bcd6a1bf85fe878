/* SPDX-License-Identifier: MIT */
/*
 * Which instance serves which call: the one that was used last, if it is idle;
 * one more while all are busy; else the calls wait in their order.
 */
#include "../base/mem.h"
#include "service.h"

#include <errno.h>

bool pool_is_debugged(const struct lambda_function *function)
{
	struct wsg_str name = function->lambda->options.debug;

	return name.len && wsg_str_equal(name, function->config.name);
}

/* Whether it is of today's binary, and there to serve. */
static bool is_live(const struct lambda_instance *instance)
{
	return instance->state != INSTANCE_ENDING && !instance->retiring;
}

static unsigned count_live(const struct lambda_function *function)
{
	const struct lambda_instance *each;
	unsigned count = 0;

	for (each = function->instances; each; each = each->next)
		count += is_live(each);
	return count;
}

static struct lambda_instance *find_idle(const struct lambda_function *function)
{
	struct lambda_instance *each;

	for (each = function->instances; each; each = each->next) {
		if (each->state == INSTANCE_IDLE && is_live(each) &&
		    (each->traced || !pool_is_debugged(function)))
			return each;
	}
	return NULL;
}

/*
 * Whether another instance would be of use, and may be. One that has answered
 * will ask for its next event in a moment, and is waited for that long.
 */
static bool needs_more(struct lambda_function *function, bool patient)
{
	const struct lambda_options *options = &function->lambda->options;
	unsigned max = pool_is_debugged(function) ? 1 : options->max_instances;
	unsigned live = 0, starting = 0, answered = 0;
	const struct lambda_instance *each;

	if (!function->waiting_count || function->gone || function->held_back)
		return false;
	for (each = function->instances; each; each = each->next) {
		if (!is_live(each))
			continue;
		live++;
		starting += each->state == INSTANCE_STARTING;
		answered += each->state == INSTANCE_ANSWERED;
	}
	if (function->waiting_count <= starting || live >= max)
		return false;
	if (!patient || function->waiting_count > starting + answered)
		return true;
	if (!function->patient)
		loop_start(options->loop, &function->patience,
			   LAMBDA_PATIENCE_MS * 1000);
	function->patient = true;
	return false;
}

static void serve(struct lambda_function *function, bool patient)
{
	struct lambda_instance *instance;

	while (function->waiting_count && (instance = find_idle(function))) {
		struct lambda_call *call = function->waiting.next;

		call_take(call);
		instance_deliver(instance, call);
	}
	while (needs_more(function, patient) && instance_start(function, false))
		;
}

void pool_serve(struct lambda_function *function)
{
	serve(function, true);
}

static void on_patience(struct loop_timer *timer)
{
	struct lambda_function *function =
		(void *)((char *)timer -
			 offsetof(struct lambda_function, patience));

	function->patient = false;
	serve(function, false);
}

void pool_add(struct lambda_function *function, struct lambda_call *call)
{
	call_put(&function->waiting, call);
	call->place = CALL_WAITING;
	function->waiting_count++;
	pool_serve(function);
}

void pool_insert(struct lambda_instance *instance)
{
	struct lambda_instance **end = &instance->function->instances;

	instance->previous = NULL;
	while (*end) {
		instance->previous = *end;
		end = &(*end)->next;
	}
	instance->next = NULL;
	*end = instance;
}

void pool_put_first(struct lambda_instance *instance)
{
	struct lambda_function *function = instance->function;

	if (function->instances == instance)
		return;
	pool_remove(instance);
	instance->previous = NULL;
	instance->next = function->instances;
	instance->next->previous = instance;
	function->instances = instance;
}

void pool_remove(struct lambda_instance *instance)
{
	if (instance->previous)
		instance->previous->next = instance->next;
	else
		instance->function->instances = instance->next;
	if (instance->next)
		instance->next->previous = instance->previous;
}

static void start_idle_timer(struct lambda_function *function, int64_t after_us)
{
	function->idle_set = true;
	loop_start(function->lambda->options.loop, &function->idle, after_us);
}

static int64_t idle_us(const struct lambda_function *function)
{
	int64_t ms = function->lambda->options.idle_ms;

	return (ms ? ms : LAMBDA_IDLE_MS) * 1000;
}

void pool_rest(struct lambda_function *function)
{
	if (!function->idle_set && function->instances->next)
		start_idle_timer(function, idle_us(function));
}

/* End what has been idle for long, but for one. */
static void on_idle(struct loop_timer *timer)
{
	struct lambda_function *function =
		(void *)((char *)timer -
			 offsetof(struct lambda_function, idle));
	int64_t limit = idle_us(function), next = limit;
	int64_t now = lambda_now_us(function->lambda);
	unsigned live = count_live(function);
	struct lambda_instance *each;

	function->idle_set = false;
	for (each = function->instances; each; each = each->next) {
		int64_t left = each->idle_us + limit - now;

		if (each->state != INSTANCE_IDLE || live < 2)
			continue;
		if (left <= 0) {
			instance_end(each);
			live--;
		} else if (left < next) {
			next = left;
		}
	}
	if (live > 1)
		start_idle_timer(function, next);
}

void pool_retire(struct lambda_function *function)
{
	struct lambda_instance *each;

	for (each = function->instances; each; each = each->next) {
		each->retiring = true;
		if (each->state == INSTANCE_STARTING ||
		    each->state == INSTANCE_IDLE)
			instance_end(each);
	}
	/* What failed before may have been put right. */
	loop_stop(function->lambda->options.loop, &function->backoff);
	function->held_back = false;
	function->cannot_type = NULL;
	function->backoff_ms = 0;
}

/* Whether another instance is there that has shown that it works. */
static bool can_serve(const struct lambda_function *function)
{
	const struct lambda_instance *each;

	for (each = function->instances; each; each = each->next) {
		if (each->served && is_live(each))
			return true;
	}
	return false;
}

static void hold_back(struct lambda_function *function)
{
	int64_t ms = function->backoff_ms * 2;

	if (ms < LAMBDA_BACKOFF_MIN_MS)
		ms = LAMBDA_BACKOFF_MIN_MS;
	if (ms > LAMBDA_BACKOFF_MAX_MS)
		ms = LAMBDA_BACKOFF_MAX_MS;
	function->backoff_ms = ms;
	function->held_back = true;
	loop_start(function->lambda->options.loop, &function->backoff,
		   ms * 1000);
}

void pool_fail(struct lambda_function *function,
	       const struct lambda_answer *answer)
{
	struct lambda_call failing;

	hold_back(function);
	if (can_serve(function))
		return;
	/* Whoever hears of it may call again: those wait for the next start. */
	ring_init(&failing);
	while (function->waiting_count) {
		struct lambda_call *call = function->waiting.next;

		call_take(call);
		call_put(&failing, call);
		call->place = CALL_FAILING;
	}
	while (failing.next != &failing) {
		struct lambda_call *call = failing.next;
		struct lambda_answer own = *answer;
		struct wsg_buf message = { 0 };

		if (!own.payload.len) {
			put_message(&message, call, answer);
			if (message.failed)
				mem_exhausted();
			own.error_message =
				(struct wsg_str){ message.ptr, message.len };
		}
		call_answer(call, &own);
		wsg_buf_release(&message);
	}
}

void pool_cannot_start(struct lambda_function *function, const char *type,
		       const char *what, int error)
{
	struct wsg_buf *message = &function->cannot_message;
	size_t start;

	wsg_buf_clear(message);
	wsg_buf_text(message, what);
	start = message->len;
	wsg_buf_text(message, strerror(error));
	if (message->failed)
		mem_exhausted();
	/* Go, and so Lambda, says it in lower case. */
	if (message->ptr[start] >= 'A' && message->ptr[start] <= 'Z')
		message->ptr[start] = (char)(message->ptr[start] + 'a' - 'A');
	function->cannot_type = type;
	function->held_back = true;
	loop_start(function->lambda->options.loop, &function->backoff, 0);
}

static void on_backoff(struct loop_timer *timer)
{
	struct lambda_function *function =
		(void *)((char *)timer -
			 offsetof(struct lambda_function, backoff));
	const char *type = function->cannot_type;

	function->held_back = false;
	function->cannot_type = NULL;
	if (!type) {
		pool_serve(function);
		return;
	}
	pool_fail(function,
		  &(struct lambda_answer){
			  .outcome = LAMBDA_INIT_FAILED,
			  .error_type = wsg_str(type),
			  .error_message = { function->cannot_message.ptr,
					     function->cannot_message.len },
		  });
}

void pool_init(struct lambda_function *function)
{
	ring_init(&function->waiting);
	function->patience.fire = on_patience;
	function->patience.clock = CLOCK_REAL;
	function->idle.fire = on_idle;
	function->idle.clock = CLOCK_REAL;
	function->backoff.fire = on_backoff;
	function->backoff.clock = CLOCK_REAL;
}
