/* SPDX-License-Identifier: MIT */
/*
 * schema.c - wsgen schema: the language as JSON Schema 2020-12, for editors.
 * Each section is a definition; its shorthands are alternatives to the
 * mapping. Keys that are not built yet are left out, so that an editor says
 * of them what wsgen would.
 */
#include "cli.h"

#include "schema.h"
#include "sections.h"

#include "../base/buf.h"
#include "../doc.h"

#include <string.h>

#define DIALECT "https://json-schema.org/draft/2020-12/schema"
#define DEFINITION "#/$defs/"

static struct doc *typed(struct arena *arena, const char *type)
{
	struct doc *schema = doc_map(arena);

	doc_set_string(arena, schema, "type", type);
	return schema;
}

static struct doc *pattern(struct arena *arena, const char *regex)
{
	struct doc *schema = typed(arena, "string");

	doc_set_string(arena, schema, "pattern", regex);
	return schema;
}

static struct doc *reference(struct arena *arena, const char *name)
{
	struct doc *schema = doc_map(arena);

	doc_set_string(arena, schema, "$ref",
		       arena_printf(arena, DEFINITION "%s", name));
	return schema;
}

static struct doc *any_of(struct arena *arena, struct doc *first,
			  struct doc *second)
{
	struct doc *schema = doc_map(arena);
	struct doc *list = doc_set(arena, schema, "anyOf", doc_list(arena));

	doc_add(arena, list, first);
	doc_add(arena, list, second);
	return schema;
}

static struct doc *list_of(struct arena *arena, struct doc *item)
{
	struct doc *schema = typed(arena, "array");

	doc_set(arena, schema, "items", item);
	return schema;
}

static struct doc *enumeration(struct arena *arena, const char *allowed)
{
	struct doc *schema = doc_map(arena);
	struct doc *list = doc_set(arena, schema, "enum", doc_list(arena));

	while (*allowed) {
		size_t len = strcspn(allowed, "|");

		doc_add(arena, list,
			doc_string(arena, arena_strndup(arena, allowed, len)));
		allowed += len + (allowed[len] == '|');
	}
	return schema;
}

static struct doc *number(struct arena *arena, const char *type,
			  const struct lang_key *key)
{
	struct doc *schema = typed(arena, type);

	if (key->min == 0 && key->max == 0)
		return schema;
	doc_set(arena, schema, "minimum", doc_number(arena, key->min));
	doc_set(arena, schema, "maximum", doc_number(arena, key->max));
	return schema;
}

/* A bare number is seconds for a duration; the text's bounds are wsgen's. */
static struct doc *quantity(struct arena *arena, const char *regex)
{
	struct doc *bare = typed(arena, "number");

	doc_set(arena, bare, "minimum", doc_int(arena, 0));
	return any_of(arena, pattern(arena, regex), bare);
}

static struct doc *named(struct arena *arena, const char *section)
{
	struct doc *schema = typed(arena, "object");

	doc_set(arena, schema, "additionalProperties",
		any_of(arena, reference(arena, section), typed(arena, "null")));
	return schema;
}

static struct doc *value_of(struct arena *arena, const struct lang_key *key,
			    enum lang_kind kind)
{
	switch (kind) {
	case LANG_TEXT:
	case LANG_NAME:
		return reference(arena, "text");
	case LANG_HANDLER:
		return pattern(arena, "^[^\\s]+\\.[A-Za-z_][A-Za-z0-9_]*$");
	case LANG_CHOICE:
		return enumeration(arena, key->allowed);
	case LANG_BOOL:
		return typed(arena, "boolean");
	case LANG_INT:
		return number(arena, "integer", key);
	case LANG_NUMBER:
		return number(arena, "number", key);
	case LANG_DURATION:
		return quantity(arena, "^[0-9]+(\\.[0-9]+)? ?(ms|s|m|h|d)?$");
	case LANG_SIZE:
		return quantity(arena, "^[0-9]+ ?([KMG]?B)?$");
	case LANG_VALUE:
		return reference(arena, "value");
	case LANG_TREE:
		return doc_map(arena);
	case LANG_RAW:
		return key->section ? named(arena, key->section->name)
				    : doc_map(arena);
	case LANG_TYPE:
		return reference(arena, "type");
	case LANG_SECTION:
		return reference(arena, key->section->name);
	case LANG_NAMED:
		return named(arena, key->section->name);
	case LANG_LIST: {
		struct doc *item = value_of(arena, key, key->item);

		return any_of(arena, item, list_of(arena, item));
	}
	case LANG_STAGES:
		return any_of(arena, typed(arena, "boolean"),
			      list_of(arena, reference(arena, "text")));
	case LANG_PERMISSIONS:
		return reference(arena, "permissionList");
	}
	return doc_map(arena);
}

/* The default, in the type that the key has. */
static struct doc *fallback(struct arena *arena, const struct lang_key *key)
{
	size_t digits = strspn(key->fallback, "0123456789");

	if (key->kind == LANG_BOOL)
		return doc_bool(arena, !strcmp(key->fallback, "true"));
	if (key->kind == LANG_INT && !key->fallback[digits]) {
		struct doc *value = doc_int(arena, 0);

		value->text = key->fallback;
		return value;
	}
	return doc_string(arena, key->fallback);
}

static struct doc *property(struct arena *arena, const struct lang_key *key)
{
	struct doc *schema = value_of(arena, key, key->kind);
	const char *words = key->doc;

	if (key->more)
		words = arena_printf(arena, "%s. %s", words, key->more);
	doc_set_string(arena, schema, "description", words);
	if (key->fallback)
		doc_set(arena, schema, "default", fallback(arena, key));
	return schema;
}

/* What one value stands for when a mapping is not worth writing. */
static void shorthand(struct arena *arena, struct doc *alternatives,
		      const struct lang_section *section, const char *name)
{
	const struct lang_key *key = name ? lang_find(section, name) : NULL;

	if (key)
		doc_add(arena, alternatives, value_of(arena, key, key->kind));
}

static struct doc *mapping(struct arena *arena,
			   const struct lang_section *section)
{
	struct doc *schema = typed(arena, "object");
	struct doc *properties =
		doc_set(arena, schema, "properties", doc_map(arena));
	struct doc *required = doc_list(arena);

	for (size_t i = 0; i < sections_key_count(section); i++) {
		const struct lang_key *key = sections_key(section, i);

		if (key->offset == LANG_NOWHERE ||
		    doc_get(properties, key->name))
			continue;
		doc_set(arena, properties, key->name, property(arena, key));
		if (key->required)
			doc_add(arena, required, doc_string(arena, key->name));
	}
	if (required->count)
		doc_set(arena, schema, "required", required);
	/* All other keys of a message are fields. */
	doc_set(arena, schema, "additionalProperties",
		section == &lang_message ? reference(arena, lang_field.name)
					 : doc_bool(arena, false));
	return schema;
}

static struct doc *definition(struct arena *arena,
			      const struct lang_section *section)
{
	struct doc *schema = doc_map(arena);
	struct doc *alternatives = doc_list(arena);

	doc_add(arena, alternatives, mapping(arena, section));
	shorthand(arena, alternatives, section, section->text_key);
	shorthand(arena, alternatives, section, section->bool_key);
	if (alternatives->count == 1)
		schema = alternatives->items[0];
	else
		doc_set(arena, schema, "anyOf", alternatives);
	doc_set_string(arena, schema, "description", section->doc);
	return schema;
}

/* `text`: YAML has no other way to write 1.0 or 12 without quotes. */
static void common_definitions(struct arena *arena, struct doc *definitions)
{
	struct doc *scalar = doc_map(arena);
	struct doc *types = doc_set(arena, scalar, "type", doc_list(arena));
	struct doc *item;

	doc_add(arena, types, doc_string(arena, "string"));
	doc_add(arena, types, doc_string(arena, "number"));
	doc_add(arena, types, doc_string(arena, "boolean"));
	doc_set(arena, definitions, "text", scalar);
	doc_set(arena, definitions, "value",
		any_of(arena, reference(arena, "text"),
		       typed(arena, "object")));
	doc_set(arena, definitions, "type",
		any_of(arena, typed(arena, "string"), typed(arena, "object")));
	/* A reply's type may be `true`. */
	doc_add(arena, doc_get(doc_get(definitions, "type"), "anyOf"),
		typed(arena, "boolean"));
	item = any_of(arena, reference(arena, "text"),
		      list_of(arena, reference(arena, "text")));
	doc_add(arena, item->members[0].value,
		reference(arena, lang_statement.name));
	doc_set(arena, definitions, "permissionList",
		any_of(arena, reference(arena, "text"), list_of(arena, item)));
}

const char *schema_text(struct arena *arena)
{
	struct sections sections;
	struct doc *schema, *definitions;
	struct buf text;

	sections_collect(arena, &sections);
	schema = doc_map(arena);
	doc_set_string(arena, schema, "$schema", DIALECT);
	doc_set_string(arena, schema, "title", "wsgen spec");
	doc_set(arena, schema, "$ref",
		doc_string(arena, arena_printf(arena, DEFINITION "%s",
					       lang_spec.name)));
	definitions = doc_set(arena, schema, "$defs", doc_map(arena));
	common_definitions(arena, definitions);
	for (size_t i = 0; i < sections.all.count; i++)
		if (sections.all.items[i]->size) /* else: not built yet */
			doc_set(arena, definitions, sections.all.items[i]->name,
				definition(arena, sections.all.items[i]));
	buf_init(&text, arena);
	doc_print_json(&text, schema);
	buf_char(&text, '\n');
	return text.text;
}

int cli_schema(struct cli *cli)
{
	fputs(schema_text(cli->arena), cli->out);
	return CLI_DONE;
}
