/* SPDX-License-Identifier: MIT */
/* show_tables.c - wsgen show routes, functions, messages, permissions. */
#include "show.h"

#include "../base/buf.h"

#include <string.h>

static const char *handler_text(struct arena *arena,
				const struct plan_handler *handler)
{
	size_t len;

	if (!handler->file)
		return handler->symbol;
	len = strlen(handler->file);
	if (len > 2 && !strcmp(handler->file + len - 2, ".c"))
		len -= 2;
	return arena_printf(arena, "%.*s.%s", (int)len, handler->file,
			    handler->symbol);
}

static const char *auth_text(const struct plan_route *route)
{
	switch (route->auth) {
	case AUTH_NONE:
		return NULL;
	case AUTH_IAM:
		return "iam";
	case AUTH_CUSTOM:
		return route->authorizer->name;
	}
	return NULL;
}

static const char *message_text(const struct plan_message *message)
{
	return message ? message->message->name.s : NULL;
}

static void route_row(struct table *table, const struct plan_route *route,
		      bool several)
{
	struct table_row *row = table_row(table);
	const struct integration *props = route->integration->props;

	if (several)
		table_text(table, row, "api", route->api->name);
	table_text(table, row, "key", route->key);
	table_text(table, row, "function",
		   route->function ? route->function->name : props->type.s);
	table_text(table, row, "handler",
		   handler_text(table->arena, &route->handler));
	table_text(table, row, "message", message_text(route->message));
	if (route->two_way)
		table_text(table, row, "reply",
			   route->reply ? message_text(route->reply) : "any");
	for (size_t i = 0; i < route->sends.count; i++)
		table_item(table, row, "sends",
			   message_text(route->sends.items[i]));
	table_text(table, row, "auth", auth_text(route));
	table_text(table, row, "id", route->id);
}

struct table *show_routes(struct arena *arena, const struct plan *plan)
{
	struct table *table = table_new(
		arena, "routes",
		"api key function handler message reply sends auth id");

	for (size_t i = 0; i < plan->apis.count; i++)
		for (size_t r = 0; r < plan->apis.items[i].routes.count; r++)
			route_row(table, &plan->apis.items[i].routes.items[r],
				  plan->apis.count > 1);
	return table;
}

static const char *kind_text(enum plan_function_kind kind)
{
	switch (kind) {
	case PLAN_ROUTES:
		return "routes";
	case PLAN_RAW:
		return "raw";
	case PLAN_AUTHORIZER:
		return "authorizer";
	case PLAN_JWT:
		return "jwt";
	}
	return NULL;
}

static const char *seconds_text(struct arena *arena,
				const struct number *timeout)
{
	if (!timeout->set)
		return NULL;
	if (timeout->value % 1000)
		return arena_printf(arena, "%lldms", timeout->value);
	return arena_printf(arena, "%llds", timeout->value / 1000);
}

struct table *show_functions(struct arena *arena, const struct plan *plan)
{
	struct table *table = table_new(
		arena, "functions",
		"name kind routes timeout memory architecture files id");

	for (size_t i = 0; i < plan->functions.count; i++) {
		const struct plan_function *function = plan->functions.items[i];
		const struct function *props = function->props;
		struct table_row *row = table_row(table);

		table_text(table, row, "name", function->name);
		table_text(table, row, "kind", kind_text(function->kind));
		table_int(table, row, "routes",
			  (long long)function->routes.count);
		table_text(table, row, "timeout",
			   seconds_text(arena, &props->timeout_ms));
		if (props->memory_mb.set)
			table_int(table, row, "memory", props->memory_mb.value);
		table_text(table, row, "architecture", props->architecture.s);
		for (size_t f = 0; f < function->files.count; f++)
			table_item(table, row, "files",
				   function->files.items[f]);
		table_text(table, row, "id", function->id);
	}
	return table;
}

struct table *show_messages(struct arena *arena, const struct plan *plan)
{
	struct table *table = table_new(
		arena, "messages", "name struct use largest escaped fields");

	for (size_t i = 0; i < plan->messages.count; i++) {
		const struct plan_message *message = &plan->messages.items[i];
		struct table_row *row = table_row(table);

		table_text(table, row, "name", message_text(message));
		table_text(table, row, "struct", message->snake);
		if (message->decoded)
			table_item(table, row, "use", "read");
		if (message->encoded)
			table_item(table, row, "use", "written");
		if (message->bounded) {
			table_int(table, row, "largest",
				  (long long)message->max_size);
			table_int(table, row, "escaped",
				  (long long)message->max_escaped);
		} else {
			table_text(table, row, "largest", "unbounded");
		}
		for (size_t f = 0; f < message->message->fields.count; f++)
			table_item(table, row, "fields",
				   message->message->fields.items[f].name.s);
	}
	return table;
}

/* {Ref: X} as ${X}, {Fn::GetAtt: [X, Arn]} as ${X.Arn}, Fn::Sub as itself. */
const char *show_value(struct arena *arena, const struct doc *value)
{
	const struct doc *inner;
	struct buf out;

	if (!value)
		return "";
	if (value->kind == DOC_STRING)
		return value->text;
	inner = doc_get(value, "Ref");
	if (inner && inner->text)
		return arena_printf(arena, "${%s}", inner->text);
	inner = doc_get(value, "Fn::GetAtt");
	if (inner && inner->kind == DOC_LIST && inner->count == 2 &&
	    inner->items[0]->text && inner->items[1]->text)
		return arena_printf(arena, "${%s.%s}", inner->items[0]->text,
				    inner->items[1]->text);
	inner = doc_get(value, "Fn::Sub");
	if (inner && inner->text)
		return inner->text;
	buf_init(&out, arena);
	doc_print_compact(&out, value);
	return out.text;
}

static void statement_row(struct table *table, const char *who,
			  const struct plan_statement *statement)
{
	struct table_row *row = table_row(table);

	table_text(table, row, "who", who);
	table_text(table, row, "may", statement->effect);
	for (size_t i = 0; i < statement->actions.count; i++)
		table_item(table, row, "actions", statement->actions.items[i]);
	for (size_t i = 0; i < statement->resources.count; i++)
		table_item(table, row, "resources",
			   show_value(table->arena,
				      statement->resources.items[i]));
	if (statement->conditions)
		table_text(table, row, "when",
			   show_value(table->arena, statement->conditions));
}

static void integration_rows(struct table *table, const struct plan_api *api)
{
	for (size_t i = 0; i < api->integrations.count; i++) {
		const struct plan_integration *integration =
			api->integrations.items[i];

		for (size_t s = 0; s < integration->statements.count; s++)
			statement_row(table, integration->id,
				      &integration->statements.items[s]);
	}
}

/* Functions, then roles that integrations act as, then who may call. */
struct table *show_permissions(struct arena *arena, const struct plan *plan)
{
	struct table *table = table_new(arena, "permissions",
					"who may actions resources when");

	for (size_t i = 0; i < plan->functions.count; i++) {
		const struct plan_function *function = plan->functions.items[i];

		for (size_t s = 0; s < function->statements.count; s++)
			statement_row(table, function->name,
				      &function->statements.items[s]);
	}
	for (size_t i = 0; i < plan->apis.count; i++)
		integration_rows(table, &plan->apis.items[i]);
	for (size_t i = 0; i < plan->callers.count; i++) {
		const struct plan_caller *caller = &plan->callers.items[i];

		for (size_t s = 0; s < caller->statements.count; s++)
			statement_row(table, caller->name,
				      &caller->statements.items[s]);
	}
	return table;
}
