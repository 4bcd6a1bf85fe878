/* SPDX-License-Identifier: MIT */
/* dynamodb.c - requests signed for DynamoDB, judged, run and answered. */
#include "dynamodb.h"

#include "operations.h"
#include "store.h"

#include "../base/id.h"
#include "../base/mem.h"
#include "../net/server.h"

#include <stdlib.h>

#define TARGET "DynamoDB_20120810."
#define BODY_MAX ((size_t)4 << 20)
#define SWEEP_US 60000000 /* between two looks at what has expired */

struct dynamodb {
	struct dynamodb_options options;
	struct server *server;
	struct store *store;
	struct wsg_arena *arena; /* of one request */
	struct loop_timer sweep;
};

/* One request and who makes it. */
struct request {
	struct dynamodb *dynamodb;
	struct exchange *exchange;
	const struct credential *credential; /* NULL: nobody asks */
};

static void answer(struct exchange *exchange, int status,
		   const struct wsg_buf *body)
{
	struct wsg_buf headers = { 0 };
	struct uuid id = uuid_new();

	wsg_buf_printf(&headers,
		       "Content-Type: application/x-amz-json-1.0\r\n"
		       "x-amzn-RequestId: %s\r\n",
		       id.text);
	exchange_reply(exchange, status,
		       (struct wsg_str){ headers.ptr, headers.len },
		       (struct wsg_str){ body->ptr, body->len });
	wsg_buf_release(&headers);
}

static bool is_ours(const char *error)
{
	return !strcmp(error, "ValidationException") ||
	       !strcmp(error, "UnknownOperationException") ||
	       !strcmp(error, "SerializationException") ||
	       !strcmp(error, "AccessDeniedException");
}

/* As DynamoDB spells them: its own errors, and those of all services. */
static void refuse(struct request *request, const char *error,
		   struct wsg_str message)
{
	struct wsg_buf body = { 0 };
	struct wsg_buf type = { 0 };
	bool internal = !strcmp(error, "InternalServerError");
	const struct trace_event event = {
		.kind = TRACE_NOTE,
		.text = message,
		.note = wsg_str(error),
		.function = request->credential ? request->credential->function
						: (struct wsg_str){ 0 },
		.bad = true,
	};

	if (strcmp(error, "ConditionalCheckFailedException"))
		trace_tell(request->dynamodb->options.trace, &event);
	wsg_buf_printf(&type, "%s#%s",
		       is_ours(error) ? "com.amazon.coral.service"
				      : "com.amazonaws.dynamodb.v20120810",
		       error);
	wsg_json_put_object(&body);
	wsg_json_put_key(&body, wsg_str("__type"));
	wsg_json_put_string(&body, (struct wsg_str){ type.ptr, type.len });
	wsg_json_put_key(&body, wsg_str("message"));
	wsg_json_put_string(&body, message);
	wsg_json_put_object_end(&body);
	answer(request->exchange, internal ? 500 : 400, &body);
	wsg_buf_release(&body);
	wsg_buf_release(&type);
}

static bool has_table(void *owner, struct wsg_str table)
{
	const struct request *request = owner;
	const struct config *config = request->dynamodb->options.config;

	for (size_t i = 0; i < config->apis_count; i++)
		if (wsg_str_equal(config->apis[i].table, table))
			return true;
	return false;
}

/* What the function's role says; a table's name may be its whole ARN. */
static bool allowed(void *owner, struct wsg_str table, const char *action)
{
	const struct request *request = owner;
	const struct dynamodb_options *options = &request->dynamodb->options;
	struct wsg_buf resource = { 0 };
	struct wsg_buf name = { 0 };
	bool may;

	if (!request->credential)
		return true;
	wsg_buf_printf(&resource, "arn:aws:dynamodb:%.*s:%.*s:table/%.*s",
		       WSG_FMT(options->config->region),
		       WSG_FMT(options->config->account), WSG_FMT(table));
	wsg_buf_printf(&name, "dynamodb:%s", action);
	if (resource.failed || name.failed)
		mem_exhausted();
	may = credential_may(request->credential, options->config, name.ptr,
			     (struct wsg_str){ resource.ptr, resource.len });
	wsg_buf_release(&resource);
	wsg_buf_release(&name);
	return may;
}

static const char *signature_error(enum wsg_sigv4_result result)
{
	switch (result) {
	case WSG_SIGV4_VALID:
		break;
	case WSG_SIGV4_MISSING:
		return "MissingAuthenticationTokenException";
	case WSG_SIGV4_MALFORMED:
		return "IncompleteSignatureException";
	case WSG_SIGV4_UNKNOWN_KEY:
		return "UnrecognizedClientException";
	case WSG_SIGV4_WRONG_SCOPE:
	case WSG_SIGV4_EXPIRED:
	case WSG_SIGV4_MISMATCH:
		return "InvalidSignatureException";
	}
	return NULL;
}

static bool check_signature(struct request *request)
{
	const struct dynamodb_options *options = &request->dynamodb->options;
	struct wsg_sigv4_check check = { 0 };
	enum wsg_sigv4_result result;

	if (!options->sign_check)
		return true;
	request->credential = credentials_check(
		options->credentials, request->exchange->request, "dynamodb",
		loop_now_ms(options->loop, CLOCK_REAL) / 1000, &check, &result);
	wsg_sigv4_check_release(&check);
	if (request->credential)
		return true;
	refuse(request, signature_error(result),
	       wsg_str("the request is not signed by one of the functions "
		       "here"));
	return false;
}

static void run(struct request *request, struct wsg_str name,
		const struct json *body)
{
	struct dynamodb *dynamodb = request->dynamodb;
	struct wsg_buf out = { 0 };
	struct wsg_buf message = { 0 };
	struct operation operation = {
		.store = dynamodb->store,
		.arena = dynamodb->arena,
		.request = body,
		.has_table = has_table,
		.allowed = allowed,
		.owner = request,
		.out = &out,
		.message = &message,
	};

	wsg_json_put_object(&out);
	if (!operation_run(&operation, name)) {
		refuse(request, operation.error,
		       (struct wsg_str){ message.ptr, message.len });
	} else {
		wsg_json_put_object_end(&out);
		if (out.failed)
			mem_exhausted();
		answer(request->exchange, 200, &out);
	}
	wsg_buf_release(&out);
	wsg_buf_release(&message);
}

static void on_request(struct exchange *exchange)
{
	struct dynamodb *dynamodb = server_owner(exchange->server);
	const struct http_request *http = exchange->request;
	struct request request = { dynamodb, exchange, NULL };
	struct wsg_str target = http_header(http, "X-Amz-Target");
	const size_t prefix = sizeof(TARGET) - 1;
	const struct json *body;
	const char *wrong;

	if (!check_signature(&request))
		return;
	if (!wsg_str_is(http->method, "POST") || target.len < prefix ||
	    memcmp(target.ptr, TARGET, prefix)) {
		refuse(&request, "UnknownOperationException",
		       wsg_str("DynamoDB is asked with POST and "
			       "X-Amz-Target"));
		return;
	}
	target.ptr += prefix;
	target.len -= prefix;
	body = json_parse(dynamodb->arena, http->body, &wrong);
	if (body && body->type == WSG_JSON_OBJECT)
		run(&request, target, body);
	else
		refuse(&request, "SerializationException",
		       wsg_str(body ? "the body is no object" : wrong));
	wsg_arena_reset(dynamodb->arena);
}

static void sweep(struct loop_timer *timer)
{
	struct dynamodb *dynamodb =
		(struct dynamodb *)((char *)timer -
				    offsetof(struct dynamodb, sweep));
	struct loop *loop = dynamodb->options.loop;
	struct wsg_buf why = { 0 };

	/* What has expired is not shown anyway: the next sweep will do. */
	store_sweep(dynamodb->store, loop_now_ms(loop, CLOCK_REAL) / 1000,
		    &why);
	wsg_buf_release(&why);
	loop_start(loop, timer, SWEEP_US);
}

struct dynamodb *dynamodb_new(const struct dynamodb_options *options,
			      struct wsg_buf *why)
{
	static const struct server_user user = { .request = on_request,
						 .body_max = BODY_MAX };
	struct dynamodb *dynamodb = mem_alloc(sizeof(*dynamodb));

	dynamodb->options = *options;
	dynamodb->arena = wsg_arena_new();
	if (!dynamodb->arena)
		mem_exhausted();
	dynamodb->store = store_open(options->path, why);
	/* Whoever was connected to an earlier gateway is so no more. */
	if (!dynamodb->store || !store_clear(dynamodb->store, why))
		goto bad;
	dynamodb->server =
		server_new(options->loop, "127.0.0.1", 0, &user, dynamodb);
	if (!dynamodb->server) {
		wsg_buf_text(why, "no port for the tables of connections");
		goto bad;
	}
	dynamodb->sweep =
		(struct loop_timer){ .fire = sweep, .clock = CLOCK_REAL };
	sweep(&dynamodb->sweep);
	return dynamodb;
bad:
	dynamodb_free(dynamodb);
	return NULL;
}

void dynamodb_free(struct dynamodb *dynamodb)
{
	if (!dynamodb)
		return;
	if (dynamodb->server)
		server_free(dynamodb->server);
	loop_stop(dynamodb->options.loop, &dynamodb->sweep);
	store_close(dynamodb->store);
	wsg_arena_free(dynamodb->arena);
	free(dynamodb);
}

int dynamodb_port(const struct dynamodb *dynamodb)
{
	return server_port(dynamodb->server);
}

void dynamodb_reload(struct dynamodb *dynamodb, const struct config *config)
{
	dynamodb->options.config = config;
}
