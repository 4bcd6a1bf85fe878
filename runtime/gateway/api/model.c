/* SPDX-License-Identifier: MIT */
/* model.c - bodies against models. */
#include "model.h"

#include "../base/mem.h"

#include <math.h>
#include <stdlib.h>

struct check {
	struct wsg_arena *arena;
	struct wsg_buf *why;
};

static bool fits(const struct check *check, const struct json *model,
		 const struct json *value);

static bool fail(const struct check *check, const struct json *value,
		 const char *what)
{
	/* Of a choice, what is said first is as good as any. */
	if (check->why->len)
		return false;
	if (value->key.len)
		wsg_buf_printf(check->why, "'%.*s' ", WSG_FMT(value->key));
	wsg_buf_text(check->why, what);
	return false;
}

static bool is_whole(const struct json *value)
{
	double number = json_number(value, NAN);

	return floor(number) == number;
}

static bool is_type(const struct json *value, struct wsg_str type)
{
	switch (value->type) {
	case WSG_JSON_NONE:
		return false;
	case WSG_JSON_NULL:
		return wsg_str_is(type, "null");
	case WSG_JSON_BOOL:
		return wsg_str_is(type, "boolean");
	case WSG_JSON_NUMBER:
		return wsg_str_is(type, "number") ||
		       (wsg_str_is(type, "integer") && is_whole(value));
	case WSG_JSON_STRING:
		return wsg_str_is(type, "string");
	case WSG_JSON_ARRAY:
		return wsg_str_is(type, "array");
	case WSG_JSON_OBJECT:
		return wsg_str_is(type, "object");
	}
	return false;
}

static bool fits_type(const struct check *check, const struct json *types,
		      const struct json *value)
{
	const struct json *type;

	if (!types || is_type(value, json_text(types)))
		return true;
	for (type = types->first; type; type = type->next)
		if (is_type(value, json_text(type)))
			return true;
	return fail(check, value, "is of another type");
}

/* In characters, as JSON Schema counts. */
static size_t length_of(struct wsg_str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
	return count;
}

/* A bound that is not there does not bind. */
static bool fits_bounds(const struct check *check, const struct json *model,
			const struct json *value, const char *least,
			const char *most, double is)
{
	if (is < json_number(json_get(model, least), -INFINITY))
		return fail(check, value, "is too little");
	if (is > json_number(json_get(model, most), INFINITY))
		return fail(check, value, "is too much");
	return true;
}

static bool fits_string(const struct check *check, const struct json *model,
			const struct json *value)
{
	const struct json *pattern = json_get(model, "pattern");
	const struct json *values = json_get(model, "enum");
	const struct json *each = values ? values->first : NULL;
	bool matches = true;

	if (!fits_bounds(check, model, value, "minLength", "maxLength",
			 (double)length_of(value->text)))
		return false;
	if (pattern) {
		char *text = mem_copy(pattern->text);

		matches = wsg_pattern_matches(check->arena, text, value->text);
		free(text);
	}
	if (!matches)
		return fail(check, value, "does not match its pattern");
	while (each && !wsg_str_equal(json_text(each), value->text))
		each = each->next;
	return !values || each || fail(check, value, "is none of its values");
}

static bool fits_array(const struct check *check, const struct json *model,
		       const struct json *value)
{
	const struct json *items = json_get(model, "items");

	if (!fits_bounds(check, model, value, "minItems", "maxItems",
			 (double)value->count))
		return false;
	for (const struct json *item = value->first; items && item;
	     item = item->next)
		if (!fits(check, items, item))
			return false;
	return true;
}

static bool fits_object(const struct check *check, const struct json *model,
			const struct json *value)
{
	const struct json *properties = json_get(model, "properties");
	const struct json *others = json_get(model, "additionalProperties");
	const struct json *required = json_get(model, "required");
	const struct json *each = required ? required->first : NULL;

	for (; each; each = each->next) {
		if (json_find(value, json_text(each)))
			continue;
		wsg_buf_printf(check->why, "'%.*s' ", WSG_FMT(each->text));
		wsg_buf_text(check->why, "is not there");
		return false;
	}
	for (each = value->first; each; each = each->next) {
		const struct json *property = json_find(properties, each->key);

		if (!property)
			property = others;
		if (!property)
			continue;
		if (property->type == WSG_JSON_BOOL && !property->truth)
			return fail(check, each, "is not in the model");
		if (!fits(check, property, each))
			return false;
	}
	return true;
}

static bool fits_any(const struct check *check, const struct json *models,
		     const struct json *value)
{
	if (!models)
		return true;
	for (const struct json *model = models->first; model;
	     model = model->next) {
		if (!fits(check, model, value))
			continue;
		wsg_buf_clear(check->why);
		return true;
	}
	return false;
}

static bool fits(const struct check *check, const struct json *model,
		 const struct json *value)
{
	if (!fits_type(check, json_get(model, "type"), value) ||
	    !fits_any(check, json_get(model, "anyOf"), value))
		return false;
	switch (value->type) {
	case WSG_JSON_STRING:
		return fits_string(check, model, value);
	case WSG_JSON_NUMBER:
		return fits_bounds(check, model, value, "minimum", "maximum",
				   json_number(value, 0));
	case WSG_JSON_ARRAY:
		return fits_array(check, model, value);
	case WSG_JSON_OBJECT:
		return fits_object(check, model, value);
	case WSG_JSON_NONE:
	case WSG_JSON_NULL:
	case WSG_JSON_BOOL:
		break;
	}
	return true;
}

bool model_fits(const struct json *model, const struct json *value,
		struct wsg_arena *arena, struct wsg_buf *why)
{
	const struct check check = { arena, why };

	wsg_buf_clear(why);
	return fits(&check, model, value);
}
