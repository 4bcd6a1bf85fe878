/* SPDX-License-Identifier: MIT */
/* Grants: who is let in, to which API, routes and stages. */
#include "check.h"

#include <string.h>

/* Who can hold a policy: a role, a user, a function (by its role). */
static void check_to(struct check *c, const struct doc *to)
{
	static const char *const types[] = { "AWS::IAM::Role", "AWS::IAM::User",
					     "AWS::IAM::Group" };
	const char *id = check_literal(to);
	const struct doc *resource, *type;

	if (!id || map_get(&c->functions.things, id))
		return;
	if (!strncmp(id, "arn:", 4)) {
		if (!strstr(id, ":role/") && !strstr(id, ":user/"))
			diag_error(c->diag, to->loc,
				   "only a role or a user can be granted to, "
				   "not '%.100s'",
				   id);
		return;
	}
	resource = check_named(c, &c->resources, "a grant",
			       (struct text){ id, to->loc });
	type = doc_get(resource, "Type");
	if (!type || !type->text)
		return;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(types[i], type->text))
			return;
	diag_error(c->diag, to->loc,
		   "only a role, a user or a function can be granted to, and "
		   "'%s' is of type %s",
		   id, type->text);
}

static const struct api *api_of(struct check *c, const struct grant *grant)
{
	if (grant->api.s)
		return check_named(c, &c->apis, "a grant", grant->api);
	if (c->spec->apis.count == 1)
		return &c->spec->apis.items[0];
	diag_error(c->diag, grant->loc,
		   c->spec->apis.count
			   ? "a grant needs an 'api': there are several"
			   : "a grant needs an API, and this spec has none");
	return NULL;
}

static void check_routes_of(struct check *c, const struct api *api,
			    const struct grant *grant)
{
	struct check_names routes = { .kind = "route",
				      .things = { .arena = c->arena } };

	for (size_t i = 0; i < api->routes.count; i++) {
		map_put(&routes.things, api->routes.items[i].key.s,
			&api->routes.items[i]);
		*LIST_ADD(c->arena, &routes.names) = api->routes.items[i].key;
	}
	for (size_t i = 0; i < grant->routes.count; i++)
		if (strcmp(grant->routes.items[i].s, "$connect") != 0 ||
		    !api->authorizer)
			check_named(c, &routes, "a grant",
				    grant->routes.items[i]);
}

/* Any name will do for an API whose stages are made elsewhere. */
static void check_stages_of(struct check *c, const struct api *api,
			    const struct grant *grant)
{
	struct check_names stages = { .kind = "stage",
				      .things = { .arena = c->arena } };

	for (size_t i = 0; i < api->stages.count; i++) {
		struct stage *stage = &api->stages.items[i];

		if (!stage->name.s)
			continue;
		map_put(&stages.things, stage->name.s, stage);
		*LIST_ADD(c->arena, &stages.names) = stage->name;
	}
	if (api->stage && api->stage->name.s) {
		map_put(&stages.things, api->stage->name.s, c);
		*LIST_ADD(c->arena, &stages.names) = api->stage->name;
	}
	for (size_t i = 0; stages.names.count && i < grant->stages.count; i++)
		check_named(c, &stages, "a grant", grant->stages.items[i]);
}

static void check_grant(struct check *c, const struct grant *grant)
{
	static const char *const actions[] = { "invoke", "manageConnections" };
	const struct api *api = api_of(c, grant);

	if (grant->to)
		check_to(c, grant->to);
	if (api && check_is_websocket(api)) {
		check_routes_of(c, api, grant);
		check_stages_of(c, api, grant);
	}
	for (size_t i = 0; i < grant->actions.count; i++) {
		struct text action = grant->actions.items[i];
		const char *nearest = diag_nearest(action.s, actions, 2);

		if (!strcmp(action.s, actions[0]) ||
		    !strcmp(action.s, actions[1]))
			continue;
		diag_error(c->diag, action.loc,
			   "a grant's actions are 'invoke' and "
			   "'manageConnections', not '%.60s'%s%s%s",
			   action.s, nearest ? "; did you mean '" : "",
			   nearest ? nearest : "", nearest ? "'?" : "");
	}
}

void check_grants(struct check *c)
{
	for (size_t i = 0; i < c->spec->grants.count; i++)
		check_grant(c, &c->spec->grants.items[i]);
}
