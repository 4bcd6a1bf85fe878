/* SPDX-License-Identifier: MIT */
/* AWS::ApiGatewayV2::RouteResponse: what makes a route two-way. */
#include "cfn.h"

void cfn_route_responses(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->apis.count; i++) {
		const struct plan_api *api = &cfn->plan->apis.items[i];

		for (size_t k = 0; k < api->routes.count; k++) {
			const struct plan_route *route = &api->routes.items[k];
			struct doc *p;

			if (!route->response_id)
				continue;
			p = cfn_add(cfn, cfn_route_owner(cfn, route),
				    route->response_id,
				    "AWS::ApiGatewayV2::RouteResponse")
				    ->properties;
			cfn_set(cfn, p, "ApiId", api->id_value);
			cfn_set(cfn, p, "RouteId",
				value_ref(cfn->arena, route->id));
			cfn_set_text(cfn, p, "RouteResponseKey", "$default");
		}
	}
}
