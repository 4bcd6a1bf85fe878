/* SPDX-License-Identifier: MIT */
#include "json_schema.h"

#include "read/type.h"

/* Messages that are being written, from the inside out. */
struct open {
	const struct message *message;
	const struct open *up;
};

struct writer {
	struct arena *arena;
	size_t properties;
};

static struct doc *message_schema(struct writer *w,
				  const struct message *message,
				  const struct open *up);

static void set_number(struct writer *w, struct doc *map, const char *key,
		       const char *text)
{
	struct doc *number = ARENA_NEW(w->arena, struct doc);

	if (!text)
		return;
	/* As text: no double holds all of 64 bits. */
	number->kind = DOC_NUMBER;
	number->text = text;
	doc_set(w->arena, map, key, number);
}

static void set_length(struct writer *w, struct doc *map, const char *key,
		       unsigned long long length)
{
	doc_set(w->arena, map, key, doc_int(w->arena, (long long)length));
}

/* Bytes between the bounds are a fourth to all of as many characters. */
static void bound_string(struct writer *w, struct doc *schema,
			 const struct type *type)
{
	unsigned long long least = (unsigned long long)type->min.value;

	if (least)
		set_length(w, schema, "minLength", (least + 3) / 4);
	if (type->max.text)
		set_length(w, schema, "maxLength",
			   (unsigned long long)type->max.value);
}

/* In base64 three bytes are four characters. */
static void bound_bytes(struct writer *w, struct doc *schema,
			const struct type *type)
{
	unsigned long long least = (unsigned long long)type->min.value;
	unsigned long long most = (unsigned long long)type->max.value;

	if (least)
		set_length(w, schema, "minLength", (least + 2) / 3 * 4);
	if (type->max.text)
		set_length(w, schema, "maxLength", (most + 2) / 3 * 4);
}

/* What is 64 bits wide is left to the decoder, unless it was bounded. */
static void bound_number(struct writer *w, struct doc *schema,
			 const struct type *type)
{
	bool narrow = type->kind == TYPE_INT32 || type->kind == TYPE_UINT32;
	const char *min = type->min.text, *max = type->max.text;

	if (!min && (narrow || type->kind == TYPE_UINT64))
		min = type_lowest(type->kind);
	if (!max && narrow)
		max = type_highest(type->kind);
	set_number(w, schema, "minimum", min);
	set_number(w, schema, "maximum", max);
}

/* `type`, and "null" beside it where null stands for absent. */
static void set_type(struct writer *w, struct doc *schema, const char *type,
		     bool nullable)
{
	struct doc *both;

	if (!nullable) {
		doc_set_string(w->arena, schema, "type", type);
		return;
	}
	both = doc_set(w->arena, schema, "type", doc_list(w->arena));
	doc_add(w->arena, both, doc_string(w->arena, type));
	doc_add(w->arena, both, doc_string(w->arena, "null"));
}

/*
 * CloudFormation refuses a null anywhere in a template, so that it cannot stand
 * among the values.
 */
static void set_values(struct writer *w, struct doc *schema,
		       const struct type *type, bool nullable)
{
	struct doc *either, *values;

	if (nullable) {
		either = doc_set(w->arena, schema, "anyOf", doc_list(w->arena));
		schema = doc_add(w->arena, either, doc_map(w->arena));
		set_type(w, doc_add(w->arena, either, doc_map(w->arena)),
			 "null", false);
	}
	set_type(w, schema, "string", false);
	values = doc_set(w->arena, schema, "enum", doc_list(w->arena));
	for (size_t i = 0; i < type->values.count; i++)
		doc_add(w->arena, values,
			doc_string(w->arena, type->values.items[i].s));
}

static const char *json_type(enum type_kind kind)
{
	switch (kind) {
	case TYPE_STRING:
	case TYPE_BYTES:
	case TYPE_TIMESTAMP:
	case TYPE_ENUM:
		return "string";
	case TYPE_BOOL:
		return "boolean";
	case TYPE_INT32:
	case TYPE_INT64:
	case TYPE_UINT32:
	case TYPE_UINT64:
		return "integer";
	case TYPE_NUMBER:
		return "number";
	case TYPE_LIST:
		return "array";
	case TYPE_MESSAGE:
	case TYPE_MAP:
		return "object";
	case TYPE_JSON:
		break;
	}
	return NULL;
}

/* Add to schema what the type says. */
static void write_type(struct writer *w, struct doc *schema,
		       const struct type *type, bool nullable,
		       const struct open *up)
{
	struct doc *inner, *item;

	if (type->kind != TYPE_JSON && type->kind != TYPE_ENUM)
		set_type(w, schema, json_type(type->kind), nullable);
	switch (type->kind) {
	case TYPE_STRING:
		bound_string(w, schema, type);
		break;
	case TYPE_BYTES:
		bound_bytes(w, schema, type);
		break;
	case TYPE_INT32:
	case TYPE_INT64:
	case TYPE_UINT32:
	case TYPE_UINT64:
	case TYPE_NUMBER:
		bound_number(w, schema, type);
		break;
	case TYPE_ENUM:
		set_values(w, schema, type, nullable);
		break;
	case TYPE_LIST:
		set_number(w, schema, "minItems", type->min.text);
		set_number(w, schema, "maxItems", type->max.text);
		item = doc_set(w->arena, schema, "items", doc_map(w->arena));
		write_type(w, item, type->item, false, up);
		break;
	case TYPE_MAP:
		item = doc_set(w->arena, schema, "additionalProperties",
			       doc_map(w->arena));
		write_type(w, item, type->item, false, up);
		break;
	case TYPE_MESSAGE:
		inner = message_schema(w, type->message, up);
		for (size_t i = 0; i < inner->count; i++)
			doc_set(w->arena, schema, inner->members[i].key,
				inner->members[i].value);
		break;
	case TYPE_BOOL:
	case TYPE_TIMESTAMP:
	case TYPE_JSON:
		break;
	}
}

static bool may_be_absent(const struct field *field)
{
	return field->optional || field->fallback;
}

static struct doc *field_schema(struct writer *w, const struct field *field,
				const struct open *up)
{
	struct doc *schema = doc_map(w->arena);

	doc_set_string(w->arena, schema, "description", field->doc.s);
	write_type(w, schema, field->type, may_be_absent(field), up);
	doc_set_string(w->arena, schema, "pattern", field->pattern.s);
	return schema;
}

/* All but the `type`, which is "object". Empty where it would have no end. */
static struct doc *message_schema(struct writer *w,
				  const struct message *message,
				  const struct open *up)
{
	const struct open open = { message, up };
	struct doc *schema = doc_map(w->arena), *properties, *required = NULL;

	for (; up; up = up->up)
		if (up->message == message)
			return schema;
	w->properties += message->fields.count;
	if (w->properties > JSON_SCHEMA_MAX_PROPERTIES && open.up)
		return schema;
	properties = doc_set(w->arena, schema, "properties", doc_map(w->arena));
	for (size_t i = 0; i < message->fields.count; i++) {
		const struct field *field = &message->fields.items[i];

		doc_set(w->arena, properties, field->name.s,
			field_schema(w, field, &open));
		if (may_be_absent(field))
			continue;
		/* draft-04 has no empty list here. */
		if (!required)
			required = doc_list(w->arena);
		doc_add(w->arena, required,
			doc_string(w->arena, field->name.s));
	}
	if (required)
		doc_set(w->arena, schema, "required", required);
	if (message->strict.is == FLAG_ON)
		doc_set(w->arena, schema, "additionalProperties",
			doc_bool(w->arena, false));
	return schema;
}

struct doc *message_json_schema(struct arena *arena,
				const struct message *message)
{
	struct writer w = { .arena = arena };
	struct doc *schema = doc_map(arena);
	const struct doc *inner;

	doc_set_string(arena, schema, "$schema",
		       "http://json-schema.org/draft-04/schema#");
	doc_set_string(arena, schema, "title", message->name.s);
	doc_set_string(arena, schema, "description", message->doc.s);
	doc_set_string(arena, schema, "type", "object");
	inner = message_schema(&w, message, NULL);
	for (size_t i = 0; i < inner->count; i++)
		doc_set(arena, schema, inner->members[i].key,
			inner->members[i].value);
	return schema;
}
