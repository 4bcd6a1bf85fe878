/* SPDX-License-Identifier: MIT */
/* One process of a function: from its start, through its calls, to its end. */
#include "../base/mem.h"
#include "service.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct loop *loop_of(const struct lambda_instance *instance)
{
	return instance->function->lambda->options.loop;
}

static struct trace *trace_of(const struct lambda_instance *instance)
{
	return instance->function->lambda->options.trace;
}

/* Said of it, in the trace. */
WSG_PRINTF_LIKE(3, 4)
static void tell(const struct lambda_instance *instance, bool bad,
		 const char *format, ...)
{
	struct trace *trace = trace_of(instance);
	char note[256];
	va_list args;
	int start;

	if (!trace_wanted(trace, TRACE_FUNCTION))
		return;
	start = snprintf(note, sizeof(note), "instance %u ", instance->number);
	va_start(args, format);
	vsnprintf(note + start, sizeof(note) - (size_t)start, format, args);
	va_end(args);
	trace_tell(trace, &(struct trace_event){
				  .kind = TRACE_FUNCTION,
				  .function = instance->function->config.name,
				  .request_id = wsg_str(instance->request_id),
				  .note = wsg_str(note),
				  .bad = bad,
			  });
}

static void on_line(struct logs *logs, struct wsg_str line)
{
	struct lambda_instance *instance =
		(void *)((char *)logs - offsetof(struct lambda_instance, logs));

	trace_tell(trace_of(instance),
		   &(struct trace_event){
			   .kind = TRACE_LOG,
			   .function = instance->function->config.name,
			   .request_id = wsg_str(instance->request_id),
			   .text = line,
		   });
}

/* How long it may take until something happens; a debugger has all the time. */
static void set_deadline(struct lambda_instance *instance, int64_t ms)
{
	if (instance->state != INSTANCE_ENDING &&
	    pool_is_debugged(instance->function))
		return;
	loop_start(loop_of(instance), &instance->deadline, ms * 1000);
}

/* SIGKILL: what it does from now on counts for nothing. */
static void end_now(struct lambda_instance *instance)
{
	instance->state = INSTANCE_ENDING;
	loop_stop(loop_of(instance), &instance->deadline);
	process_signal(&instance->process, SIGKILL);
}

/*
 * UNSURE(sigterm): Lambda sends SIGTERM only where there are extensions, and
 * ends others at once. Here everyone gets it: what on_shutdown does can be
 * seen.
 */
void instance_end(struct lambda_instance *instance)
{
	instance->state = INSTANCE_ENDING;
	process_signal(&instance->process, SIGTERM);
	set_deadline(instance, LAMBDA_GRACE_MS);
}

/* The call that an instance could not finish. */
static void fail_call(struct lambda_instance *instance,
		      enum lambda_outcome outcome, const char *type,
		      struct wsg_str message)
{
	struct lambda_answer answer = {
		.outcome = outcome,
		.error_type = wsg_str(type),
		.error_message = message,
	};
	struct lambda_call *call = instance->call;
	struct wsg_buf text = { 0 };

	if (!call)
		return;
	put_message(&text, call, &answer);
	if (text.failed)
		mem_exhausted();
	answer.error_message = (struct wsg_str){ text.ptr, text.len };
	call_answer(call, &answer);
	wsg_buf_release(&text);
}

/*
 * Lambda gives init 10 seconds, then starts anew and gives it the time of the
 * call that waits for it.
 */
static void on_init_overdue(struct lambda_instance *instance)
{
	struct lambda_function *function = instance->function;
	int64_t ms =
		instance->again ? function->config.timeout_ms : LAMBDA_INIT_MS;

	tell(instance, true,
	     "asked for no event within %lld ms of its start: killed",
	     (long long)ms);
	end_now(instance);
	if (instance->again)
		pool_fail(function,
			  &(struct lambda_answer){
				  .outcome = LAMBDA_TIMED_OUT,
				  .error_type = wsg_str("Sandbox.Timedout"),
			  });
	else if (function->waiting_count && !function->held_back)
		instance_start(function, true);
}

static void on_deadline(struct loop_timer *timer)
{
	struct lambda_instance *instance =
		(void *)((char *)timer -
			 offsetof(struct lambda_instance, deadline));
	struct lambda_function *function = instance->function;

	switch (instance->state) {
	case INSTANCE_STARTING:
		if (!instance->served) {
			on_init_overdue(instance);
			return;
		}
		tell(instance, true, "asks for no event any more: killed");
		end_now(instance);
		break;
	case INSTANCE_BUSY:
		/* UNSURE(timeout-type): the text is documented. */
		logs_settle(&instance->logs);
		tell(instance, true, "ran out of time: killed");
		end_now(instance);
		fail_call(instance, LAMBDA_TIMED_OUT, "Sandbox.Timedout",
			  wsg_str(""));
		break;
	case INSTANCE_ANSWERED:
		tell(instance, true,
		     "answered, and went on until its time was up: "
		     "killed");
		end_now(instance);
		break;
	case INSTANCE_IDLE:
		return;
	case INSTANCE_ENDING:
		end_now(instance);
		return;
	}
	pool_serve(function);
}

static void on_ended(struct process *process, int status)
{
	struct lambda_instance *instance =
		(void *)((char *)process -
			 offsetof(struct lambda_instance, process));
	struct lambda_function *function = instance->function;
	struct wsg_buf how = { 0 };
	struct wsg_str message;

	loop_stop(loop_of(instance), &instance->deadline);
	logs_settle(&instance->logs);
	pool_remove(instance);
	put_exit(&how, status);
	if (how.failed)
		mem_exhausted();
	message = (struct wsg_str){ how.ptr, how.len };
	if (instance->state == INSTANCE_ENDING)
		tell(instance, false, "ended");
	else
		tell(instance, true, "crashed: %.*s", WSG_FMT(message));
	if (instance->state == INSTANCE_BUSY)
		fail_call(instance, LAMBDA_CRASHED, "Runtime.ExitError",
			  message);
	else if (instance->state == INSTANCE_STARTING && !instance->served &&
		 !instance->retiring)
		pool_fail(function,
			  &(struct lambda_answer){
				  .outcome = LAMBDA_INIT_FAILED,
				  .error_type = wsg_str("Runtime.ExitError"),
				  .error_message = message,
			  });
	wsg_buf_release(&how);
	instance_free(instance);
	pool_serve(function);
}

void instance_free(struct lambda_instance *instance)
{
	/* What it asked with is lost now, and nobody is to wait for more. */
	instance->state = INSTANCE_ENDING;
	loop_stop(loop_of(instance), &instance->deadline);
	if (instance->server)
		server_free(instance->server);
	logs_release(&instance->logs);
	free(instance);
}

/* False: *error is an errno, and *what happened. */
static bool open_instance(struct lambda_instance *instance, const char **what,
			  int *error)
{
	const struct lambda_config *config = &instance->function->config;
	struct process_plan plan = {
		.path = config->bootstrap,
		.folder = config->folder,
		.traceable = pool_is_debugged(instance->function),
	};
	char **environment;
	bool started;
	int output;

	*what = "no port for its Runtime API: ";
	if (!runtime_api_open(instance)) {
		*error = errno;
		return false;
	}
	environment = environment_new(instance);
	plan.environment = environment;
	started = process_start(&instance->process, loop_of(instance), &plan,
				&output, error);
	free(environment);
	*what = "fork/exec /var/task/bootstrap: ";
	if (!started)
		return false;
	if (!logs_init(&instance->logs, loop_of(instance), output))
		tell(instance, true, "cannot be heard");
	return true;
}

bool instance_start(struct lambda_function *function, bool again)
{
	struct lambda_instance *instance = mem_alloc(sizeof(*instance));
	const char *what;
	int error;

	instance->function = function;
	instance->again = again;
	instance->number = ++function->started;
	instance->started_us = lambda_now_us(function->lambda);
	instance->process.ended = on_ended;
	instance->logs.heard = on_line;
	instance->logs.watch.fd = -1;
	instance->deadline.fire = on_deadline;
	instance->deadline.clock = CLOCK_REAL;
	if (!open_instance(instance, &what, &error)) {
		tell(instance, true, "did not start (%s%s): %s",
		     strerror(error),
		     error == ENOENT ? "; has make built it?" : "",
		     function->config.bootstrap);
		instance_free(instance);
		pool_cannot_start(function, "Runtime.InvalidEntrypoint", what,
				  error);
		return false;
	}
	pool_insert(instance);
	set_deadline(instance,
		     again ? function->config.timeout_ms : LAMBDA_INIT_MS);
	tell(instance, false, "started as process %d", instance->process.pid);
	if (pool_is_debugged(function))
		tell(instance, true, "waits for: gdb -p %d",
		     instance->process.pid);
	lambda_watch(function->lambda);
	return true;
}

void instance_deliver(struct lambda_instance *instance,
		      struct lambda_call *call)
{
	struct lambda *lambda = instance->function->lambda;
	struct fault *fault = lambda->options.fault;
	struct exchange *exchange = instance->asking;
	struct trace *trace = trace_of(instance);

	instance->state = INSTANCE_BUSY;
	instance->asking = NULL;
	instance->call = call;
	instance->busy_us = lambda_now_us(lambda);
	memcpy(instance->request_id, call->request_id,
	       sizeof(instance->request_id));
	call->instance = instance;
	call->place = CALL_SERVED;
	call->started_us = instance->busy_us;
	exchange->owner = NULL;
	if (trace_wanted(trace, TRACE_INVOKED))
		trace_tell(trace,
			   &(struct trace_event){
				   .kind = TRACE_INVOKED,
				   .function = instance->function->config.name,
				   .request_id = wsg_str(call->request_id),
				   .text = call->event,
			   });
	set_deadline(instance, instance->function->config.timeout_ms);
	lambda_watch(lambda);
	if (fault && fault_hits(fault, fault->crash)) {
		tell(instance, true, "is killed, as --fault wants");
		process_signal(&instance->process, SIGKILL);
		return;
	}
	runtime_api_send(instance, exchange);
}

/* An instance that waits for its next event, or for its end. */
static void settle(struct lambda_instance *instance, struct exchange *exchange)
{
	struct lambda_function *function = instance->function;

	loop_stop(loop_of(instance), &instance->deadline);
	exchange->owner = instance;
	instance->asking = exchange;
	if (instance->retiring) {
		instance_end(instance);
		return;
	}
	instance->state = INSTANCE_IDLE;
	instance->idle_us = lambda_now_us(function->lambda);
	if (instance->busy_us)
		pool_put_first(instance);
	pool_serve(function);
	if (instance->state == INSTANCE_IDLE)
		pool_rest(function);
}

void instance_asks(struct lambda_instance *instance, struct exchange *exchange)
{
	switch (instance->state) {
	case INSTANCE_STARTING:
		if (!instance->served)
			tell(instance, false, "ready after %lld ms",
			     (long long)(lambda_now_us(
						 instance->function->lambda) -
					 instance->started_us) /
				     1000);
		instance->served = true;
		instance->function->backoff_ms = 0;
		break;
	case INSTANCE_IDLE:
		/* It gave up on the one that it has. */
		instance->asking->owner = NULL;
		runtime_api_refuse(instance->asking, "Ready", "Ready");
		break;
	case INSTANCE_BUSY:
		/* The event did not reach it, or it wants to see it again. */
		if (instance->call)
			runtime_api_send(instance, exchange);
		else
			runtime_api_refuse(exchange, "Running", "Ready");
		return;
	case INSTANCE_ANSWERED:
		break;
	case INSTANCE_ENDING:
		if (instance->asking)
			instance->asking->owner = NULL;
		instance->asking = NULL;
		return;
	}
	settle(instance, exchange);
}

void instance_lost(struct lambda_instance *instance)
{
	instance->asking = NULL;
	if (instance->state != INSTANCE_IDLE)
		return;
	instance->state = INSTANCE_STARTING;
	set_deadline(instance, LAMBDA_INIT_MS);
}

void instance_answers(struct lambda_instance *instance,
		      const struct lambda_answer *answer)
{
	instance->state = INSTANCE_ANSWERED;
	if (trace_wanted(trace_of(instance), TRACE_LOG))
		logs_settle(&instance->logs);
	if (instance->call)
		call_answer(instance->call, answer);
}

void instance_fails(struct lambda_instance *instance,
		    const struct lambda_answer *answer)
{
	instance->state = INSTANCE_ENDING;
	set_deadline(instance, LAMBDA_GRACE_MS);
	tell(instance, true, "init failed: %.*s",
	     WSG_FMT(answer->error_message));
	if (!instance->retiring)
		pool_fail(instance->function, answer);
}

static void watch_memory(struct lambda_instance *instance)
{
	unsigned limit = instance->function->config.memory_mb;
	uint64_t used = process_memory(&instance->process) >> 20;

	if (used <= limit)
		return;
	tell(instance, true, "uses %llu MB of %u MB: killed",
	     (unsigned long long)used, limit);
	process_signal(&instance->process, SIGKILL);
}

void instance_watch(struct lambda_instance *instance)
{
	struct lambda_function *function = instance->function;

	if (instance->state == INSTANCE_ENDING)
		return;
	if (function->lambda->options.memory_limit)
		watch_memory(instance);
	if (instance->traced || !pool_is_debugged(function) ||
	    !process_is_traced(&instance->process))
		return;
	instance->traced = true;
	tell(instance, false, "has a debugger");
	pool_serve(function);
}
