/* SPDX-License-Identifier: MIT */
/*
 * What the user's functions look like. The header declares them so, the stubs
 * define them so, and a function's main.c calls them so.
 */
#include "c.h"

static const char *call_snake(const struct c_code *code,
			      const struct plan_route *route)
{
	const struct c_handler *handler =
		c_handler(code, route->handler.file, route->handler.symbol);

	/* Routes with one handler share the first one's type. */
	return handler->routes.items[0]->snake;
}

const char *c_call_name(const struct c_code *code,
			const struct plan_route *route)
{
	return arena_printf(code->arena, "%s_%s_call", route->api->prefix,
			    call_snake(code, route));
}

static void add(struct values *values, const char *name, const char *text)
{
	struct values *parameter = values_item(values, "parameters");

	values_text(parameter, "text", text);
	values_text(parameter, "name", name);
}

static void add_call_parameters(const struct c_code *code,
				const struct plan_route *route,
				struct values *values)
{
	struct arena *arena = code->arena;

	add(values, "call",
	    arena_printf(arena, "struct %s *call", c_call_name(code, route)));
	if (route->message)
		add(values, "msg",
		    arena_printf(
			    arena, "const struct %s *msg",
			    c_message(code, route->message->message)->name));
	if (route->message && route->on_invalid == INVALID_HANDLER)
		add(values, "invalid", "const struct wsg_invalid *invalid");
	if (route->reply)
		add(values, "reply",
		    arena_printf(arena, "struct %s *reply",
				 c_message(code, route->reply->message)->name));
	else if (route->two_way)
		add(values, "reply", "struct wsg_buf *reply");
}

void c_values_prototype(const struct c_code *code,
			const struct c_handler *handler, struct values *values)
{
	values_text(values, "result",
		    handler->kind == C_SHUTDOWN ? "void" : "enum wsg_result");
	values_text(values, "symbol", handler->symbol);
	values_list(values, "parameters");
	switch (handler->kind) {
	case C_CONNECT:
		add(values, "client", "struct wsg_connect *client");
		break;
	case C_DISCONNECT:
		add(values, "client", "struct wsg_disconnect *client");
		break;
	case C_CALL:
		add_call_parameters(code, handler->routes.items[0], values);
		break;
	case C_AUTHORIZE:
		add(values, "client", "struct wsg_authorize *client");
		break;
	case C_RAW:
		add(values, "event", "struct wsg_event *event");
		add(values, "out", "struct wsg_buf *out");
		break;
	case C_INIT:
	case C_SHUTDOWN:
		break;
	}
}
