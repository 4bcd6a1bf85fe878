/* SPDX-License-Identifier: MIT */
/*
 * AWS::DynamoDB::Table: the connections of an API. Both keys are strings that
 * the runtime makes, see runtime/src/registry.c; whatever nobody removed goes
 * by its `expires`.
 */
#include "cfn.h"

static void add_attribute(struct cfn *cfn, struct doc *list, const char *name,
			  const char *key, const char *value)
{
	struct doc *one = doc_add(cfn->arena, list, doc_map(cfn->arena));

	doc_set_string(cfn->arena, one, "AttributeName", name);
	doc_set_string(cfn->arena, one, key, value);
}

static void add_table(struct cfn *cfn, const char *id)
{
	struct arena *arena = cfn->arena;
	struct doc *p =
		cfn_add(cfn, NULL, id, "AWS::DynamoDB::Table")->properties;
	struct doc *types = doc_list(arena), *keys = doc_list(arena);
	struct doc *ttl = doc_map(arena);

	add_attribute(cfn, types, "pk", "AttributeType", "S");
	add_attribute(cfn, types, "sk", "AttributeType", "S");
	cfn_set(cfn, p, "AttributeDefinitions", types);
	cfn_set_text(cfn, p, "BillingMode", "PAY_PER_REQUEST");
	add_attribute(cfn, keys, "pk", "KeyType", "HASH");
	add_attribute(cfn, keys, "sk", "KeyType", "RANGE");
	cfn_set(cfn, p, "KeySchema", keys);
	cfn_tag_list(cfn, p, NULL);
	doc_set_string(arena, ttl, "AttributeName", "expires");
	doc_set(arena, ttl, "Enabled", doc_bool(arena, true));
	cfn_set(cfn, p, "TimeToLiveSpecification", ttl);
}

void cfn_tables(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->apis.count; i++) {
		const struct plan_connections *connections =
			cfn->plan->apis.items[i].connections;

		if (connections && connections->id)
			add_table(cfn, connections->id);
	}
}
