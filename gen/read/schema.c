/* SPDX-License-Identifier: MIT */
#include "schema.h"

#include "type.h"

#include <string.h>

static const struct {
	const char *name;
	unsigned kinds;
} keywords[] = {
	{ "$comment", SCHEMA_ALL },
	{ "$defs", SCHEMA_ALL },
	{ "$id", SCHEMA_ALL },
	{ "$ref", SCHEMA_ALL },
	{ "$schema", SCHEMA_ALL },
	{ "additionalProperties", SCHEMA_OBJECT },
	{ "const", SCHEMA_STRING },
	{ "contentEncoding", SCHEMA_STRING },
	{ "default", SCHEMA_ALL },
	{ "definitions", SCHEMA_ALL },
	{ "deprecated", SCHEMA_ALL },
	{ "description", SCHEMA_ALL },
	{ "enum", SCHEMA_STRING },
	{ "examples", SCHEMA_ALL },
	{ "format", SCHEMA_STRING },
	{ "items", SCHEMA_ARRAY },
	{ "maxItems", SCHEMA_ARRAY },
	{ "maxLength", SCHEMA_STRING },
	{ "maximum", SCHEMA_INTEGER | SCHEMA_NUMBER },
	{ "minItems", SCHEMA_ARRAY },
	{ "minLength", SCHEMA_STRING },
	{ "minimum", SCHEMA_INTEGER | SCHEMA_NUMBER },
	{ "pattern", SCHEMA_STRING },
	{ "properties", SCHEMA_OBJECT },
	{ "readOnly", SCHEMA_ALL },
	{ "required", SCHEMA_OBJECT },
	{ "title", SCHEMA_ALL },
	{ "type", SCHEMA_ALL },
	{ "writeOnly", SCHEMA_ALL },
};

static const struct {
	const char *name;
	unsigned kind;
} types[] = {
	{ "object", SCHEMA_OBJECT }, { "array", SCHEMA_ARRAY },
	{ "string", SCHEMA_STRING }, { "integer", SCHEMA_INTEGER },
	{ "number", SCHEMA_NUMBER }, { "boolean", SCHEMA_BOOLEAN },
};

static struct type *schema_type(struct schema *s, const struct doc *schema,
				struct place *place);

static const struct doc_member *member_of(const struct doc *map,
					  const char *key)
{
	for (size_t i = 0; i < map->count; i++)
		if (!strcmp(map->members[i].key, key))
			return &map->members[i];
	return NULL;
}

const struct doc *schema_part(const struct doc *root, const char *pointer)
{
	const struct doc *part = NULL;

	if (!strcmp(pointer, "#"))
		return root;
	if (!strncmp(pointer, "#/definitions/", 14))
		part = doc_get(doc_get(root, "definitions"), pointer + 14);
	else if (!strncmp(pointer, "#/$defs/", 8))
		part = doc_get(doc_get(root, "$defs"), pointer + 8);
	return part && part->kind == DOC_MAP ? part : NULL;
}

/* --- keywords ----------------------------------------------------------------
 */

static bool read_kind_name(struct schema *s, const struct doc *name,
			   unsigned *kind, struct place *place)
{
	if (name->kind == DOC_NULL ||
	    (name->text && !strcmp(name->text, "null"))) {
		place->nullable = true;
		return true;
	}
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (!name->text || strcmp(name->text, types[i].name))
			continue;
		if (*kind) {
			diag_error(s->r->diag, name->loc,
				   "'type' may name one type, and \"null\" "
				   "beside it");
			return false;
		}
		*kind = types[i].kind;
		return true;
	}
	diag_error(s->r->diag, name->loc,
		   "'type' must be object, array, string, integer, number, "
		   "boolean or null");
	return false;
}

/* What the schema describes; 0 after an error. */
static unsigned read_kind(struct schema *s, const struct doc *schema,
			  struct place *place)
{
	const struct doc *type = doc_get(schema, "type");
	unsigned kind = 0;

	if (!type) {
		if (doc_get(schema, "properties"))
			return SCHEMA_OBJECT;
		if (doc_get(schema, "enum") || doc_get(schema, "const"))
			return SCHEMA_STRING;
		return SCHEMA_ANY;
	}
	if (type->kind != DOC_LIST)
		return read_kind_name(s, type, &kind, place)
			       ? kind ? kind : SCHEMA_ANY
			       : 0;
	for (size_t i = 0; i < type->count; i++)
		if (!read_kind_name(s, type->items[i], &kind, place))
			return 0;
	return kind ? kind : SCHEMA_ANY;
}

static bool keywords_known(struct schema *s, const struct doc *schema,
			   unsigned kind)
{
	size_t errors = s->r->diag->errors;

	for (size_t i = 0; i < schema->count; i++) {
		const struct doc_member *member = &schema->members[i];
		unsigned kinds = 0;

		for (size_t k = 0; k < sizeof(keywords) / sizeof(keywords[0]);
		     k++)
			if (!strcmp(keywords[k].name, member->key))
				kinds = keywords[k].kinds;
		if (!kinds)
			diag_error(s->r->diag, member->key_loc,
				   "messages cannot say what '%s' says in a "
				   "JSON Schema",
				   member->key);
		else if (!(kinds & kind))
			diag_error(s->r->diag, member->key_loc,
				   "'%s' does not go with this 'type'",
				   member->key);
	}
	return s->r->diag->errors == errors;
}

/* --- lists, maps, messages
 * ------------------------------------------------------ */

static struct type *item_type(struct schema *s, const struct doc *schema,
			      const struct place *place)
{
	struct place item = { place->name, NULL, false };
	struct type *type = schema_type(s, schema, &item);

	if (type && item.nullable) {
		diag_error(s->r->diag, schema->loc,
			   "only properties may be null, not what is in a list "
			   "or a map");
		return NULL;
	}
	return type;
}

static struct type *list_type(struct schema *s, const struct doc *schema,
			      struct type *type, const struct place *place)
{
	const struct doc *items = doc_get(schema, "items");

	type->kind = TYPE_LIST;
	if (!schema_bound(s, schema, "minItems", TYPE_LIST, &type->min) ||
	    !schema_bound(s, schema, "maxItems", TYPE_LIST, &type->max) ||
	    !schema_bounds_fit(s, schema, type))
		return NULL;
	type->item = item_type(s, items ? items : doc_map(s->r->arena), place);
	return type->item ? type : NULL;
}

static bool is_required(const struct doc *required, const char *name)
{
	for (size_t i = 0; required && i < required->count; i++)
		if (required->items[i]->text &&
		    !strcmp(required->items[i]->text, name))
			return true;
	return false;
}

static void check_required(struct schema *s, const struct doc *schema)
{
	const struct doc *required = doc_get(schema, "required");

	if (required && required->kind != DOC_LIST)
		diag_error(s->r->diag, required->loc,
			   "'required' must be a list of properties");
	for (size_t i = 0;
	     required && required->kind == DOC_LIST && i < required->count;
	     i++) {
		const struct doc *name = required->items[i];

		if (name->text &&
		    doc_get(doc_get(schema, "properties"), name->text))
			continue;
		diag_error(s->r->diag, name->loc,
			   "'required' has '%s', which is not among "
			   "'properties'",
			   name->text ? name->text : "a list");
	}
}

static void read_property(struct schema *s, struct message *message,
			  const struct doc_member *member, bool required)
{
	struct field field = { 0 };
	struct place place = { 0 };

	field.name = (struct text){ member->key, member->key_loc };
	field.loc = member->key_loc;
	place.field = &field;
	place.name = arena_printf(s->r->arena, "%s.%s", message->name.s,
				  member->key);
	field.type = schema_type(s, member->value, &place);
	field.optional = (!required || place.nullable) && !field.fallback;
	*LIST_ADD(s->r->arena, &message->fields) = field;
}

static void read_object(struct schema *s, struct message *message,
			const struct doc *schema)
{
	const struct doc *properties = doc_get(schema, "properties");
	const struct doc *more = doc_get(schema, "additionalProperties");
	const struct doc *doc = doc_get(schema, "description");

	if (more && more->kind != DOC_BOOL)
		diag_error(s->r->diag, more->loc,
			   "'additionalProperties' beside 'properties' must be "
			   "true or false");
	else if (more && !message->strict.is && !strcmp(more->text, "false"))
		message->strict.is = FLAG_ON;
	if (doc && doc->text && !message->doc.s)
		message->doc = (struct text){ doc->text, doc->loc };
	check_required(s, schema);
	for (size_t i = 0; i < properties->count; i++)
		read_property(s, message, &properties->members[i],
			      is_required(doc_get(schema, "required"),
					  properties->members[i].key));
}

static bool has_properties(const struct doc *schema)
{
	const struct doc *properties = doc_get(schema, "properties");

	return properties && properties->kind == DOC_MAP && properties->count;
}

static struct type *object_type(struct schema *s, const struct doc *schema,
				struct type *type, const struct place *place)
{
	const struct doc *more = doc_get(schema, "additionalProperties");
	struct message *message;

	if (has_properties(schema)) {
		message = message_new(s->r, place->name, schema->loc, true);
		read_object(s, message, schema);
		return message_type(s->r, message, schema->loc);
	}
	if (more && more->kind == DOC_MAP) {
		type->kind = TYPE_MAP;
		type->item = item_type(s, more, place);
		return type->item ? type : NULL;
	}
	if (more && more->kind == DOC_BOOL && !strcmp(more->text, "false")) {
		diag_error(s->r->diag, schema->loc,
			   "an object without properties is always empty");
		return NULL;
	}
	type->kind = TYPE_JSON;
	return type;
}

/* --- references
 * ------------------------------------------------------------------ */

/* The message of a definition, made once, so that it may name itself. */
static const struct message *defined(struct schema *s, const struct doc *part,
				     const char *pointer)
{
	struct message *message = map_get(&s->made, pointer);
	struct place place = { 0 };
	const char *name = strrchr(pointer, '/');

	if (message)
		return message;
	name = name ? name + 1 : "root";
	name = arena_printf(s->r->arena, "%s.%s", s->top->name.s, name);
	message = message_new(s->r, name, part->loc, true);
	map_put(&s->made, pointer, message);
	if (read_kind(s, part, &place) == SCHEMA_OBJECT &&
	    keywords_known(s, part, SCHEMA_OBJECT))
		read_object(s, message, part);
	return message;
}

static bool nothing_beside(struct schema *s, const struct doc *schema)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct doc_member *member = &schema->members[i];

		if (!strcmp(member->key, "$ref") ||
		    !strcmp(member->key, "$comment") ||
		    !strcmp(member->key, "default") ||
		    !strcmp(member->key, "description") ||
		    !strcmp(member->key, "title"))
			continue;
		diag_error(s->r->diag, member->key_loc,
			   "'%s' beside '$ref' says nothing in a JSON Schema",
			   member->key);
		return false;
	}
	return true;
}

static struct type *ref_type(struct schema *s, const struct doc *schema,
			     struct place *place)
{
	const struct doc *ref = doc_get(schema, "$ref"), *part;

	if (!nothing_beside(s, schema))
		return NULL;
	part = ref->text ? schema_part(s->root, ref->text) : NULL;
	if (!part) {
		diag_error(s->r->diag, ref->loc,
			   "'$ref' must be '#', or '#/definitions/X' of "
			   "something that is there");
		return NULL;
	}
	if (part == s->start)
		return message_type(s->r, s->top, ref->loc);
	if (has_properties(part))
		return message_type(s->r, defined(s, part, ref->text),
				    ref->loc);
	return schema_type(s, part, place);
}

/* What stays with the field, whatever its type. */
static void read_notes(const struct doc *schema, struct field *field)
{
	const struct doc *doc = doc_get(schema, "description");
	const struct doc *fallback = doc_get(schema, "default");

	if (doc && doc->text && !field->doc.s)
		field->doc = (struct text){ doc->text, doc->loc };
	if (fallback && fallback->kind != DOC_NULL && !field->fallback)
		field->fallback = fallback;
}

static struct type *type_of_kind(struct schema *s, const struct doc *schema,
				 struct place *place)
{
	struct type *type = ARENA_NEW(s->r->arena, struct type);
	unsigned kind = read_kind(s, schema, place);

	if (!kind || !keywords_known(s, schema, kind))
		return NULL;
	type->loc = schema->loc;
	switch (kind) {
	case SCHEMA_OBJECT:
		return object_type(s, schema, type, place);
	case SCHEMA_ARRAY:
		return list_type(s, schema, type, place);
	case SCHEMA_STRING:
		return schema_string(s, schema, type, place);
	case SCHEMA_INTEGER:
	case SCHEMA_NUMBER:
		return schema_number(s, schema, type, kind);
	case SCHEMA_BOOLEAN:
		type->kind = TYPE_BOOL;
		return type;
	default:
		type->kind = TYPE_JSON;
		return type;
	}
}

static struct type *schema_type(struct schema *s, const struct doc *schema,
				struct place *place)
{
	struct type *type;

	if (schema->kind != DOC_MAP) {
		diag_error(s->r->diag, schema->loc,
			   "a JSON Schema must be a mapping");
		return NULL;
	}
	if (s->depth >= TYPE_DEPTH_MAX) {
		diag_error(s->r->diag, schema->loc,
			   "types nest at most %d deep", TYPE_DEPTH_MAX);
		return NULL;
	}
	s->depth++;
	if (place->field)
		read_notes(schema, place->field);
	if (doc_get(schema, "$ref"))
		type = ref_type(s, schema, place);
	else
		type = type_of_kind(s, schema, place);
	s->depth--;
	return type;
}

void read_schema(struct message_reader *r, struct message *message,
		 const struct doc *root, const struct doc *schema)
{
	struct schema s = {
		r, message, root, schema, { .arena = r->arena }, 0
	};
	struct place place = { message->name.s, NULL, false };
	const struct doc_member *title = member_of(schema, "$ref");

	if (title) {
		diag_error(r->diag, title->key_loc,
			   "the schema of a message cannot be a reference; "
			   "name the part behind the file: file.json%s",
			   title->value->text ? title->value->text : "");
		return;
	}
	if (read_kind(&s, schema, &place) != SCHEMA_OBJECT ||
	    !has_properties(schema)) {
		diag_error(r->diag, schema->loc,
			   "message '%s' must be an object with 'properties'",
			   message->name.s);
		return;
	}
	if (keywords_known(&s, schema, SCHEMA_OBJECT))
		read_object(&s, message, schema);
}
