/* SPDX-License-Identifier: MIT */
/* Calls: where they wait, and what becomes of them, in Lambda's words. */
#include "../base/date.h"
#include "../base/mem.h"
#include "service.h"

#include <wsgen/json.h>

#include <signal.h>
#include <sys/wait.h>

void ring_init(struct lambda_call *ring)
{
	ring->next = ring;
	ring->previous = ring;
}

void call_put(struct lambda_call *ring, struct lambda_call *call)
{
	call->next = ring;
	call->previous = ring->previous;
	ring->previous->next = call;
	ring->previous = call;
}

void call_take(struct lambda_call *call)
{
	switch (call->place) {
	case CALL_NOWHERE:
		return;
	case CALL_SERVED:
		call->instance->call = NULL;
		call->instance = NULL;
		break;
	case CALL_DELAYED:
		loop_stop(call->function->lambda->options.loop, &call->timer);
		break;
	case CALL_WAITING:
		call->function->waiting_count--;
		break;
	case CALL_FAILING:
		break;
	}
	if (call->place != CALL_SERVED) {
		call->previous->next = call->next;
		call->next->previous = call->previous;
	}
	call->place = CALL_NOWHERE;
}

static void tell(struct lambda_call *call, struct lambda_answer *answer)
{
	struct lambda_function *function = call->function;
	struct trace *trace = function->lambda->options.trace;
	bool done = answer->outcome == LAMBDA_DONE;

	if (call->started_us)
		answer->duration_us =
			lambda_now_us(function->lambda) - call->started_us;
	call_take(call);
	if (trace_wanted(trace, TRACE_ANSWERED))
		trace_tell(trace,
			   &(struct trace_event){
				   .kind = TRACE_ANSWERED,
				   .function = function->config.name,
				   .request_id = wsg_str(call->request_id),
				   .text = answer->payload,
				   .note = done ? wsg_str("done")
						: answer->error_message,
				   .duration_us = answer->duration_us,
				   .bad = !done,
			   });
	call->done(call, answer);
}

void call_answer(struct lambda_call *call, const struct lambda_answer *what)
{
	struct lambda_answer answer = *what;
	struct wsg_buf payload = { 0 };

	if (answer.outcome != LAMBDA_DONE && !answer.payload.len) {
		wsg_json_put_object(&payload);
		wsg_json_put_key(&payload, wsg_str("errorType"));
		wsg_json_put_string(&payload, answer.error_type);
		wsg_json_put_key(&payload, wsg_str("errorMessage"));
		wsg_json_put_string(&payload, answer.error_message);
		wsg_json_put_object_end(&payload);
		answer.payload = (struct wsg_str){ payload.ptr, payload.len };
	}
	tell(call, &answer);
	wsg_buf_release(&payload);
}

void put_message(struct wsg_buf *out, const struct lambda_call *call,
		 const struct lambda_answer *answer)
{
	const struct lambda_function *function = call->function;
	struct date now = date_iso(lambda_now_us(function->lambda) / 1000);

	if (answer->outcome != LAMBDA_TIMED_OUT) {
		wsg_buf_printf(out, "RequestId: %s Error: %.*s",
			       call->request_id,
			       WSG_FMT(answer->error_message));
		return;
	}
	wsg_buf_printf(out, "%s %s Task timed out after %d.%02d seconds",
		       now.text, call->request_id,
		       (int)(function->config.timeout_ms / 1000),
		       (int)(function->config.timeout_ms % 1000 / 10));
}

struct signal_name {
	int number;
	const char *name;
};

/* As Go has them, in which Lambda's side is written. */
static const struct signal_name signal_names[] = {
	{ SIGHUP, "hangup" },
	{ SIGINT, "interrupt" },
	{ SIGQUIT, "quit" },
	{ SIGILL, "illegal instruction" },
	{ SIGTRAP, "trace/breakpoint trap" },
	{ SIGABRT, "aborted" },
	{ SIGBUS, "bus error" },
	{ SIGFPE, "floating point exception" },
	{ SIGKILL, "killed" },
	{ SIGUSR1, "user defined signal 1" },
	{ SIGSEGV, "segmentation fault" },
	{ SIGUSR2, "user defined signal 2" },
	{ SIGPIPE, "broken pipe" },
	{ SIGALRM, "alarm clock" },
	{ SIGTERM, "terminated" },
};

void put_exit(struct wsg_buf *out, int status)
{
	size_t i;

	if (WIFEXITED(status) && !WEXITSTATUS(status)) {
		wsg_buf_text(out, "Runtime exited without providing a reason");
		return;
	}
	wsg_buf_text(out, "Runtime exited with error: ");
	if (WIFEXITED(status)) {
		wsg_buf_printf(out, "exit status %d", WEXITSTATUS(status));
		return;
	}
	for (i = 0; i < sizeof(signal_names) / sizeof(signal_names[0]); i++) {
		if (signal_names[i].number != WTERMSIG(status))
			continue;
		wsg_buf_printf(out, "signal: %s", signal_names[i].name);
		return;
	}
	wsg_buf_printf(out, "signal: signal %d", WTERMSIG(status));
}
