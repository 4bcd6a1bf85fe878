/* SPDX-License-Identifier: MIT */
/*
 * Which Lambda functions there are, and what each is made of. Routes and
 * authorizers ask for functions by name; when all have asked, the properties
 * are merged and everything that depends on the whole is worked out.
 */
#include "planner.h"

#include "../language.h"
#include "names.h"

#include <stdlib.h>
#include <string.h>

static void add_api(struct planner *p, struct plan_function *function,
		    const struct plan_api *api)
{
	for (size_t i = 0; i < function->apis.count; i++)
		if (function->apis.items[i] == api)
			return;
	if (api)
		*LIST_ADD(p->arena, &function->apis) = api;
}

struct plan_function *plan_function(struct planner *p, const char *name,
				    enum plan_function_kind kind,
				    const struct plan_api *api,
				    const struct function *props,
				    struct loc loc)
{
	struct plan_function *function = map_get(&p->functions, name);

	if (!function) {
		function = ARENA_NEW(p->arena, struct plan_function);
		function->name = name;
		function->kind = kind;
		function->props = props;
		function->loc = loc;
		map_put(&p->functions, name, function);
		*LIST_ADD(p->arena, &p->plan->functions) = function;
	} else if (function->kind != kind || function->props != props) {
		diag_error(p->diag, loc,
			   "this needs a function called '%s', which is "
			   "another one's name already",
			   name);
		diag_note(p->diag, function->loc, "that one is made here");
	}
	add_api(p, function, api);
	return function;
}

struct plan_function *plan_named_function(struct planner *p,
					  const struct text *name,
					  enum plan_function_kind kind,
					  const struct plan_api *api)
{
	const struct function *props = map_get(&p->named, name->s);

	return plan_function(p, name->s, kind, api, props, name->loc);
}

void plan_raw_functions(struct planner *p)
{
	for (size_t i = 0; i < p->spec->functions.count; i++) {
		const struct function *props = &p->spec->functions.items[i];
		struct plan_function *function =
			map_get(&p->functions, props->name.s);

		if (function && function->props == props)
			continue;
		function = plan_function(p, props->name.s, PLAN_RAW, NULL,
					 props, props->name.loc);
		if (function->props == props)
			function->handler =
				plan_handler(p->arena, &props->handler);
	}
}

/* --- once all routes are known ----------------------------------------------
 */

/* What the defaults grant is lost where somebody else's role is. */
static void warn_of_lost(struct planner *p,
			 const struct plan_function *function,
			 const struct defaults *defaults)
{
	const struct doc *role = function->props->role;
	const struct permissions *lost;

	if (!role || !defaults || !defaults->function)
		return;
	lost = &defaults->function->permissions;
	if (!lost->loc.line)
		return;
	diag_warning(p->diag, role->loc,
		     "function '%s' goes without the 'permissions' of "
		     "'defaults': this role is not wsgen's",
		     function->name);
	diag_note(p->diag, lost->loc, "they stand here");
}

/* The top's defaults, the one API's, and the function's own, in that order. */
static void merge_props(struct planner *p, struct plan_function *function)
{
	static const struct function nothing;
	const struct defaults *top = p->spec->defaults, *api = NULL;
	struct function *props = ARENA_NEW(p->arena, struct function);

	if (function->apis.count == 1)
		api = function->apis.items[0]->api->defaults;
	else if (!p->spec->has_apis && p->plan->apis.count)
		api = p->plan->apis.items[0].api->defaults;
	plan_merge(p, &lang_function, props,
		   (const void *[]){
			   top ? top->function : NULL,
			   api ? api->function : NULL,
			   function->props ? function->props : &nothing,
		   });
	lang_defaults_into(p->arena, &lang_function, props);
	function->environment = props->environment;
	function->props = props;
	warn_of_lost(p, function, top);
	warn_of_lost(p, function, api);
}

static void add_file(struct planner *p, struct plan_function *function,
		     struct map *seen, const char *file)
{
	if (!map_put(seen, file, function))
		*LIST_ADD(p->arena, &function->files) = file;
}

static void add_hook(struct planner *p, struct plan_function *function,
		     struct map *seen, const struct text *hook, bool at_start)
{
	struct plan_handler handler;

	if (!hook->s)
		return;
	handler = plan_handler(p->arena, hook);
	add_file(p, function, seen, handler.file);
	if (at_start)
		*LIST_ADD(p->arena, &function->init) = handler;
	else
		*LIST_ADD(p->arena, &function->shutdown) = handler;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void list_files(struct planner *p, struct plan_function *function)
{
	struct map seen = { .arena = p->arena };

	for (size_t i = 0; i < function->routes.count; i++)
		if (function->routes.items[i]->handler.file)
			add_file(p, function, &seen,
				 function->routes.items[i]->handler.file);
	if (function->handler.file)
		add_file(p, function, &seen, function->handler.file);
	add_hook(p, function, &seen, &function->props->init, true);
	add_hook(p, function, &seen, &function->props->shutdown, false);
	for (size_t i = 0; i < function->props->sources.count; i++)
		add_file(p, function, &seen,
			 function->props->sources.items[i].s);
	if (function->files.count)
		qsort(function->files.items, function->files.count,
		      sizeof(*function->files.items), by_text);
}

static void gather_declarations(struct planner *p,
				struct plan_function *function)
{
	struct map seen = { .arena = p->arena };

	for (size_t i = 0; i < function->routes.count; i++) {
		const struct plan_route *route = function->routes.items[i];

		function->declares |= route->declares;
		function->closes |= route->closes;
		function->inspects |= route->inspects;
		if (route->route->permissions.count)
			*LIST_ADD(p->arena, &function->more_permissions) =
				&route->route->permissions;
		if (route->route->manage_connections.loc.line)
			*LIST_ADD(p->arena, &function->manage) =
				&route->route->manage_connections;
		for (size_t k = 0; k < route->sends.count; k++) {
			const struct plan_message *sent = route->sends.items[k];

			if (!map_put(&seen, sent->message->name.s, function))
				*LIST_ADD(p->arena, &function->sends) = sent;
		}
	}
	for (size_t i = 0; i < function->apis.count; i++) {
		const struct api *api = function->apis.items[i]->api;

		if (api->permissions.count && function->kind == PLAN_ROUTES)
			*LIST_ADD(p->arena, &function->more_permissions) =
				&api->permissions;
	}
}

static void name_function(struct planner *p, struct plan_function *function)
{
	const char *pascal = name_pascal(p->arena, function->name);

	function->id = plan_id(p, &function->props->logical_id, function->loc,
			       "%sFunction", pascal);
	function->log_group_id =
		plan_id(p, NULL, function->loc, "%sLogGroup", pascal);
	if (function->props->role)
		return;
	function->role_id = plan_id(p, NULL, function->loc, "%sRole", pascal);
	function->policy_id =
		plan_id(p, NULL, function->loc, "%sPolicy", pascal);
}

static int by_name(const void *a, const void *b)
{
	const struct plan_function *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

void plan_finish_functions(struct planner *p)
{
	struct plan *plan = p->plan;

	if (plan->functions.count)
		qsort(plan->functions.items, plan->functions.count,
		      sizeof(*plan->functions.items), by_name);
	for (size_t i = 0; i < plan->functions.count; i++) {
		struct plan_function *function = plan->functions.items[i];

		merge_props(p, function);
		if (function->apis.count == 1)
			function->api = function->apis.items[0];
		plan_function_connections(p, function);
		list_files(p, function);
		gather_declarations(p, function);
		name_function(p, function);
	}
}
