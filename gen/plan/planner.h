/* SPDX-License-Identifier: MIT */
/*
 * planner.h - what the files of plan/ share while the plan is made. Once
 * plan_spec has returned, the plan is const.
 */
#ifndef WSGEN_PLANNER_H
#define WSGEN_PLANNER_H

#include "../plan.h"

struct planner {
	struct arena *arena;
	struct diag *diag;
	const struct spec *spec;
	struct plan *plan;
	struct map named;	/* `functions`: name -> struct function */
	struct map authorizers; /* `authorizers`: name -> authorizer */
	struct map functions;	/* name -> struct plan_function */
	struct map messages;	/* name -> struct plan_message */
	const char *stage;	/* --stage, or NULL */
};

/* The thing that gets id: its own logicalId, or the one made for it. */
const char *plan_id(struct planner *p, const struct text *own, struct loc loc,
		    const char *format, ...) PRINTF_LIKE(4, 5);

/*
 * The top's defaults, an API's, and a thing's own, each a struct of the section
 * or NULL, laid over one another in that order into *out, which is zeroed.
 */
struct lang_section;
void plan_merge(struct planner *p, const struct lang_section *section,
		void *out, const void *const layers[3]);

/* path/file.symbol to its two halves. */
struct plan_handler plan_handler(struct arena *arena, const struct text *text);

/* The function called name: a new one, or the one that is there. */
struct plan_function *plan_function(struct planner *p, const char *name,
				    enum plan_function_kind kind,
				    const struct plan_api *api,
				    const struct function *props,
				    struct loc loc);

/* The one that a route's or an authorizer's `function: name` means. */
struct plan_function *plan_named_function(struct planner *p,
					  const struct text *name,
					  enum plan_function_kind kind,
					  const struct plan_api *api);

/* Functions of `functions` that nothing names: they get raw events. */
void plan_raw_functions(struct planner *p);

/* Once all routes are known: merged properties, files, sends, ids. */
void plan_finish_functions(struct planner *p);

/* What authorizers and sessions hold tokens against. */
void plan_tokens(struct planner *p);

void plan_stages(struct planner *p, struct plan_api *api);
void plan_authorizer(struct planner *p, struct plan_api *api);
void plan_connections(struct planner *p, struct plan_api *api);
/* Once its properties are merged: the table's name into its environment. */
void plan_function_connections(struct planner *p,
			       struct plan_function *function);
void plan_routes(struct planner *p, struct plan_api *api);
void plan_integrations(struct planner *p, struct plan_api *api);

/* The ids of what hangs on all those in the template. */
void plan_resources(struct planner *p);
/* Once permissions are statements: policies of their own for calls. */
void plan_call_policies(struct planner *p);
void plan_callers(struct planner *p);

/* The authorizer that one written as a name stands for; NULL: none. */
const struct authorizer *
plan_resolve_authorizer(struct planner *p, const struct authorizer *authorizer);

/* The authorizer that $connect has: its own, or the API's. NULL: none. */
const struct authorizer *plan_connect_authorizer(struct planner *p,
						 const struct api *api);

#endif
