/* SPDX-License-Identifier: MIT */
/*
 * iam/: what each function's role may do (iam/<fn>.json) and who may take it
 * on (iam/<fn>.trust.json), as the template has them; what callers may do
 * (iam/callers/<name>.json), and for an API that IAM guards the policy that
 * lets somebody connect (iam/callers/<api>.connect.json).
 */
#include "../plan/permissions.h"
#include "../plan/refs.h"
#include "emit.h"

static void emit_function(const struct emit *emit,
			  const struct plan_function *fn)
{
	if (!fn->role_id)
		return;
	emit_doc(emit,
		 permissions_document(emit->arena, fn->statements.items,
				      fn->statements.count),
		 arena_printf(emit->arena, "iam/%s.json", fn->name));
	emit_doc(emit, permissions_trust(emit->arena, "lambda.amazonaws.com"),
		 arena_printf(emit->arena, "iam/%s.trust.json", fn->name));
}

/* The policy that a caller of an API needs that asks IAM on $connect. */
static void emit_connect(const struct emit *emit, const struct plan_api *api)
{
	struct arena *arena = emit->arena;
	struct plan_statement statement = { .effect = "Allow" };
	bool guarded = false;

	for (size_t i = 0; i < api->routes.count; i++)
		guarded |= api->routes.items[i].auth == AUTH_IAM;
	if (!guarded)
		return;
	*LIST_ADD(arena, &statement.actions) = "execute-api:Invoke";
	for (size_t i = 0; i < api->stages.count; i++)
		*LIST_ADD(arena, &statement.resources) = value_build(
			arena, "{d}/{d}/$connect", refs_api_arn(api),
			api->stages.items[i].name_value);
	if (!api->stages.count)
		*LIST_ADD(arena, &statement.resources) =
			value_build(arena, "{d}/*/$connect", refs_api_arn(api));
	emit_doc(emit, permissions_document(arena, &statement, 1),
		 arena_printf(arena, "iam/callers/%s.connect.json", api->name));
}

void emit_iam(const struct emit *emit)
{
	const struct plan *plan = emit->plan;

	for (size_t i = 0; i < plan->functions.count; i++)
		emit_function(emit, plan->functions.items[i]);
	for (size_t i = 0; i < plan->apis.count; i++)
		emit_connect(emit, &plan->apis.items[i]);
	for (size_t i = 0; i < plan->callers.count; i++) {
		const struct plan_caller *caller = &plan->callers.items[i];

		emit_doc(emit,
			 permissions_document(emit->arena,
					      caller->statements.items,
					      caller->statements.count),
			 arena_printf(emit->arena, "iam/callers/%s.json",
				      caller->name));
	}
}
