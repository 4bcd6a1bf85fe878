/* SPDX-License-Identifier: MIT */
/*
 * Limits are those of AWS's quotas pages: API Gateway "WebSocket API quotas",
 * Lambda "Function configuration", IAM "IAM and AWS STS quotas" and
 * CloudFormation "quotas".
 */
#include "budget.h"

#include "../../plan/policy_size.h"
#include "cfn.h"
#include "log_format.h"
#include "split.h"

#include <string.h>

#define MAX_ROUTES 300u
#define MAX_INTEGRATIONS 300u
#define MAX_STAGES 10u
#define MAX_AUTHORIZERS 10u
#define MAX_ENVIRONMENT 4096u
#define MAX_LAYERS 5u
#define MAX_TAGS 50u
#define MAX_LOG_FORMAT 3072u
#define MAX_TEMPLATE_NAMES 200u
#define ENVIRONMENT_REFERENCE 128u /* what a reference may become */

struct making {
	struct budget *budget;
	struct arena *arena;
	const char *where;
	struct loc loc;
};

static void add(struct making *m, enum budget_kind kind, const char *what,
		const char *unit, size_t used, size_t limit, const char *quota)
{
	*LIST_ADD(m->arena, &m->budget->rows) = (struct budget_row){
		.what = what,
		.where = m->where,
		.unit = unit,
		.used = used,
		.limit = limit,
		.kind = kind,
		.quota = quota,
		.loc = m->loc,
	};
}

static void add_api(struct making *m, const struct plan_api *api)
{
	m->where = arena_printf(m->arena, "API %s", api->name);
	m->loc = api->api->name.loc;
	add(m, BUDGET_QUOTA, "routes", "", api->routes.count, MAX_ROUTES,
	    "Routes per API");
	add(m, BUDGET_QUOTA, "integrations", "", api->integrations.count,
	    MAX_INTEGRATIONS, "Integrations per API");
	add(m, BUDGET_QUOTA, "stages", "", api->stages.count, MAX_STAGES,
	    "Stages per API");
	add(m, BUDGET_QUOTA, "authorizers", "", api->authorizers.count,
	    MAX_AUTHORIZERS, "AWS Lambda authorizers per API");
	for (size_t i = 0; i < api->stages.count; i++) {
		const struct plan_stage *stage = &api->stages.items[i];

		if (!stage->log_format)
			continue;
		m->where = arena_printf(m->arena, "API %s, stage %s", api->name,
					stage->name);
		m->loc = stage->access_log->format.loc;
		add(m, BUDGET_FIXED, "access log format", "bytes",
		    strlen(log_format(stage->log_format)), MAX_LOG_FORMAT,
		    "Access log template size");
	}
}

/* Names and values, with a guess for what is known at deployment only. */
static size_t environment_bytes(const struct plan_function *fn)
{
	const struct doc *map = fn->environment;
	size_t bytes = 0;

	for (size_t i = 0; map && i < map->count; i++) {
		const struct doc *value = map->members[i].value;

		bytes += strlen(map->members[i].key);
		if (value->kind == DOC_MAP || value->kind == DOC_LIST)
			bytes += ENVIRONMENT_REFERENCE;
		else if (value->text)
			bytes += strlen(value->text);
	}
	return bytes;
}

/* Its own and the spec's, which its own may replace. */
static size_t tag_count(const struct plan_function *fn, const struct doc *all)
{
	const struct doc *own = fn->props->tags;
	size_t count = own ? own->count : 0;

	for (size_t i = 0; all && i < all->count; i++)
		count += !own || !doc_get(own, all->members[i].key);
	return count;
}

static size_t resource_policy(const struct plan_function *fn)
{
	size_t statements = 0, keys = 0;

	for (size_t i = 0; i < fn->routes.count; i++) {
		if (!fn->routes.items[i]->permission_id)
			continue;
		statements++;
		keys += strlen(fn->routes.items[i]->key);
	}
	return policy_bytes_of(statements + fn->apis.count, keys);
}

static void add_function(struct making *m, const struct plan_function *fn,
			 const struct doc *tags)
{
	m->where = arena_printf(m->arena, "function %s", fn->name);
	m->loc = fn->loc;
	add(m, BUDGET_FIXED, "resource policy", "bytes", resource_policy(fn),
	    POLICY_LAMBDA_MAX, "Function resource-based policy");
	add(m, BUDGET_FIXED, "environment", "bytes", environment_bytes(fn),
	    MAX_ENVIRONMENT, "Function environment variables");
	add(m, BUDGET_FIXED, "layers", "", fn->props->layers.count, MAX_LAYERS,
	    "Function layers");
	add(m, BUDGET_FIXED, "tags", "", tag_count(fn, tags), MAX_TAGS,
	    "Tags per resource");
	if (fn->role_id)
		add(m, BUDGET_FIXED, "inline policies", "bytes",
		    policy_inline_bytes(m->arena, fn->statements.items,
					fn->statements.count),
		    POLICY_INLINE_MAX, "Role inline policies");
}

static void add_template(struct making *m, const char *where,
			 const struct doc *template)
{
	static const char *const sections[] = { "Parameters", "Outputs" };
	static const char *const names[] = { "parameters", "outputs" };
	const struct doc *resources = doc_get(template, "Resources");

	m->where = where;
	add(m, BUDGET_FIXED, "resources", "", resources ? resources->count : 0,
	    SPLIT_MAX_RESOURCES, "Resources declared in template");
	add(m, BUDGET_FIXED, "template", "bytes",
	    doc_json_size(m->arena, template), SPLIT_MAX_BYTES,
	    "Template body size in an Amazon S3 object");
	for (size_t i = 0; i < 2; i++) {
		const struct doc *section = doc_get(template, sections[i]);

		if (section)
			add(m, BUDGET_FIXED, names[i], "", section->count,
			    MAX_TEMPLATE_NAMES, "Parameters and outputs");
	}
}

static void add_templates(struct budget *budget, struct arena *arena,
			  const struct plan *plan, const struct split *split)
{
	struct making m = { .budget = budget,
			    .arena = arena,
			    .loc = plan->spec->name.loc };

	add_template(&m, "template", split->root);
	for (size_t i = 0; i < split->nested.count; i++)
		add_template(&m, split->nested.items[i].path,
			     split->nested.items[i].template);
}

static void compute_plan(struct budget *budget, struct arena *arena,
			 const struct plan *plan)
{
	struct making m = { .budget = budget, .arena = arena };

	*budget = (struct budget){ 0 };
	for (size_t i = 0; i < plan->apis.count; i++)
		add_api(&m, &plan->apis.items[i]);
	for (size_t i = 0; i < plan->functions.count; i++)
		add_function(&m, plan->functions.items[i], plan->spec->tags);
}

void budget_compute(struct budget *budget, struct arena *arena,
		    const struct plan *plan)
{
	struct cfn cfn;
	struct split split;

	compute_plan(budget, arena, plan);
	cfn_build(&cfn, arena, plan, NULL);
	split_template(&split, &cfn, plan->spec->doc.s, "yaml");
	add_templates(budget, arena, plan, &split);
}

void budget_report(struct arena *arena, const struct plan *plan,
		   const struct split *split, struct diag *diag)
{
	struct budget budget;

	compute_plan(&budget, arena, plan);
	add_templates(&budget, arena, plan, split);
	for (size_t i = 0; i < budget.rows.count; i++) {
		const struct budget_row *row = &budget.rows.items[i];
		const char *unit =
			*row->unit ? arena_printf(arena, "%s of ", row->unit)
				   : "";

		if (row->used <= row->limit)
			continue;
		if (row->kind == BUDGET_FIXED)
			diag_error(diag, row->loc,
				   "%s: %zu %s%s, and AWS has no more than "
				   "%zu (%s)",
				   row->where, row->used, unit, row->what,
				   row->limit, row->quota);
		else
			diag_warning(diag, row->loc,
				     "%s: %zu %s%s; the quota '%s' is %zu "
				     "until AWS raises it",
				     row->where, row->used, unit, row->what,
				     row->quota, row->limit);
	}
}
