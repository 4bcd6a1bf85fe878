/* SPDX-License-Identifier: MIT */
/*
 * wsg_run: event after event from the Runtime API, or one from standard input.
 */
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Refusals of /next in a row before we give up. */
#define REFUSALS_MAX 10
#define EVENT_MAX ((size_t)16 << 20)

struct server {
	const struct wsg_function *function;
	struct wsg_lambda api;
	struct wsg_event event;
	struct wsg_buf out;
};

/*
 * X-Ray's variable, in memory of our own that changes with each event: setenv
 * would leave the old value behind every time.
 */
static void export_trace(struct wsg_str id)
{
	static char trace[512] = "_X_AMZN_TRACE_ID=";
	static bool exported;
	const size_t start = sizeof("_X_AMZN_TRACE_ID=") - 1;

	if (id.len >= sizeof(trace) - start)
		id.len = 0;
	if (id.len)
		memcpy(trace + start, id.ptr, id.len);
	trace[start + id.len] = '\0';
	if (!exported)
		putenv(trace);
	exported = true;
}

/* Post to this invocation; the path is short, but ids are not ours. */
static int post(struct server *server, const char *what, const char *error_type)
{
	struct wsg_str id = server->event.invocation.id;
	struct wsg_str body = { server->out.ptr, server->out.len };
	char path[256];
	int len = snprintf(path, sizeof(path), "invocation/%.*s/%s",
			   WSG_FMT(id), what);

	if (len < 0 || (size_t)len >= sizeof(path)) {
		wsg_log(WSG_ERROR, "the invocation's id is too long");
		return 400;
	}
	return wsg_lambda_post(&server->api, path, error_type, body);
}

static int post_fault(struct server *server, const struct wsg_fault *fault)
{
	wsg_log(WSG_ERROR, "%s: %.*s", fault->type, WSG_FMT(fault->message));
	wsg_buf_clear(&server->out);
	wsg_fault_write(fault, &server->out);
	return post(server, "error", fault->type);
}

static int post_too_large(struct server *server)
{
	char text[160];
	struct wsg_fault fault = { .type = "Function.ResponseSizeTooLarge" };

	snprintf(text, sizeof(text),
		 "Response payload size (%zu bytes) exceeded maximum allowed "
		 "payload size (%zu bytes).",
		 server->out.len, WSG_ANSWER_MAX);
	fault.message = wsg_str(text);
	return post_fault(server, &fault);
}

/* Answer one event; false if there is no going on. */
static bool serve(struct server *server, char *text, size_t len)
{
	struct wsg_fault fault;
	int status;

	export_trace(server->event.invocation.trace_id);
	wsg_log_event(&server->event);
	if (!wsg_answer(server->function, &server->event, text, len,
			&server->out, &fault))
		status = post_fault(server, &fault);
	else if (server->out.len > WSG_ANSWER_MAX)
		status = post_too_large(server);
	else
		status = post(server, "response", NULL);
	if (status == 413)
		status = post_too_large(server);
	if (status >= 400 && status < 500)
		wsg_log(WSG_ERROR, "the Runtime API refused the answer: %d",
			status);
	else if (status < 200 || status >= 300)
		wsg_log(WSG_FATAL, "the Runtime API failed: %d", status);
	wsg_log_event(NULL);
	return status >= 200 && status < 500;
}

static void pause_ms(long ms)
{
	struct timespec time = { .tv_sec = 0, .tv_nsec = ms * 1000000 };

	nanosleep(&time, NULL);
}

/* Event after event; the exit status. */
static int serve_all(struct server *server)
{
	int refusals = 0;

	while (!wsg_lambda_stopping()) {
		char *text;
		size_t len;
		int status = wsg_lambda_next(&server->api, &text, &len,
					     &server->event.invocation);

		if (wsg_lambda_stopping())
			break;
		if (status == 200) {
			refusals = 0;
			if (!serve(server, text, len))
				return 1;
			continue;
		}
		if (status < 400 || status >= 500 ||
		    ++refusals == REFUSALS_MAX) {
			wsg_log(WSG_FATAL, "no event from the Runtime API: %d",
				status);
			return 1;
		}
		wsg_log(WSG_ERROR, "the Runtime API refused /next: %d", status);
		pause_ms(50);
	}
	return 0;
}

static int fail_init(struct server *server)
{
	struct wsg_fault fault = {
		.type = "Runtime.InitError",
		.message = { WSG_LIT("the init handler failed") },
	};

	wsg_log(WSG_FATAL, "%s: %.*s", fault.type, WSG_FMT(fault.message));
	wsg_fault_write(&fault, &server->out);
	wsg_lambda_post(&server->api, "init/error", fault.type,
			(struct wsg_str){ server->out.ptr, server->out.len });
	return 1;
}

static int run_lambda(struct server *server, const char *address)
{
	int status;

	if (!wsg_lambda_init(&server->api, address)) {
		wsg_log(WSG_FATAL, "AWS_LAMBDA_RUNTIME_API is not host:port");
		return 1;
	}
	wsg_crash_init();
	wsg_lambda_watch();
	if (server->function->init && server->function->init() != WSG_OK)
		return fail_init(server);
	status = serve_all(server);
	if (wsg_lambda_stopping() && server->function->shutdown)
		server->function->shutdown();
	return status;
}

/* Standard input to its end, with room for a NUL behind it. */
static bool read_input(struct wsg_buf *in)
{
	ssize_t len = 1;

	in->limit = EVENT_MAX;
	while (len && wsg_buf_reserve(in, 4096)) {
		len = read(STDIN_FILENO, in->ptr + in->len, 4096);
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return false;
		in->len += (size_t)len;
	}
	return !in->failed;
}

static int run_once(struct server *server)
{
	struct wsg_buf in = { 0 };
	struct wsg_fault fault;
	bool answered;

	if (isatty(STDIN_FILENO))
		fprintf(stderr, "reading one event from standard input\n");
	if (!read_input(&in)) {
		fprintf(stderr, "standard input could not be read\n");
		wsg_buf_release(&in);
		return 1;
	}
	if (server->function->init && server->function->init() != WSG_OK) {
		wsg_log(WSG_FATAL, "the init handler failed");
		wsg_buf_release(&in);
		return 1;
	}
	server->event.invocation.id = wsg_str("stdin");
	server->event.invocation.deadline_ms = wsg_now_ms() + 30000;
	wsg_log_event(&server->event);
	answered = wsg_answer(server->function, &server->event, in.ptr, in.len,
			      &server->out, &fault);
	if (!answered) {
		wsg_buf_clear(&server->out);
		wsg_fault_write(&fault, &server->out);
	}
	wsg_log_event(NULL);
	fwrite(server->out.ptr, 1, server->out.len, stdout);
	putchar('\n');
	if (server->function->shutdown)
		server->function->shutdown();
	wsg_buf_release(&in);
	return answered && !fflush(stdout) ? 0 : 1;
}

int wsg_run(const struct wsg_function *function)
{
	const char *address = getenv("AWS_LAMBDA_RUNTIME_API");
	struct server server = { .function = function, .api = { .fd = -1 } };
	int status;

	if (!wsg_event_init(&server.event)) {
		wsg_log(WSG_FATAL, "out of memory");
		return 1;
	}
	if (address && *address)
		status = run_lambda(&server, address);
	else
		status = run_once(&server);
	wsg_event_release(&server.event);
	wsg_buf_release(&server.out);
	wsg_lambda_release(&server.api);
	return status;
}
