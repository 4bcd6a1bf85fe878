/* SPDX-License-Identifier: MIT */
/*
 * AWS::ApiGatewayV2::Model: a message as JSON Schema draft-04, for routes with
 * `validate: gateway`. The decoder stays the judge.
 */
#include "cfn.h"

#include "../../json_schema.h"

static void add_model(struct cfn *cfn, const struct plan_route *route)
{
	struct doc *p;

	if (map_get(&cfn->by_id, route->model_id))
		return; /* two routes may take the same message */
	p = cfn_add(cfn, NULL, route->model_id, "AWS::ApiGatewayV2::Model")
		    ->properties;
	cfn_set(cfn, p, "ApiId", route->api->id_value);
	cfn_set_text(cfn, p, "ContentType", "application/json");
	cfn_set_text(cfn, p, "Description", route->message->message->doc.s);
	cfn_set_text(cfn, p, "Name", route->model_id);
	cfn_set(cfn, p, "Schema",
		message_json_schema(cfn->arena, route->message->message));
}

void cfn_models(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->apis.count; i++) {
		const struct plan_api *api = &cfn->plan->apis.items[i];

		for (size_t k = 0; k < api->routes.count; k++)
			if (api->routes.items[k].model_id)
				add_model(cfn, &api->routes.items[k]);
	}
}
