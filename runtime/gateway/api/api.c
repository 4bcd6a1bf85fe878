/* SPDX-License-Identifier: MIT */
/* api.c - an API being served: what comes in, and where it goes. */
#include "parts.h"

#include "../base/mem.h"

#include <stdlib.h>

struct api *api_new(const struct api_options *options,
		    const struct config *config,
		    const struct config_api *api_config, struct wsg_buf *why)
{
	struct api *api = mem_alloc(sizeof(*api));

	api->options = *options;
	api->arena = wsg_arena_new();
	if (!api->arena)
		mem_exhausted();
	if (!api_reload(api, config, api_config, NULL, 0, why)) {
		api_free(api);
		return NULL;
	}
	return api;
}

void api_free(struct api *api)
{
	if (!api)
		return;
	/* Connections first: the messages they have become nobody's. */
	while (api->everyone)
		connection_end(api->everyone);
	while (api->tasks)
		api->tasks->drop(api->tasks);
	api_functions_free(api);
	edition_free(api->edition);
	map_release(&api->connections);
	wsg_arena_free(api->arena);
	wsg_buf_release(&api->text);
	free(api);
}

bool api_reload(struct api *api, const struct config *config,
		const struct config_api *api_config, const struct wsg_str *swap,
		size_t swap_count, struct wsg_buf *why)
{
	struct edition *edition = edition_new(api, config, api_config, why);

	if (!edition)
		return false;
	edition_functions(api, edition, swap, swap_count);
	edition_free(api->edition);
	api->edition = edition;
	return true;
}

bool api_admits(struct api *api, const struct api_stage *stage,
		struct api_route *route)
{
	struct fault *fault = api->options.fault;
	const struct config_throttle *throttle = &stage->config->throttle;

	if (route && (route->config->throttle.rate > 0 ||
		      route->config->throttle.burst > 0))
		throttle = &route->config->throttle;
	if (fault && fault_hits(fault, fault->throttle))
		return false;
	if (!account_request(api->options.account, api_now_us(api)))
		return false;
	if (!route || (throttle->rate <= 0 && throttle->burst <= 0))
		return true;
	/* What is not given is the account's. */
	return bucket_take(&route->bucket,
			   throttle->rate > 0 ? throttle->rate
					      : ACCOUNT_REQUESTS_RATE,
			   throttle->burst > 0 ? (double)throttle->burst
					       : ACCOUNT_REQUESTS_BURST,
			   api_now_us(api));
}

struct wsg_str api_arn(const struct api *api, struct wsg_str stage,
		       const char *rest)
{
	const struct config *config = api->edition->config;
	struct wsg_buf arn = { 0 };
	struct wsg_str copy;

	wsg_buf_printf(&arn, "arn:aws:execute-api:%.*s:%.*s:%.*s/%.*s/%s",
		       WSG_FMT(config->region), WSG_FMT(config->account),
		       WSG_FMT(api->edition->api->id), WSG_FMT(stage), rest);
	if (arn.failed)
		mem_exhausted();
	copy = mem_copy_in(api->arena, (struct wsg_str){ arn.ptr, arn.len });
	wsg_buf_release(&arn);
	return copy;
}

struct trace_event api_event(const struct api *api, enum trace_kind kind,
			     const struct caller *caller)
{
	struct trace_event event = {
		.kind = kind,
		.api = api->edition->api->name,
	};

	if (caller) {
		event.stage = caller->stage;
		event.connection_id = wsg_str(caller->connection_id.text);
	}
	return event;
}

/* A path is a stage, and perhaps something below it. */
void api_request(struct api *api, struct exchange *exchange)
{
	struct wsg_str path = exchange->request->path;
	struct wsg_str name = { NULL, 0 };
	struct wsg_str rest;
	const struct api_stage *stage;

	if (path.len && path.ptr[0] == '/') {
		name.ptr = path.ptr + 1;
		while (name.len < path.len - 1 && name.ptr[name.len] != '/')
			name.len++;
		path.ptr += name.len + 1;
		path.len -= name.len + 1;
	}
	rest = path;
	stage = edition_stage(api->edition, name);
	if (manage_is_path(rest))
		manage_request(api, stage, rest, exchange);
	else
		handshake_begin(api, rest.len ? NULL : stage, exchange);
}

void api_abandoned(struct exchange *exchange)
{
	handshake_abandoned(exchange);
}
