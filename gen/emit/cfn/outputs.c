/* SPDX-License-Identifier: MIT */
/*
 * Outputs: ours always, then the user's. With one API its outputs have plain
 * names (Url, ApiId); with several, or several stages, the API's or stage's
 * name goes before.
 */
#include "cfn.h"

#include "../../plan/names.h"

#define MAX_OUTPUTS 200 /* of a template, CloudFormation's quotas page */

static void add_output(struct cfn *cfn, const char *prefix, const char *name,
		       const char *description, struct doc *value)
{
	struct doc *map = doc_map(cfn->arena);

	cfn_set_text(cfn, map, "Description", description);
	cfn_set(cfn, map, "Value", value);
	doc_set(cfn->arena, cfn->outputs,
		arena_printf(cfn->arena, "%s%s", prefix, name), map);
}

static void add_stage(struct cfn *cfn, const struct plan_api *api,
		      const struct plan_stage *stage, const char *prefix)
{
	add_output(cfn, prefix, "Url", "Where clients connect",
		   refs_api_url(api, stage, "wss"));
	add_output(cfn, prefix, "CallbackUrl",
		   "Where messages to connections are posted",
		   refs_api_url(api, stage, "https"));
	add_output(cfn, prefix, "Stage", "The stage's name", stage->name_value);
	if (stage->log_group_id)
		add_output(cfn, prefix, "LogGroup", "The access log's group",
			   value_ref(cfn->arena, stage->log_group_id));
}

static void add_api(struct cfn *cfn, const struct plan_api *api)
{
	const char *prefix = cfn->plan->apis.count > 1 ? api->pascal : "";

	add_output(cfn, prefix, "ApiId", "The API's id", api->id_value);
	add_output(cfn, prefix, "ApiArn",
		   "What permissions to call it start with; a stage and a "
		   "route follow",
		   refs_api_arn(api));
	if (api->connections)
		add_output(cfn, prefix, "Table", "Where connections are kept",
			   refs_value(cfn->plan, api->connections->table));
	for (size_t i = 0; i < api->stages.count; i++) {
		const struct plan_stage *stage = &api->stages.items[i];
		const char *more = prefix;

		if (api->stages.count > 1)
			more = arena_printf(
				cfn->arena, "%s%s", prefix,
				name_pascal(cfn->arena, stage->name));
		add_stage(cfn, api, stage, more);
	}
}

/* Past the quota names are left out, then ARNs: those hold the names. */
static void add_functions(struct cfn *cfn)
{
	const struct plan *plan = cfn->plan;
	const struct doc *own = plan->spec->outputs;
	const size_t used = cfn->outputs->count + (own ? own->count : 0);
	const size_t count = plan->functions.count;
	const bool arns = used + count <= MAX_OUTPUTS;
	const bool names = used + 2 * count <= MAX_OUTPUTS;

	for (size_t i = 0; i < count; i++) {
		const char *id = plan->functions.items[i]->id;

		if (arns)
			add_output(cfn, id, "Arn", "The function's ARN",
				   value_att(cfn->arena, id, "Arn"));
		if (names)
			add_output(cfn, id, "Name", "The function's name",
				   value_ref(cfn->arena, id));
	}
}

/* A user's output is CloudFormation's mapping, or just its value. */
static void add_own(struct cfn *cfn, const struct doc *own)
{
	for (size_t i = 0; own && i < own->count; i++) {
		const struct doc_member *member = &own->members[i];
		struct doc *value = refs_value(cfn->plan, member->value);
		struct doc *map = value;

		if (!doc_get(value, "Value")) {
			map = doc_map(cfn->arena);
			doc_set(cfn->arena, map, "Value", value);
		}
		if (cfn_is_free(cfn, cfn->outputs, "an output", member))
			doc_set(cfn->arena, cfn->outputs, member->key, map);
	}
}

void cfn_outputs(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->apis.count; i++)
		add_api(cfn, &cfn->plan->apis.items[i]);
	add_functions(cfn);
	add_own(cfn, cfn->plan->spec->outputs);
}
