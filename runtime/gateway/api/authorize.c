/* SPDX-License-Identifier: MIT */
/* authorize.c - the Lambda authorizer of a handshake. */
#include "../base/mem.h"
#include "answer.h"
#include "parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define HEADER_SOURCE "route.request.header."
#define QUERY_SOURCE "route.request.querystring."
#define VARIABLE_SOURCE "stageVariables."
#define CONTEXT_SOURCE "context."

/* What is behind the prefix; false if text does not begin with it. */
static bool after(struct wsg_str text, const char *prefix, struct wsg_str *rest)
{
	size_t len = strlen(prefix);

	if (text.len < len || memcmp(text.ptr, prefix, len))
		return false;
	*rest = (struct wsg_str){ text.ptr + len, text.len - len };
	return true;
}

/*
 * UNSURE(identity-case): whether case matters in a header's name. Taken: no, as
 * in REST.
 */
static bool has_header(const struct handshake *handshake, struct wsg_str name)
{
	char *text = mem_copy(name);
	bool has = http_header(handshake->exchange->request, text).len > 0;

	free(text);
	return has;
}

static bool has_query(const struct handshake *handshake, struct wsg_str name)
{
	struct query_parameter *parameters;
	size_t count =
		event_query(handshake->task.api->arena,
			    handshake->exchange->request->query, &parameters);

	for (size_t i = count; i; i--)
		if (wsg_str_equal(parameters[i - 1].name, name))
			return parameters[i - 1].value.len > 0;
	return false;
}

/* Of requestContext, what there always is, and what a client may lack. */
static bool has_context(const struct handshake *handshake, struct wsg_str name)
{
	static const char *const always[] = {
		"apiId",
		"connectedAt",
		"connectionId",
		"domainName",
		"eventType",
		"extendedRequestId",
		"identity.sourceIp",
		"messageDirection",
		"requestId",
		"requestTime",
		"requestTimeEpoch",
		"routeKey",
		"stage",
	};

	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
		if (wsg_str_is(name, always[i]))
			return true;
	if (wsg_str_is(name, "identity.userAgent"))
		return handshake->caller.user_agent.len > 0;
	return false;
}

static bool has_source(const struct handshake *handshake,
		       const struct api_stage *stage, struct wsg_str source)
{
	struct wsg_str name;

	if (after(source, HEADER_SOURCE, &name))
		return has_header(handshake, name);
	if (after(source, QUERY_SOURCE, &name))
		return has_query(handshake, name);
	if (after(source, VARIABLE_SOURCE, &name))
		return json_text(json_find(stage->config->variables, name))
			       .len > 0;
	if (after(source, CONTEXT_SOURCE, &name))
		return has_context(handshake, name);
	return false;
}

static void tell(const struct handshake *handshake, int status,
		 const char *decision, const char *why)
{
	const struct api *api = handshake->task.api;
	struct trace_event event =
		api_event(api, TRACE_AUTHORIZED, &handshake->caller);
	char note[256];

	snprintf(note, sizeof(note), "%s%s%s", decision, why[0] ? ": " : "",
		 why);
	event.request_id = wsg_str(handshake->request_id.text);
	event.status = status;
	event.note = wsg_str(note);
	event.bad = status == 500;
	event.duration_us = handshake->authorizer_us;
	trace_tell(api->options.trace, &event);
}

static void forbid(struct handshake *handshake, const char *why)
{
	tell(handshake, 403, "deny", why);
	handshake_refuse(handshake, 403, "ForbiddenException", "Forbidden",
			 "the authorizer did not allow it");
}

static void fail(struct handshake *handshake, const char *why)
{
	tell(handshake, 500, "failed", why);
	handshake_refuse(handshake, 500, "AuthorizerConfigurationException",
			 "Internal server error", "the authorizer failed");
}

/* The error's message has to be this and nothing more. */
static bool says_unauthorized(const struct handshake *handshake,
			      const struct lambda_answer *answer)
{
	struct wsg_arena *arena = handshake->task.api->arena;
	const char *error;

	return answer->outcome == LAMBDA_ERROR &&
	       wsg_str_is(json_text(json_get(
				  json_parse(arena, answer->payload, &error),
				  "errorMessage")),
			  "Unauthorized");
}

static void allow(struct handshake *handshake,
		  const struct authorizer_answer *verdict)
{
	const struct api *api = handshake->task.api;
	const struct api_key *key = keys_find(
		api->options.keys, api->options.keys_count, verdict->usage_key);

	handshake->authorizer = mem_copy(verdict->members);
	handshake->caller.authorizer =
		(struct wsg_str){ handshake->authorizer, verdict->members.len };
	if (key && api->edition->api->key_from_authorizer) {
		handshake->caller.api_key = key->value;
		handshake->caller.api_key_id = wsg_str(key->id);
	}
	tell(handshake, 200, "allow", verdict->why);
	handshake_authorized(handshake);
}

static void authorizer_answered(struct task *task,
				const struct lambda_answer *answer)
{
	struct handshake *handshake = (struct handshake *)task;
	struct api *api = task->api;
	struct authorizer_answer verdict;

	handshake->authorizer_us = loop_now_us(api->options.loop, CLOCK_REAL) -
				   handshake->authorizer_us;
	wsg_arena_reset(api->arena);
	if (!answer) {
		fail(handshake, "it took longer than 10 s");
		return;
	}
	if (says_unauthorized(handshake, answer)) {
		tell(handshake, 401, "unauthorized", "it said so");
		handshake_refuse(handshake, 401, "UnauthorizedException",
				 "Unauthorized", "the authorizer said so");
		return;
	}
	if (answer->outcome != LAMBDA_DONE) {
		fail(handshake, "its function did");
		return;
	}
	answer_authorizer(api->arena, answer->payload,
			  api_arn(api, handshake->caller.stage, "$connect"),
			  &verdict);
	switch (verdict.verdict) {
	case POLICY_ALLOW:
		allow(handshake, &verdict);
		break;
	case POLICY_NONE:
	case POLICY_DENY:
		forbid(handshake, verdict.why);
		break;
	case POLICY_INVALID:
		fail(handshake, verdict.why);
		break;
	}
}

void authorize(struct handshake *handshake, const struct api_stage *stage,
	       const struct api_route *route)
{
	const struct config_authorizer *authorizer = route->config->authorizer;
	struct api *api = handshake->task.api;
	struct occasion occasion = {
		.request_id = handshake->request_id,
		.now_ms = api_now_ms(api),
		.route = { WSG_LIT("$connect") },
	};

	wsg_arena_reset(api->arena);
	for (size_t i = 0; i < authorizer->identity_count; i++) {
		char note[256];

		if (has_source(handshake, stage, authorizer->identity[i]))
			continue;
		snprintf(note, sizeof(note), "%.*s is missing; not asked",
			 WSG_FMT(authorizer->identity[i]));
		tell(handshake, 401, "unauthorized", note);
		handshake_refuse(handshake, 401, "UnauthorizedException",
				 "Unauthorized", note);
		return;
	}
	if (!route->authorizer) {
		fail(handshake, "its function is not one of this project's, "
				"so it cannot be run here");
		return;
	}
	handshake->caller.stage_variables = stage->config->variables;
	event_authorize(&handshake->task.event, &handshake->caller, &occasion,
			api_arn(api, handshake->caller.stage, "$connect"),
			handshake->exchange->request);
	handshake->caller.stage_variables = NULL;
	handshake->authorizer_us = loop_now_us(api->options.loop, CLOCK_REAL);
	handshake->task.done = authorizer_answered;
	task_call(&handshake->task, route->authorizer, API_AUTHORIZER_MS);
}
