/* SPDX-License-Identifier: MIT */
/*
 * AWS::Lambda::Permission: who may invoke a function. The source of a route's
 * permission is just that route, <api>/<stage>/<key>; an API with several
 * stages or none has a * for the stage. Which functions have one statement a
 * route, and which one for the whole API, is the plan's to say.
 */
#include "cfn.h"

static void add_permission(struct cfn *cfn, const char *owner, const char *id,
			   struct doc *function, struct doc *source)
{
	struct doc *p =
		cfn_add(cfn, owner, id, "AWS::Lambda::Permission")->properties;

	cfn_set_text(cfn, p, "Action", "lambda:InvokeFunction");
	cfn_set(cfn, p, "FunctionName", function);
	cfn_set_text(cfn, p, "Principal", "apigateway.amazonaws.com");
	cfn_set(cfn, p, "SourceArn", source);
}

static struct doc *any_stage(struct cfn *cfn, const struct plan_api *api)
{
	if (api->stages.count == 1)
		return api->stages.items[0].name_value;
	return doc_string(cfn->arena, "*");
}

static void add_route(struct cfn *cfn, const struct plan_route *route)
{
	add_permission(cfn, cfn_function_owner(cfn, route->function),
		       route->permission_id, cfn_invoked(cfn, route->function),
		       value_build(cfn->arena, "{d}/{d}/{s}",
				   refs_api_arn(route->api),
				   any_stage(cfn, route->api), route->key));
}

static void add_api(struct cfn *cfn, const struct plan_api *api,
		    const struct plan_integration *in)
{
	add_permission(cfn, cfn_function_owner(cfn, in->function),
		       in->permission_id, cfn_invoked(cfn, in->function),
		       value_build(cfn->arena, "{d}/*", refs_api_arn(api)));
}

static void add_authorizer(struct cfn *cfn, const struct plan_api *api,
			   const struct plan_authorizer *authorizer)
{
	struct doc *function =
		authorizer->function
			? cfn_invoked(cfn, authorizer->function)
			: refs_value(cfn->plan,
				     authorizer->authorizer->function_arn);

	add_permission(cfn, NULL, authorizer->permission_id, function,
		       value_build(cfn->arena, "{d}/authorizers/{d}",
				   refs_api_arn(api),
				   value_ref(cfn->arena, authorizer->id)));
}

void cfn_permissions(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->apis.count; i++) {
		const struct plan_api *api = &cfn->plan->apis.items[i];

		for (size_t k = 0; k < api->authorizers.count; k++)
			add_authorizer(cfn, api, api->authorizers.items[k]);
		for (size_t k = 0; k < api->integrations.count; k++)
			if (api->integrations.items[k]->permission_id)
				add_api(cfn, api, api->integrations.items[k]);
		for (size_t k = 0; k < api->routes.count; k++)
			if (api->routes.items[k].permission_id)
				add_route(cfn, &api->routes.items[k]);
	}
}
