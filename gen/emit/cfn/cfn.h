/* SPDX-License-Identifier: MIT */
/*
 * cfn.h - what the files of emit/cfn share. Each resource type is written in
 * one file, as a function that adds its resources for the whole plan; the
 * list of those functions is in template.c. A resource is a document under
 * way: template.c sorts its properties and puts it in its place, split.c
 * moves it to a nested stack when there are too many.
 */
#ifndef WSGEN_CFN_H
#define WSGEN_CFN_H

#include "../../plan.h"
#include "../../plan/refs.h"
#include "../../plan/value.h"

struct cfn_resource {
	const char *id, *type;
	/*
	 * Resources with the same owner may move to a nested stack, together;
	 * NULL stays at the top. See split.h.
	 */
	const char *owner;
	struct doc *properties;
	LIST(const char *) depends;
	size_t number;			   /* in cfn.resources */
	LIST(struct cfn_resource *) needs; /* all it names; by cfn_build */
	bool retain;		    /* DeletionPolicy, UpdateReplacePolicy */
	const struct doc *verbatim; /* the user's: all of it */
};

struct cfn {
	struct arena *arena;
	const struct plan *plan;
	struct diag *diag; /* NULL: this was said already */
	LIST(struct cfn_resource *) resources;
	struct map by_id; /* id -> struct cfn_resource */
	struct doc *parameters, *mappings, *conditions, *outputs;
};

struct cfn_resource *cfn_add(struct cfn *cfn, const char *owner, const char *id,
			     const char *type);
void cfn_depend(struct cfn *cfn, struct cfn_resource *resource, const char *id);

/* Set a property unless the value is NULL. */
void cfn_set(struct cfn *cfn, struct doc *map, const char *key,
	     struct doc *value);
void cfn_set_text(struct cfn *cfn, struct doc *map, const char *key,
		  const char *text);
/* The user's value with its references, unless it is NULL. */
void cfn_set_value(struct cfn *cfn, struct doc *map, const char *key,
		   const struct doc *value);
/* The user's own properties, over ours. */
void cfn_override(struct cfn *cfn, struct doc *properties,
		  const struct doc *own);

/* The spec's tags and own's: {name: value}, or a list of {Key, Value}. */
void cfn_tag_map(struct cfn *cfn, struct doc *properties);
void cfn_tag_list(struct cfn *cfn, struct doc *properties,
		  const struct doc *own);

/* Who owns what belongs to a function, and to a route: see split.h. */
const char *cfn_function_owner(struct cfn *cfn, const struct plan_function *fn);
const char *cfn_route_owner(struct cfn *cfn, const struct plan_route *route);

/* What invokes a function: its ARN, or that of its alias. */
struct doc *cfn_invoked(struct cfn *cfn, const struct plan_function *fn);
/* arn:...:lambda:path/2015-03-31/functions/<arn>/invocations */
struct doc *cfn_invocation_uri(struct cfn *cfn, struct doc *function_arn);

/* One function for each resource type, in its own file. */
void cfn_apis(struct cfn *cfn);
void cfn_authorizers(struct cfn *cfn);
void cfn_models(struct cfn *cfn);
void cfn_integrations(struct cfn *cfn);
void cfn_integration_responses(struct cfn *cfn);
void cfn_routes(struct cfn *cfn);
void cfn_route_responses(struct cfn *cfn);
void cfn_log_groups(struct cfn *cfn);
void cfn_roles(struct cfn *cfn);
void cfn_policies(struct cfn *cfn);
void cfn_functions(struct cfn *cfn);
void cfn_aliases(struct cfn *cfn);
void cfn_permissions(struct cfn *cfn);
void cfn_stages(struct cfn *cfn);
void cfn_tables(struct cfn *cfn);
void cfn_deployments(struct cfn *cfn); /* last: it hashes the others */

struct emit;
/* account.yaml, when a stage logs. */
void cfn_account(const struct emit *emit, const char *suffix);

void cfn_parameters(struct cfn *cfn);
void cfn_outputs(struct cfn *cfn);

/* False, with an error, when ours has a member of the user's name already. */
bool cfn_is_free(struct cfn *cfn, const struct doc *ours, const char *what,
		 const struct doc_member *theirs);

/* All resources, parameters and outputs of the plan, not yet split. */
void cfn_build(struct cfn *cfn, struct arena *arena, const struct plan *plan,
	       struct diag *diag);
/* A resource as it stands in a template. */
struct doc *cfn_resource_doc(struct arena *arena,
			     const struct cfn_resource *resource);

#endif
