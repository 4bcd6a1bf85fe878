/* SPDX-License-Identifier: MIT */
/* Parameters: where the code is, the stage's name, and the user's own. */
#include "cfn.h"

static struct doc *add_parameter(struct cfn *cfn, const char *name,
				 const char *description)
{
	struct doc *map = doc_map(cfn->arena);
	const struct loc *taken = map_get(&cfn->plan->ids, name);

	if (taken && cfn->diag && map_get(&cfn->by_id, name))
		diag_error(cfn->diag, *taken,
			   "wsgen makes a parameter called '%s' itself: choose "
			   "another logical id",
			   name);
	cfn_set_text(cfn, map, "Type", "String");
	cfn_set_text(cfn, map, "Description", description);
	return doc_set(cfn->arena, cfn->parameters, name, map);
}

/* Nothing in a parameter refers to anything: they go in as they are. */
static void add_own(struct cfn *cfn, const struct doc *own)
{
	for (size_t i = 0; own && i < own->count; i++)
		if (cfn_is_free(cfn, cfn->parameters, "a parameter",
				&own->members[i]))
			doc_set(cfn->arena, cfn->parameters,
				own->members[i].key, own->members[i].value);
}

/* All APIs whose stage has no name of its own share the one parameter. */
static const struct plan_stage *unnamed_stage(const struct plan *plan)
{
	for (size_t i = 0; i < plan->apis.count; i++)
		for (size_t s = 0; s < plan->apis.items[i].stages.count; s++)
			if (plan->apis.items[i].stages.items[s].is_parameter)
				return &plan->apis.items[i].stages.items[s];
	return NULL;
}

void cfn_parameters(struct cfn *cfn)
{
	const struct plan *plan = cfn->plan;
	const struct plan_stage *stage = unnamed_stage(plan);
	struct doc *one;

	if (plan->functions.count) {
		add_parameter(cfn, "CodeBucket",
			      "The S3 bucket that holds the functions' zips");
		one = add_parameter(cfn, "CodePrefix",
				    "Where in it they are; a new prefix takes "
				    "new code");
		cfn_set_text(cfn, one, "Default", plan->name);
	}
	if (stage) {
		one = add_parameter(cfn, "StageName", "The stage's name");
		cfn_set_text(cfn, one, "Default", stage->name);
		cfn_set_text(cfn, one, "AllowedPattern",
			     "[A-Za-z0-9_-]{1,128}");
	}
	add_own(cfn, plan->spec->parameters);
}
