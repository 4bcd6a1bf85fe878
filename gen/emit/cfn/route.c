/* SPDX-License-Identifier: MIT */
/* AWS::ApiGatewayV2::Route */
#include "cfn.h"

#include <string.h>

#define DEFAULT_SELECTION "$request.body.action"

static const char *authorization(const struct plan_route *route)
{
	switch (route->auth) {
	case AUTH_NONE:
		return "NONE"; /* written out, so that an update resets it */
	case AUTH_IAM:
		return "AWS_IAM";
	case AUTH_CUSTOM:
		break;
	}
	return "CUSTOM";
}

/* A message of this route gives the route's own key as its selection. */
static void set_model(struct cfn *cfn, struct doc *p,
		      const struct plan_route *route)
{
	const struct gateway *gateway = route->api->api->gateway;
	const char *selection = gateway ? gateway->route_selection.s : NULL;
	struct doc *models;

	if (!route->model_id)
		return;
	if (route->kind == ROUTE_CUSTOM)
		cfn_set_text(cfn, p, "ModelSelectionExpression",
			     selection ? selection : DEFAULT_SELECTION);
	else
		cfn_set_text(cfn, p, "ModelSelectionExpression", "\\$default");
	models = doc_map(cfn->arena);
	cfn_set_text(cfn, models, route->key, route->model_id);
	cfn_set(cfn, p, "RequestModels", models);
}

static void add_route(struct cfn *cfn, const struct plan_route *route)
{
	struct arena *arena = cfn->arena;
	struct cfn_resource *resource =
		cfn_add(cfn, cfn_route_owner(cfn, route), route->id,
			"AWS::ApiGatewayV2::Route");
	struct doc *p = resource->properties;

	cfn_set(cfn, p, "ApiId", route->api->id_value);
	if (route->route->api_key.is == FLAG_ON)
		cfn_set(cfn, p, "ApiKeyRequired", doc_bool(arena, true));
	cfn_set_text(cfn, p, "AuthorizationType", authorization(route));
	if (route->authorizer)
		cfn_set(cfn, p, "AuthorizerId",
			value_ref(arena, route->authorizer->id));
	set_model(cfn, p, route);
	if (route->model_id) /* models are named, not referred to */
		cfn_depend(cfn, resource, route->model_id);
	cfn_set_text(cfn, p, "OperationName", route->route->operation.s);
	cfn_set_text(cfn, p, "RouteKey", route->key);
	if (route->two_way)
		cfn_set_text(cfn, p, "RouteResponseSelectionExpression",
			     "$default");
	cfn_set(cfn, p, "Target",
		value_build(arena, "integrations/{d}",
			    value_ref(arena, route->integration->id)));
}

void cfn_routes(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->apis.count; i++) {
		const struct plan_api *api = &cfn->plan->apis.items[i];

		for (size_t k = 0; k < api->routes.count; k++)
			add_route(cfn, &api->routes.items[k]);
	}
}
