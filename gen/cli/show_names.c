/* SPDX-License-Identifier: MIT */
/* show_names.c - wsgen show ids, wsgen show arns. */
#include "show.h"

#include <string.h>

static void id_row(struct table *table, const char *id, const char *type,
		   const char *what)
{
	struct table_row *row;

	if (!id)
		return;
	row = table_row(table);
	table_text(table, row, "id", id);
	table_text(table, row, "type", type);
	table_text(table, row, "of", what);
}

static void function_ids(struct table *table,
			 const struct plan_function *function)
{
	const char *name = function->name;

	id_row(table, function->id, "AWS::Lambda::Function", name);
	id_row(table, function->role_id, "AWS::IAM::Role", name);
	id_row(table, function->policy_id, "AWS::IAM::Policy", name);
	id_row(table, function->log_group_id, "AWS::Logs::LogGroup", name);
}

static void api_ids(struct table *table, const struct plan_api *api)
{
	id_row(table, api->id, "AWS::ApiGatewayV2::Api", api->name);
	for (size_t i = 0; i < api->authorizers.count; i++)
		id_row(table, api->authorizers.items[i]->id,
		       "AWS::ApiGatewayV2::Authorizer",
		       api->authorizers.items[i]->name);
	for (size_t i = 0; i < api->integrations.count; i++) {
		const struct plan_integration *integration =
			api->integrations.items[i];

		id_row(table, integration->id, "AWS::ApiGatewayV2::Integration",
		       integration->function ? integration->function->name
					     : NULL);
		if (integration->makes_role)
			id_row(table, integration->role_id, "AWS::IAM::Role",
			       NULL);
	}
	for (size_t i = 0; i < api->routes.count; i++) {
		const struct plan_route *route = &api->routes.items[i];

		id_row(table, route->id, "AWS::ApiGatewayV2::Route",
		       route->key);
		id_row(table, route->response_id,
		       "AWS::ApiGatewayV2::RouteResponse", route->key);
	}
	for (size_t i = 0; i < api->stages.count; i++) {
		const struct plan_stage *stage = &api->stages.items[i];

		id_row(table, stage->id, "AWS::ApiGatewayV2::Stage",
		       stage->name);
		id_row(table, stage->log_group_id, "AWS::Logs::LogGroup",
		       stage->name);
	}
}

struct table *show_ids(struct arena *arena, const struct plan *plan)
{
	struct table *table = table_new(arena, "ids", "id type of");

	for (size_t i = 0; i < plan->apis.count; i++)
		api_ids(table, &plan->apis.items[i]);
	for (size_t i = 0; i < plan->functions.count; i++)
		function_ids(table, plan->functions.items[i]);
	for (size_t i = 0; i < plan->callers.count; i++)
		id_row(table, plan->callers.items[i].policy_id,
		       "AWS::IAM::Policy", plan->callers.items[i].name);
	return table;
}

#define REGION "${AWS::Region}:${AWS::AccountId}:"
#define ARN(service) "arn:${AWS::Partition}:" service ":" REGION

static void arn_row(struct table *table, const char *what, const char *arn)
{
	struct table_row *row = table_row(table);

	table_text(table, row, "of", what);
	table_text(table, row, "arn", arn);
}

static void api_arns(struct table *table, const struct plan_api *api)
{
	struct arena *arena = table->arena;
	const char *id = api->id ? arena_printf(arena, "${%s}", api->id)
				 : show_value(arena, api->id_value);

	for (size_t s = 0; s < api->stages.count; s++) {
		const char *stage = api->stages.items[s].name;
		const char *base = arena_printf(
			arena, ARN("execute-api") "%s/%s", id, stage);

		for (size_t i = 0; i < api->routes.count; i++) {
			const char *key = api->routes.items[i].key;

			arn_row(table, arena_printf(arena, "%s %s", stage, key),
				arena_printf(arena, "%s/%s", base, key));
		}
		arn_row(table, arena_printf(arena, "%s @connections", stage),
			arena_printf(arena, "%s/POST/@connections/*", base));
	}
}

/* As CloudFormation will make them, in the form that Fn::Sub reads. */
struct table *show_arns(struct arena *arena, const struct plan *plan)
{
	struct table *table = table_new(arena, "arns", "of arn");

	for (size_t i = 0; i < plan->apis.count; i++)
		api_arns(table, &plan->apis.items[i]);
	for (size_t i = 0; i < plan->functions.count; i++) {
		const struct plan_function *function = plan->functions.items[i];
		const struct doc *name = function->props->function_name;
		const bool fixed = name && name->kind == DOC_STRING &&
				   !strstr(name->text, "${");

		arn_row(table, function->name,
			fixed ? arena_printf(arena, ARN("lambda") "function:%s",
					     name->text)
			      : arena_printf(arena, "${%s.Arn}", function->id));
	}
	return table;
}
