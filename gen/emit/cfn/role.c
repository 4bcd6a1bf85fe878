/* SPDX-License-Identifier: MIT */
/* AWS::IAM::Role, of functions and of integrations that call a service. */
#include "cfn.h"

#include "../../plan/permissions.h"

static void add_role(struct cfn *cfn, const char *owner, const char *id,
		     const char *service, const struct doc *tags)
{
	struct doc *p = cfn_add(cfn, owner, id, "AWS::IAM::Role")->properties;

	cfn_set(cfn, p, "AssumeRolePolicyDocument",
		permissions_trust(cfn->arena, service));
	cfn_tag_list(cfn, p, tags);
}

void cfn_roles(struct cfn *cfn)
{
	const struct plan *plan = cfn->plan;

	for (size_t i = 0; i < plan->functions.count; i++) {
		const struct plan_function *fn = plan->functions.items[i];

		if (fn->role_id)
			add_role(cfn, cfn_function_owner(cfn, fn), fn->role_id,
				 "lambda.amazonaws.com", fn->props->tags);
	}
	for (size_t i = 0; i < plan->apis.count; i++) {
		const struct plan_api *api = &plan->apis.items[i];

		for (size_t k = 0; k < api->integrations.count; k++)
			if (api->integrations.items[k]->makes_role)
				add_role(cfn, NULL,
					 api->integrations.items[k]->role_id,
					 "apigateway.amazonaws.com", NULL);
	}
}
