/* SPDX-License-Identifier: MIT */
/* One item of `permissions` after the other, in each of its forms. */
#include "permission_items.h"

#include "kinds.h"
#include "refs.h"

#include <string.h>

#define FORMS                                                            \
	"write a list of services (s3), actions (s3:GetObject), ids of " \
	"this spec, [id, grant] or {actions, resources}"

/* What an id of a permission stands for. */
struct target {
	const char *id;
	const struct kind *kind;
	struct doc *arn;
	const struct plan_api *api; /* ours, or NULL */
};

/* --- reporting, once an item -------------------------------------------------
 */

/* Items of a shared list are seen by every function; they are told once. */
static bool first_time(struct statements *to, struct loc loc)
{
	const char *place = arena_printf(to->arena, "%u:%u:%u", loc.source,
					 loc.line, loc.column);

	return to->diag && !map_put(to->seen, place, to);
}

/* s3:Get*: a service and what it does, as IAM spells them. */
static bool is_action(const char *text)
{
	const char *colon = strchr(text, ':');
	const char *service = "abcdefghijklmnopqrstuvwxyz0123456789-";

	if (!colon || strspn(text, service) != (size_t)(colon - text))
		return false;
	for (const char *at = colon + 1; *at; at++)
		if (!(*at >= 'a' && *at <= 'z') &&
		    !(*at >= 'A' && *at <= 'Z') &&
		    !(*at >= '0' && *at <= '9') && *at != '*' && *at != '?')
			return false;
	return colon > text && colon[1];
}

static void check_action(struct statements *to, const struct text *action)
{
	if (!is_action(action->s) && first_time(to, action->loc))
		diag_error(to->diag, action->loc,
			   "an action is service:Action, such as "
			   "s3:GetObject, not '%s'",
			   action->s);
}

/* --- ids ---------------------------------------------------------------------
 */

static struct doc *parameter_arn(struct arena *arena, const struct plan *plan,
				 const char *id)
{
	const struct doc *resource = doc_get(plan->spec->resources, id);
	const struct doc *name =
		doc_get(doc_get(resource, "Properties"), "Name");
	const bool slash = name && name->text && *name->text == '/';

	return value_build(arena,
			   "arn:${AWS::Partition}:ssm:${AWS::Region}:"
			   "${AWS::AccountId}:parameter{s}{d}",
			   slash ? "" : "/", value_ref(arena, id));
}

static bool find_target(struct arena *arena, const struct plan *plan,
			const char *id, struct target *target)
{
	const char *type = refs_type(plan, id);

	*target = (struct target){ .id = id };
	if (doc_get(plan->spec->resources, id)) {
		target->kind = kind_of(type);
		if (!target->kind)
			return true;
		if (target->kind == &kind_api)
			target->arn = value_build(
				arena,
				"arn:${AWS::Partition}:execute-api:"
				"${AWS::Region}:${AWS::AccountId}:{d}",
				value_ref(arena, id));
		else if (!strcmp(target->kind->service, "ssm"))
			target->arn = parameter_arn(arena, plan, id);
		else
			target->arn = target->kind->att
					      ? value_att(arena, id,
							  target->kind->att)
					      : value_ref(arena, id);
		return true;
	}
	for (size_t i = 0; i < plan->apis.count; i++) {
		const struct plan_api *api = &plan->apis.items[i];

		if (strcmp(api->name, id) != 0 &&
		    (!api->id || strcmp(api->id, id) != 0))
			continue;
		target->kind = &kind_api;
		target->arn = refs_api_arn(api);
		target->api = api;
		return true;
	}
	for (size_t i = 0; i < plan->functions.count; i++) {
		const struct plan_function *fn = plan->functions.items[i];

		if (strcmp(fn->name, id) != 0 && strcmp(fn->id, id) != 0 &&
		    (!fn->props->name.s || strcmp(fn->props->name.s, id) != 0))
			continue;
		target->kind = &kind_function;
		target->arn = value_att(arena, fn->id, "Arn");
		return true;
	}
	return false;
}

static void add_resources(struct statements *to,
			  struct plan_statement *statement,
			  const struct target *target, const char *on)
{
	struct arena *arena = to->arena;

	while (*on) {
		const size_t len = strcspn(on, " ");
		const char *word = arena_strndup(arena, on, len);
		struct doc *arn = target->arn;

		if (*word == '/' || *word == ':')
			arn = value_build(arena, "{d}{s}", arn, word);
		else if (*word != '.')
			arn = value_att(arena, target->id, word);
		*LIST_ADD(arena, &statement->resources) = arn;
		on += len + (on[len] == ' ');
	}
}

/* An id alone: what its kind says. */
static void add_whole(struct statements *to, const struct target *target,
		      bool websocket)
{
	struct plan_statement statement = { .effect = "Allow" };
	const struct kind *kind = target->kind;

	if (kind == &kind_function || kind == &kind_api) {
		statement_actions(to, &statement, kind->service,
				  kind->grants[0].actions);
		add_resources(to, &statement, target, kind->grants[0].on);
	} else {
		statement_actions(to, &statement, kind->service, "*");
		add_resources(to, &statement, target, kind->on);
	}
	statements_add(to, &statement);
	if (kind != &kind_api || !websocket)
		return;
	statement = (struct plan_statement){ .effect = "Allow" };
	statement_actions(to, &statement, kind->service,
			  kind->grants[1].actions);
	add_resources(to, &statement, target, kind->grants[1].on);
	statements_add(to, &statement);
}

static void bad_grant(struct statements *to, const struct target *target,
		      const struct text *grant)
{
	const char *names[KIND_MAX_GRANTS], *nearest, *written = grant->s;
	struct buf list;
	size_t count = 0;

	if (!first_time(to, grant->loc))
		return;
	buf_init(&list, to->arena);
	for (; count < KIND_MAX_GRANTS && target->kind->grants[count].name;
	     count++) {
		names[count] = target->kind->grants[count].name;
		buf_printf(&list, "%s%s", count ? ", " : "", names[count]);
	}
	diag_error(to->diag, grant->loc,
		   "%s %s has no grant '%s'; it has %s%sactions such as %s:*",
		   kind_article(target->kind), target->kind->name, written,
		   list.text, count ? " and " : "", target->kind->service);
	if (!strncmp(written, "grant", 5)) /* the CDK's and SST's names */
		written += 5;
	nearest = diag_nearest(written, names, count);
	for (size_t i = 0; i < count && !nearest; i++)
		if (*written && (names[i][0] | 32) == (*written | 32) &&
		    !strncmp(names[i] + 1, written + 1, strlen(names[i]) - 1))
			nearest = names[i];
	if (nearest)
		diag_note(to->diag, grant->loc, "did you mean '%s'?", nearest);
}

static void add_grant(struct statements *to, const struct target *target,
		      const struct text *grant)
{
	struct plan_statement statement = { .effect = "Allow" };
	const struct kind *kind = target->kind;

	for (size_t i = 0; i < KIND_MAX_GRANTS && kind->grants[i].name; i++) {
		if (strcmp(kind->grants[i].name, grant->s) != 0)
			continue;
		statement_actions(to, &statement, kind->service,
				  kind->grants[i].actions);
		add_resources(to, &statement, target, kind->grants[i].on);
		statements_add(to, &statement);
		return;
	}
	if (!strchr(grant->s, ':')) {
		bad_grant(to, target, grant);
		return;
	}
	statement_action(to, &statement, grant->s);
	add_resources(to, &statement, target, kind->on);
	statements_add(to, &statement);
}

/* --- plain strings
 * ------------------------------------------------------------- */

/* What would be narrower than all of a service. */
static const char *narrower(struct statements *to, const struct plan *plan,
			    const char *service)
{
	const struct doc *resources = plan->spec->resources;

	for (size_t i = 0; resources && i < resources->count; i++) {
		const char *id = resources->members[i].key;
		const struct kind *kind = kind_of(refs_type(plan, id));

		if (kind && !strcmp(kind->service, service))
			return arena_printf(
				to->arena, "%s alone, or [%s, %s], or", id, id,
				kind->grants[0].name ? kind->grants[0].name
						     : "an action");
	}
	return "the id of a resource, or";
}

static void add_on_all(struct statements *to, const char *action)
{
	struct plan_statement statement = { .effect = "Allow" };

	statement_action(to, &statement, action);
	*LIST_ADD(to->arena, &statement.resources) = doc_string(to->arena, "*");
	statements_add(to, &statement);
}

static void no_such_thing(struct statements *to, const struct plan *plan,
			  const struct text *what)
{
	const struct doc *resources = plan->spec->resources;
	struct texts names = { 0 };
	const char **list, *nearest;
	size_t services;
	const char *const *all = kind_services(&services);

	if (!first_time(to, what->loc))
		return;
	for (size_t i = 0; resources && i < resources->count; i++)
		LIST_ADD(to->arena, &names)->s = resources->members[i].key;
	for (size_t i = 0; i < plan->apis.count; i++)
		LIST_ADD(to->arena, &names)->s = plan->apis.items[i].name;
	for (size_t i = 0; i < plan->functions.count; i++)
		LIST_ADD(to->arena, &names)->s = plan->functions.items[i]->name;
	for (size_t i = 0; i < services; i++)
		LIST_ADD(to->arena, &names)->s = all[i];
	list = arena_alloc(to->arena, (names.count + 1) * sizeof(*list));
	for (size_t i = 0; i < names.count; i++)
		list[i] = names.items[i].s;
	nearest = diag_nearest(what->s, list, names.count);
	diag_error(to->diag, what->loc,
		   "'%s' is no service, action or id of this spec: " FORMS,
		   what->s);
	if (nearest)
		diag_note(to->diag, what->loc, "did you mean '%s'?", nearest);
}

static void add_text(struct statements *to, const struct plan *plan,
		     const struct text *what)
{
	if (!strcmp(what->s, "*")) {
		if (first_time(to, what->loc))
			diag_warning(to->diag, what->loc,
				     "\"*\" lets the function do everything in "
				     "the account; " FORMS);
		add_on_all(to, "*");
	} else if (strchr(what->s, ':')) {
		check_action(to, what);
		add_on_all(to, what->s);
	} else if (kind_is_service(what->s)) {
		if (first_time(to, what->loc))
			diag_warning(to->diag, what->loc,
				     "'%s' is %s:* on everything; narrower "
				     "would be %s an action such as %s:Name",
				     what->s, what->s,
				     narrower(to, plan, what->s), what->s);
		add_on_all(to, arena_printf(to->arena, "%s:*", what->s));
	} else {
		no_such_thing(to, plan, what);
	}
}

/* --- the long form
 * --------------------------------------------------------------- */

static void add_statement(struct statements *to, const struct plan *plan,
			  const struct statement *from)
{
	struct plan_statement statement = { .effect = "Allow" };

	if (from->effect.s && !strcmp(from->effect.s, "deny"))
		statement.effect = "Deny";
	statement.sid = from->sid.s;
	for (const char *c = from->sid.s; c && *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX"
			    "YZ0123456789",
			    *c) &&
		    first_time(to, from->sid.loc))
			diag_error(to->diag, from->sid.loc,
				   "a 'sid' has letters and digits alone");
	for (size_t i = 0; i < from->actions.count; i++) {
		const struct text *action = &from->actions.items[i];

		if (strcmp(action->s, "*") != 0)
			check_action(to, action);
		statement_action(to, &statement, action->s);
	}
	for (size_t i = 0; i < from->resources.count; i++)
		*LIST_ADD(to->arena, &statement.resources) =
			refs_value(plan, from->resources.items[i]);
	if (!statement.resources.count)
		*LIST_ADD(to->arena, &statement.resources) =
			doc_string(to->arena, "*");
	if (from->conditions)
		statement.conditions = refs_value(plan, from->conditions);
	if (statement.actions.count)
		statements_add(to, &statement);
	else if (first_time(to, from->loc))
		diag_error(to->diag, from->loc, "'actions' must not be empty");
}

static void add_item(struct statements *to, const struct plan *plan,
		     const struct permission *item)
{
	struct target target;

	if (item->statement) {
		add_statement(to, plan, item->statement);
		return;
	}
	if (!find_target(to->arena, plan, item->what.s, &target)) {
		if (!item->grants.count)
			add_text(to, plan, &item->what);
		else
			no_such_thing(to, plan, &item->what);
		return;
	}
	if (!target.kind) {
		if (first_time(to, item->what.loc))
			diag_error(
				to->diag, item->what.loc,
				"what may be done with '%s', type %s, is not "
				"known: write {actions, resources}",
				item->what.s,
				refs_type(plan, item->what.s)
					? refs_type(plan, item->what.s)
					: "unknown");
		return;
	}
	if (!item->grants.count)
		add_whole(to, &target, true);
	for (size_t i = 0; i < item->grants.count; i++)
		add_grant(to, &target, &item->grants.items[i]);
}

void permission_items(struct statements *to, struct plan *plan,
		      const struct permissions *permissions)
{
	for (size_t i = 0; i < permissions->count; i++)
		add_item(to, plan, &permissions->items[i]);
}
