/* SPDX-License-Identifier: MIT */
/*
 * Messages: names that types use, messages that hold themselves, and those
 * that do not fit through API Gateway.
 */
#include "messages.h"

#include "../plan/messages.h"
#include "../read/type.h"

#include <string.h>

/* --- names to messages -------------------------------------------------------
 */

struct resolver {
	struct check *c;
	struct map declared;
	LIST(const char *) names; /* of messages, then words of the language */
};

static void start(struct resolver *r, struct check *c)
{
	size_t count;
	const char *const *words = type_words(&count);

	*r = (struct resolver){ .c = c, .declared = { .arena = c->arena } };
	for (size_t i = 0; i < c->spec->messages.count; i++) {
		struct message *message = c->spec->messages.items[i];

		if (message->in_place)
			continue;
		map_put(&r->declared, message->name.s, message);
		*LIST_ADD(c->arena, &r->names) = message->name.s;
	}
	for (size_t i = 0; i < count; i++)
		*LIST_ADD(c->arena, &r->names) = words[i];
}

/* With words: the name stands where any type may. */
static void did_you_mean(struct resolver *r, struct text name, bool words)
{
	size_t count = words ? r->names.count : r->declared.count;
	const char *nearest = words ? type_alias(name.s) : NULL;
	const struct message *message;

	if (!nearest)
		nearest = diag_nearest(name.s, r->names.items, count);
	if (!nearest)
		return;
	message = map_get(&r->declared, nearest);
	diag_note(r->c->diag, message ? message->name.loc : name.loc,
		  "did you mean '%s'?", nearest);
}

/* The model is const to everyone but who is filling it in. */
static bool resolve(struct resolver *r, const struct type *type)
{
	struct type *filled = (struct type *)type;

	while (filled->item)
		filled = filled->item;
	if (filled->kind == TYPE_MESSAGE && !filled->message)
		filled->message = map_get(&r->declared, filled->message_name.s);
	return filled->kind != TYPE_MESSAGE || filled->message;
}

static struct text name_in(const struct type *type)
{
	while (type->item)
		type = type->item;
	return type->message_name;
}

static void resolve_fields(struct resolver *r, const struct message *message)
{
	for (size_t i = 0; i < message->fields.count; i++) {
		const struct field *field = &message->fields.items[i];
		struct text name = name_in(field->type);

		if (resolve(r, field->type))
			continue;
		diag_error(r->c->diag, name.loc,
			   "field '%s' of message '%s' has type '%s', which is "
			   "not declared",
			   field->name.s, message->name.s, name.s);
		did_you_mean(r, name, true);
	}
}

static void resolve_body(struct resolver *r, const struct route *route,
			 const char *verb, const struct type *type)
{
	if (!type || resolve(r, type))
		return;
	diag_error(r->c->diag, type->message_name.loc,
		   "route '%s' %s message '%s', which is not declared",
		   route->key.s, verb, type->message_name.s);
	did_you_mean(r, type->message_name, false);
}

static void resolve_all(struct check *c)
{
	struct resolver r;

	start(&r, c);
	for (size_t i = 0; i < c->spec->messages.count; i++)
		resolve_fields(&r, c->spec->messages.items[i]);
	for (size_t i = 0; i < c->spec->apis.count; i++) {
		const struct api *api = &c->spec->apis.items[i];

		for (size_t k = 0; k < api->routes.count; k++) {
			const struct route *route = &api->routes.items[k];

			resolve_body(&r, route, "takes", route->message_type);
			resolve_body(&r, route, "replies", route->reply_type);
		}
	}
}

/* --- messages that hold themselves
 * ---------------------------------------------- */

/* One message on the way down, and the field that leads further. */
struct step {
	const struct message *message;
	const struct field *field;
	const struct step *up;
};

struct walk {
	struct check *c;
	struct map done; /* struct message * to itself */
};

/*
 * The message whose struct the field's type makes part of the message's, or
 * NULL: a list is a pointer, so that what is behind it may come round again.
 */
static const struct message *held(const struct type *type)
{
	while (type->kind == TYPE_MAP)
		type = type->item;
	return type->kind == TYPE_MESSAGE ? type->message : NULL;
}

/* "A.b -> B.a -> ", from the top down. */
static void print_chain(struct buf *out, const struct step *last,
			const struct message *top)
{
	if (last->message != top)
		print_chain(out, last->up, top);
	buf_printf(out, "%s.%s -> ", last->message->name.s,
		   last->field->name.s);
}

static void report_cycle(struct check *c, const struct step *last,
			 const struct message *again)
{
	struct buf chain;

	buf_init(&chain, c->arena);
	print_chain(&chain, last, again);
	diag_error(c->diag, name_in(last->field->type).loc,
		   "message '%s' holds itself: %s%s; only a list may do so",
		   again->name.s, chain.text, again->name.s);
}

static void walk(struct walk *w, const struct message *message,
		 const struct step *up)
{
	const struct message **key =
		ARENA_NEW(w->c->arena, const struct message *);

	*key = message;
	if (map_get_n(&w->done, (const char *)key, sizeof(*key)))
		return;
	for (size_t i = 0; i < message->fields.count; i++) {
		const struct field *field = &message->fields.items[i];
		const struct message *next = held(field->type);
		const struct step step = { message, field, up };
		const struct step *at = &step;

		while (next && at && at->message != next)
			at = at->up;
		if (next && at)
			report_cycle(w->c, &step, next);
		else if (next)
			walk(w, next, &step);
	}
	map_put_n(&w->done, (const char *)key, sizeof(*key), w);
}

static void check_cycles(struct check *c)
{
	struct walk w = { .c = c, .done = { .arena = c->arena } };

	for (size_t i = 0; i < c->spec->messages.count; i++)
		walk(&w, c->spec->messages.items[i], NULL);
}

/* --- sizes
 * ------------------------------------------------------------------------ */

static void note_largest(struct check *c, const struct plan *plan,
			 const struct message *message)
{
	const struct field *largest = NULL;
	struct message_size size, most = { 0, 0 };

	for (size_t i = 0; i < message->fields.count; i++) {
		const struct field *field = &message->fields.items[i];

		if (!message_type_size(plan, field->type, &size) ||
		    size.escaped <= most.escaped)
			continue;
		most = size;
		largest = field;
	}
	if (largest)
		diag_note(c->diag, largest->loc,
			  "most of it can be '%s': %zu bytes, %zu when all is "
			  "escaped",
			  largest->name.s, most.plain, most.escaped);
}

/* A message that a websocket carries; each is looked at once. */
static void check_size(struct check *c, const struct plan *plan,
		       struct map *seen, const struct message *message)
{
	const struct plan_message *planned =
		message ? plan_message_of(plan, message) : NULL;

	if (!planned || !planned->bounded ||
	    planned->max_escaped <= MESSAGE_MAX_SIZE ||
	    map_put(seen, message->name.s, seen))
		return;
	if (planned->max_size > MESSAGE_MAX_SIZE)
		diag_error(c->diag, message->name.loc,
			   "message '%s' can be %zu bytes long, and API "
			   "Gateway carries at most %d",
			   message->name.s, planned->max_size,
			   MESSAGE_MAX_SIZE);
	else
		diag_warning(c->diag, message->name.loc,
			     "message '%s' can be %zu bytes long when "
			     "characters have to be escaped, and API Gateway "
			     "carries at most %d",
			     message->name.s, planned->max_escaped,
			     MESSAGE_MAX_SIZE);
	note_largest(c, plan, message);
}

static void check_sizes(struct check *c)
{
	struct plan plan = { .spec = c->spec, .arena = c->arena };
	struct map declared = { .arena = c->arena };
	struct map seen = { .arena = c->arena };

	plan_messages(&plan);
	for (size_t i = 0; i < c->spec->messages.count; i++)
		if (!c->spec->messages.items[i]->in_place)
			map_put(&declared, c->spec->messages.items[i]->name.s,
				c->spec->messages.items[i]);
	for (size_t i = 0; i < c->spec->apis.count; i++) {
		const struct api *api = &c->spec->apis.items[i];

		if (!check_is_websocket(api))
			continue;
		for (size_t k = 0; k < api->routes.count; k++) {
			const struct route *route = &api->routes.items[k];

			if (route->message_type)
				check_size(c, &plan, &seen,
					   route->message_type->message);
			if (route->reply_type)
				check_size(c, &plan, &seen,
					   route->reply_type->message);
			for (size_t n = 0; n < route->sends.count; n++)
				check_size(c, &plan, &seen,
					   map_get(&declared,
						   route->sends.items[n].s));
		}
	}
}

/* --- what an authorizer says
 * ---------------------------------------------------- */

/* API Gateway hands on strings, numbers and booleans, nothing else. */
static void check_caller(struct check *c, const struct message *message,
			 const char *key)
{
	for (size_t i = 0; message && i < message->fields.count; i++) {
		const struct field *field = &message->fields.items[i];
		enum type_kind kind = field->type->kind;

		if (kind == TYPE_LIST || kind == TYPE_MAP ||
		    kind == TYPE_MESSAGE || kind == TYPE_JSON)
			diag_error(c->diag, field->type->loc,
				   "'%s' of '%s' must be a string, a number or "
				   "a bool: API Gateway hands on nothing else",
				   field->name.s, key);
	}
}

static void check_authorizer_fields(struct check *c,
				    const struct authorizer *authorizer,
				    enum check_authorizer_place place)
{
	if (place == CHECK_SESSION)
		return;
	check_caller(c, authorizer->context_fields, "context");
	check_caller(c, authorizer->claims_fields, "claims");
}

void check_messages(struct check *c)
{
	size_t errors = c->diag->errors;

	resolve_all(c);
	if (c->diag->errors > errors)
		return;
	check_cycles(c);
	check_message_names(c);
	check_each_authorizer(c, check_authorizer_fields);
	for (size_t i = 0; i < c->spec->messages.count; i++) {
		const struct message *message = c->spec->messages.items[i];

		for (size_t k = 0; k < message->fields.count; k++)
			check_default(c, &message->fields.items[k]);
	}
	if (c->diag->errors == errors)
		check_sizes(c);
}
