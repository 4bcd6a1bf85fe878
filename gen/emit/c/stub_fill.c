/* SPDX-License-Identifier: MIT */
#include "stub_fill.h"

#include "../../plan/names.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_LITERAL 40 /* a longer text is an array of zeroes */
#define MOST_ITEMS 16	   /* that are filled one by one */

struct fill {
	const struct c_code *code;
	struct values *values;
	bool any;
};

/* A value at path, an lvalue; name is how an array for it may be called. */
struct place {
	const char *path, *name;
	const char *field, *base; /* of types, as c_type wants them */
};

static void fill_message(struct fill *fill, const struct c_message *message,
			 const char *path, const char *name);

static void set(struct fill *fill, const char *path, const char *value,
		bool is_text)
{
	struct values *item = values_item(fill->values, "fills");

	values_text(item, "path", path);
	values_text(item, "value", value);
	values_flag(item, "is_text", is_text);
	fill->any = true;
}

static void add_array(struct fill *fill, const char *type, const char *name,
		      const char *count)
{
	struct values *item = values_item(fill->values, "arrays");

	values_text(item, "type", type);
	values_text(item, "name", name);
	values_text(item, "count", count);
}

static void fill_text(struct fill *fill, const struct type *type,
		      const struct place *at)
{
	struct arena *arena = fill->code->arena;
	size_t len = type->min.text ? (size_t)type->min.value : 0;
	char *text;

	if (!len)
		return;
	if (len > LONGEST_LITERAL) {
		add_array(fill, "const char ", at->name, type->min.text);
		set(fill, arena_printf(arena, "%s.ptr", at->path), at->name,
		    false);
		set(fill, arena_printf(arena, "%s.len", at->path),
		    arena_printf(arena, "sizeof(%s)", at->name), false);
		return;
	}
	text = arena_alloc(arena, len + 1);
	memset(text, 'x', len);
	set(fill, at->path, text, true);
}

static void fill_number(struct fill *fill, const struct type *type,
			const char *path)
{
	struct arena *arena = fill->code->arena;

	if (type->min.text && type->min.value > 0)
		set(fill, path, c_bound(arena, type->kind, &type->min, false),
		    false);
	else if (type->max.text && type->max.value < 0)
		set(fill, path, c_bound(arena, type->kind, &type->max, true),
		    false);
}

static void fill_value(struct fill *fill, const struct type *type,
		       const struct place *at);

/* An array of as many items as there have to be. */
static void fill_items(struct fill *fill, const struct type *type,
		       const struct place *at, const char *count_path)
{
	struct arena *arena = fill->code->arena;
	size_t count = type->min.text ? (size_t)type->min.value : 0;
	bool is_map = type->kind == TYPE_MAP;
	bool is_struct = is_map || type->item->kind == TYPE_LIST ||
			 type->item->kind == TYPE_MAP;
	const char *base = arena_printf(arena, "%s_%s", at->base,
					is_map ? "entry" : "item");

	if (!count)
		return;
	add_array(fill,
		  is_struct ? arena_printf(arena, "struct %s ", base)
			    : c_type(fill->code, type->item, at->field, base),
		  at->name, type->min.text);
	set(fill, at->path, at->name, false);
	set(fill, count_path, type->min.text, false);
	for (size_t i = 0; i < count && count <= MOST_ITEMS; i++) {
		const struct place item = {
			arena_printf(arena, "%s[%zu]%s", at->name, i,
				     is_struct ? ".value" : ""),
			arena_printf(arena, "%s_%zu", at->name, i),
			at->field,
			base,
		};

		if (is_map)
			set(fill,
			    arena_printf(arena, "%s[%zu].key", at->name, i),
			    arena_printf(arena, "key%zu", i), true);
		fill_value(fill, type->item, &item);
	}
}

static void fill_value(struct fill *fill, const struct type *type,
		       const struct place *at)
{
	struct arena *arena = fill->code->arena;

	switch (type->kind) {
	case TYPE_STRING:
	case TYPE_BYTES:
		fill_text(fill, type, at);
		break;
	case TYPE_INT32:
	case TYPE_INT64:
	case TYPE_UINT32:
	case TYPE_UINT64:
	case TYPE_NUMBER:
		fill_number(fill, type, at->path);
		break;
	case TYPE_JSON:
		set(fill, at->path, "null", true);
		break;
	case TYPE_ENUM:
		set(fill, at->path,
		    arena_printf(arena, "%s_%s", name_shout(arena, at->field),
				 name_constant(arena, type->values.items[0].s)),
		    false);
		break;
	case TYPE_MESSAGE:
		fill_message(fill, c_message(fill->code, type->message),
			     arena_printf(arena, "%s.", at->path), at->name);
		break;
	case TYPE_LIST:
	case TYPE_MAP:
		fill_items(fill, type, at,
			   arena_printf(arena, "%s_count", at->path));
		break;
	case TYPE_BOOL:
	case TYPE_TIMESTAMP:
		break;
	}
}

/* A default is a value that fits, and all that is known of a pattern. */
static bool fill_default(struct fill *fill, const struct field *field,
			 const char *path)
{
	const struct doc *fallback = field->fallback;

	if (!fallback || fallback->kind != DOC_STRING ||
	    field->type->kind != TYPE_STRING)
		return false;
	set(fill, path, fallback->text, true);
	return true;
}

static void fill_message(struct fill *fill, const struct c_message *message,
			 const char *path, const char *name)
{
	const struct c_code *code = fill->code;

	for (size_t i = 0; i < message->message->fields.count; i++) {
		const struct field *field = &message->message->fields.items[i];
		struct c_field c = c_field(code->arena, field);
		const char *base = arena_printf(code->arena, "%s_%s",
						message->name, c.base);
		const struct place at = {
			arena_printf(code->arena, "%s%s", path, c.member),
			*name ? arena_printf(code->arena, "%s_%s", name, c.base)
			      : arena_printf(code->arena, "its_%s", c.base),
			base,
			base,
		};

		if (field->optional || fill_default(fill, field, at.path))
			continue;
		if (field->type->kind == TYPE_LIST ||
		    field->type->kind == TYPE_MAP)
			fill_items(fill, field->type, &at,
				   arena_printf(code->arena, "%s%s_count", path,
						c.base));
		else
			fill_value(fill, field->type, &at);
	}
}

bool stub_fill(const struct c_code *code, const struct c_message *reply,
	       struct values *values)
{
	struct fill fill = { .code = code, .values = values };

	fill_message(&fill, reply, "reply->", "");
	return fill.any;
}
