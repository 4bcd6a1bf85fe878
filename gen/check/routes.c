/* SPDX-License-Identifier: MIT */
/*
 * Routes: their keys, who serves them, and what a route of its kind may have.
 */
#include "check.h"

#include <string.h>

#define ROUTE_KEY_MAX_LEN 128 /* AWS names no limit; its ARNs have one */
#define OPERATION_MAX_LEN 64

static bool is_key(const struct route *route, const char *key)
{
	return !strcmp(route->key.s, key);
}

static void check_key(struct check *c, const struct route *route)
{
	static const char *const own[] = { "$connect", "$disconnect",
					   "$default" };
	struct text key = route->key;
	const char *nearest;

	if (!*key.s) {
		diag_error(c->diag, key.loc,
			   "a route key cannot be empty; messages without one "
			   "go to '$default'");
		return;
	}
	if (check_hidden(c, key.loc, "a route key", key.s))
		return;
	if (strlen(key.s) > ROUTE_KEY_MAX_LEN)
		diag_error(c->diag, key.loc,
			   "a route key of %zu bytes is too long; %d are the "
			   "most",
			   strlen(key.s), ROUTE_KEY_MAX_LEN);
	if (*key.s != '$' || is_key(route, own[0]) || is_key(route, own[1]) ||
	    is_key(route, own[2]))
		return;
	nearest = diag_nearest(key.s, own, 3);
	if (nearest)
		diag_error(c->diag, key.loc,
			   "'%s' is no route key; did you mean '%s'?", key.s,
			   nearest);
	else
		diag_error(c->diag, key.loc,
			   "'%.60s' is no route key: of those with '$' AWS has "
			   "$connect, $disconnect and $default alone",
			   key.s);
}

/* --- who serves it ----------------------------------------------------------
 */

static void check_function_of(struct check *c, const struct route *route)
{
	const struct function *function = route->function;
	const struct function *named;
	const char *who = check_route_text(c, route);

	if (!function)
		return;
	if (!function->use.s) {
		if (route->handler.s && function->handler.s) {
			diag_error(c->diag, function->handler.loc,
				   "%s has two handlers", who);
			diag_note(c->diag, route->handler.loc,
				  "the other one is '%s'", route->handler.s);
		}
		return;
	}
	named = check_named(c, &c->functions, who, function->use);
	if (!named || !named->handler.s)
		return;
	diag_error(c->diag, named->handler.loc,
		   "function '%s' cannot have a handler of its own: its routes "
		   "bring theirs",
		   named->name.s);
	diag_note(c->diag, function->use.loc, "%s names it here", who);
}

/* What needs a function of ours to mean anything. */
static void check_needs_handler(struct check *c, const struct route *route)
{
	const struct {
		const char *key;
		bool given;
		struct loc loc;
	} keys[] = {
		{ "handler", route->handler.s != NULL, route->handler.loc },
		{ "function", route->function != NULL,
		  route->function ? route->function->loc : route->loc },
		{ "sends", route->sends.count > 0,
		  route->sends.count ? route->sends.items[0].loc : route->loc },
		{ "closes", route->closes.is == FLAG_ON, route->closes.loc },
		{ "inspects", route->inspects.is == FLAG_ON,
		  route->inspects.loc },
		{ "onInvalid", route->on_invalid.s != NULL,
		  route->on_invalid.loc },
		{ "permissions", route->permissions.loc.line > 0,
		  route->permissions.loc },
		{ "manageConnections", route->manage_connections.loc.line > 0,
		  route->manage_connections.loc },
	};

	if (!check_in_place(route))
		return;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].given)
			diag_error(c->diag, keys[i].loc,
				   "'%s' beside an integration of type '%s', "
				   "which stands in a handler's place",
				   keys[i].key, route->integration->type.s);
}

/* --- what a kind of route may have -------------------------------------------
 */

static const char *reply_place(const struct route *route)
{
	return is_key(route, "$connect") ? "the client has no connection yet"
					 : "the client has gone";
}

/* $connect and $disconnect carry no message and take no answer. */
static void check_no_body(struct check *c, const struct route *route)
{
	const char *key = route->key.s;

	if (route->message)
		diag_error(c->diag, route->message->loc,
			   "'%s' cannot have a 'message': its event has no "
			   "body",
			   key);
	if (route->reply)
		diag_error(c->diag, route->reply->loc,
			   "'%s' cannot have a 'reply': %s", key,
			   reply_place(route));
}

/* What a route wants to do to connections: the first key, or NULL. */
static const char *declared(const struct route *route, struct loc *loc)
{
	if (route->sends.count) {
		*loc = route->sends.items[0].loc;
		return "sends";
	}
	if (route->closes.is == FLAG_ON) {
		*loc = route->closes.loc;
		return "closes";
	}
	*loc = route->inspects.loc;
	return route->inspects.is == FLAG_ON ? "inspects" : NULL;
}

/* AWS answers 410 to whoever sends before $connect is done. */
static void check_no_sends(struct check *c, const struct route *route)
{
	struct loc loc;
	const char *key = declared(route, &loc);

	if (key)
		diag_error(c->diag, loc,
			   "'$connect' cannot have '%s': the connection is not "
			   "open until its handler has returned, and AWS "
			   "answers 410 Gone; have the client send a first "
			   "message",
			   key);
}

/* What a route declares needs a permission that may be taken from it. */
static void check_may(struct check *c, const struct api *api,
		      const struct route *route)
{
	const struct stage_choice *choice = &route->manage_connections;
	const struct function *function = check_route_function(c, route);
	struct loc loc;
	const char *key = declared(route, &loc);

	if (!choice->loc.line)
		choice = &api->manage_connections;
	if (!function)
		function = route->function;
	if (!key || !choice->loc.line || choice->all.is == FLAG_ON ||
	    choice->stages.count || (function && function->role))
		return;
	diag_error(c->diag, loc,
		   "%s has '%s', which AWS will not let it do without "
		   "'manageConnections'",
		   check_route_text(c, route), key);
	diag_note(c->diag, choice->loc, "that is turned off here");
}

static void check_no_auth(struct check *c, const struct route *route)
{
	if (route->authorizer)
		diag_error(c->diag, route->authorizer->loc,
			   "%s cannot have an 'authorizer': on a WebSocket API "
			   "only $connect is asked",
			   check_route_text(c, route));
	if (route->scopes.count)
		diag_error(c->diag, route->scopes.items[0].loc,
			   "%s cannot have 'scopes': on a WebSocket API only "
			   "$connect is asked",
			   check_route_text(c, route));
}

static void check_invalid(struct check *c, const struct route *route)
{
	if (!route->message && route->on_invalid.s)
		diag_error(c->diag, route->on_invalid.loc,
			   "'onInvalid' without a 'message': any body is "
			   "valid");
	else if (route->on_invalid.s && !route->reply &&
		 !strcmp(route->on_invalid.s, "reply"))
		diag_error(c->diag, route->on_invalid.loc,
			   "'onInvalid: reply' needs a 'reply': this route is "
			   "one-way");
	if (route->validate.s && !route->message)
		diag_error(c->diag, route->validate.loc,
			   "'validate' without a 'message': there is nothing "
			   "to validate");
}

static void check_sends(struct check *c, const struct route *route)
{
	struct map seen = { .arena = c->arena };

	for (size_t i = 0; i < route->sends.count; i++) {
		struct text *name = &route->sends.items[i];
		const struct text *first;

		if (!check_named(c, &c->messages, check_route_text(c, route),
				 *name))
			continue;
		first = map_put(&seen, name->s, name);
		if (!first)
			continue;
		diag_error(c->diag, name->loc, "'%s' is sent twice", name->s);
		diag_note(c->diag, first->loc, "it stands here too");
	}
}

static void check_trace(struct check *c, const struct route *route)
{
	if (route->data_trace.is == FLAG_ON && route->logging.s &&
	    !strcmp(route->logging.s, "off"))
		diag_error(c->diag, route->data_trace.loc,
			   "'dataTrace' writes to the log that 'logging: off' "
			   "turns off");
}

static void check_route(struct check *c, const struct api *api,
			const struct route *route)
{
	bool connect = is_key(route, "$connect");

	check_key(c, route);
	check_function_of(c, route);
	check_needs_handler(c, route);
	if (connect || is_key(route, "$disconnect"))
		check_no_body(c, route);
	if (connect)
		check_no_sends(c, route);
	else
		check_no_auth(c, route);
	if (!connect)
		check_may(c, api, route);
	check_invalid(c, route);
	check_sends(c, route);
	check_trace(c, route);
	check_too_long(c, route->operation, "operation", OPERATION_MAX_LEN);
	check_plain(c, route->operation, "operation");
}

void check_routes(struct check *c)
{
	for (size_t i = 0; i < c->spec->apis.count; i++) {
		const struct api *api = &c->spec->apis.items[i];

		for (size_t k = 0;
		     check_is_websocket(api) && k < api->routes.count; k++)
			check_route(c, api, &api->routes.items[k]);
	}
}
