/* SPDX-License-Identifier: MIT */
/*
 * Names that messages get in C. Each is made from the spec's alone, so that two
 * different ones can end up the same: that is refused here, with both places,
 * before a compiler finds it.
 */
#include "messages.h"

#include "../plan/names.h"

#include <string.h>

/* What a name was made for, so that the second one can point at it. */
struct taken {
	const char *what;
	struct loc loc;
};

struct names {
	struct check *c;
	struct map tags;      /* of struct and enum */
	struct map statics;   /* of shapes' parts */
	struct map constants; /* of enums, and macros */
	struct map senders;   /* functions that send */
};

/* False after an error. */
static bool take(struct check *c, struct map *names, const char *made,
		 const char *what, struct loc loc)
{
	struct taken *mine = ARENA_NEW(c->arena, struct taken);
	const struct taken *other;

	*mine = (struct taken){ what, loc };
	names->arena = c->arena;
	other = map_put(names, made, mine);
	if (!other)
		return true;
	diag_error(c->diag, loc, "%s is '%s' in C, and so is %s", what, made,
		   other->what);
	if (other->loc.line)
		diag_note(c->diag, other->loc, "%s stands here", other->what);
	return false;
}

static const char *join(struct check *c, const char *a, const char *b)
{
	return arena_printf(c->arena, "%s_%s", a, b);
}

/* --- members of one struct
 * ---------------------------------------------------- */

static void take_members(struct check *c, const struct message *message)
{
	struct map members = { .arena = c->arena };

	for (size_t i = 0; i < message->fields.count; i++) {
		const struct field *field = &message->fields.items[i];
		const char *name = field->name.s, *member, *base;
		struct loc loc =
			field->c_name.s ? field->c_name.loc : field->loc;

		base = field->c_name.s ? field->c_name.s
				       : name_snake(c->arena, name);
		member = field->c_name.s ? base : name_member(c->arena, name);
		if (!*base) {
			diag_error(c->diag, loc,
				   "field '%s' has no letter or digit to make "
				   "a C name from; give it a 'name'",
				   name);
			continue;
		}
		take(c, &members, member,
		     arena_printf(c->arena, "field '%s'", name), loc);
		if (field->optional)
			take(c, &members, join(c, "has", base),
			     arena_printf(c->arena,
					  "what says that field '%s' is there",
					  name),
			     loc);
		if (field->type->kind == TYPE_LIST ||
		    field->type->kind == TYPE_MAP)
			take(c, &members, join(c, base, "count"),
			     arena_printf(c->arena, "the count of field '%s'",
					  name),
			     loc);
	}
}

/* --- what all messages of a header share
 * ----------------------------------------- */

static void take_values(struct names *n, const struct type *type,
			const struct field *field, const char *shout)
{
	struct check *c = n->c;
	const char **made = name_constants(c->arena, &type->values);

	for (size_t i = 0; i < type->values.count; i++) {
		struct text value = type->values.items[i];
		const char *plain = name_constant(c->arena, value.s);

		if (strcmp(plain, made[i]) != 0)
			diag_warning(c->diag, value.loc,
				     "the value '%s' of field '%s' is '%s' in "
				     "C, as an earlier one is '%s'",
				     value.s, field->name.s,
				     join(c, shout, made[i]),
				     join(c, shout, plain));
		if (!take(c, &n->constants, join(c, shout, made[i]),
			  arena_printf(c->arena, "the value '%s' of field '%s'",
				       value.s, field->name.s),
			  value.loc))
			diag_note(c->diag, value.loc,
				  "one of the fields can have another 'name' "
				  "in C");
	}
}

/*
 * The structs that a field needs beside its message's, and the parts of its
 * shape: base is chat_m_f, and one longer for each level inside.
 */
static void take_helpers(struct names *n, const struct type *type,
			 const char *base, const char *part, const char *what,
			 const struct field *field)
{
	struct check *c = n->c;

	if (type->kind == TYPE_ENUM)
		take(c, &n->statics, join(c, "values", part), what, field->loc);
	if (!type->item)
		return;
	take(c, &n->statics, join(c, "item", part), what, field->loc);
	part = join(c, part, "item");
	if (type->kind == TYPE_MAP) {
		base = join(c, base, "entry");
		take(c, &n->tags, base, what, field->loc);
	} else if (type->item->item) {
		base = join(c, base, "item");
		take(c, &n->tags, base, what, field->loc);
	}
	take_helpers(n, type->item, base, part, what, field);
}

static void take_field(struct names *n, const char *prefix, const char *message,
		       const struct field *field)
{
	struct check *c = n->c;
	const char *name = field->c_name.s
				   ? field->c_name.s
				   : name_snake(c->arena, field->name.s);
	const char *part = join(c, message, name);
	const char *base = join(c, prefix, part);
	const char *what =
		arena_printf(c->arena, "the type of field '%s'", field->name.s);
	const struct type *inner = field->type;

	while (inner->item)
		inner = inner->item;
	if (inner->kind == TYPE_ENUM) {
		take(c, &n->tags, base, what, field->loc);
		take_values(n, inner, field, name_shout(c->arena, base));
	}
	take_helpers(n, field->type, base, part, what, field);
}

static void take_fields(struct names *n, const char *prefix, const char *snake,
			const struct message *message)
{
	for (size_t i = 0; i < message->fields.count; i++)
		take_field(n, prefix, snake, &message->fields.items[i]);
}

static void take_message(struct names *n, const char *prefix,
			 const struct message *message)
{
	struct check *c = n->c;
	const char *snake = name_snake(c->arena, message->name.s);
	const char *what =
		arena_printf(c->arena, "message '%s'", message->name.s);

	if (!take(c, &n->tags, join(c, prefix, snake), what, message->name.loc))
		return;
	take(c, &n->constants,
	     name_shout(c->arena, arena_printf(c->arena, "%s_%s_max_size",
					       prefix, snake)),
	     arena_printf(c->arena, "the size of message '%s'",
			  message->name.s),
	     message->name.loc);
	take_fields(n, prefix, snake, message);
}

/* --- what an API declares beside messages
 * ------------------------------------------ */

static void take_fixed(struct names *n, const char *prefix, const char *name)
{
	take(n->c, &n->tags, join(n->c, prefix, name),
	     "what wsgen itself declares", (struct loc){ 0 });
}

static void take_caller(struct names *n, const char *prefix,
			const struct authorizer *authorizer, const char *snake)
{
	if (authorizer && authorizer->use.s) {
		const struct spec *spec = n->c->spec;
		const struct authorizer *named = NULL;

		for (size_t i = 0; i < spec->authorizers.count; i++)
			if (!strcmp(spec->authorizers.items[i].name_key.s,
				    authorizer->use.s))
				named = &spec->authorizers.items[i];
		authorizer = named;
	}
	if (!authorizer)
		return;
	if (authorizer->context_fields)
		take_fields(n, prefix, snake, authorizer->context_fields);
	else if (authorizer->claims_fields)
		take_fields(n, prefix, snake, authorizer->claims_fields);
}

static void take_route(struct names *n, struct map *sent, const char *prefix,
		       const struct route *route)
{
	struct check *c = n->c;
	const char *snake = name_snake(c->arena, route->key.s);

	/* Two routes of one name are an error that names.c reports. */
	if (*snake && !map_get(&n->tags, arena_printf(c->arena, "%s_%s_call",
						      prefix, snake)))
		take(c, &n->tags,
		     arena_printf(c->arena, "%s_%s_call", prefix, snake),
		     arena_printf(c->arena, "the call of route '%s'",
				  route->key.s),
		     route->key.loc);
	for (size_t i = 0; i < route->sends.count; i++) {
		struct text name = route->sends.items[i];
		const char *made = name_snake(c->arena, name.s);

		if (map_put(sent, made, sent))
			continue;
		take(c, &n->tags,
		     arena_printf(c->arena, "%s_sends_%s", prefix, made),
		     arena_printf(c->arena, "the right to send '%s'", name.s),
		     name.loc);
		take(c, &n->senders,
		     arena_printf(c->arena, "%s_send_%s", prefix, made),
		     arena_printf(c->arena, "what sends '%s'", name.s),
		     name.loc);
		take(c, &n->senders,
		     arena_printf(c->arena, "%s_send_%s_all", prefix, made),
		     arena_printf(c->arena, "what sends '%s' to many", name.s),
		     name.loc);
	}
}

static void take_api(struct names *n, const struct api *api)
{
	const char *prefix = name_snake(n->c->arena, api->name.s);
	struct map sent = { .arena = n->c->arena };

	take_fixed(n, prefix, "caller");
	take_fixed(n, prefix, "closes");
	take_fixed(n, prefix, "inspects");
	take_fixed(n, prefix, "session");
	for (size_t i = 0; i < api->routes.count; i++)
		take_route(n, &sent, prefix, &api->routes.items[i]);
	take_caller(n, prefix, api->authorizer, "caller");
	for (size_t i = 0; i < api->routes.count; i++)
		take_caller(n, prefix, api->routes.items[i].authorizer,
			    "caller");
	take_caller(n, prefix, api->session, "session");
}

static bool is_callers(const struct message *message)
{
	return message->in_place && (!strcmp(message->name.s, "caller") ||
				     !strcmp(message->name.s, "session"));
}

void check_message_names(struct check *c)
{
	const struct spec *spec = c->spec;
	const char *prefix = name_snake(c->arena, spec->name.s);
	struct names n = { .c = c };
	struct map prefixes = { .arena = c->arena };

	n.tags.arena = n.statics.arena = n.constants.arena = c->arena;
	for (size_t i = 0; i < spec->apis.count; i++) {
		const struct api *api = &spec->apis.items[i];

		/* With `apis` each has a source of its own. */
		if (spec->has_apis)
			n.statics = (struct map){ .arena = c->arena };
		/* Two APIs of one name in C are an error of names.c. */
		if (check_is_websocket(api) &&
		    !map_put(&prefixes, name_snake(c->arena, api->name.s), c))
			take_api(&n, api);
	}
	if (spec->has_apis)
		n.statics = (struct map){ .arena = c->arena };
	for (size_t i = 0; i < spec->messages.count; i++) {
		const struct message *message = spec->messages.items[i];

		take_members(c, message);
		if (!is_callers(message))
			take_message(&n, prefix, message);
	}
}
