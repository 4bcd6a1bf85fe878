/* SPDX-License-Identifier: MIT */
/* schema_scalar.c - the scalars of a JSON Schema, and all bounds. */
#include "schema.h"

#include "type.h"

#include <string.h>

bool schema_bound(struct schema *s, const struct doc *schema, const char *key,
		  enum type_kind kind, struct bound *bound)
{
	const struct doc *value = doc_get(schema, key);
	const char *why = "is not a number";

	if (!value)
		return true;
	if (value->kind == DOC_NUMBER &&
	    type_bound(s->r->arena, kind, value->text, bound, &why))
		return true;
	diag_error(s->r->diag, value->loc, "'%s' %s", key, why);
	return false;
}

bool schema_bounds_fit(struct schema *s, const struct doc *schema,
		       const struct type *type)
{
	const char *wrong = type_bounds_wrong(s->r->arena, type);

	if (wrong)
		diag_error(s->r->diag, schema->loc, "%s", wrong);
	return !wrong;
}

/* --- scalars
 * ------------------------------------------------------------------ */

static bool add_value(struct schema *s, struct type *type,
		      const struct doc *value, bool nullable)
{
	struct text *text;

	if (value->kind == DOC_NULL && nullable)
		return true;
	if (value->kind != DOC_STRING) {
		diag_error(s->r->diag, value->loc,
			   "the values of an enum must be strings");
		return false;
	}
	if (!*value->text) {
		diag_error(s->r->diag, value->loc,
			   "a value of 'enum' is empty");
		return false;
	}
	for (size_t i = 0; i < type->values.count; i++) {
		if (strcmp(type->values.items[i].s, value->text))
			continue;
		diag_error(s->r->diag, value->loc,
			   "'enum' has the value '%s' twice", value->text);
		return false;
	}
	text = LIST_ADD(s->r->arena, &type->values);
	*text = (struct text){ value->text, value->loc };
	return true;
}

static struct type *enum_type(struct schema *s, const struct doc *schema,
			      struct type *type, const struct place *place)
{
	const struct doc *only = doc_get(schema, "const");
	const struct doc *values = doc_get(schema, "enum");

	type->kind = TYPE_ENUM;
	if (only)
		return add_value(s, type, only, false) ? type : NULL;
	for (size_t i = 0; values->kind == DOC_LIST && i < values->count; i++)
		if (!add_value(s, type, values->items[i], place->nullable))
			return NULL;
	if (type->values.count)
		return type;
	diag_error(s->r->diag, values->loc, "'enum' must be a list of strings");
	return NULL;
}

/* Only this text, where anything else would be a promise not kept. */
static bool must_be(struct schema *s, const struct doc *schema, const char *key,
		    const char *text)
{
	const struct doc *value = doc_get(schema, key);

	if (!value || (value->text && !strcmp(value->text, text)))
		return true;
	diag_error(s->r->diag, value->loc, "the only '%s' known here is %s",
		   key, text);
	return false;
}

static struct bound length(struct schema *s, double value)
{
	if (value > TYPE_LEN_MAX)
		value = TYPE_LEN_MAX;
	return (struct bound){ arena_printf(s->r->arena, "%.0f", value),
			       value };
}

static double floor_of(double value)
{
	return (double)(unsigned long long)value;
}

/*
 * JSON Schema counts characters, messages count bytes: of UTF-8, up to four to
 * a character, or of what base64 stands for, three to four characters.
 */
static void count_bytes(struct schema *s, struct type *type)
{
	double min = type->min.value, max = type->max.value;

	if (type->max.text)
		type->max = type->kind == TYPE_BYTES
				    ? length(s, floor_of(max * 3 / 4))
				    : length(s, max * 4);
	if (type->min.text && type->kind == TYPE_BYTES)
		type->min = length(
			s, min < 2 ? 0 : floor_of((min + 3) / 4) * 3 - 2);
}

struct type *schema_string(struct schema *s, const struct doc *schema,
			   struct type *type, struct place *place)
{
	const struct doc *pattern = doc_get(schema, "pattern");

	if (doc_get(schema, "enum") || doc_get(schema, "const"))
		return enum_type(s, schema, type, place);
	if (!must_be(s, schema, "format", "date-time") ||
	    !must_be(s, schema, "contentEncoding", "base64"))
		return NULL;
	if (doc_get(schema, "format")) {
		type->kind = TYPE_TIMESTAMP;
		return type;
	}
	if (doc_get(schema, "contentEncoding"))
		type->kind = TYPE_BYTES;
	if (!schema_bound(s, schema, "minLength", TYPE_STRING, &type->min) ||
	    !schema_bound(s, schema, "maxLength", TYPE_STRING, &type->max) ||
	    !schema_bounds_fit(s, schema, type))
		return NULL;
	count_bytes(s, type);
	if (!pattern)
		return type;
	if (!place->field || !pattern->text || type->kind == TYPE_BYTES) {
		diag_error(s->r->diag, pattern->loc,
			   "'pattern' goes with a property that is a string");
		return NULL;
	}
	place->field->type = type;
	read_pattern(s->r, place->field, pattern);
	return type;
}

struct type *schema_number(struct schema *s, const struct doc *schema,
			   struct type *type, unsigned kind)
{
	const struct doc *min = doc_get(schema, "minimum");
	const struct doc *max = doc_get(schema, "maximum");

	type->kind = kind == SCHEMA_NUMBER ? TYPE_NUMBER : TYPE_INT64;
	/* Past int64 only what has no negative numbers fits. */
	if (kind == SCHEMA_INTEGER && min && *min->text != '-' && max &&
	    strlen(max->text) >= 19 &&
	    type_compare(max->text, type_highest(TYPE_INT64)) > 0)
		type->kind = TYPE_UINT64;
	if (!schema_bound(s, schema, "minimum", type->kind, &type->min) ||
	    !schema_bound(s, schema, "maximum", type->kind, &type->max) ||
	    !schema_bounds_fit(s, schema, type))
		return NULL;
	return type;
}
