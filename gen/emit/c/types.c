/* SPDX-License-Identifier: MIT */
/*
 * Messages as C structs: members, the enums and helper structs that they
 * need, and what the spec says of each as a comment.
 */
#include "../../plan/names.h"
#include "../../render/quote.h"
#include "../../render/wrap.h"
#include "c.h"

#include <stdlib.h>
#include <string.h>

/* One line of a struct. */
struct member {
	const char *type; /* with the space or star before the name */
	const char *name;
	const char *note; /* a comment, or NULL */
};

struct members {
	struct arena *arena;
	LIST(struct member) all;
};

static const char *helper_type(const struct c_code *code,
			       const struct type *type, const char *field,
			       const char *base)
{
	if (type->kind == TYPE_LIST || type->kind == TYPE_MAP)
		return arena_printf(code->arena, "struct %s_item ", base);
	return c_type(code, type, field, base);
}

const char *c_type(const struct c_code *code, const struct type *type,
		   const char *field, const char *base)
{
	switch (type->kind) {
	case TYPE_STRING:
	case TYPE_BYTES:
	case TYPE_JSON:
		return "struct wsg_str ";
	case TYPE_BOOL:
		return "bool ";
	case TYPE_INT32:
		return "int32_t ";
	case TYPE_INT64:
	case TYPE_TIMESTAMP:
		return "int64_t ";
	case TYPE_UINT32:
		return "uint32_t ";
	case TYPE_UINT64:
		return "uint64_t ";
	case TYPE_NUMBER:
		return "double ";
	case TYPE_ENUM:
		return arena_printf(code->arena, "enum %s ", field);
	case TYPE_MESSAGE:
		return arena_printf(code->arena, "struct %s ",
				    c_message(code, type->message)->name);
	case TYPE_LIST:
		return arena_printf(code->arena, "const %s*",
				    helper_type(code, type->item, field, base));
	case TYPE_MAP:
		break;
	}
	return arena_printf(code->arena, "const struct %s_entry *", base);
}

/* --- notes ------------------------------------------------------------ */

static void note(struct buf *out, const char *between, const char *text)
{
	if (out->len)
		buf_add(out, between);
	buf_add(out, text);
}

/* "1 to 64 bytes", "at most 16". */
static void note_bounds(struct buf *out, const struct type *type,
			const char *unit)
{
	const char *min = type->min.text, *max = type->max.text;

	if (!min && !max)
		return;
	note(out, ", ", "");
	if (min && max && !strcmp(min, max))
		buf_printf(out, "exactly %s%s", min, unit);
	else if (min && max && *unit && !strcmp(min, "0"))
		buf_printf(out, "at most %s%s", max, unit);
	else if (min && max)
		buf_printf(out, "%s to %s%s", min, max, unit);
	else
		buf_printf(out, "at %s %s%s", min ? "least" : "most",
			   min ? min : max, unit);
}

/* What a type alone says of a value. */
static void note_type(struct buf *out, const struct type *type)
{
	switch (type->kind) {
	case TYPE_STRING:
	case TYPE_BYTES:
		note_bounds(out, type, " bytes");
		break;
	case TYPE_INT32:
	case TYPE_INT64:
	case TYPE_UINT32:
	case TYPE_UINT64:
	case TYPE_NUMBER:
		note_bounds(out, type, "");
		break;
	case TYPE_TIMESTAMP:
		note(out, ", ", "Unix milliseconds");
		break;
	case TYPE_JSON:
		note(out, ", ", "JSON");
		break;
	case TYPE_BOOL:
	case TYPE_ENUM:
	case TYPE_MESSAGE:
	case TYPE_LIST:
	case TYPE_MAP:
		break;
	}
}

/* Of the items of a list: "each at most 32 bytes". */
static void note_value(struct buf *out, const struct type *type)
{
	struct buf each;

	if (type->kind != TYPE_LIST) {
		note_type(out, type);
		return;
	}
	buf_init(&each, out->arena);
	note_type(&each, type->item);
	if (each.len) {
		note(out, ", ", "each ");
		buf_add(out, each.text);
	}
}

/* Everything about the member that holds a field's value. */
static const char *field_note(struct arena *arena, const struct field *field)
{
	struct c_field name = c_field(arena, field);
	struct buf out;

	buf_init(&out, arena);
	note_value(&out, field->type);
	if (field->pattern.s) {
		note(&out, ", ", "matches ");
		buf_add(&out, field->pattern.s);
	}
	if (field->fallback) {
		note(&out, ", ", "");
		doc_print_compact(&out, field->fallback);
		buf_add(&out, " unless given");
	}
	if (field->c_name.s || strcmp(name.member, name.base) != 0) {
		note(&out, ", ", "\"");
		buf_add(&out, field->name.s);
		buf_char(&out, '"');
	}
	if (field->doc.s) {
		note(&out, ". ", field->doc.s);
	}
	return out.len ? out.text : NULL;
}

/* --- members ---------------------------------------------------------- */

static void add(struct members *members, const char *type, const char *name,
		const char *note)
{
	*LIST_ADD(members->arena, &members->all) =
		(struct member){ type, name, note };
}

static const char *bounds_note(struct arena *arena, const struct type *type)
{
	struct buf out;

	buf_init(&out, arena);
	note_bounds(&out, type, "");
	return out.len ? out.text : NULL;
}

/* The one or two members that hold a value of that type. */
static void add_value(struct members *members, const struct c_code *code,
		      const struct type *type, const struct c_field *name,
		      const char *field, const char *base, const char *note)
{
	add(members, c_type(code, type, field, base), name->member, note);
	if (type->kind == TYPE_LIST || type->kind == TYPE_MAP)
		add(members, "size_t ",
		    arena_printf(members->arena, "%s_count", name->base),
		    bounds_note(members->arena, type));
}

static size_t width(struct arena *arena, const char *note)
{
	struct buf quoted;

	buf_init(&quoted, arena);
	quote_comment(&quoted, note);
	return wrap_column(0, quoted.text, quoted.len) + strlen("/*  */");
}

/* Where the line of a member ends. */
static size_t end_of(const struct member *member)
{
	return WRAP_TAB + strlen(member->type) + strlen(member->name) + 1;
}

/*
 * Whether a note stands behind its member: on one line that is not too long.
 */
static bool is_beside(struct arena *arena, const struct member *member)
{
	return member->note && !strpbrk(member->note, "\n\r") &&
	       end_of(member) + 1 + width(arena, member->note) <= WRAP_COLUMNS;
}

/*
 * Notes on lines that follow each other stand in one column, as far as all of
 * them find room there: just as clang-format aligns them.
 */
static void values_members(const struct members *members, struct values *values)
{
	struct arena *arena = members->arena;
	size_t from = 0, to = 0;

	values_list(values, "members");
	for (size_t i = 0; i < members->all.count; i++) {
		const struct member *member = &members->all.items[i];
		struct values *item = values_item(values, "members");
		bool beside = is_beside(arena, member);
		size_t column = end_of(member) + 1;

		if (beside && i >= to) {
			size_t last = WRAP_COLUMNS;

			from = 0;
			for (to = i; to < members->all.count; to++) {
				const struct member *next =
					&members->all.items[to];
				size_t start = end_of(next) + 1, end;

				if (!is_beside(arena, next))
					break;
				end = WRAP_COLUMNS - width(arena, next->note);
				if (to > i && (start > last || end < from))
					break;
				if (start > from)
					from = start;
				if (end < last)
					last = end;
			}
		}
		values_text(item, "type", member->type);
		values_text(item, "name", member->name);
		values_text(item, "note", beside ? member->note : NULL);
		values_text(item, "doc", beside ? NULL : member->note);
		values_text(item, "pad",
			    beside ? wrap_padding(arena, column - 1, from)
				   : "");
	}
}

/* --- helpers ---------------------------------------------------------- */

static void add_helpers(const struct c_code *code, const struct type *type,
			const struct c_field *name, const char *field,
			const char *base, struct values *values);

static void add_helper(const struct c_code *code, const struct type *type,
		       const struct c_field *name, const char *field,
		       const char *base, bool is_entry, struct values *values)
{
	static const struct c_field value = { "value", "value" };
	struct members members = { .arena = code->arena };
	struct values *helper;
	struct buf note;

	add_helpers(code, type, name, field, base, values);
	buf_init(&note, code->arena);
	note_value(&note, type);
	if (is_entry)
		add(&members, "struct wsg_str ", "key", NULL);
	add_value(&members, code, type, &value, field, base,
		  note.len ? note.text : NULL);
	helper = values_item(values, "helpers");
	values_printf(helper, "doc", "An %s of %s.",
		      is_entry ? "entry" : "item", name->base);
	values_text(helper, "name", base);
	values_members(&members, helper);
}

/* The structs that items and entries need, the innermost first. */
static void add_helpers(const struct c_code *code, const struct type *type,
			const struct c_field *name, const char *field,
			const char *base, struct values *values)
{
	if (type->kind == TYPE_MAP)
		add_helper(code, type->item, name, field,
			   arena_printf(code->arena, "%s_entry", base), true,
			   values);
	else if (type->kind == TYPE_LIST && (type->item->kind == TYPE_LIST ||
					     type->item->kind == TYPE_MAP))
		add_helper(code, type->item, name, field,
			   arena_printf(code->arena, "%s_item", base), false,
			   values);
}

static const struct type *leaf(const struct type *type)
{
	while (type->kind == TYPE_LIST || type->kind == TYPE_MAP)
		type = type->item;
	return type;
}

static void add_enum(const struct c_code *code, const struct type *type,
		     const char *field, struct values *values)
{
	struct values *item;
	const char **names;
	const char *shout = name_shout(code->arena, field);

	type = leaf(type);
	if (type->kind != TYPE_ENUM)
		return;
	names = name_constants(code->arena, &type->values);
	item = values_item(values, "enums");
	values_text(item, "name", field);
	for (size_t i = 0; i < type->values.count; i++)
		values_printf(values_item(item, "values"), "name", "%s_%s",
			      shout, names[i]);
}

void c_values_struct(const struct c_code *code, const struct c_message *message,
		     struct values *values)
{
	struct members members = { .arena = code->arena };

	values_list(values, "enums");
	values_list(values, "helpers");
	for (size_t i = 0; i < message->message->fields.count; i++) {
		const struct field *field = &message->message->fields.items[i];
		struct c_field name = c_field(code->arena, field);
		const char *base = arena_printf(code->arena, "%s_%s",
						message->name, name.base);

		add_enum(code, field->type, base, values);
		add_helpers(code, field->type, &name, base, base, values);
		if (field->optional)
			add(&members, "bool ",
			    arena_printf(code->arena, "has_%s", name.base),
			    NULL);
		add_value(&members, code, field->type, &name, base, base,
			  field_note(code->arena, field));
	}
	values_text(values, "doc", message->message->doc.s);
	values_text(values, "name", message->name);
	values_text(values, "snake", message->snake);
	values_text(values, "prefix", message->prefix);
	values_text(values, "shout", message->shout);
	values_text(values, "shape", message->shape);
	values_members(&members, values);
}
