/* SPDX-License-Identifier: MIT */
/* The template: every resource in its order, and the user's own after ours. */
#include "../emit.h"
#include "budget.h"
#include "cfn.h"
#include "circle.h"
#include "split.h"

#include <string.h>

#define MAX_DESCRIPTION 1024u /* bytes, CloudFormation's quotas page */

/* A new resource type is one line here and one file. */
static void (*const parts[])(struct cfn *cfn) = {
	cfn_apis,
	cfn_authorizers,
	cfn_models,
	cfn_integrations,
	cfn_integration_responses,
	cfn_routes,
	cfn_route_responses,
	cfn_stages,
	cfn_tables,
	cfn_log_groups,
	cfn_roles,
	cfn_policies,
	cfn_functions,
	cfn_aliases,
	cfn_permissions,
	cfn_deployments,
};

static void add_depends(struct cfn *cfn, struct cfn_resource *resource,
			const struct doc *depends)
{
	if (!depends)
		return;
	if (depends->kind == DOC_STRING)
		cfn_depend(cfn, resource, depends->text);
	for (size_t i = 0; i < depends->count && depends->kind == DOC_LIST; i++)
		cfn_depend(cfn, resource, depends->items[i]->text);
}

static void add_own(struct cfn *cfn)
{
	const struct doc *own = cfn->plan->spec->resources;

	for (size_t i = 0; own && i < own->count; i++) {
		const struct doc *from = own->members[i].value;
		struct cfn_resource *resource =
			cfn_add(cfn, NULL, own->members[i].key,
				doc_get(from, "Type")->text);
		struct doc *value = refs_value(cfn->plan, from);

		resource->verbatim = value;
		add_depends(cfn, resource, doc_get(from, "DependsOn"));
		if (doc_get(value, "Properties"))
			resource->properties = doc_get(value, "Properties");
	}
}

struct naming {
	struct cfn *cfn;
	struct cfn_resource *resource;
};

static void add_need(void *data, const char *id, size_t len)
{
	const struct naming *naming = data;
	struct cfn_resource *needed = map_get_n(&naming->cfn->by_id, id, len);

	if (needed)
		*LIST_ADD(naming->cfn->arena, &naming->resource->needs) =
			needed;
}

/* Found once: a template of many resources is slow to go through. */
static void find_needs(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->resources.count; i++) {
		struct cfn_resource *resource = cfn->resources.items[i];
		struct naming naming = { cfn, resource };

		value_each_name(resource->properties, add_need, &naming);
		for (size_t d = 0; d < resource->depends.count; d++)
			add_need(&naming, resource->depends.items[d],
				 strlen(resource->depends.items[d]));
	}
}

void cfn_build(struct cfn *cfn, struct arena *arena, const struct plan *plan,
	       struct diag *diag)
{
	*cfn = (struct cfn){ .arena = arena,
			     .plan = plan,
			     .diag = diag,
			     .by_id = { .arena = arena },
			     .parameters = doc_map(arena),
			     .mappings = doc_map(arena),
			     .conditions = doc_map(arena),
			     .outputs = doc_map(arena) };
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		parts[i](cfn);
	add_own(cfn);
	cfn_override(cfn, cfn->mappings, plan->spec->mappings);
	cfn_override(cfn, cfn->conditions, plan->spec->conditions);
	cfn_parameters(cfn);
	cfn_outputs(cfn);
	find_needs(cfn);
}

/* The first bytes of the spec's doc, cut between characters. */
static const char *description(const struct cfn *cfn)
{
	const char *text = cfn->plan->spec->doc.s;
	size_t len = text ? strlen(text) : 0;

	if (!len)
		return NULL;
	if (len > MAX_DESCRIPTION) {
		len = MAX_DESCRIPTION;
		while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	return arena_strndup(cfn->arena, text, len);
}

void emit_cfn(const struct emit *emit)
{
	const char *suffix = emit->template_json ? "json" : "yaml";
	struct cfn cfn;
	struct split split;

	cfn_account(emit, suffix);
	cfn_build(&cfn, emit->arena, emit->plan, emit->diag);
	if (!cfn.resources.count)
		return; /* CloudFormation takes no template without one */
	if (!circle_check(&cfn, emit->diag))
		return;
	split_template(&split, &cfn, description(&cfn), suffix);
	emit_doc(emit, split.root,
		 arena_printf(emit->arena, "template.%s", suffix));
	for (size_t i = 0; i < split.nested.count; i++)
		emit_doc(emit, split.nested.items[i].template,
			 split.nested.items[i].path);
	budget_report(emit->arena, emit->plan, &split, emit->diag);
}
