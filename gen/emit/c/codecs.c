/* SPDX-License-Identifier: MIT */
/*
 * Messages as shapes: the tables from which the runtime decodes and encodes.
 * Whatever a table points to comes before it.
 */
#include "../../plan/names.h"
#include "../../render/quote.h"
#include "../../render/wrap.h"
#include "c.h"
#include "columns.h"

#include <string.h>

/* A field whose items or values are being described. */
struct owner {
	const struct c_code *code;
	struct values *values;
	const char *field;	 /* chat_page_messages */
	const char *values_name; /* values_page_messages: of its enum */
};

static const char *type_constant(enum type_kind kind)
{
	switch (kind) {
	case TYPE_STRING:
		return "WSG_STRING";
	case TYPE_BOOL:
		return "WSG_BOOL";
	case TYPE_INT32:
		return "WSG_INT32";
	case TYPE_INT64:
		return "WSG_INT64";
	case TYPE_UINT32:
		return "WSG_UINT32";
	case TYPE_UINT64:
		return "WSG_UINT64";
	case TYPE_NUMBER:
		return "WSG_NUMBER";
	case TYPE_BYTES:
		return "WSG_BYTES";
	case TYPE_TIMESTAMP:
		return "WSG_TIMESTAMP";
	case TYPE_JSON:
		return "WSG_JSON";
	case TYPE_ENUM:
		return "WSG_ENUM";
	case TYPE_MESSAGE:
		return "WSG_MESSAGE";
	case TYPE_LIST:
		return "WSG_ARRAY";
	case TYPE_MAP:
		break;
	}
	return "WSG_MAP";
}

/* --- bounds ----------------------------------------------------------- */

/* The member of struct wsg_field that bounds of that kind go into. */
static const char *bounds_member(enum type_kind kind)
{
	switch (kind) {
	case TYPE_STRING:
	case TYPE_BYTES:
		return "len";
	case TYPE_LIST:
	case TYPE_MAP:
		return "items";
	case TYPE_INT32:
	case TYPE_INT64:
		return "ints";
	case TYPE_UINT32:
	case TYPE_UINT64:
		return "uints";
	case TYPE_NUMBER:
		return "numbers";
	case TYPE_BOOL:
	case TYPE_TIMESTAMP:
	case TYPE_JSON:
	case TYPE_ENUM:
	case TYPE_MESSAGE:
		break;
	}
	return NULL;
}

static const char *open_end(enum type_kind kind, bool is_max)
{
	switch (kind) {
	case TYPE_INT32:
		return is_max ? "INT32_MAX" : "INT32_MIN";
	case TYPE_INT64:
		return is_max ? "INT64_MAX" : "INT64_MIN";
	case TYPE_UINT32:
		return is_max ? "UINT32_MAX" : "0";
	case TYPE_UINT64:
		return is_max ? "UINT64_MAX" : "0";
	case TYPE_NUMBER:
		return is_max ? "INFINITY" : "-INFINITY";
	case TYPE_STRING:
	case TYPE_BYTES:
	case TYPE_LIST:
	case TYPE_MAP:
	case TYPE_BOOL:
	case TYPE_TIMESTAMP:
	case TYPE_JSON:
	case TYPE_ENUM:
	case TYPE_MESSAGE:
		break;
	}
	return is_max ? "SIZE_MAX" : "0";
}

const char *c_bound(struct arena *arena, enum type_kind kind,
		    const struct bound *bound, bool is_max)
{
	const char *text = bound->text;

	if (!text)
		return open_end(kind, is_max);
	/* C has no literal for the lowest number, only for its opposite. */
	if (kind == TYPE_INT64 && !strcmp(text, "-9223372036854775808"))
		return "INT64_MIN";
	if (kind == TYPE_INT32 && !strcmp(text, "-2147483648"))
		return "INT32_MIN";
	if (kind == TYPE_UINT64 && strlen(text) > 18)
		return arena_printf(arena, "%su", text);
	/* A number without a point would be an int, and may be too large. */
	if (kind == TYPE_NUMBER && strlen(text) > 9 && !strpbrk(text, ".eE"))
		return arena_printf(arena, "%s.0", text);
	return text;
}

static void put_bounds(struct arena *arena, const struct type *type,
		       struct values *values)
{
	const char *member = bounds_member(type->kind);

	if (!type->min.text && !type->max.text)
		member = NULL;
	values_text(values, "bounds", member);
	values_text(values, "min",
		    c_bound(arena, type->kind, &type->min, false));
	values_text(values, "max",
		    c_bound(arena, type->kind, &type->max, true));
}

/* --- fields and items ----------------------------------------------------- */

/*
 * What a type says wherever it stands. item is the name of the table of its
 * items, and base that of its helper structs.
 */
static void put_type(const struct owner *owner, const struct type *type,
		     const char *base, const char *item, const char *count,
		     struct values *values)
{
	const struct c_code *code = owner->code;
	const char *size = NULL;

	values_text(values, "type", type_constant(type->kind));
	put_bounds(code->arena, type, values);
	values_text(values, "enum_values",
		    type->kind == TYPE_ENUM ? owner->values_name : NULL);
	values_text(values, "held",
		    type->kind == TYPE_MESSAGE
			    ? c_message(code, type->message)->shape
			    : NULL);
	if (type->kind == TYPE_MAP)
		size = arena_printf(code->arena, "struct %s_entry", base);
	else if (type->kind == TYPE_LIST && (type->item->kind == TYPE_LIST ||
					     type->item->kind == TYPE_MAP))
		size = arena_printf(code->arena, "struct %s_item", base);
	else if (type->kind == TYPE_LIST)
		size = c_type(code, type->item, owner->field, base);
	values_text(values, "count", size ? count : NULL);
	values_text(values, "item", size ? item : NULL);
	if (size && size[strlen(size) - 1] == ' ')
		size = arena_strndup(code->arena, size, strlen(size) - 1);
	values_text(values, "item_size", size);
}

/* The tables of a list's items or a map's values, the innermost first. */
static void add_items(const struct owner *owner, const struct type *type,
		      const char *base, const char *table)
{
	struct arena *arena = owner->code->arena;
	const char *item_base;
	const char *deeper;
	struct values *item;
	bool is_struct;

	if (type->kind != TYPE_LIST && type->kind != TYPE_MAP)
		return;
	item_base = arena_printf(arena, "%s_%s", base,
				 type->kind == TYPE_MAP ? "entry" : "item");
	is_struct = type->kind == TYPE_MAP || type->item->kind == TYPE_LIST ||
		    type->item->kind == TYPE_MAP;
	deeper = arena_printf(arena, "%s_item", table);
	add_items(owner, type->item, item_base, deeper);
	item = values_item(owner->values, "items");
	values_text(item, "name", table);
	values_text(item, "owner", is_struct ? item_base : NULL);
	put_type(owner, type->item, item_base, deeper, "value_count", item);
}

static void add_enum_values(const struct owner *owner, const struct type *type)
{
	struct arena *arena = owner->code->arena;
	struct column_item *items;
	struct values *table;

	while (type->kind == TYPE_LIST || type->kind == TYPE_MAP)
		type = type->item;
	if (type->kind != TYPE_ENUM)
		return;
	table = values_item(owner->values, "values");
	values_text(table, "name", owner->values_name);
	items = arena_alloc(arena, type->values.count * sizeof(*items));
	for (size_t i = 0; i < type->values.count; i++) {
		const char *text = type->values.items[i].s;
		struct buf shown;

		buf_init(&shown, arena);
		buf_add(&shown, "{ \"");
		quote_c(&shown, text);
		buf_printf(&shown, "\", %zu }", strlen(text));
		items[i] = (struct column_item){
			text,
			strlen(text),
			wrap_column(0, shown.text, shown.len),
		};
	}
	put_columns(arena, items, type->values.count, table);
}

static void add_field(const struct c_code *code,
		      const struct c_message *message,
		      const struct field *field, struct values *values)
{
	struct arena *arena = code->arena;
	struct c_field name = c_field(arena, field);
	const char *table =
		arena_printf(arena, "%s_%s", message->snake, name.base);
	const struct owner owner = {
		.code = code,
		.values = values,
		.field = arena_printf(arena, "%s_%s", message->name, name.base),
		.values_name = arena_printf(arena, "values_%s", table),
	};
	const char *item = arena_printf(arena, "item_%s", table);
	struct values *made = values_item(values, "fields");
	struct buf preset;

	add_enum_values(&owner, field->type);
	add_items(&owner, field->type, owner.field, item);
	values_text(made, "key", field->name.s);
	values_printf(made, "key_len", "%zu", strlen(field->name.s));
	values_text(made, "member", name.member);
	if (field->optional)
		values_printf(made, "has", "has_%s", name.base);
	else
		values_text(made, "has", NULL);
	buf_init(&preset, arena);
	if (field->fallback)
		doc_print_compact(&preset, field->fallback);
	values_text(made, "preset", preset.text);
	values_printf(made, "preset_len", "%zu", preset.len);
	values_text(made, "pattern", field->pattern.s);
	put_type(&owner, field->type, owner.field, item,
		 arena_printf(arena, "%s_count", name.base), made);
}

void c_values_shape(const struct c_code *code, const struct c_message *message,
		    struct values *values)
{
	values_list(values, "values");
	values_list(values, "items");
	values_list(values, "fields");
	for (size_t i = 0; i < message->message->fields.count; i++)
		add_field(code, message, &message->message->fields.items[i],
			  values);
	values_text(values, "snake", message->snake);
	values_text(values, "name", message->name);
	values_text(values, "prefix", message->prefix);
	values_text(values, "shape", message->shape);
	values_text(values, "spec_name", message->spec_name);
	values_flag(values, "strict", message->message->strict.is == FLAG_ON);
	values_flag(values, "bare", message->message->bare);
	values_flag(values, "is_body", message->kind == C_BODY);
	values_flag(values, "is_caller", message->kind == C_CALLER);
	values_flag(values, "is_reply", message->is_reply);
}
