/* SPDX-License-Identifier: MIT */
/*
 * handshake.c - a client at the door: throttles, the authorizer, the API key,
 * $connect, and only then the 101.
 */
#include "../ws/handshake.h"
#include "../base/mem.h"
#include "answer.h"
#include "parts.h"

#include <stdlib.h>

static void end(struct handshake *handshake)
{
	task_release(&handshake->task);
	wsg_buf_release(&handshake->iam);
	free(handshake->room);
	free(handshake->authorizer);
	free(handshake);
}

static void drop(struct task *task)
{
	/* The task is the first member of its handshake. */
	struct handshake *handshake = (struct handshake *)task;

	if (handshake->exchange)
		exchange_reply_message(handshake->exchange, 500,
				       "InternalServerErrorException",
				       "Internal server error");
	end(handshake);
}

static void tell_refused(const struct handshake *handshake, int status,
			 const char *message, const char *note)
{
	const struct api *api = handshake->task.api;
	struct trace_event event =
		api_event(api, TRACE_REFUSED, &handshake->caller);

	event.request_id = wsg_str(handshake->request_id.text);
	event.status = status;
	event.text = wsg_str(message);
	event.note = wsg_str(note);
	event.bad = status >= 500;
	trace_tell(api->options.trace, &event);
}

void handshake_refuse(struct handshake *handshake, int status,
		      const char *error_type, const char *message,
		      const char *note)
{
	tell_refused(handshake, status, message, note);
	if (handshake->exchange)
		exchange_reply_message(handshake->exchange, status, error_type,
				       message);
	end(handshake);
}

/* No proper handshake; who is told 426 is told what would be one. */
static void refuse_improper(struct handshake *handshake, int status,
			    const char *message)
{
	static const char note[] = "no proper WebSocket handshake";

	if (status != 426) {
		handshake_refuse(handshake, status, "BadRequestException",
				 message, note);
		return;
	}
	tell_refused(handshake, status, message, note);
	exchange_reply(handshake->exchange, status,
		       wsg_str(HANDSHAKE_UPGRADE_HEADERS
			       "Content-Type: application/json\r\n"),
		       wsg_str("{\"message\":\"Upgrade Required\"}"));
	end(handshake);
}

/* As $connect answered: the status and nothing else of it. */
static void refuse_plain(struct handshake *handshake, int status)
{
	tell_refused(handshake, status, "", "$connect answered so");
	if (handshake->exchange)
		exchange_reply(handshake->exchange, status,
			       (struct wsg_str){ NULL, 0 },
			       (struct wsg_str){ NULL, 0 });
	end(handshake);
}

/* As it came in, line by line. */
static void tell_asked(const struct handshake *handshake)
{
	const struct http_request *request = handshake->exchange->request;
	const struct api *api = handshake->task.api;
	struct trace_event event =
		api_event(api, TRACE_ASKED, &handshake->caller);
	struct wsg_buf text = { 0 };

	if (!trace_wanted(api->options.trace, TRACE_ASKED))
		return;
	wsg_buf_printf(&text, "%.*s %.*s", WSG_FMT(request->method),
		       WSG_FMT(request->target));
	for (size_t i = 0; i < request->headers_count; i++)
		wsg_buf_printf(&text, "\n%.*s: %.*s",
			       WSG_FMT(request->headers[i].name),
			       WSG_FMT(request->headers[i].value));
	event.text = (struct wsg_str){ text.ptr, text.len };
	event.request_id = wsg_str(handshake->request_id.text);
	trace_tell(api->options.trace, &event);
	wsg_buf_release(&text);
}

/* What the client is to the functions, in memory of the handshake's own: a
 * reload may come while it waits. */
static void take_caller(struct handshake *handshake,
			const struct api_stage *stage)
{
	struct api *api = handshake->task.api;
	const struct http_request *request = handshake->exchange->request;
	struct wsg_str key = http_header(request, "x-api-key");
	const struct api_key *known =
		keys_find(api->options.keys, api->options.keys_count, key);
	struct caller caller = {
		.connection_id = id_new(&api->secrets),
		.api_id = api->edition->api->id,
		.domain = http_header(request, "host"),
		.connected_ms = api_now_ms(api),
		.source_ip = handshake->exchange->address,
		.user_agent = http_header(request, "user-agent"),
	};

	if (stage)
		caller.stage = stage->config->name;
	if (known && !api->edition->api->key_from_authorizer) {
		caller.api_key = known->value;
		caller.api_key_id = wsg_str(known->id);
	}
	handshake->room = mem_alloc(caller_size(&caller));
	caller_copy(&handshake->caller, &caller, handshake->room);
}

static void let_in(struct handshake *handshake, struct wsg_str protocol)
{
	struct api *api = handshake->task.api;
	struct trace_event event =
		api_event(api, TRACE_OPENED, &handshake->caller);
	struct wsg_buf first = { 0 };
	struct wsg_buf rest = { 0 };
	int fd;

	if (!handshake->exchange) {
		/*
		 * UNSURE(left-early): what AWS does for a client that left
		 * while $connect ran. Taken: what $connect began, $disconnect
		 * ends.
		 */
		connection_left(api, &handshake->caller, CLOSE_ABNORMAL,
				(struct wsg_str){ NULL, 0 });
		end(handshake);
		return;
	}
	handshake_accept(handshake->exchange->request, protocol, &first);
	if (first.failed)
		mem_exhausted();
	event.request_id = wsg_str(handshake->request_id.text);
	event.status = 101;
	event.text = protocol;
	trace_tell(api->options.trace, &event);
	fd = exchange_take(handshake->exchange, &rest);
	connection_open(api, &handshake->caller, fd,
			(struct wsg_str){ first.ptr, first.len },
			(struct wsg_str){ rest.ptr, rest.len });
	wsg_buf_release(&first);
	wsg_buf_release(&rest);
	end(handshake);
}

/* The function's failures, as the client sees them; message NULL: none. */
static int failure_status(const struct lambda_answer *answer,
			  const char **message, const char **note)
{
	*message = "Internal server error";
	if (!answer) {
		/* UNSURE(connect-504): REST APIs' status and text. */
		*message = "Endpoint request timed out";
		*note = "$connect took longer than its integration may";
		return 504;
	}
	switch (answer->outcome) {
	case LAMBDA_DONE:
		return 0;
	case LAMBDA_ERROR:
		*note = "$connect's function reported an error";
		return 502;
	case LAMBDA_TIMED_OUT:
		/* UNSURE(connect-timeout): taken as any other error. */
		*note = "$connect's function timed out";
		return 502;
	case LAMBDA_CRASHED:
		*note = "$connect's function crashed";
		return 502;
	case LAMBDA_INIT_FAILED:
		*note = "$connect's function did not start";
		return 502;
	case LAMBDA_TOO_LARGE:
		*note = "$connect's answer is too large";
		return 502;
	case LAMBDA_THROTTLED:
		*note = "Lambda throttled $connect's function";
		return 500;
	case LAMBDA_GONE:
		*note = "the gateway is ending";
		return 500;
	}
	return 500;
}

static void connect_answered(struct task *task,
			     const struct lambda_answer *answer)
{
	struct handshake *handshake = (struct handshake *)task;
	struct connect_answer verdict;
	const char *message = "";
	const char *note = "";
	int status = failure_status(answer, &message, &note);

	if (status) {
		handshake_refuse(handshake, status,
				 "InternalServerErrorException", message, note);
		return;
	}
	wsg_arena_reset(task->api->arena);
	answer_connect(task->api->arena, answer->payload, &verdict);
	if (verdict.status >= 200 && verdict.status < 300)
		let_in(handshake, verdict.protocol);
	else if (verdict.status == 502)
		/* Its own, or no number at all: AWS makes no difference. */
		handshake_refuse(handshake, 502, "InternalServerErrorException",
				 "Internal server error",
				 "$connect answered no statusCode, or 502");
	else
		refuse_plain(handshake, verdict.status);
}

/* The last step: $connect itself, if there is one. */
static void ask_connect(struct handshake *handshake, struct api_stage *stage)
{
	struct api *api = handshake->task.api;
	const struct api_route *route = stage_route(stage, "$connect");
	struct occasion occasion = {
		.request_id = handshake->request_id,
		.now_ms = api_now_ms(api),
		.route = { WSG_LIT("$connect") },
	};
	const char *note = "";

	if (!route) {
		let_in(handshake, (struct wsg_str){ NULL, 0 });
		return;
	}
	if (!route->function) {
		int status;

		wsg_arena_reset(api->arena);
		status = integration_status(api->arena, route->config, &note);
		if (status >= 200 && status < 300)
			let_in(handshake, (struct wsg_str){ NULL, 0 });
		else
			handshake_refuse(handshake, status, NULL,
					 "Internal server error", note);
		return;
	}
	handshake->caller.stage_variables = stage->config->variables;
	event_connect(&handshake->task.event, &handshake->caller, &occasion,
		      handshake->exchange->request,
		      handshake->authorizer_us / 1000);
	handshake->caller.stage_variables = NULL;
	handshake->task.done = connect_answered;
	task_call(&handshake->task, route->function, route->config->timeout_ms);
}

/* Behind the authorizer comes the API key, whoever it is that gave it. */
void handshake_authorized(struct handshake *handshake)
{
	struct api *api = handshake->task.api;
	struct api_stage *stage =
		edition_stage(api->edition, handshake->caller.stage);
	const struct api_route *route =
		stage ? stage_route(stage, "$connect") : NULL;

	if (!handshake->exchange) {
		/* Nothing was begun yet that would have to be ended. */
		end(handshake);
		return;
	}
	if (!stage) {
		handshake_refuse(handshake, 403, "ForbiddenException",
				 "Forbidden", "the stage is no more");
		return;
	}
	if (route && route->config->api_key && !handshake->caller.api_key.len) {
		handshake_refuse(handshake, 403, "ForbiddenException",
				 "Forbidden",
				 "$connect requires an API key: x-api-key is "
				 "missing, or none of --api-key's");
		return;
	}
	ask_connect(handshake, stage);
}

static void check_caller(struct handshake *handshake,
			 const struct api_stage *stage,
			 const struct api_route *route)
{
	switch (route ? route->config->authorization : CONFIG_NONE) {
	case CONFIG_NONE:
		handshake_authorized(handshake);
		break;
	case CONFIG_IAM:
		iam_authorize(handshake);
		break;
	case CONFIG_CUSTOM:
		authorize(handshake, stage, route);
		break;
	}
}

void handshake_begin(struct api *api, const struct api_stage *stage,
		     struct exchange *exchange)
{
	struct handshake *handshake = mem_alloc(sizeof(*handshake));
	struct api_route *route = stage ? stage_route(stage, "$connect") : NULL;
	const char *message;
	int status;

	task_init(&handshake->task, api);
	handshake->task.drop = drop;
	handshake->exchange = exchange;
	exchange->owner = handshake;
	handshake->request_id = id_new(&api->secrets);
	take_caller(handshake, stage);
	tell_asked(handshake);
	status = handshake_check(exchange->request, &message);
	if (!stage)
		handshake_refuse(handshake, 403, "ForbiddenException",
				 "Forbidden", "no stage has that path");
	else if (status)
		refuse_improper(handshake, status, message);
	/* UNSURE(url-length): the status, and whether the host counts. */
	else if (exchange->request->target.len > API_URL_MAX)
		handshake_refuse(handshake, 414, NULL, "URI Too Long",
				 "the URL is past 4,096 characters");
	else if (!account_connection(api->options.account, api_now_us(api)))
		handshake_refuse(handshake, 429, "TooManyRequestsException",
				 "Too Many Requests",
				 "more than 500 new connections a second");
	else if (!api_admits(api, stage, route))
		handshake_refuse(handshake, 429, "TooManyRequestsException",
				 "Too Many Requests", "throttled");
	else
		check_caller(handshake, stage, route);
}

void handshake_abandoned(struct exchange *exchange)
{
	struct handshake *handshake = exchange->owner;

	/* $connect runs on, and what it says still counts; see let_in. */
	handshake->exchange = NULL;
}
