/* SPDX-License-Identifier: MIT */
/* What a reference may name, in the order in which it is looked for. */
#include "refs_names.h"

#include "kinds.h"

#include <string.h>

static const char *const pseudo[] = {
	"AWS::AccountId", "AWS::NoValue",   "AWS::NotificationARNs",
	"AWS::Partition", "AWS::Region",    "AWS::StackId",
	"AWS::StackName", "AWS::URLSuffix",
};
#define PSEUDO_COUNT (sizeof(pseudo) / sizeof(*pseudo))

static const char *const api_attributes[] = { "arn", "callbackUrl", "stage",
					      "url" };
#define API_ATTRIBUTE_COUNT (sizeof(api_attributes) / sizeof(*api_attributes))

struct doc *refs_api_url(const struct plan_api *api,
			 const struct plan_stage *stage, const char *scheme)
{
	return value_build(api->plan->arena,
			   "{s}://{d}.execute-api.${AWS::Region}"
			   ".${AWS::URLSuffix}/{d}",
			   scheme, api->id_value, stage->name_value);
}

struct doc *refs_api_arn(const struct plan_api *api)
{
	return value_build(api->plan->arena,
			   "arn:${AWS::Partition}:execute-api:${AWS::Region}:"
			   "${AWS::AccountId}:{d}",
			   api->id_value);
}

const char *refs_type(const struct plan *plan, const char *id)
{
	const struct doc *type =
		doc_get(doc_get(plan->spec->resources, id), "Type");

	return type && type->kind == DOC_STRING ? type->text : NULL;
}

static const struct plan_api *find_api(const struct plan *plan,
				       const char *name)
{
	for (size_t i = 0; i < plan->apis.count; i++)
		if (!strcmp(plan->apis.items[i].name, name))
			return &plan->apis.items[i];
	return NULL;
}

static const struct plan_function *find_function(const struct plan *plan,
						 const char *name)
{
	for (size_t i = 0; i < plan->functions.count; i++) {
		const struct plan_function *fn = plan->functions.items[i];

		if (!strcmp(fn->name, name) ||
		    (fn->props->name.s && !strcmp(fn->props->name.s, name)))
			return fn;
	}
	return NULL;
}

static const struct plan_route *find_route(const struct plan_api *api,
					   const char *key, size_t len)
{
	for (size_t i = 0; i < api->routes.count; i++) {
		const struct plan_route *route = &api->routes.items[i];

		if (strlen(route->key) == len && !strncmp(route->key, key, len))
			return route;
		if (route->kind != ROUTE_CUSTOM &&
		    strlen(route->snake) == len &&
		    !strncmp(route->snake, key, len))
			return route;
	}
	return NULL;
}

static void list_names(struct arena *arena, const struct plan *plan,
		       struct texts *names)
{
	const struct doc *sections[] = { plan->spec->resources,
					 plan->spec->parameters };

	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; sections[s] && i < sections[s]->count; i++)
			LIST_ADD(arena, names)->s = sections[s]->members[i].key;
	for (size_t i = 0; i < plan->apis.count; i++)
		LIST_ADD(arena, names)->s = plan->apis.items[i].name;
	for (size_t i = 0; i < plan->functions.count; i++)
		LIST_ADD(arena, names)->s = plan->functions.items[i]->name;
	for (size_t i = 0; i < PSEUDO_COUNT; i++)
		LIST_ADD(arena, names)->s = pseudo[i];
}

static void unknown(struct refs *refs, struct loc loc, const char *name)
{
	struct texts names = { 0 };
	const char **list;
	const char *nearest;

	if (!refs->diag)
		return;
	list_names(refs->arena, refs->plan, &names);
	list = arena_alloc(refs->arena, (names.count + 1) * sizeof(*list));
	for (size_t i = 0; i < names.count; i++)
		list[i] = names.items[i].s;
	nearest = diag_nearest(name, list, names.count);
	diag_error(refs->diag, loc,
		   "nothing here is called '%s'; a resource, parameter, API or "
		   "function would be",
		   name);
	if (nearest)
		diag_note(refs->diag, loc, "did you mean '%s'?", nearest);
	else if (strchr(name, ':'))
		diag_note(refs->diag, loc, "for the text itself write ${!%s}",
			  name);
}

static struct doc *no_attribute(struct refs *refs, struct loc loc,
				const char *what, const char *name,
				const char *attribute, const char *have)
{
	if (refs->diag)
		diag_error(refs->diag, loc,
			   "%s '%s' has no attribute '%s'; it has %s", what,
			   name, attribute, have);
	return NULL;
}

/* .<route>.functionArn and .<route>.functionName */
static struct doc *route_attribute(struct refs *refs, struct loc loc,
				   const struct plan_api *api, const char *rest)
{
	const char *dot = strrchr(rest, '.');
	const struct plan_route *route =
		dot ? find_route(api, rest, (size_t)(dot - rest)) : NULL;
	const bool arn = dot && !strcmp(dot, ".functionArn");

	if (!route || (!arn && strcmp(dot, ".functionName") != 0))
		return no_attribute(refs, loc, "API", api->name, rest,
				    "url, callbackUrl, stage, arn and "
				    "<route>.functionArn");
	if (!route->function)
		return no_attribute(refs, loc, "route", route->key, dot + 1,
				    "no function");
	if (arn)
		return value_att(refs->arena, route->function->id, "Arn");
	return value_ref(refs->arena, route->function->id);
}

static struct doc *api_attribute(struct refs *refs, struct loc loc,
				 const struct plan_api *api, const char *rest)
{
	const struct plan_stage *stage =
		api->stages.count ? &api->stages.items[0] : NULL;

	if (!strcmp(rest, "domainUrl")) {
		if (refs->diag)
			diag_error(refs->diag, loc,
				   "'domainUrl' is not built yet");
		return NULL;
	}
	if (!strcmp(rest, "arn"))
		return refs_api_arn(api);
	if (!strcmp(rest, "id"))
		return api->id_value;
	for (size_t i = 0; i < API_ATTRIBUTE_COUNT; i++) {
		if (strcmp(api_attributes[i], rest) != 0)
			continue;
		if (!stage)
			return no_attribute(refs, loc, "API", api->name, rest,
					    "no stage");
		if (!strcmp(rest, "stage"))
			return stage->name_value;
		return refs_api_url(api, stage,
				    !strcmp(rest, "url") ? "wss" : "https");
	}
	return route_attribute(refs, loc, api, rest);
}

static struct doc *function_attribute(struct refs *refs, struct loc loc,
				      const struct plan_function *fn,
				      const char *rest)
{
	if (!rest || !strcmp(rest, "name"))
		return value_ref(refs->arena, fn->id);
	if (!strcmp(rest, "arn"))
		return value_att(refs->arena, fn->id, "Arn");
	return no_attribute(refs, loc, "function", fn->name, rest,
			    "name and arn");
}

static bool is_pseudo(const char *name)
{
	for (size_t i = 0; i < PSEUDO_COUNT; i++)
		if (!strcmp(pseudo[i], name))
			return true;
	return false;
}

static bool is_parameter(const struct plan *plan, const char *name)
{
	if (doc_get(plan->spec->parameters, name))
		return true;
	return !strcmp(name, "StageName") || !strcmp(name, "CodeBucket") ||
	       !strcmp(name, "CodePrefix");
}

/* AWS adds attributes; a name that is nearly one we know is a slip. */
static void check_attribute(struct refs *refs, struct loc loc, const char *id,
			    const char *attribute)
{
	const struct kind *kind = kind_of(refs_type(refs->plan, id));
	const char *names[KIND_MAX_ATTRIBUTES], *nearest;
	size_t count = 0;

	if (!refs->diag || !kind)
		return;
	for (const char *at = kind->attributes; *at;) {
		const size_t len = strcspn(at, " ");

		names[count] = arena_strndup(refs->arena, at, len);
		if (!strcmp(names[count++], attribute))
			return;
		at += len + (at[len] == ' ');
	}
	nearest = diag_nearest(attribute, names, count);
	if (!nearest)
		return;
	diag_error(refs->diag, loc, "%s %s has no attribute '%s'",
		   kind_article(kind), kind->name, attribute);
	diag_note(refs->diag, loc, "did you mean '%s'?", nearest);
}

struct doc *refs_find(struct refs *refs, struct loc loc, const char *name)
{
	const struct plan *plan = refs->plan;
	const char *dot = strchr(name, '.');
	const char *rest = dot ? dot + 1 : NULL;
	const char *head =
		dot ? arena_strndup(refs->arena, name, (size_t)(dot - name))
		    : name;
	const struct plan_api *api;
	const struct plan_function *fn;

	if (!rest && is_pseudo(name))
		return value_ref(refs->arena, name);
	if (is_parameter(plan, head)) {
		if (rest)
			return no_attribute(refs, loc, "parameter", head, rest,
					    "none");
		return value_ref(refs->arena, name);
	}
	if (map_get(&plan->ids, head) || doc_get(plan->spec->resources, head)) {
		if (!rest)
			return value_ref(refs->arena, head);
		check_attribute(refs, loc, head, rest);
		return value_att(refs->arena, head, rest);
	}
	api = find_api(plan, head);
	if (api)
		return rest ? api_attribute(refs, loc, api, rest)
			    : api->id_value;
	fn = find_function(plan, head);
	if (fn)
		return function_attribute(refs, loc, fn, rest);
	unknown(refs, loc, head);
	return NULL;
}

bool refs_is_id(const struct plan *plan, const char *name)
{
	return is_pseudo(name) || is_parameter(plan, name) ||
	       map_get(&plan->ids, name);
}

void refs_resource(struct refs *refs, const struct doc *name)
{
	if (map_get(&refs->plan->ids, name->text) ||
	    doc_get(refs->plan->spec->resources, name->text))
		return;
	unknown(refs, name->loc, name->text);
}

void refs_declared(struct refs *refs, const struct doc *name, const char *what)
{
	const struct spec *spec = refs->plan->spec;
	const struct doc *section =
		!strcmp(what, "mapping") ? spec->mappings : spec->conditions;

	if (refs->diag && !doc_get(section, name->text))
		diag_error(
			refs->diag, name->loc,
			"'%s' is not declared: '%ss' of the spec has no such "
			"%s",
			name->text, what, what);
}
