/* SPDX-License-Identifier: MIT */
/* AWS::IAM::Policy: what the roles may do, and what callers may. */
#include "cfn.h"

#include "../../plan/permissions.h"

static struct doc *add_policy(struct cfn *cfn, const char *owner,
			      const char *id,
			      const struct plan_statement *statements,
			      size_t count)
{
	struct doc *p = cfn_add(cfn, owner, id, "AWS::IAM::Policy")->properties;

	cfn_set(cfn, p, "PolicyDocument",
		permissions_document(cfn->arena, statements, count));
	cfn_set_text(cfn, p, "PolicyName", id);
	return p;
}

static void attach(struct cfn *cfn, struct doc *p, const char *to,
		   struct doc *name)
{
	doc_add(cfn->arena, doc_set(cfn->arena, p, to, doc_list(cfn->arena)),
		name);
}

/* Calls to our functions stand apart: see struct plan_function. */
static void add_function_policy(struct cfn *cfn, const struct plan_function *fn)
{
	const char *owner = cfn_function_owner(cfn, fn);
	const size_t own = fn->statements.count - fn->calls;
	struct doc *p;

	if (own) {
		p = add_policy(cfn, owner, fn->policy_id, fn->statements.items,
			       own);
		attach(cfn, p, "Roles", value_ref(cfn->arena, fn->role_id));
	}
	if (fn->calls) {
		p = add_policy(cfn, owner, fn->calls_policy_id,
			       fn->statements.items + own, fn->calls);
		attach(cfn, p, "Roles", value_ref(cfn->arena, fn->role_id));
	}
}

static void add_caller(struct cfn *cfn, const struct plan_caller *caller)
{
	struct doc *p =
		add_policy(cfn, NULL, caller->policy_id,
			   caller->statements.items, caller->statements.count);

	attach(cfn, p, caller->attach, caller->to);
}

void cfn_policies(struct cfn *cfn)
{
	const struct plan *plan = cfn->plan;

	for (size_t i = 0; i < plan->functions.count; i++)
		if (plan->functions.items[i]->role_id)
			add_function_policy(cfn, plan->functions.items[i]);
	for (size_t i = 0; i < plan->apis.count; i++) {
		const struct plan_api *api = &plan->apis.items[i];

		for (size_t k = 0; k < api->integrations.count; k++) {
			const struct plan_integration *in =
				api->integrations.items[k];

			if (in->makes_role)
				attach(cfn,
				       add_policy(cfn, NULL, in->policy_id,
						  in->statements.items,
						  in->statements.count),
				       "Roles",
				       value_ref(cfn->arena, in->role_id));
		}
	}
	for (size_t i = 0; i < plan->callers.count; i++)
		add_caller(cfn, &plan->callers.items[i]);
}
