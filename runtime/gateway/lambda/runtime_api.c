/* SPDX-License-Identifier: MIT */
/*
 * Lambda's Runtime API, version 2018-06-01, for one instance: it has a port of
 * its own, so that who asks is known without asking. What is said when a
 * function gets it wrong is what Lambda says.
 */
#include "../base/mem.h"
#include "service.h"

#include <wsgen/json.h>

#include <stdio.h>
#include <stdlib.h>

static const char base[] = "/2018-06-01/runtime/";

#define JSON_HEADER "Content-Type: application/json\r\n"

static void reply(struct exchange *exchange, int status, const char *body)
{
	exchange_reply(exchange, status, wsg_str(JSON_HEADER), wsg_str(body));
}

static void reply_error(struct exchange *exchange, int status, const char *type,
			const char *message)
{
	char body[512];

	snprintf(body, sizeof(body),
		 "{\"errorMessage\":\"%s\",\"errorType\":\"%s\"}", message,
		 type);
	reply(exchange, status, body);
}

void runtime_api_refuse(struct exchange *exchange, const char *from,
			const char *to)
{
	char message[256];

	snprintf(message, sizeof(message),
		 "State transition from %s to %s failed for runtime. Error: "
		 "State transition is not allowed",
		 from, to);
	reply_error(exchange, 403, "InvalidStateTransition", message);
}

static void reply_accepted(struct exchange *exchange)
{
	reply(exchange, 202, "{\"status\":\"OK\"}");
}

/* Lambda's word for where the instance is. */
static const char *state_of(const struct lambda_instance *instance)
{
	switch (instance->state) {
	case INSTANCE_STARTING:
		if (instance->served)
			break;
		return "Started";
	case INSTANCE_BUSY:
		return "Running";
	case INSTANCE_ANSWERED:
		return "ResponseSent";
	case INSTANCE_IDLE:
		break;
	case INSTANCE_ENDING:
		return "Exited";
	}
	return "Ready";
}

/*
 * With so many digits at least. By hand: formats are read slowly, and every
 * event comes through here.
 */
static void put_number(struct wsg_buf *out, uint64_t value, unsigned radix,
		       size_t digits)
{
	char text[20];
	size_t at = sizeof(text);

	while (value || sizeof(text) - at < digits) {
		text[--at] = "0123456789abcdef"[value % radix];
		value /= radix;
	}
	wsg_buf_add(out, text + at, sizeof(text) - at);
}

/* X-Ray's header; nothing is sampled here. */
static void put_trace_id(struct wsg_buf *out, struct lambda *lambda)
{
	uint64_t a = random_next(&lambda->random);
	uint64_t b = random_next(&lambda->random);

	wsg_buf_text(out, "Lambda-Runtime-Trace-Id: Root=1-");
	put_number(out, (uint64_t)(lambda_now_us(lambda) / 1000000), 16, 8);
	wsg_buf_text(out, "-");
	put_number(out, a, 16, 16);
	put_number(out, b & 0xffffffff, 16, 8);
	wsg_buf_text(out, ";Parent=");
	put_number(out, a ^ b, 16, 16);
	wsg_buf_text(out, ";Sampled=0\r\n");
}

void runtime_api_send(struct lambda_instance *instance,
		      struct exchange *exchange)
{
	struct lambda_function *function = instance->function;
	struct wsg_buf *head = &function->lambda->head;
	int64_t ends_ms =
		instance->busy_us / 1000 + function->config.timeout_ms;

	wsg_buf_clear(head);
	wsg_buf_text(head, JSON_HEADER "Lambda-Runtime-Aws-Request-Id: ");
	wsg_buf_text(head, instance->request_id);
	wsg_buf_text(head, "\r\nLambda-Runtime-Invoked-Function-Arn: ");
	wsg_buf_str(head, function->config.arn);
	wsg_buf_text(head, "\r\nLambda-Runtime-Deadline-Ms: ");
	put_number(head, (uint64_t)ends_ms, 10, 1);
	wsg_buf_text(head, "\r\n");
	put_trace_id(head, function->lambda);
	if (head->failed)
		mem_exhausted();
	exchange_reply(exchange, 200, (struct wsg_str){ head->ptr, head->len },
		       instance->call->event);
}

/* Lambda keeps a type only if it looks like one of its own. */
static const char *known_type(struct wsg_str type, char *out, size_t size)
{
	static const char *const kinds[] = { "Runtime.", "Function." };
	size_t i, j;

	for (i = 0; i < 2; i++) {
		size_t len = strlen(kinds[i]);

		if (type.len < len || memcmp(type.ptr, kinds[i], len))
			continue;
		for (j = len; j < type.len; j++) {
			char c = type.ptr[j];
			bool upper = c >= 'A' && c <= 'Z';

			if (!upper && (j == len || c < 'a' || c > 'z'))
				break;
		}
		if (j < type.len || type.len < len + 2 || type.len >= size)
			return i ? "Function.Unknown" : "Runtime.Unknown";
		memcpy(out, type.ptr, type.len);
		out[type.len] = '\0';
		return out;
	}
	return "Function.Unknown";
}

/*
 * What an error document says of itself, and its header. *text holds what
 * answer points to.
 */
static void read_error(const struct http_request *request, char *type,
		       size_t size, struct wsg_buf *text,
		       struct lambda_answer *answer)
{
	struct wsg_json json;
	struct wsg_str key;

	answer->payload = request->body;
	answer->error_type = wsg_str(known_type(
		http_header(request, "Lambda-Runtime-Function-Error-Type"),
		type, size));
	wsg_buf_str(text, request->body);
	if (text->failed)
		mem_exhausted();
	if (!text->len)
		return;
	wsg_json_init(&json, text->ptr, text->len);
	if (wsg_json_peek(&json) != WSG_JSON_OBJECT)
		return;
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key)) {
		bool is_string = wsg_json_peek(&json) == WSG_JSON_STRING;

		if (is_string && wsg_str_is(key, "errorMessage"))
			wsg_json_string(&json, &answer->error_message);
		else if (is_string && wsg_str_is(key, "errorType"))
			wsg_json_string(&json, &answer->error_type);
		else
			wsg_json_skip(&json);
	}
}

static void on_init_error(struct lambda_instance *instance,
			  struct exchange *exchange)
{
	struct lambda_answer answer = { .outcome = LAMBDA_INIT_FAILED };
	struct wsg_buf text = { 0 };
	char type[64];

	if (instance->state != INSTANCE_STARTING || instance->served) {
		runtime_api_refuse(exchange, state_of(instance), "InitError");
		return;
	}
	read_error(exchange->request, type, sizeof(type), &text, &answer);
	instance_fails(instance, &answer);
	wsg_buf_release(&text);
	reply_accepted(exchange);
}

static void on_error(struct lambda_instance *instance,
		     struct exchange *exchange)
{
	struct lambda_answer answer = { .outcome = LAMBDA_ERROR };
	struct wsg_buf text = { 0 };
	char type[64];

	if (instance->state != INSTANCE_BUSY) {
		runtime_api_refuse(exchange, state_of(instance),
				   "InvocationErrorResponse");
		return;
	}
	read_error(exchange->request, type, sizeof(type), &text, &answer);
	instance_answers(instance, &answer);
	wsg_buf_release(&text);
	reply_accepted(exchange);
}

/* The caller hears how large it was, and the function that it is too large. */
static void refuse_size(struct lambda_instance *instance,
			struct exchange *exchange)
{
	char text[192];
	struct lambda_answer answer = {
		.outcome = LAMBDA_TOO_LARGE,
		.error_type = wsg_str("Function.ResponseSizeTooLarge"),
	};

	snprintf(text, sizeof(text),
		 "Response payload size (%zu bytes) exceeded maximum allowed "
		 "payload size (%u bytes).",
		 exchange->request->body.len, LAMBDA_ANSWER_MAX);
	answer.error_message = wsg_str(text);
	instance_answers(instance, &answer);
	snprintf(text, sizeof(text),
		 "Exceeded maximum allowed payload size (%u bytes).",
		 LAMBDA_ANSWER_MAX);
	reply_error(exchange, 413, "RequestEntityTooLarge", text);
}

static void refuse_mode(struct lambda_instance *instance,
			struct exchange *exchange)
{
	struct lambda_answer answer = {
		.outcome = LAMBDA_ERROR,
		.error_type = wsg_str("Runtime.InvalidResponseModeHeader"),
		.error_message = wsg_str("Invalid function response mode"),
	};

	instance_answers(instance, &answer);
	reply_error(exchange, 400, "InvalidFunctionResponseMode",
		    "Invalid function response mode");
}

static void on_response(struct lambda_instance *instance,
			struct exchange *exchange)
{
	struct lambda_answer answer = { .outcome = LAMBDA_DONE };
	struct wsg_str mode;

	if (instance->state != INSTANCE_BUSY) {
		runtime_api_refuse(exchange, state_of(instance),
				   "InvocationResponse");
		return;
	}
	/* A streamed answer is taken when it is whole. */
	mode = http_header(exchange->request,
			   "Lambda-Runtime-Function-Response-Mode");
	if (mode.len && !wsg_str_is(mode, "streaming")) {
		refuse_mode(instance, exchange);
		return;
	}
	if (exchange->request->body.len > LAMBDA_ANSWER_MAX) {
		refuse_size(instance, exchange);
		return;
	}
	answer.payload = exchange->request->body;
	instance_answers(instance, &answer);
	reply_accepted(exchange);
}

static bool starts(struct wsg_str *text, const char *with)
{
	size_t len = strlen(with);

	if (text->len < len || memcmp(text->ptr, with, len))
		return false;
	text->ptr += len;
	text->len -= len;
	return true;
}

/*
 * Functions call their port by its number. A page in a browser can be made to
 * call it as well, but not without one of these to show for it.
 */
static bool is_function(const struct lambda_instance *instance,
			const struct http_request *request)
{
	return wsg_str_is(http_header(request, "Host"), instance->address) &&
	       !http_header(request, "Origin").ptr &&
	       !http_header(request, "Sec-Fetch-Site").ptr;
}

static bool allow(struct exchange *exchange, const char *method)
{
	if (wsg_str_is(exchange->request->method, method))
		return true;
	reply_error(exchange, 405, "MethodNotAllowed", "Method not allowed");
	return false;
}

static void on_invocation(struct lambda_instance *instance,
			  struct exchange *exchange, struct wsg_str rest)
{
	bool current =
		instance->request_id[0] && starts(&rest, instance->request_id);

	if (!allow(exchange, "POST"))
		return;
	if (current && wsg_str_is(rest, "/response"))
		on_response(instance, exchange);
	else if (current && wsg_str_is(rest, "/error"))
		on_error(instance, exchange);
	else
		reply_error(exchange, 400, "InvalidRequestID",
			    "Invalid request ID");
}

static void on_request(struct exchange *exchange)
{
	struct lambda_instance *instance = server_owner(exchange->server);
	struct wsg_str path = exchange->request->path;

	if (!is_function(instance, exchange->request)) {
		reply_error(exchange, 403, "Forbidden",
			    "This port is a function's own");
	} else if (!starts(&path, base)) {
		reply_error(exchange, 404, "NotFound", "No such path");
	} else if (wsg_str_is(path, "invocation/next")) {
		if (allow(exchange, "GET"))
			instance_asks(instance, exchange);
	} else if (wsg_str_is(path, "init/error")) {
		if (allow(exchange, "POST"))
			on_init_error(instance, exchange);
	} else if (starts(&path, "invocation/")) {
		on_invocation(instance, exchange, path);
	} else {
		reply_error(exchange, 404, "NotFound", "No such path");
	}
}

static void on_abandoned(struct exchange *exchange)
{
	instance_lost(exchange->owner);
}

bool runtime_api_open(struct lambda_instance *instance)
{
	/* Between the event and the answer lies all the work. */
	static const struct server_times times = {
		.first = LAMBDA_CONNECTION_MS,
		.request = 60000,
		.idle = LAMBDA_CONNECTION_MS,
		.answer = 60000,
		.linger = 2000,
	};
	static const struct server_user user = {
		.request = on_request,
		.abandoned = on_abandoned,
		.body_max = LAMBDA_BODY_MAX,
		.times = &times,
	};

	instance->server = server_new(instance->function->lambda->options.loop,
				      "127.0.0.1", 0, &user, instance);
	if (!instance->server)
		return false;
	snprintf(instance->address, sizeof(instance->address), "127.0.0.1:%d",
		 server_port(instance->server));
	return true;
}
