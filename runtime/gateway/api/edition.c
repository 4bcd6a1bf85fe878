/* SPDX-License-Identifier: MIT */
/* edition.c - an API as one reading of gateway.json has it. */
#include "function.h"
#include "parts.h"

#include "../base/mem.h"

#include <stdlib.h>

/* A function as one stage of this API calls it. */
struct api_function {
	char *key;
	struct lambda_function *lambda;
	bool used; /* by the edition that is being made */
};

static struct wsg_str endpoint(const struct api *api, struct wsg_arena *arena,
			       int port, struct wsg_str stage)
{
	struct wsg_buf text = { 0 };
	struct wsg_str copy;

	wsg_buf_printf(&text, "http://%s:%d", api->options.host, port);
	if (stage.len)
		wsg_buf_printf(&text, "/%.*s", WSG_FMT(stage));
	if (text.failed)
		mem_exhausted();
	copy = mem_copy_in(arena, (struct wsg_str){ text.ptr, text.len });
	wsg_buf_release(&text);
	return copy;
}

static void stage_make(const struct api *api, struct edition *edition,
		       struct api_stage *stage,
		       const struct config_stage *config)
{
	const struct config_api *made_from = edition->api;

	stage->config = config;
	stage->endpoint =
		endpoint(api, edition->arena, made_from->port, config->name);
	stage->routes = mem_in(edition->arena, made_from->routes_count *
						       sizeof(*stage->routes));
	for (size_t i = 0; i < made_from->routes_count; i++) {
		stage->routes[i].config = &made_from->routes[i];
		map_put(&stage->by_key, made_from->routes[i].key,
			&stage->routes[i]);
	}
}

static struct selection *read_selection(const struct config_api *api,
					struct wsg_buf *why)
{
	const char *wrong;
	struct selection *selection = selection_new(api->selection, &wrong);

	if (!selection)
		wsg_buf_printf(why, "%.*s: route selection '%.*s': %s\n",
			       WSG_FMT(api->name), WSG_FMT(api->selection),
			       wrong);
	return selection;
}

bool api_check(const struct config_api *api_config, struct wsg_buf *why)
{
	struct selection *selection = read_selection(api_config, why);

	selection_free(selection);
	return selection != NULL;
}

struct edition *edition_new(struct api *api, const struct config *config,
			    const struct config_api *api_config,
			    struct wsg_buf *why)
{
	struct edition *edition = mem_alloc(sizeof(*edition));

	edition->config = config;
	edition->api = api_config;
	edition->selection = read_selection(api_config, why);
	if (!edition->selection) {
		edition_free(edition);
		return NULL;
	}
	edition->arena = wsg_arena_new();
	if (!edition->arena)
		mem_exhausted();
	edition->stages =
		mem_in(edition->arena,
		       api_config->stages_count * sizeof(*edition->stages));
	edition->stages_count = api_config->stages_count;
	for (size_t i = 0; i < edition->stages_count; i++)
		stage_make(api, edition, &edition->stages[i],
			   &api_config->stages[i]);
	return edition;
}

void edition_free(struct edition *edition)
{
	if (!edition)
		return;
	for (size_t i = 0; i < edition->stages_count; i++)
		map_release(&edition->stages[i].by_key);
	selection_free(edition->selection);
	wsg_arena_free(edition->arena);
	free(edition);
}

struct api_stage *edition_stage(struct edition *edition, struct wsg_str name)
{
	for (size_t i = 0; i < edition->stages_count; i++)
		if (wsg_str_equal(edition->stages[i].config->name, name))
			return &edition->stages[i];
	return NULL;
}

struct api_route *stage_find(const struct api_stage *stage, struct wsg_str key)
{
	return map_get(&stage->by_key, key);
}

struct api_route *stage_route(const struct api_stage *stage, const char *key)
{
	return stage_find(stage, wsg_str(key));
}

static bool is_swapped(struct wsg_str name, const struct wsg_str *swap,
		       size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (wsg_str_equal(swap[i], name))
			return true;
	return false;
}

/* Where its calls go, and what it signs them with. */
static struct lambda_config config_of(const struct api *api,
				      const struct edition *edition,
				      const struct api_stage *stage,
				      const struct config_function *function)
{
	const struct credential *credential =
		credentials_of(api->options.credentials, function->name);
	const int port = *api->options.dynamodb_port;
	struct function_around around = {
		.key_id = credential->key_id.ptr,
		.secret = credential->secret.ptr,
		.token = credential->token.ptr,
		.endpoint = stage->endpoint.ptr,
	};

	if (port)
		around.tables = endpoint(api, edition->arena, port,
					 (struct wsg_str){ NULL, 0 })
					.ptr;
	return function_config(edition->arena, edition->config, function,
			       &around);
}

static struct lambda_function *
function_make(struct api *api, const struct edition *edition,
	      const struct api_stage *stage,
	      const struct config_function *function, bool swap)
{
	struct wsg_buf key = { 0 };
	struct api_function *made;
	struct lambda_config config = config_of(api, edition, stage, function);

	wsg_buf_printf(&key, "%.*s/%.*s/%.*s", WSG_FMT(edition->api->name),
		       WSG_FMT(stage->config->name), WSG_FMT(function->name));
	if (key.failed)
		mem_exhausted();
	config.key = (struct wsg_str){ key.ptr, key.len };
	made = map_get(&api->functions, config.key);
	if (made && made->used) {
		wsg_buf_release(&key);
		return made->lambda;
	}
	if (made) {
		made->lambda =
			lambda_function(api->options.lambda, &config, swap);
		wsg_buf_release(&key);
	} else {
		made = mem_alloc(sizeof(*made));
		made->key = key.ptr;
		made->lambda =
			lambda_function(api->options.lambda, &config, swap);
		map_put(&api->functions, config.key, made);
	}
	made->used = true;
	return made->lambda;
}

/* Those that nothing uses any more; all if everything is to go. */
static void functions_remove(struct api *api, bool all)
{
	struct api_function *function;
	size_t at = 0;

	while ((function = map_next(&api->functions, &at))) {
		if (function->used && !all)
			continue;
		map_take(&api->functions, wsg_str(function->key));
		lambda_remove(api->options.lambda, function->lambda);
		free(function->key);
		free(function);
		/* What was taken out may have moved others. */
		at = 0;
	}
}

void edition_functions(struct api *api, struct edition *edition,
		       const struct wsg_str *swap, size_t swap_count)
{
	struct api_function *function;
	size_t at = 0;

	while ((function = map_next(&api->functions, &at)))
		function->used = false;
	for (size_t i = 0; i < edition->stages_count; i++) {
		struct api_stage *stage = &edition->stages[i];

		for (size_t j = 0; j < edition->api->routes_count; j++) {
			struct api_route *route = &stage->routes[j];
			const struct config_function *runs =
				route->config->function;
			const struct config_function *asks =
				route->config->authorizer
					? route->config->authorizer->function
					: NULL;

			if (runs)
				route->function = function_make(
					api, edition, stage, runs,
					is_swapped(runs->name, swap,
						   swap_count));
			if (asks)
				route->authorizer = function_make(
					api, edition, stage, asks,
					is_swapped(asks->name, swap,
						   swap_count));
		}
	}
	functions_remove(api, false);
}

void api_functions_free(struct api *api)
{
	functions_remove(api, true);
	map_release(&api->functions);
}
