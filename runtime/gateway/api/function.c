/* SPDX-License-Identifier: MIT */
/* function.c - a function's config and environment, for Lambda here. */
#include "function.h"

#include "../base/mem.h"

#define OURS_MAX 6

static bool is_taken(const struct lambda_variable *variables, size_t count,
		     struct wsg_str name)
{
	for (size_t i = 0; i < count; i++)
		if (wsg_str_is(name, variables[i].name))
			return true;
	return false;
}

/* Those of ours that apply; how many. */
static size_t put_ours(struct lambda_variable variables[OURS_MAX],
		       const struct function_around *around)
{
	const struct lambda_variable ours[OURS_MAX] = {
		{ "AWS_ACCESS_KEY_ID", around->key_id },
		{ "AWS_SECRET_ACCESS_KEY", around->secret },
		{ "AWS_SESSION_TOKEN", around->token },
		{ "WSG_ENDPOINT", around->endpoint },
		{ "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI",
		  around->endpoint },
		{ "AWS_ENDPOINT_URL_DYNAMODB", around->tables },
	};
	size_t count = 0;

	for (size_t i = 0; i < OURS_MAX; i++)
		if (ours[i].value)
			variables[count++] = ours[i];
	return count;
}

struct lambda_config function_config(struct wsg_arena *arena,
				     const struct config *config,
				     const struct config_function *function,
				     const struct function_around *around)
{
	struct lambda_variable *variables =
		mem_in(arena, (OURS_MAX + function->environment_count) *
				      sizeof(*variables));
	size_t ours = put_ours(variables, around);
	size_t count = ours;

	for (size_t i = 0; i < function->environment_count; i++) {
		struct config_variable theirs = function->environment[i];

		if (is_taken(variables, ours, theirs.name))
			continue;
		variables[count++] = (struct lambda_variable){
			mem_copy_in(arena, theirs.name).ptr,
			mem_copy_in(arena, theirs.value).ptr,
		};
	}
	return (struct lambda_config){
		.name = function->name,
		.bootstrap = function->bootstrap,
		.folder = function->folder,
		.arn = function->arn,
		.region = config->region,
		.timeout_ms = function->timeout_ms,
		.memory_mb = function->memory_mb,
		.log_json = function->log_json,
		.environment = variables,
		.environment_count = count,
	};
}
