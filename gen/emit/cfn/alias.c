/* SPDX-License-Identifier: MIT */
/*
 * AWS::Lambda::Version and AWS::Lambda::Alias, for provisioned concurrency.
 * A version never changes, so its description names the code and what the
 * function is made of: when either moves, CloudFormation replaces the version
 * and the alias follows.
 */
#include "cfn.h"

#include "../../base/sha256.h"

#define ALIAS "live"

static const char *function_hash(struct cfn *cfn,
				 const struct plan_function *fn)
{
	const struct cfn_resource *function = map_get(&cfn->by_id, fn->id);
	struct buf text;

	buf_init(&text, cfn->arena);
	doc_print_compact(&text, function->properties);
	return arena_printf(cfn->arena, "%.8s",
			    sha256_hex(cfn->arena, text.text, text.len));
}

static void add_alias(struct cfn *cfn, const struct plan_function *fn)
{
	struct arena *arena = cfn->arena;
	const char *owner = cfn_function_owner(cfn, fn);
	struct doc *p =
		cfn_add(cfn, owner, fn->version_id, "AWS::Lambda::Version")
			->properties;
	struct doc *provisioned = doc_map(arena);

	cfn_set(cfn, p, "Description",
		value_build(arena, "${CodePrefix} {s}",
			    function_hash(cfn, fn)));
	cfn_set(cfn, p, "FunctionName", value_ref(arena, fn->id));

	p = cfn_add(cfn, owner, fn->alias_id, "AWS::Lambda::Alias")->properties;
	cfn_set(cfn, p, "FunctionName", value_ref(arena, fn->id));
	cfn_set(cfn, p, "FunctionVersion",
		value_att(arena, fn->version_id, "Version"));
	cfn_set_text(cfn, p, "Name", ALIAS);
	cfn_set(cfn, provisioned, "ProvisionedConcurrentExecutions",
		doc_int(arena, fn->props->concurrency->provisioned.value));
	cfn_set(cfn, p, "ProvisionedConcurrencyConfig", provisioned);
}

void cfn_aliases(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->functions.count; i++)
		if (cfn->plan->functions.items[i]->alias_id)
			add_alias(cfn, cfn->plan->functions.items[i]);
}
