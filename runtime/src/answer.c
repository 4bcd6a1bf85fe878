/* SPDX-License-Identifier: MIT */
/* From an event to the answer: which handler, and what its result means. */
#include "internal.h"

#include <wsgen/registry.h>

static bool fail(struct wsg_fault *fault, const char *type,
		 struct wsg_str message)
{
	*fault = (struct wsg_fault){ .type = type, .message = message };
	return false;
}

void wsg_fault_write(const struct wsg_fault *fault, struct wsg_buf *out)
{
	wsg_json_put_object(out);
	wsg_json_put_key(out, wsg_str("errorMessage"));
	wsg_json_put_string(out, fault->message);
	wsg_json_put_key(out, wsg_str("errorType"));
	wsg_json_put_string(out, wsg_str(fault->type));
	wsg_json_put_key(out, wsg_str("stackTrace"));
	wsg_json_put_array(out);
	wsg_json_put_array_end(out);
	wsg_json_put_object_end(out);
}

/* What was written has to fit, and memory has to have sufficed. */
static bool finish(const struct wsg_buf *out, struct wsg_fault *fault)
{
	if (out->failed)
		return fail(fault, "Runtime.AnswerFailed",
			    wsg_str("the answer could not be written"));
	return true;
}

static bool answer_raw(const struct wsg_function *function,
		       struct wsg_event *event, struct wsg_buf *out,
		       struct wsg_fault *fault)
{
	if (function->raw(event, out) != WSG_OK)
		return fail(fault, "Function.Failed",
			    wsg_str("the handler failed"));
	return finish(out, fault);
}

static bool answer_authorizer(const struct wsg_function *function,
			      struct wsg_event *event, struct wsg_buf *out,
			      struct wsg_fault *fault)
{
	struct wsg_authorize *client = &event->authorize;

	if (!function->authorize)
		return fail(fault, "Runtime.NoAuthorizer",
			    wsg_str("this function is no authorizer"));
	switch (function->authorize(client)) {
	case WSG_OK:
		if (!client->allowed)
			return fail(fault, "Function.Failed",
				    wsg_str("WSG_OK without wsg_allow"));
		wsg_authorize_answer(client, true, out);
		return finish(out, fault);
	case WSG_INVALID:
		/* API Gateway knows this one text, and answers 401. */
		return fail(fault, "Function.Unauthorized",
			    wsg_str("Unauthorized"));
	case WSG_REFUSED:
		wsg_authorize_answer(client, false, out);
		return finish(out, fault);
	case WSG_FAILED:
		break;
	}
	return fail(fault, "Function.Failed", wsg_str("the authorizer failed"));
}

static int status_of(enum wsg_result result)
{
	switch (result) {
	case WSG_OK:
		return 200;
	case WSG_INVALID:
		return 400;
	case WSG_REFUSED:
		return 403;
	case WSG_FAILED:
		break;
	}
	return 500;
}

/* A two-way route that says no says it to the client. */
static void put_error_frame(struct wsg_event *event, enum wsg_result result)
{
	struct wsg_buf *out = &event->reply;

	if (result == WSG_OK || out->len)
		return;
	wsg_json_put_object(out);
	wsg_json_put_key(out, wsg_str("error"));
	wsg_json_put_string(
		out, wsg_str(result == WSG_INVALID ? "invalid" : "refused"));
	wsg_json_put_object_end(out);
}

static bool answer_message(struct wsg_event *event, enum wsg_result result,
			   struct wsg_buf *out, struct wsg_fault *fault)
{
	struct wsg_buf *reply = &event->reply;

	wsg_json_put_object(out);
	wsg_json_put_key(out, wsg_str("statusCode"));
	wsg_json_put_int64(out, status_of(result));
	if (event->two_way) {
		put_error_frame(event, result);
		if (reply->failed || reply->len > WSG_MESSAGE_MAX)
			return fail(fault, "Function.ReplyTooLarge",
				    wsg_str("the reply is larger than 128 KB"));
		wsg_json_put_key(out, wsg_str("body"));
		wsg_json_put_string(out,
				    (struct wsg_str){ reply->ptr, reply->len });
	}
	wsg_json_put_object_end(out);
	return finish(out, fault);
}

static bool answer_route(const struct wsg_function *function,
			 struct wsg_event *event, struct wsg_buf *out,
			 struct wsg_fault *fault)
{
	struct wsg_str key = event->route_key;
	const struct wsg_route *route;
	enum wsg_result result;

	if (!key.ptr)
		return fail(fault, "Runtime.InvalidEvent",
			    wsg_str("not an event of a WebSocket API"));
	route = function->find ? function->find(key) : NULL;
	if (!route)
		return fail(fault, "Runtime.NoRoute",
			    wsg_arena_printf(event->arena,
					     "no route '%.*s' in function %s",
					     WSG_FMT(key), function->name));
	result = route->handle(event);
	if (function->registry)
		result = function->registry->hooks->handled(event, result);
	if (result == WSG_FAILED)
		return fail(fault, "Function.Failed",
			    wsg_arena_printf(event->arena,
					     "route '%.*s' failed",
					     WSG_FMT(key)));
	if (wsg_str_is(key, "$connect")) {
		wsg_connect_answer(&event->connect, result, out);
		return finish(out, fault);
	}
	return answer_message(event, result, out, fault);
}

bool wsg_answer(const struct wsg_function *function, struct wsg_event *event,
		char *text, size_t len, struct wsg_buf *out,
		struct wsg_fault *fault)
{
	const char *error;

	wsg_buf_clear(out);
	event->registry = function->registry;
	if (event->registry && !event->stored)
		event->stored = event->registry->store->open();
	if (function->raw) {
		wsg_event_start(event, text, len);
		return answer_raw(function, event, out, fault);
	}
	if (!wsg_event_read(event, text, len, &error))
		return fail(fault, "Runtime.InvalidEvent",
			    wsg_arena_printf(event->arena,
					     "the event is not JSON: %s",
					     error));
	event->keeps_body = function->session;
	if (wsg_str_is(event->type, "REQUEST"))
		return answer_authorizer(function, event, out, fault);
	return answer_route(function, event, out, fault);
}
