/* SPDX-License-Identifier: MIT */
/* AWS::ApiGatewayV2::Authorizer */
#include "cfn.h"

static void add_authorizer(struct cfn *cfn, const struct plan_api *api,
			   const struct plan_authorizer *authorizer)
{
	struct doc *p = cfn_add(cfn, NULL, authorizer->id,
				"AWS::ApiGatewayV2::Authorizer")
				->properties;
	struct doc *sources = doc_list(cfn->arena);
	struct doc *arn =
		authorizer->function
			? cfn_invoked(cfn, authorizer->function)
			: refs_value(cfn->plan,
				     authorizer->authorizer->function_arn);

	cfn_set(cfn, p, "ApiId", api->id_value);
	cfn_set_text(cfn, p, "AuthorizerType", "REQUEST");
	cfn_set(cfn, p, "AuthorizerUri", cfn_invocation_uri(cfn, arn));
	for (size_t i = 0; i < authorizer->identity.count; i++)
		doc_add(cfn->arena, sources,
			doc_string(cfn->arena, authorizer->identity.items[i]));
	if (sources->count)
		cfn_set(cfn, p, "IdentitySource", sources);
	cfn_set_text(cfn, p, "Name", authorizer->name);
}

void cfn_authorizers(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->apis.count; i++) {
		const struct plan_api *api = &cfn->plan->apis.items[i];

		for (size_t k = 0; k < api->authorizers.count; k++)
			add_authorizer(cfn, api, api->authorizers.items[k]);
	}
}
