/* SPDX-License-Identifier: MIT */
/*
 * build/chat.h and chat.c, one pair for each unit, and what stands below
 * build/functions.
 */
#include "c.h"

#include "../../plan/names.h"

#include <stdlib.h>
#include <string.h>

/* --- what routes may do ------------------------------------------------- */

struct rights {
	bool closes, inspects;
	LIST(const struct plan_message *) sends; /* by name, each once */
};

static int compare_messages(const void *a, const void *b)
{
	const struct plan_message *const *left = a, *const *right = b;

	return strcmp((*left)->snake, (*right)->snake);
}

static struct rights rights_of(struct arena *arena, const struct plan_api *api)
{
	struct rights rights = { 0 };
	size_t kept = 0;

	for (size_t i = 0; api && i < api->routes.count; i++) {
		const struct plan_route *route = &api->routes.items[i];

		rights.closes |= route->closes;
		rights.inspects |= route->inspects;
		for (size_t j = 0; j < route->sends.count; j++)
			*LIST_ADD(arena, &rights.sends) = route->sends.items[j];
	}
	if (!rights.sends.count)
		return rights;
	qsort(rights.sends.items, rights.sends.count,
	      sizeof(*rights.sends.items), compare_messages);
	for (size_t i = 0; i < rights.sends.count; i++)
		if (!i || rights.sends.items[i] != rights.sends.items[i - 1])
			rights.sends.items[kept++] = rights.sends.items[i];
	rights.sends.count = kept;
	return rights;
}

static void put_rights(const struct c_unit *unit, struct values *values)
{
	const struct c_code *code = unit->code;
	struct rights rights = rights_of(code->arena, unit->api);

	values_flag(values, "closes", rights.closes);
	values_flag(values, "inspects", rights.inspects);
	values_flag(values, "has_rights",
		    rights.closes || rights.inspects || rights.sends.count);
	values_flag(values, "registry", unit->api && unit->api->connections);
	values_flag(values, "topics",
		    unit->api && unit->api->connections &&
			    unit->api->connections->topics);
	values_list(values, "sends");
	for (size_t i = 0; i < rights.sends.count; i++) {
		const struct plan_message *sent = rights.sends.items[i];
		const struct c_message *message =
			c_message(code, sent->message);
		struct values *item = values_item(values, "sends");

		values_text(item, "snake", sent->snake);
		values_text(item, "name", message->name);
		values_printf(
			item, "doc",
			"Send a %s: `%s_send_%s(call->sends.%s, id, &msg)`.",
			message->spec_name, unit->prefix, sent->snake,
			name_member(code->arena, sent->snake));
	}
}

static int compare_routes(const void *a, const void *b)
{
	const struct plan_route *const *left = a, *const *right = b;

	return strcmp((*left)->snake, (*right)->snake);
}

static void put_call(const struct c_code *code, const struct plan_route *route,
		     struct values *values)
{
	values_text(values, "name", c_call_name(code, route));
	values_flag(values, "has_sends", route->sends.count > 0);
	values_list(values, "sends");
	for (size_t i = 0; i < route->sends.count; i++) {
		const char *snake = route->sends.items[i]->snake;
		struct values *item = values_item(values, "sends");

		values_text(item, "snake", snake);
		values_text(item, "member", name_member(code->arena, snake));
	}
	values_flag(values, "closes", route->closes);
	values_flag(values, "inspects", route->inspects);
}

static void put_calls(const struct c_unit *unit, struct values *values)
{
	const struct c_code *code = unit->code;
	LIST(const struct plan_route *) routes = { 0 };

	values_list(values, "calls");
	for (size_t i = 0; i < unit->handlers.count; i++)
		if (unit->handlers.items[i]->kind == C_CALL)
			*LIST_ADD(code->arena, &routes) =
				unit->handlers.items[i]->routes.items[0];
	if (!routes.count)
		return;
	qsort(routes.items, routes.count, sizeof(*routes.items),
	      compare_routes);
	for (size_t i = 0; i < routes.count; i++)
		put_call(code, routes.items[i], values_item(values, "calls"));
}

/* --- handlers ------------------------------------------------------------- */

/* "sendMessage: say something in a room.", a line for each route. */
static const char *handler_doc(struct arena *arena,
			       const struct c_handler *handler)
{
	struct buf doc;

	if (handler->kind == C_INIT)
		return "Once, before the first event.";
	if (handler->kind == C_SHUTDOWN)
		return "On SIGTERM.";
	buf_init(&doc, arena);
	for (size_t i = 0; i < handler->routes.count; i++) {
		const struct plan_route *route = handler->routes.items[i];
		const char *text = route->route->doc.s;
		bool either =
			route->message && route->on_invalid == INVALID_HANDLER;

		if (!text && !either)
			continue;
		if (doc.len)
			buf_char(&doc, '\n');
		buf_printf(&doc, "%s: ", route->key);
		buf_add(&doc, text ? text : "");
		if (either)
			buf_printf(&doc,
				   "%sither msg or invalid, the other one is "
				   "NULL.",
				   text ? "\nE" : "e");
	}
	return doc.len ? doc.text : NULL;
}

static void put_handlers(const struct c_unit *unit, struct values *values)
{
	bool had_doc = false;

	values_list(values, "handlers");
	for (size_t i = 0; i < unit->handlers.count; i++) {
		const struct c_handler *handler = unit->handlers.items[i];
		const char *doc = handler_doc(unit->code->arena, handler);
		struct values *item = values_item(values, "handlers");

		values_text(item, "doc", doc);
		values_flag(item, "gap", i && (doc || had_doc));
		c_values_prototype(unit->code, handler, item);
		had_doc = doc != NULL;
	}
}

/* --- files ---------------------------------------------------------------- */

static void put_messages(const struct c_unit *unit, struct values *values)
{
	values_list(values, "messages");
	values_list(values, "callers");
	values_list(values, "sessions");
	for (size_t i = 0; i < unit->messages.count; i++) {
		const struct c_message *message = unit->messages.items[i];
		const struct plan_message *plan = message->plan;
		struct values *item = values_item(
			values, message->kind == C_BODY	    ? "messages"
				: message->kind == C_CALLER ? "callers"
							    : "sessions");

		c_values_struct(unit->code, message, item);
		values_flag(item, "is_reply", message->is_reply);
		if (plan && plan->bounded)
			values_printf(item, "max_size", "%zu",
				      plan->max_escaped);
		else
			values_text(item, "max_size", NULL);
	}
}

static void emit_header(const struct c_unit *unit)
{
	const struct c_code *code = unit->code;
	struct values *values = values_new(code->arena);

	c_values_head(code, values);
	/* No API can have the shared header's guard: theirs end in _H. */
	values_printf(values, "guard", "%s_%s", unit->shout,
		      code->is_split && !unit->api ? "SHARED" : "H");
	values_text(values, "prefix", unit->prefix);
	values_text(values, "shared",
		    unit != &code->units.items[0] ? code->units.items[0].base
						  : NULL);
	put_messages(unit, values);
	values_flag(values, "has_plain_session",
		    unit->api && unit->api->session &&
			    !unit->api->session->claims_fields);
	put_rights(unit, values);
	put_calls(unit, values);
	put_handlers(unit, values);
	emit_render(code->emit, "c/api.h.tmpl", values,
		    arena_printf(code->arena, "%s.h", unit->base));
}

static bool has_open_number(const struct type *type)
{
	for (; type; type = type->item)
		if (type->kind == TYPE_NUMBER &&
		    !type->min.text != !type->max.text)
			return true;
	return false;
}

/* Whether INFINITY stands in its source. */
static bool needs_math(const struct c_unit *unit)
{
	for (size_t i = 0; i < unit->messages.count; i++) {
		const struct message *message =
			unit->messages.items[i]->message;

		for (size_t j = 0; j < message->fields.count; j++)
			if (has_open_number(message->fields.items[j].type))
				return true;
	}
	return false;
}

static void emit_source(const struct c_unit *unit)
{
	const struct c_code *code = unit->code;
	struct values *values = values_new(code->arena);

	c_values_head(code, values);
	values_text(values, "base", unit->base);
	values_flag(values, "needs_math", needs_math(unit));
	values_list(values, "shapes");
	for (size_t i = 0; i < unit->messages.count; i++)
		c_values_shape(code, unit->messages.items[i],
			       values_item(values, "shapes"));
	emit_render(code->emit, "c/api.c.tmpl", values,
		    arena_printf(code->arena, "%s.c", unit->base));
}

void emit_c(const struct emit *emit)
{
	const struct c_code *code = c_code(emit);

	for (size_t i = 0; i < code->units.count; i++) {
		emit_header(&code->units.items[i]);
		emit_source(&code->units.items[i]);
	}
	for (size_t i = 0; i < emit->plan->functions.count; i++)
		c_emit_main(code, emit->plan->functions.items[i]);
}
