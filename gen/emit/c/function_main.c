/* SPDX-License-Identifier: MIT */
/*
 * build/functions/<fn>/main.c: what only this function does.
 */
#include "../../plan/names.h"
#include "c.h"

#include <stdlib.h>
#include <string.h>

struct main {
	const struct c_code *code;
	const struct plan_function *function;
	struct c_routes routes;
	LIST(const struct plan_api *) apis; /* of its routes, each once */
	struct values *values;
};

static void find_apis(struct main *m)
{
	for (size_t i = 0; i < m->routes.count; i++) {
		const struct plan_api *api = m->routes.items[i]->api;
		bool found = false;

		for (size_t j = 0; j < m->apis.count; j++)
			found |= m->apis.items[j] == api;
		if (!found)
			*LIST_ADD(m->code->arena, &m->apis) = api;
	}
}

/*
 * Whose it is; what several APIs ask has what the first of them calls the
 * claims, as each declares the same.
 */
static const struct plan_api *asks_for(const struct plan_function *function)
{
	if (function->kind == PLAN_JWT && function->apis.count)
		return function->apis.items[0];
	return function->api;
}

static void put_includes(const struct main *m)
{
	const struct c_code *code = m->code;
	const struct plan_api *own = asks_for(m->function);

	values_list(m->values, "includes");
	for (size_t i = 0; i < m->apis.count; i++)
		values_text(values_item(m->values, "includes"), "base",
			    c_unit(code, m->apis.items[i])->base);
	if (!m->apis.count)
		values_text(values_item(m->values, "includes"), "base",
			    c_unit(code, own)->base);
}

/* --- sending -------------------------------------------------------------- */

/* The message is sent by a route of this function and that API. */
static bool is_sent(const struct main *m, const struct plan_api *api,
		    const struct plan_message *message)
{
	for (size_t i = 0; i < m->routes.count; i++) {
		const struct plan_route *route = m->routes.items[i];

		if (route->api != api)
			continue;
		for (size_t j = 0; j < route->sends.count; j++)
			if (route->sends.items[j] == message)
				return true;
	}
	return false;
}

static void put_api_rights(const struct main *m, const struct plan_api *api)
{
	const struct plan_function *function = m->function;
	bool closes = false, inspects = false;

	for (size_t i = 0; i < m->routes.count; i++) {
		if (m->routes.items[i]->api != api)
			continue;
		closes |= m->routes.items[i]->closes;
		inspects |= m->routes.items[i]->inspects;
	}
	if (closes)
		values_text(values_item(m->values, "closes"), "prefix",
			    api->prefix);
	if (inspects)
		values_text(values_item(m->values, "inspects"), "prefix",
			    api->prefix);
	for (size_t i = 0; i < function->sends.count; i++) {
		const struct plan_message *sent = function->sends.items[i];
		const struct c_message *message;
		struct values *item;

		if (!is_sent(m, api, sent))
			continue;
		message = c_message(m->code, sent->message);
		item = values_item(m->values, "sends");
		values_text(item, "prefix", api->prefix);
		values_text(item, "snake", sent->snake);
		values_text(item, "name", message->name);
		values_text(item, "shape", message->shape);
	}
}

static void put_rights(const struct main *m)
{
	values_list(m->values, "closes");
	values_list(m->values, "inspects");
	values_list(m->values, "sends");
	values_flag(m->values, "registry", m->function->connections);
	values_flag(m->values, "topics",
		    m->function->connections &&
			    m->function->connections->topics);
	values_printf(m->values, "ttl_s", "%lld",
		      m->function->connections ? m->function->connections->ttl_s
					       : 0);
	values_flag(m->values, "declares", m->function->declares);
	for (size_t i = 0; i < m->apis.count; i++)
		put_api_rights(m, m->apis.items[i]);
}

/* --- routes --------------------------------------------------------------- */

/* connect; with routes of several APIs chat_connect. */
static const char *route_name(const struct main *m,
			      const struct plan_route *route)
{
	if (m->apis.count < 2)
		return route->snake;
	return arena_printf(m->code->arena, "%s_%s", route->api->prefix,
			    route->snake);
}

static const char *on_invalid(enum plan_on_invalid on_invalid)
{
	switch (on_invalid) {
	case INVALID_LOG:
		return "wsg_log_invalid";
	case INVALID_REPLY:
		return "wsg_reply_invalid";
	case INVALID_HANDLER:
		break;
	}
	return NULL;
}

static void put_message(const struct main *m, const struct plan_route *route,
			struct values *values)
{
	const struct c_message *message =
		route->message ? c_message(m->code, route->message->message)
			       : NULL;
	bool either = message && route->on_invalid == INVALID_HANDLER;

	values_text(values, "message", message ? message->name : NULL);
	values_text(values, "on_invalid",
		    message ? on_invalid(route->on_invalid) : NULL);
	values_flag(values, "either", either);
	values_flag(values, "has_else", either && route->reply);
	values_text(values, "msg_arguments",
		    either    ? ", &msg, NULL"
		    : message ? ", &msg"
			      : "");
	if (message)
		values_printf(values, "read", "%s_read_%s", message->prefix,
			      message->snake);
}

static void put_reply(const struct main *m, const struct plan_route *route,
		      struct values *values)
{
	const struct c_message *reply =
		route->reply ? c_message(m->code, route->reply->message) : NULL;

	values_text(values, "reply", reply ? reply->name : NULL);
	values_text(values, "leave", reply ? "result = " : "return ");
	values_text(values, "reply_argument",
		    reply	     ? ", &reply"
		    : route->two_way ? ", wsg_reply_text(event)"
				     : "");
	if (reply)
		values_printf(values, "reply_with", "%s_reply_%s",
			      reply->prefix, reply->snake);
}

static void put_route(const struct main *m, const struct plan_route *route)
{
	const struct c_code *code = m->code;
	struct values *values = values_item(m->values, "routes");
	bool is_call =
		route->kind == ROUTE_DEFAULT || route->kind == ROUTE_CUSTOM;

	values_text(values, "snake", route_name(m, route));
	values_text(values, "symbol", route->handler.symbol);
	values_flag(values, "is_connect", route->kind == ROUTE_CONNECT);
	values_flag(values, "is_disconnect", route->kind == ROUTE_DISCONNECT);
	values_text(values, "call", is_call ? c_call_name(code, route) : NULL);
	values_list(values, "sends");
	for (size_t i = 0; i < route->sends.count; i++)
		values_text(
			values_item(values, "sends"), "member",
			name_member(code->arena, route->sends.items[i]->snake));
	values_flag(values, "closes", route->closes);
	values_flag(values, "inspects", route->inspects);
	put_message(m, route, values);
	put_reply(m, route, values);
}

static void put_routes(const struct main *m)
{
	values_list(m->values, "routes");
	values_list(m->values, "keys");
	for (size_t i = 0; i < m->routes.count; i++) {
		const struct plan_route *route = m->routes.items[i];
		struct values *key = values_item(m->values, "keys");

		put_route(m, route);
		values_text(key, "key", route->key);
		values_printf(key, "len", "%zu", strlen(route->key));
		values_text(key, "snake", route_name(m, route));
	}
}

/* --- all of it -------------------------------------------------------- */

static void put_function(const struct main *m)
{
	const struct plan_function *function = m->function;
	const char *authorize = NULL;

	if (function->kind == PLAN_AUTHORIZER)
		authorize = function->handler.symbol;
	else if (function->kind == PLAN_JWT)
		authorize = "authorize";
	values_text(m->values, "function", function->name);
	values_text(m->values, "authorize", authorize);
	values_text(m->values, "raw",
		    function->kind == PLAN_RAW ? function->handler.symbol
					       : NULL);
	values_text(m->values, "init",
		    function->init.count ? function->init.items[0].symbol
					 : NULL);
	values_text(m->values, "shutdown",
		    function->shutdown.count
			    ? function->shutdown.items[0].symbol
			    : NULL);
}

static void put_tokens(const struct main *m)
{
	const struct plan_function *function = m->function;
	bool needs_jwt = function->kind == PLAN_JWT, has_session = false;

	values_list(m->values, "tokens");
	if (needs_jwt)
		c_values_token(m->code, asks_for(function), function->token,
			       "jwt", false, values_item(m->values, "tokens"));
	for (size_t i = 0; i < m->apis.count; i++) {
		const struct plan_api *api = m->apis.items[i];

		if (!api->session)
			continue;
		needs_jwt = has_session = true;
		c_values_token(
			m->code, api, api->session_token,
			arena_printf(m->code->arena, "%s_token", api->prefix),
			true, values_item(m->values, "tokens"));
	}
	values_flag(m->values, "needs_jwt", needs_jwt);
	values_flag(m->values, "has_session", has_session);
}

void c_emit_main(const struct c_code *code,
		 const struct plan_function *function)
{
	struct main m = {
		.code = code,
		.function = function,
		.routes = c_function_routes(code, function),
		.values = values_new(code->arena),
	};

	find_apis(&m);
	c_values_head(code, m.values);
	put_includes(&m);
	put_rights(&m);
	put_routes(&m);
	c_values_dispatch(code, function, &m.routes, m.values);
	put_tokens(&m);
	put_function(&m);
	emit_render(code->emit, "c/main.c.tmpl", m.values,
		    arena_printf(code->arena, "functions/%s/main.c",
				 function->name));
}
