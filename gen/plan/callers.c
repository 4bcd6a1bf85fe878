/* SPDX-License-Identifier: MIT */
/*
 * The caller's side of IAM, SPEC.md section 18: what `grants` let roles,
 * users and functions do. Grants to one `to` are one policy.
 */
#include "planner.h"

#include "names.h"
#include "permission_items.h"
#include "permissions.h"
#include "refs.h"

#include <string.h>

struct names {
	const char **items;
	size_t count;
};

static void did_you_mean(struct planner *p, struct loc loc, const char *name,
			 const struct names *names)
{
	const char *nearest = diag_nearest(name, names->items, names->count);

	if (nearest)
		diag_note(p->diag, loc, "did you mean '%s'?", nearest);
}

static void no_api(struct planner *p, const struct text *name)
{
	struct names names = { 0 };

	for (size_t i = 0; i < p->plan->apis.count; i++)
		*LIST_ADD(p->arena, &names) = p->plan->apis.items[i].name;
	diag_error(p->diag, name->loc, "no API is called '%s'", name->s);
	did_you_mean(p, name->loc, name->s, &names);
}

static const struct plan_api *find_api(struct planner *p,
				       const struct grant *grant)
{
	for (size_t i = 0; i < p->plan->apis.count; i++)
		if (grant->api.s &&
		    !strcmp(p->plan->apis.items[i].name, grant->api.s))
			return &p->plan->apis.items[i];
	if (grant->api.s)
		no_api(p, &grant->api);
	else if (p->plan->apis.count == 1)
		return &p->plan->apis.items[0];
	else
		diag_error(p->diag, grant->loc,
			   p->plan->apis.count
				   ? "a grant needs an 'api': there are several"
				   : "a grant needs an API, and this spec has "
				     "none");
	return NULL;
}

/* "arn:...:role/path/name" to "Roles" and name; NULL if it is none. */
static const char *attach_arn(const char *arn, const char **name)
{
	static const char *const kinds[][2] = { { ":role/", "Roles" },
						{ ":user/", "Users" },
						{ ":group/", "Groups" } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!strstr(arn, kinds[i][0]))
			continue;
		*name = strrchr(arn, '/') + 1;
		return **name ? kinds[i][1] : NULL;
	}
	return NULL;
}

static const char *attach_type(const char *type)
{
	if (type && !strcmp(type, "AWS::IAM::Role"))
		return "Roles";
	if (type && !strcmp(type, "AWS::IAM::User"))
		return "Users";
	if (type && !strcmp(type, "AWS::IAM::Group"))
		return "Groups";
	return NULL;
}

/* The id that `to` names: "Worker", "${Worker}", {Ref: Worker}. */
static const char *named(struct planner *p, const struct doc *to)
{
	struct doc *value = refs_value(p->plan, to);
	const struct doc *of = NULL;

	if (value->kind == DOC_STRING)
		return value->text;
	if (value_function(value))
		of = value->members[0].value;
	if (of && of->kind == DOC_LIST && of->count)
		of = of->items[0];
	return of && of->kind == DOC_STRING ? of->text : NULL;
}

static void no_caller(struct planner *p, struct loc loc, const char *id)
{
	const struct doc *resources = p->spec->resources;
	struct names names = { 0 };

	for (size_t i = 0; resources && i < resources->count; i++)
		if (attach_type(refs_type(p->plan, resources->members[i].key)))
			*LIST_ADD(p->arena, &names) = resources->members[i].key;
	for (size_t i = 0; i < p->plan->functions.count; i++)
		if (p->plan->functions.items[i]->role_id)
			*LIST_ADD(p->arena, &names) =
				p->plan->functions.items[i]->name;
	diag_error(p->diag, loc,
		   "'to' must be the id of a role, user, group or function of "
		   "this spec, or an ARN");
	if (id)
		did_you_mean(p, loc, id, &names);
}

static bool find_caller(struct planner *p, const struct grant *grant,
			struct plan_caller *out)
{
	const char *id = named(p, grant->to), *name;

	if (id && !strncmp(id, "arn:", 4)) {
		out->attach = attach_arn(id, &name);
		if (!out->attach) {
			diag_error(p->diag, grant->to->loc,
				   "a grant goes to a role, user or group, and "
				   "'%s' is none of them",
				   id);
			return false;
		}
		out->name = name;
		out->to = doc_string(p->arena, name);
		return true;
	}
	out->name = id;
	out->attach = id ? attach_type(refs_type(p->plan, id)) : NULL;
	out->to = id ? value_ref(p->arena, id) : NULL;
	for (size_t i = 0; id && i < p->plan->functions.count; i++) {
		const struct plan_function *fn = p->plan->functions.items[i];

		if (strcmp(fn->name, id) != 0 && strcmp(fn->id, id) != 0)
			continue;
		if (!fn->role_id)
			break;
		out->name = fn->id;
		out->attach = "Roles";
		out->to = value_ref(p->arena, fn->role_id);
	}
	if (!out->attach)
		no_caller(p, grant->to->loc, id);
	return out->attach != NULL;
}

static void allow(struct planner *p, struct plan_statement *statement,
		  const struct plan_api *api, struct doc *stage,
		  const char *rest)
{
	*LIST_ADD(p->arena, &statement->resources) = value_build(
		p->arena, "{d}/{d}/{s}", refs_api_arn(api), stage, rest);
}

static void allow_stage(struct planner *p, struct plan_statement *statement,
			const struct plan_api *api, const struct grant *grant,
			bool invoke, struct doc *stage)
{
	if (!invoke) {
		allow(p, statement, api, stage, "*/@connections/*");
		return;
	}
	/* IAM stands at the door of a WebSocket API: $connect is all there
	 * is to invoke. */
	if (!grant->routes.count)
		allow(p, statement, api, stage, "$connect");
	for (size_t i = 0; i < grant->routes.count; i++)
		allow(p, statement, api, stage, grant->routes.items[i].s);
}

static void add_action(struct planner *p, struct plan_caller *caller,
		       const struct plan_api *api, const struct grant *grant,
		       const struct text *action)
{
	struct statements to = { .arena = p->arena,
				 .items = caller->statements.items,
				 .count = caller->statements.count };
	const bool invoke = !strcmp(action->s, "invoke");
	struct plan_statement statement = { .effect = "Allow" };

	if (!invoke && strcmp(action->s, "manageConnections") != 0) {
		diag_error(p->diag, action->loc,
			   "'actions' are invoke and manageConnections, not "
			   "'%s'",
			   action->s);
		return;
	}
	for (size_t i = 0; i < grant->stages.count; i++)
		allow_stage(p, &statement, api, grant, invoke,
			    permission_stage(api, grant->stages.items[i].s));
	for (size_t i = 0; i < api->stages.count && !grant->stages.count; i++)
		allow_stage(p, &statement, api, grant, invoke,
			    api->stages.items[i].name_value);
	if (!statement.resources.count)
		allow_stage(p, &statement, api, grant, invoke,
			    doc_string(p->arena, "*"));
	statement_action(&to, &statement,
			 invoke ? "execute-api:Invoke"
				: "execute-api:ManageConnections");
	statements_add(&to, &statement);
	caller->statements.items = to.items;
	caller->statements.count = to.count;
}

/* Each of wanted is among names; what says what they are: "route". */
static void check_known(struct planner *p, const struct plan_api *api,
			const char *what, const struct names *names,
			const struct text *wanted, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool known = false;

		for (size_t n = 0; n < names->count; n++)
			known |= !strcmp(names->items[n], wanted[i].s);
		if (known)
			continue;
		diag_error(p->diag, wanted[i].loc, "API '%s' has no %s '%s'",
			   api->name, what, wanted[i].s);
		did_you_mean(p, wanted[i].loc, wanted[i].s, names);
	}
}

static void check_names(struct planner *p, const struct plan_api *api,
			const struct grant *grant)
{
	struct names routes = { 0 }, stages = { 0 };

	for (size_t i = 0; i < api->routes.count; i++)
		*LIST_ADD(p->arena, &routes) = api->routes.items[i].key;
	for (size_t i = 0; i < api->stages.count; i++)
		*LIST_ADD(p->arena, &stages) = api->stages.items[i].name;
	check_known(p, api, "route", &routes, grant->routes.items,
		    grant->routes.count);
	if (stages.count)
		check_known(p, api, "stage", &stages, grant->stages.items,
			    grant->stages.count);
}

static void plan_grant(struct planner *p, const struct grant *grant)
{
	static const struct text invoke = { "invoke", { 0 } };
	const struct plan_api *api = find_api(p, grant);
	struct plan_caller found = { 0 }, *caller = NULL;

	if (!api || !find_caller(p, grant, &found))
		return;
	check_names(p, api, grant);
	for (size_t i = 0; i < p->plan->callers.count; i++)
		if (doc_equal(p->plan->callers.items[i].to, found.to))
			caller = &p->plan->callers.items[i];
	if (!caller) {
		caller = LIST_ADD(p->arena, &p->plan->callers);
		*caller = found;
		caller->policy_id =
			plan_id(p, NULL, grant->loc, "%sCallerPolicy",
				name_pascal(p->arena, found.name));
	}
	if (!grant->actions.count)
		add_action(p, caller, api, grant, &invoke);
	for (size_t i = 0; i < grant->actions.count; i++)
		add_action(p, caller, api, grant, &grant->actions.items[i]);
}

void plan_callers(struct planner *p)
{
	for (size_t i = 0; i < p->spec->grants.count; i++)
		plan_grant(p, &p->spec->grants.items[i]);
}
