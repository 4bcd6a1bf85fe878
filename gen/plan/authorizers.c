/* SPDX-License-Identifier: MIT */
/* Who is asked before $connect, and with what in hand. */
#include "planner.h"

#include "names.h"

#include <string.h>

#define DEFAULT_NAME "WebSocketAuthorizer"
#define DEFAULT_IDENTITY "header.Authorization"

const struct authorizer *
plan_resolve_authorizer(struct planner *p, const struct authorizer *authorizer)
{
	const char *word;

	if (!authorizer)
		return NULL;
	if (authorizer->use.s && strcmp(authorizer->use.s, "none") != 0 &&
	    strcmp(authorizer->use.s, "iam") != 0)
		authorizer = map_get(&p->authorizers, authorizer->use.s);
	word = authorizer->use.s ? authorizer->use.s : authorizer->type.s;
	return word && !strcmp(word, "none") ? NULL : authorizer;
}

const struct authorizer *plan_connect_authorizer(struct planner *p,
						 const struct api *api)
{
	for (size_t i = 0; i < api->routes.count; i++) {
		const struct route *route = &api->routes.items[i];

		if (!strcmp(route->key.s, "$connect") && route->authorizer)
			return plan_resolve_authorizer(p, route->authorizer);
	}
	return plan_resolve_authorizer(p, api->authorizer);
}

/* header.X as the language has it to route.request.header.X as AWS has it. */
static const char *identity(struct planner *p, const char *source)
{
	if (!strncmp(source, "header.", 7))
		return arena_printf(p->arena, "route.request.%s", source);
	if (!strncmp(source, "query.", 6))
		return arena_printf(p->arena, "route.request.querystring.%s",
				    source + 6);
	if (!strcmp(source, "subprotocol"))
		return "route.request.header.Sec-WebSocket-Protocol";
	return source;
}

/*
 * AWS asks for every source it is given, so a token that may come by several
 * ways is looked for by the generated authorizer itself.
 */
static void list_identity(struct planner *p, const struct authorizer *spec,
			  bool generated, struct plan_authorizer *out)
{
	const struct texts *given = &spec->identity;

	if (generated && given->count > 1)
		return;
	if (!given->count)
		*LIST_ADD(p->arena, &out->identity) =
			identity(p, DEFAULT_IDENTITY);
	for (size_t i = 0; i < given->count; i++)
		*LIST_ADD(p->arena, &out->identity) =
			identity(p, given->items[i].s);
}

static bool is_iam(const struct authorizer *authorizer)
{
	const char *word =
		authorizer->use.s ? authorizer->use.s : authorizer->type.s;

	return word && !strcmp(word, "iam");
}

static struct plan_function *authorizer_function(struct planner *p,
						 struct plan_api *api,
						 const struct authorizer *spec,
						 bool generated)
{
	enum plan_function_kind kind = generated ? PLAN_JWT : PLAN_AUTHORIZER;
	struct plan_function *function;
	const char *name = spec->name_key.s;

	if (!name)
		name = arena_printf(p->arena, "%s-authorizer", api->name);
	if (spec->function && spec->function->use.s)
		function =
			plan_named_function(p, &spec->function->use, kind, api);
	else
		function = plan_function(p, name, kind, api, spec->function,
					 spec->loc);
	function->authorizer = spec;
	if (spec->handler.s)
		function->handler = plan_handler(p->arena, &spec->handler);
	return function;
}

void plan_authorizer(struct planner *p, struct plan_api *api)
{
	const struct authorizer *spec = plan_connect_authorizer(p, api->api);
	struct plan_authorizer *out;
	const char *key;
	bool generated;

	if (!spec || is_iam(spec))
		return;
	generated = strcmp(spec->type.s, "lambda") != 0;
	out = ARENA_NEW(p->arena, struct plan_authorizer);
	key = spec->name_key.s;
	out->authorizer = spec;
	out->name = spec->name.s ? spec->name.s : key ? key : DEFAULT_NAME;
	out->id = plan_id(p, &spec->logical_id, spec->loc, "%s%sAuthorizer",
			  api->pascal, key ? name_pascal(p->arena, key) : "");
	list_identity(p, spec, generated, out);
	if (!spec->function_arn)
		out->function = authorizer_function(p, api, spec, generated);
	*LIST_ADD(p->arena, &api->authorizers) = out;
}
