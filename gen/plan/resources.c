/* SPDX-License-Identifier: MIT */
/*
 * What hangs on routes, functions, integrations and authorizers in the
 * template: permissions to invoke, versions, models, answers. Their logical
 * ids are settled here with all the others.
 */
#include "planner.h"

#include "names.h"
#include "policy_size.h"

#include <string.h>

/* Whether a function of this API has one permission for all its routes. */
static bool one_permission(const struct plan_integration *integration)
{
	const char *word = integration->props->permission.s;

	if (word)
		return !strcmp(word, "api");
	return policy_bytes(integration->function) > POLICY_LAMBDA_MAX;
}

static const char *stem(struct planner *p, const struct plan_api *api,
			const struct plan_function *function)
{
	const char *name = name_pascal(p->arena, function->name);
	const size_t len = strlen(api->pascal);

	if (!strncmp(name, api->pascal, len))
		return name;
	return arena_printf(p->arena, "%s%s", api->pascal, name);
}

/* Two integrations of one function share the API's one permission. */
static void name_permissions(struct planner *p, struct plan_api *api)
{
	struct map made = { .arena = p->arena };

	for (size_t i = 0; i < api->integrations.count; i++) {
		struct plan_integration *in = api->integrations.items[i];

		if (!in->function || !one_permission(in) ||
		    map_put(&made, in->function->name, in))
			continue;
		in->permission_id =
			plan_id(p, NULL, in->function->loc, "%sPermission",
				stem(p, api, in->function));
	}
	for (size_t i = 0; i < api->routes.count; i++) {
		struct plan_route *route = &api->routes.items[i];

		if (route->function && !map_get(&made, route->function->name))
			route->permission_id = plan_id(
				p, NULL, route->route->key.loc,
				"%s%sPermission", api->pascal, route->name);
	}
	for (size_t i = 0; i < api->authorizers.count; i++)
		api->authorizers.items[i]->permission_id = plan_id(
			p, NULL, api->authorizers.items[i]->authorizer->loc,
			"%sPermission", api->authorizers.items[i]->id);
}

/* Routes that take the same message share its model. */
static void name_models(struct planner *p, struct plan_api *api)
{
	struct map made = { .arena = p->arena };

	for (size_t i = 0; i < api->routes.count; i++) {
		struct plan_route *route = &api->routes.items[i];
		const char *name;

		if (!route->route->validate.s || !route->message)
			continue;
		name = route->message->message->name.s;
		route->model_id = map_get(&made, name);
		if (route->model_id)
			continue;
		route->model_id = plan_id(p, NULL, route->route->validate.loc,
					  "%s%sModel", api->pascal,
					  name_pascal(p->arena, name));
		map_put(&made, name, (void *)(uintptr_t)route->model_id);
	}
}

static void name_integrations(struct planner *p, struct plan_api *api)
{
	for (size_t i = 0; i < api->integrations.count; i++) {
		struct plan_integration *in = api->integrations.items[i];
		const struct plan_route *route = in->routes.items[0];

		if (in->makes_role)
			in->policy_id = plan_id(p, NULL, route->route->key.loc,
						"%s%sIntegrationPolicy",
						api->pascal, route->name);
		if (!in->function && route->two_way)
			in->response_id =
				plan_id(p, NULL, route->route->key.loc,
					"%s%sIntegrationResponse", api->pascal,
					route->name);
	}
}

static void name_versions(struct planner *p, struct plan_function *function)
{
	const struct function_concurrency *concurrency =
		function->props->concurrency;
	const char *pascal = name_pascal(p->arena, function->name);

	if (!concurrency || !concurrency->provisioned.set)
		return;
	function->version_id =
		plan_id(p, NULL, function->loc, "%sVersion", pascal);
	function->alias_id = plan_id(p, NULL, function->loc, "%sAlias", pascal);
}

void plan_resources(struct planner *p)
{
	for (size_t i = 0; i < p->plan->functions.count; i++)
		name_versions(p, p->plan->functions.items[i]);
	for (size_t i = 0; i < p->plan->apis.count; i++) {
		struct plan_api *api = &p->plan->apis.items[i];

		name_permissions(p, api);
		name_models(p, api);
		name_integrations(p, api);
	}
}

void plan_call_policies(struct planner *p)
{
	for (size_t i = 0; i < p->plan->functions.count; i++) {
		struct plan_function *function = p->plan->functions.items[i];

		if (function->calls)
			function->calls_policy_id =
				plan_id(p, NULL, function->loc, "%sCallsPolicy",
					name_pascal(p->arena, function->name));
	}
}
