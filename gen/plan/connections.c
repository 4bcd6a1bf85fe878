/* SPDX-License-Identifier: MIT */
/*
 * The table of an API's connections, and which functions keep it: those that
 * have routes of the API. All of them do, as whoever sends may find out that a
 * connection is gone.
 */
#include "planner.h"

#include "../language.h"
#include "refs.h"
#include "value.h"

void plan_connections(struct planner *p, struct plan_api *api)
{
	struct connections *filled = ARENA_NEW(p->arena, struct connections);
	struct plan_connections *made;

	if (!api->api->connections)
		return;
	*filled = *api->api->connections;
	lang_defaults_into(p->arena, &lang_connections, filled);
	made = ARENA_NEW(p->arena, struct plan_connections);
	made->ttl_s = (filled->ttl_ms.value + 999) / 1000;
	made->topics = filled->topics.is == FLAG_ON;
	if (filled->table) {
		made->table = filled->table;
	} else {
		made->id = plan_id(p, NULL, filled->loc, "%sConnections",
				   api->pascal);
		made->table = value_ref(p->arena, made->id);
	}
	api->connections = made;
}

struct doc *plan_connections_arn(const struct plan *plan,
				 const struct plan_connections *connections)
{
	if (connections->id)
		return value_att(plan->arena, connections->id, "Arn");
	return value_build(plan->arena,
			   "arn:${AWS::Partition}:dynamodb:${AWS::Region}:"
			   "${AWS::AccountId}:table/{d}",
			   refs_value(plan, connections->table));
}

/* What the user has set under that name stays as it is. */
static void set_variable(struct planner *p, struct plan_function *function,
			 const char *name, const struct doc *value)
{
	const struct doc *old = function->environment;
	struct doc *made = doc_map(p->arena);

	if (old && doc_get(old, name))
		return;
	for (size_t i = 0; old && i < old->count; i++) {
		struct doc *copy = ARENA_NEW(p->arena, struct doc);

		*copy = *old->members[i].value;
		doc_set(p->arena, made, old->members[i].key, copy);
	}
	{
		struct doc *copy = ARENA_NEW(p->arena, struct doc);

		*copy = *value;
		doc_set(p->arena, made, name, copy);
	}
	function->environment = made;
}

void plan_function_connections(struct planner *p,
			       struct plan_function *function)
{
	const struct plan_api *kept = NULL;

	if (function->kind != PLAN_ROUTES)
		return;
	for (size_t i = 0; i < function->apis.count; i++)
		if (function->apis.items[i]->connections)
			kept = function->apis.items[i];
	if (!kept)
		return;
	if (function->apis.count > 1) {
		diag_error(p->diag, function->loc,
			   "function '%s' serves several APIs, and '%s' has "
			   "'connections': it needs functions of its own",
			   function->name, kept->name);
		return;
	}
	function->connections = kept->connections;
	set_variable(p, function, "WSG_CONNECTIONS_TABLE",
		     kept->connections->table);
}
