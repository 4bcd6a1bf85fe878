/* SPDX-License-Identifier: MIT */
/*
 * build/gateway.json: all that the local gateway knows of a spec. Its shape is
 * tests/golden/gateway.schema.json; VERSION goes up when a reader of the old
 * one would be wrong about the new one.
 *
 * A value that only a deployment knows stays what it is in CloudFormation:
 * {"Ref": ...}, {"Fn::GetAtt": ...}, or {"Fn::Sub": ...} for a text with
 * ${...} in it, with the spec's names. Plain strings are plain.
 */
#include "emit.h"

#include "../json_schema.h"

#include <string.h>

#define VERSION 1

static bool has_reference(const struct doc *value)
{
	return value->kind == DOC_STRING && !value->literal &&
	       strstr(value->text, "${");
}

static struct doc *value_of(struct arena *arena, const struct doc *value)
{
	struct doc *copy;

	switch (value->kind) {
	case DOC_LIST:
		copy = doc_list(arena);
		for (size_t i = 0; i < value->count; i++)
			doc_add(arena, copy, value_of(arena, value->items[i]));
		return copy;
	case DOC_MAP:
		copy = doc_map(arena);
		for (size_t i = 0; i < value->count; i++)
			doc_set(arena, copy, value->members[i].key,
				value_of(arena, value->members[i].value));
		return copy;
	case DOC_NULL:
	case DOC_BOOL:
	case DOC_NUMBER:
	case DOC_STRING:
		break;
	}
	if (has_reference(value)) {
		copy = doc_map(arena);
		doc_set_string(arena, copy, "Fn::Sub", value->text);
		return copy;
	}
	copy = ARENA_NEW(arena, struct doc);
	*copy = *value;
	return copy;
}

static void set_value(struct arena *arena, struct doc *map, const char *key,
		      const struct doc *value)
{
	if (value)
		doc_set(arena, map, key, value_of(arena, value));
}

/* A text that never holds references. */
static void set_literal(struct arena *arena, struct doc *map, const char *key,
			const struct doc *value)
{
	if (value && value->kind == DOC_STRING)
		doc_set_string(arena, map, key, value->text);
	else
		set_value(arena, map, key, value);
}

static void set_flag(struct arena *arena, struct doc *map, const char *key,
		     bool value)
{
	if (value)
		doc_set(arena, map, key, doc_bool(arena, true));
}

static void set_int(struct arena *arena, struct doc *map, const char *key,
		    const struct number *number)
{
	if (number->set)
		doc_set(arena, map, key, doc_int(arena, number->value));
}

static void set_throttle(struct arena *arena, struct doc *map,
			 const struct throttle *throttle)
{
	struct doc *made;

	if (!throttle)
		return;
	made = doc_set(arena, map, "throttle", doc_map(arena));
	if (throttle->rate.set)
		doc_set(arena, made, "rate",
			doc_number(arena, throttle->rate.value));
	set_int(arena, made, "burst", &throttle->burst);
}

/* --- routes --------------------------------------------------------------- */

/* What stands in place of a function. */
static struct doc *integration_of(struct arena *arena,
				  const struct integration *integration)
{
	struct doc *made = doc_map(arena);

	doc_set_string(arena, made, "type",
		       integration->type.s ? integration->type.s : "mock");
	set_value(arena, made, "url", integration->url);
	doc_set_string(arena, made, "action", integration->action.s);
	set_value(arena, made, "uri", integration->uri);
	doc_set_string(arena, made, "method", integration->method.s);
	set_value(arena, made, "requestTemplates",
		  integration->request_templates);
	doc_set_string(arena, made, "templateSelection",
		       integration->template_selection.s);
	set_value(arena, made, "requestParameters",
		  integration->request_parameters);
	doc_set_string(arena, made, "passthrough", integration->passthrough.s);
	return made;
}

static const char *auth_name(enum plan_auth auth)
{
	switch (auth) {
	case AUTH_IAM:
		return "iam";
	case AUTH_CUSTOM:
		return "custom";
	case AUTH_NONE:
		break;
	}
	return "none";
}

/* What API Gateway checks a body with before it calls anything. */
static void set_model(struct arena *arena, struct doc *made,
		      const struct plan_route *route)
{
	const struct gateway *gateway = route->api->api->gateway;

	if (!route->model_id ||
	    (gateway && gateway->schema_validation.is == FLAG_OFF))
		return;
	doc_set(arena, made, "model",
		message_json_schema(arena, route->message->message));
}

static void add_route(struct arena *arena, struct doc *routes,
		      const struct plan_route *route)
{
	struct doc *made = doc_add(arena, routes, doc_map(arena));
	const struct plan_integration *integration = route->integration;

	doc_set_string(arena, made, "key", route->key);
	if (route->function)
		doc_set_string(arena, made, "function", route->function->name);
	else if (integration)
		doc_set(arena, made, "integration",
			integration_of(arena, integration->props));
	if (integration)
		set_int(arena, made, "timeoutMs",
			&integration->props->timeout_ms);
	doc_set_string(arena, made, "authorization", auth_name(route->auth));
	if (route->authorizer)
		doc_set_string(arena, made, "authorizer",
			       route->authorizer->name);
	doc_set(arena, made, "twoWay", doc_bool(arena, route->two_way));
	doc_set(arena, made, "apiKey",
		doc_bool(arena, route->route->api_key.is == FLAG_ON));
	set_throttle(arena, made, route->route->throttle);
	if (route->message)
		doc_set_string(arena, made, "message", route->message->snake);
	if (route->reply)
		doc_set_string(arena, made, "reply", route->reply->snake);
	set_model(arena, made, route);
}

/* --- APIs ----------------------------------------------------------------- */

static void add_authorizer(struct arena *arena, struct doc *authorizers,
			   const struct plan_authorizer *authorizer)
{
	struct doc *made = doc_add(arena, authorizers, doc_map(arena));
	struct doc *identity;

	doc_set_string(arena, made, "name", authorizer->name);
	if (authorizer->function)
		doc_set_string(arena, made, "function",
			       authorizer->function->name);
	set_value(arena, made, "functionArn",
		  authorizer->authorizer->function_arn);
	identity = doc_set(arena, made, "identity", doc_list(arena));
	for (size_t i = 0; i < authorizer->identity.count; i++)
		doc_add(arena, identity,
			doc_string(arena, authorizer->identity.items[i]));
}

static void add_stage(struct arena *arena, struct doc *stages,
		      const struct plan_stage *stage)
{
	struct doc *made = doc_add(arena, stages, doc_map(arena));

	doc_set_string(arena, made, "name", stage->name);
	if (!stage->stage)
		return;
	set_throttle(arena, made, stage->stage->throttle);
	set_value(arena, made, "variables", stage->stage->variables);
}

static void add_connections(struct arena *arena, struct doc *api,
			    const struct plan_connections *connections)
{
	struct doc *made = doc_set(arena, api, "connections", doc_map(arena));

	set_value(arena, made, "table", connections->table);
	doc_set(arena, made, "ttlS", doc_int(arena, connections->ttl_s));
	doc_set(arena, made, "topics", doc_bool(arena, connections->topics));
}

static void add_api(struct arena *arena, struct doc *apis,
		    const struct plan_api *api)
{
	struct doc *made = doc_add(arena, apis, doc_map(arena));
	const struct gateway *gateway = api->api->gateway;
	const char *selection = gateway ? gateway->route_selection.s : NULL;
	struct doc *list;

	doc_set_string(arena, made, "name", api->name);
	doc_set_string(arena, made, "id", api->id);
	/* Of one that is made elsewhere: permissions are about that id. */
	if (!api->id)
		set_value(arena, made, "apiId", api->id_value);
	doc_set_string(arena, made, "type", "websocket");
	doc_set_string(arena, made, "routeSelection",
		       selection ? selection : "$request.body.action");
	if (gateway)
		doc_set_string(arena, made, "apiKeySelection",
			       gateway->api_key_selection.s);
	if (api->connections)
		add_connections(arena, made, api->connections);
	list = doc_set(arena, made, "stages", doc_list(arena));
	for (size_t i = 0; i < api->stages.count; i++)
		add_stage(arena, list, &api->stages.items[i]);
	list = doc_set(arena, made, "authorizers", doc_list(arena));
	for (size_t i = 0; i < api->authorizers.count; i++)
		add_authorizer(arena, list, api->authorizers.items[i]);
	list = doc_set(arena, made, "routes", doc_list(arena));
	for (size_t i = 0; i < api->routes.count; i++)
		add_route(arena, list, &api->routes.items[i]);
}

/* --- functions ------------------------------------------------------------ */

static void add_function(struct arena *arena, struct doc *functions,
			 const struct plan_function *function)
{
	struct doc *made = doc_add(arena, functions, doc_map(arena));
	const struct function *props = function->props;

	doc_set_string(arena, made, "name", function->name);
	doc_set_string(arena, made, "id", function->id);
	doc_set(arena, made, "bootstrap",
		doc_printf(arena, "functions/%s/bootstrap", function->name));
	set_int(arena, made, "timeoutMs", &props->timeout_ms);
	set_int(arena, made, "memoryMb", &props->memory_mb);
	doc_set_string(arena, made, "logFormat", props->log_format.s);
	if (function->environment)
		set_value(arena, made, "environment", function->environment);
	else
		doc_set(arena, made, "environment", doc_map(arena));
}

/* --- messages ------------------------------------------------------------- */

static const char *const type_names[] = {
	[TYPE_STRING] = "string",	[TYPE_BOOL] = "bool",
	[TYPE_INT32] = "int32",		[TYPE_INT64] = "int64",
	[TYPE_UINT32] = "uint32",	[TYPE_UINT64] = "uint64",
	[TYPE_NUMBER] = "number",	[TYPE_BYTES] = "bytes",
	[TYPE_TIMESTAMP] = "timestamp", [TYPE_JSON] = "json",
	[TYPE_ENUM] = "enum",		[TYPE_MESSAGE] = "message",
	[TYPE_LIST] = "list",		[TYPE_MAP] = "map",
};

static const char *snake_of(const struct plan *plan,
			    const struct message *message)
{
	for (size_t i = 0; i < plan->messages.count; i++)
		if (plan->messages.items[i].message == message)
			return plan->messages.items[i].snake;
	return NULL;
}

/* The text, since readers keep 64 bits no better than the spec's numbers. */
static void set_bound(struct arena *arena, struct doc *map, const char *key,
		      const struct bound *bound)
{
	doc_set_string(arena, map, key, bound->text);
}

static void set_type(struct arena *arena, const struct plan *plan,
		     struct doc *made, const struct type *type)
{
	struct doc *values;

	doc_set_string(arena, made, "type", type_names[type->kind]);
	set_bound(arena, made, "min", &type->min);
	set_bound(arena, made, "max", &type->max);
	if (type->kind == TYPE_ENUM) {
		values = doc_set(arena, made, "values", doc_list(arena));
		for (size_t i = 0; i < type->values.count; i++)
			doc_add(arena, values,
				doc_string(arena, type->values.items[i].s));
	}
	if (type->kind == TYPE_MESSAGE)
		doc_set_string(arena, made, "message",
			       snake_of(plan, type->message));
	if (type->item)
		set_type(arena, plan,
			 doc_set(arena, made, "item", doc_map(arena)),
			 type->item);
}

static void add_message(struct arena *arena, const struct plan *plan,
			struct doc *messages,
			const struct plan_message *message)
{
	const struct message *spec = message->message;
	struct doc *made = doc_add(arena, messages, doc_map(arena));
	struct doc *fields;

	doc_set_string(arena, made, "name", message->snake);
	doc_set_string(arena, made, "title", spec->name.s);
	doc_set_string(arena, made, "doc", spec->doc.s);
	set_flag(arena, made, "strict", spec->strict.is == FLAG_ON);
	set_flag(arena, made, "bare", spec->bare);
	fields = doc_set(arena, made, "fields", doc_list(arena));
	for (size_t i = 0; i < spec->fields.count; i++) {
		const struct field *field = &spec->fields.items[i];
		struct doc *item = doc_add(arena, fields, doc_map(arena));

		doc_set_string(arena, item, "name", field->name.s);
		set_type(arena, plan, item, field->type);
		set_flag(arena, item, "optional", field->optional);
		set_literal(arena, item, "default", field->fallback);
		doc_set_string(arena, item, "pattern", field->pattern.s);
		doc_set_string(arena, item, "doc", field->doc.s);
	}
}

void emit_gateway(const struct emit *emit)
{
	struct arena *arena = emit->arena;
	const struct plan *plan = emit->plan;
	struct doc *root = doc_map(arena), *list;

	doc_set(arena, root, "version", doc_int(arena, VERSION));
	doc_set_string(arena, root, "name", plan->name);
	list = doc_set(arena, root, "apis", doc_list(arena));
	for (size_t i = 0; i < plan->apis.count; i++)
		add_api(arena, list, &plan->apis.items[i]);
	list = doc_set(arena, root, "functions", doc_list(arena));
	for (size_t i = 0; i < plan->functions.count; i++)
		add_function(arena, list, plan->functions.items[i]);
	list = doc_set(arena, root, "messages", doc_list(arena));
	for (size_t i = 0; i < plan->messages.count; i++)
		add_message(arena, plan, list, &plan->messages.items[i]);
	emit_doc(emit, root, "gateway.json");
}
