/* SPDX-License-Identifier: MIT */
/*
 * AWS::ApiGatewayV2::Model: a message as JSON Schema draft-04, for routes with
 * `validate: gateway`. The decoder stays the judge: bounds in bytes become
 * the widest bounds in characters that they allow.
 */
#include "cfn.h"

#define BYTES_A_CHARACTER 4 /* of UTF-8, at most */

static struct doc *message_schema(struct cfn *cfn,
				  const struct message *message);

static struct doc *typed(struct cfn *cfn, const char *type)
{
	struct doc *map = doc_map(cfn->arena);

	cfn_set_text(cfn, map, "type", type);
	return map;
}

/* bound / divisor, rounded up. */
static void set_count(struct cfn *cfn, struct doc *map, const char *key,
		      const struct bound *bound, long long divisor)
{
	if (bound->text)
		cfn_set(cfn, map, key,
			doc_int(cfn->arena, ((long long)bound->value + divisor -
					     1) / divisor));
}

static struct doc *number_schema(struct cfn *cfn, const struct type *type,
				 const char *name)
{
	struct doc *map = typed(cfn, name);

	if (type->min.text)
		cfn_set(cfn, map, "minimum",
			doc_number(cfn->arena, type->min.value));
	if (type->max.text)
		cfn_set(cfn, map, "maximum",
			doc_number(cfn->arena, type->max.value));
	return map;
}

static struct doc *string_schema(struct cfn *cfn, const struct type *type)
{
	struct doc *map = typed(cfn, "string");

	set_count(cfn, map, "minLength", &type->min, BYTES_A_CHARACTER);
	set_count(cfn, map, "maxLength", &type->max, 1);
	return map;
}

/* Three bytes are four characters of base64, padded to whole groups. */
static struct doc *bytes_schema(struct cfn *cfn, const struct type *type)
{
	struct doc *map = typed(cfn, "string");

	if (type->max.text)
		cfn_set(cfn, map, "maxLength",
			doc_int(cfn->arena,
				((long long)type->max.value + 2) / 3 * 4));
	return map;
}

static struct doc *enum_schema(struct cfn *cfn, const struct type *type)
{
	struct doc *map = typed(cfn, "string");
	struct doc *list =
		doc_set(cfn->arena, map, "enum", doc_list(cfn->arena));

	for (size_t i = 0; i < type->values.count; i++)
		doc_add(cfn->arena, list,
			doc_string(cfn->arena, type->values.items[i].s));
	return map;
}

static struct doc *type_schema(struct cfn *cfn, const struct type *type)
{
	struct doc *map;

	switch (type->kind) {
	case TYPE_STRING:
		return string_schema(cfn, type);
	case TYPE_BOOL:
		return typed(cfn, "boolean");
	case TYPE_INT32:
	case TYPE_INT64:
	case TYPE_UINT32:
	case TYPE_UINT64:
		return number_schema(cfn, type, "integer");
	case TYPE_NUMBER:
		return number_schema(cfn, type, "number");
	case TYPE_BYTES:
		return bytes_schema(cfn, type);
	case TYPE_TIMESTAMP:
		return typed(cfn, "string");
	case TYPE_JSON:
		return doc_map(cfn->arena);
	case TYPE_ENUM:
		return enum_schema(cfn, type);
	case TYPE_MESSAGE:
		return message_schema(cfn, type->message);
	case TYPE_LIST:
		map = typed(cfn, "array");
		cfn_set(cfn, map, "items", type_schema(cfn, type->item));
		set_count(cfn, map, "minItems", &type->min, 1);
		set_count(cfn, map, "maxItems", &type->max, 1);
		return map;
	case TYPE_MAP:
		map = typed(cfn, "object");
		cfn_set(cfn, map, "additionalProperties",
			type_schema(cfn, type->item));
		return map;
	}
	return doc_map(cfn->arena);
}

static struct doc *message_schema(struct cfn *cfn,
				  const struct message *message)
{
	struct doc *map = typed(cfn, "object");
	struct doc *fields = doc_map(cfn->arena);
	struct doc *required = doc_list(cfn->arena);

	for (size_t i = 0; i < message->fields.count; i++) {
		const struct field *field = &message->fields.items[i];

		cfn_set(cfn, fields, field->name.s,
			type_schema(cfn, field->type));
		if (!field->optional && !field->fallback)
			doc_add(cfn->arena, required,
				doc_string(cfn->arena, field->name.s));
	}
	cfn_set(cfn, map, "properties", fields);
	if (required->count) /* draft-04 has no empty list here */
		cfn_set(cfn, map, "required", required);
	return map;
}

static void add_model(struct cfn *cfn, const struct plan_route *route)
{
	struct doc *p, *schema;

	if (map_get(&cfn->by_id, route->model_id))
		return; /* two routes may take the same message */
	p = cfn_add(cfn, NULL, route->model_id, "AWS::ApiGatewayV2::Model")
		    ->properties;
	cfn_set(cfn, p, "ApiId", route->api->id_value);
	cfn_set_text(cfn, p, "ContentType", "application/json");
	cfn_set_text(cfn, p, "Description", route->message->message->doc.s);
	cfn_set_text(cfn, p, "Name", route->model_id);
	schema = doc_map(cfn->arena);
	cfn_set_text(cfn, schema, "$schema",
		     "http://json-schema.org/draft-04/schema#");
	cfn_override(cfn, schema, message_schema(cfn, route->message->message));
	cfn_set(cfn, p, "Schema", schema);
}

void cfn_models(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->apis.count; i++) {
		const struct plan_api *api = &cfn->plan->apis.items[i];

		for (size_t k = 0; k < api->routes.count; k++)
			if (api->routes.items[k].model_id)
				add_model(cfn, &api->routes.items[k]);
	}
}
