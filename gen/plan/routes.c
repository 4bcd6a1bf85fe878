/* SPDX-License-Identifier: MIT */
/* An API's routes: what each is called, what answers it, what it may do. */
#include "planner.h"

#include "../language.h"
#include "messages.h"
#include "names.h"

#include <stdlib.h>
#include <string.h>

static enum plan_route_kind kind_of(const char *key)
{
	if (!strcmp(key, "$connect"))
		return ROUTE_CONNECT;
	if (!strcmp(key, "$disconnect"))
		return ROUTE_DISCONNECT;
	if (!strcmp(key, "$default"))
		return ROUTE_DEFAULT;
	return ROUTE_CUSTOM;
}

/* send_message to send-message, for the names of functions. */
static const char *dashed(struct arena *arena, const char *snake)
{
	char *name = arena_strdup(arena, snake);

	for (char *c = name; *c; c++)
		if (*c == '_')
			*c = '-';
	return name;
}

static struct plan_handler route_handler(struct planner *p,
					 const struct plan_route *route)
{
	const struct text *handler = &route->route->handler;
	const struct function *function = route->route->function;
	struct plan_handler made = { .loc = route->route->key.loc };

	if (route->added) {
		made.symbol = route->kind == ROUTE_CONNECT ? "wsg_accept"
							   : "wsg_ignore";
		return made;
	}
	if (!handler->s && function && !function->use.s)
		handler = &function->handler;
	if (handler->s)
		return plan_handler(p->arena, handler);
	made.file = arena_printf(p->arena, "src/%s.c", route->api->name);
	made.symbol = arena_printf(p->arena, "on_%s", route->snake);
	return made;
}

/* src/send.c to send, lib/send.c to lib-send. */
static const char *file_name(struct arena *arena, const char *file)
{
	char *name;
	size_t len;

	if (!strncmp(file, "src/", 4))
		file += 4;
	len = strlen(file) - strlen(".c");
	name = arena_strndup(arena, file, len);
	for (char *c = name; *c; c++)
		if (*c == '/' || *c == '.')
			*c = '-';
	return name;
}

/* The name of the function that a route without a named one belongs to. */
static const char *function_name(struct planner *p,
				 const struct plan_route *route)
{
	const struct api *api = route->api->api;
	const char *grouping = api->grouping.s ? api->grouping.s : "single";
	const char *rest;

	if (route->route->function || !strcmp(grouping, "route"))
		rest = dashed(p->arena, route->snake);
	else if (!strcmp(grouping, "file") && !route->added)
		rest = file_name(p->arena, route->handler.file);
	else
		return route->api->name;
	return arena_printf(p->arena, "%s-%s", route->api->name, rest);
}

/*
 * An API may have written the properties of the function that it is called
 * after: what is added to it goes there then.
 */
static struct plan_function *added_to(struct planner *p,
				      const struct plan_route *route)
{
	const struct text name = { function_name(p, route),
				   route->route->key.loc };
	const struct function *named = map_get(&p->named, name.s);

	if (named && !named->handler.s)
		return plan_named_function(p, &name, PLAN_ROUTES, route->api);
	return plan_function(p, name.s, PLAN_ROUTES, route->api, NULL,
			     name.loc);
}

static void find_function(struct planner *p, struct plan_route *route)
{
	const struct function *own = route->route->function;
	const struct integration *integration = route->route->integration;

	if (integration && integration->type.s)
		return;
	route->handler = route_handler(p, route);
	if (own && own->use.s)
		route->function = plan_named_function(p, &own->use, PLAN_ROUTES,
						      route->api);
	else if (route->added)
		route->function = added_to(p, route);
	else
		route->function =
			plan_function(p, function_name(p, route), PLAN_ROUTES,
				      route->api, own, route->route->loc);
	*LIST_ADD(p->arena, &route->function->routes) = route;
}

static const struct plan_message *message_of(struct planner *p,
					     const struct type *type)
{
	if (!type || type->kind != TYPE_MESSAGE)
		return NULL;
	return plan_message_of(p->plan, type->message);
}

static enum plan_on_invalid on_invalid(const struct plan_route *route)
{
	const char *word = route->route->on_invalid.s;

	if (!word)
		return route->two_way ? INVALID_REPLY : INVALID_LOG;
	if (!strcmp(word, "reply"))
		return INVALID_REPLY;
	return !strcmp(word, "log") ? INVALID_LOG : INVALID_HANDLER;
}

static void plan_messages_of(struct planner *p, struct plan_route *route)
{
	const struct route *spec = route->route;

	route->message = message_of(p, spec->message_type);
	route->reply = message_of(p, spec->reply_type);
	route->two_way = spec->reply_any || spec->reply_type;
	route->on_invalid = on_invalid(route);
	for (size_t i = 0; i < spec->sends.count; i++)
		*LIST_ADD(p->arena, &route->sends) =
			map_get(&p->messages, spec->sends.items[i].s);
	route->closes = spec->closes.is == FLAG_ON;
	route->inspects = spec->inspects.is == FLAG_ON;
	route->declares =
		spec->sends.count || spec->closes.is || spec->inspects.is;
}

static void plan_auth(struct planner *p, struct plan_route *route)
{
	if (route->kind != ROUTE_CONNECT)
		return;
	if (route->api->authorizers.count) {
		struct plan_authorizer *asked =
			route->api->authorizers.items[0];

		route->auth = AUTH_CUSTOM;
		route->authorizer = asked;
		*LIST_ADD(p->arena, &asked->routes) = route;
	} else if (plan_connect_authorizer(p, route->api->api)) {
		route->auth = AUTH_IAM;
	}
}

static void plan_route(struct planner *p, struct plan_route *route)
{
	const struct route *spec = route->route;
	const char *stem;

	route->kind = kind_of(spec->key.s);
	route->key = spec->key.s;
	route->snake = name_snake(p->arena, spec->key.s);
	route->name = name_pascal(p->arena, spec->key.s);
	stem = arena_printf(p->arena, "%s%s", route->api->pascal, route->name);
	route->id =
		plan_id(p, &spec->logical_id, spec->key.loc, "%sRoute", stem);
	plan_messages_of(p, route);
	if (route->two_way)
		route->response_id = plan_id(p, NULL, spec->key.loc,
					     "%sRouteResponse", stem);
	find_function(p, route);
	plan_auth(p, route);
}

/* --- which routes there are -------------------------------------------------
 */

static int by_key(const void *a, const void *b)
{
	const struct plan_route *x = a, *y = b;

	return strcmp(x->route->key.s, y->route->key.s);
}

static const struct route *route_called(const struct api *api, const char *key)
{
	for (size_t i = 0; i < api->routes.count; i++)
		if (!strcmp(api->routes.items[i].key.s, key))
			return &api->routes.items[i];
	return NULL;
}

/* Whether what becomes of the key in C is another route's name already. */
static bool is_taken(struct planner *p, const struct plan_api *api,
		     struct text key)
{
	const char *snake = name_snake(p->arena, key.s);

	for (size_t i = 0; i < api->api->routes.count; i++) {
		const struct text *other = &api->api->routes.items[i].key;

		if (strcmp(name_snake(p->arena, other->s), snake) != 0)
			continue;
		diag_error(p->diag, key.loc,
			   "this adds the route '%s', which is '%s' in C, and "
			   "so is route '%s'",
			   key.s, snake, other->s);
		diag_note(p->diag, other->loc, "route '%s' stands here",
			  other->s);
		return true;
	}
	return false;
}

/* What the spec leaves out and needs all the same; loc says what for. */
static void add_route(struct planner *p, struct plan_api *api, const char *key,
		      struct loc loc, const struct integration *integration)
{
	struct route *route;
	struct plan_route *added;
	struct text text = { key, loc };

	if (!integration && is_taken(p, api, text))
		return;
	route = ARENA_NEW(p->arena, struct route);
	route->loc = loc;
	route->key = text;
	route->integration = integration;
	/* It tells nobody anything, whatever its API's routes may do. */
	route->manage_connections.all = (struct flag){ FLAG_OFF, loc };
	route->manage_connections.loc = loc;
	added = LIST_ADD(p->arena, &api->routes);
	added->route = route;
	added->api = api;
	added->added = true;
}

static bool offers_subprotocol(const struct authorizer *authorizer)
{
	for (size_t i = 0; authorizer && i < authorizer->identity.count; i++)
		if (!strcmp(authorizer->identity.items[i].s, "subprotocol"))
			return true;
	return false;
}

/*
 * Connections are recorded by a function on $connect, and removed by one on
 * $disconnect. An authorizer needs a $connect to stand before; a token that
 * came as a subprotocol needs one that chooses a subprotocol, or a browser
 * drops the connection; for the others a mock will do that lets all in.
 */
static void add_missing(struct planner *p, struct plan_api *api)
{
	const struct api *spec = api->api;
	const struct connections *kept = spec->connections;
	const struct authorizer *asked = plan_connect_authorizer(p, spec);

	if (kept && !route_called(spec, "$disconnect"))
		add_route(p, api, "$disconnect", kept->loc, NULL);
	if (route_called(spec, "$connect"))
		return;
	if (kept) {
		add_route(p, api, "$connect", kept->loc, NULL);
	} else if (offers_subprotocol(asked)) {
		add_route(p, api, "$connect", asked->loc, NULL);
	} else if (asked) {
		struct integration *mock =
			ARENA_NEW(p->arena, struct integration);

		mock->type.s = "mock";
		add_route(p, api, "$connect", spec->name.loc, mock);
	}
}

void plan_routes(struct planner *p, struct plan_api *api)
{
	for (size_t i = 0; i < api->api->routes.count; i++) {
		struct plan_route *route = LIST_ADD(p->arena, &api->routes);

		route->route = &api->api->routes.items[i];
		route->api = api;
	}
	add_missing(p, api);
	if (!api->routes.count)
		return;
	qsort(api->routes.items, api->routes.count, sizeof(*api->routes.items),
	      by_key);
	for (size_t i = 0; i < api->routes.count; i++)
		plan_route(p, &api->routes.items[i]);
}
