/* SPDX-License-Identifier: MIT */
/*
 * AWS::ApiGatewayV2::IntegrationResponse: without one, what a service, a URL
 * or a mock answers on a two-way route does not reach the route's response.
 */
#include "cfn.h"

void cfn_integration_responses(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->apis.count; i++) {
		const struct plan_api *api = &cfn->plan->apis.items[i];

		for (size_t k = 0; k < api->integrations.count; k++) {
			const struct plan_integration *in =
				api->integrations.items[k];
			struct doc *p;

			if (!in->response_id)
				continue;
			p = cfn_add(cfn,
				    cfn_route_owner(cfn, in->routes.items[0]),
				    in->response_id,
				    "AWS::ApiGatewayV2::IntegrationResponse")
				    ->properties;
			cfn_set(cfn, p, "ApiId", api->id_value);
			cfn_set(cfn, p, "IntegrationId",
				value_ref(cfn->arena, in->id));
			cfn_set_text(cfn, p, "IntegrationResponseKey",
				     "$default");
		}
	}
}
