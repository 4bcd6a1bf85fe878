/* SPDX-License-Identifier: MIT */
#include "messages.h"

#include "names.h"

#include <stdlib.h>
#include <string.h>

/* The longest that the encoder writes of each, whatever the bounds are. */
#define BOOL_SIZE 5
#define INT32_SIZE 11
#define UINT32_SIZE 10
#define INT64_SIZE 20
#define NUMBER_SIZE 24
#define TIMESTAMP_SIZE 26
#define ESCAPE_SIZE 6 /* \u001f, for one byte */

/* --- sizes -----------------------------------------------------------------
 */

/* Sums and products that stay at SIZE_MAX once they are there. */
static size_t plus(size_t a, size_t b)
{
	return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

static size_t times(size_t a, size_t b)
{
	return b && a > SIZE_MAX / b ? SIZE_MAX : a * b;
}

static struct message_size both(size_t size)
{
	return (struct message_size){ size, size };
}

size_t message_text_size(const char *text)
{
	size_t size = 2;

	for (; *text; text++) {
		if (*text == '"' || *text == '\\' || *text == '\b' ||
		    *text == '\f' || *text == '\n' || *text == '\r' ||
		    *text == '\t')
			size += 2;
		else
			size += (unsigned char)*text < ' ' ? ESCAPE_SIZE : 1;
	}
	return size;
}

static size_t longest_value(const struct type *type)
{
	size_t longest = 0;

	for (size_t i = 0; i < type->values.count; i++) {
		size_t size = message_text_size(type->values.items[i].s);

		if (size > longest)
			longest = size;
	}
	return longest;
}

struct plan_message *plan_message_of(const struct plan *plan,
				     const struct message *message)
{
	return map_get_n(&plan->by_message, (const char *)&message,
			 sizeof(message));
}

static bool list_size(const struct plan *plan, const struct type *type,
		      struct message_size *size)
{
	size_t most = (size_t)type->max.value;
	struct message_size item;

	if (!type->max.text || !message_type_size(plan, type->item, &item))
		return false;
	/* [] around them, and a comma less than there are items. */
	size->plain = plus(times(most, plus(item.plain, 1)), 1);
	size->escaped = plus(times(most, plus(item.escaped, 1)), 1);
	return true;
}

bool message_type_size(const struct plan *plan, const struct type *type,
		       struct message_size *size)
{
	const struct plan_message *message;
	size_t most = (size_t)type->max.value;

	switch (type->kind) {
	case TYPE_STRING:
		size->plain = plus(most, 2);
		size->escaped = plus(times(most, ESCAPE_SIZE), 2);
		return type->max.text;
	case TYPE_BYTES:
		*size = both(plus(times((most + 2) / 3, 4), 2));
		return type->max.text;
	case TYPE_BOOL:
		*size = both(BOOL_SIZE);
		return true;
	case TYPE_INT32:
		*size = both(INT32_SIZE);
		return true;
	case TYPE_UINT32:
		*size = both(UINT32_SIZE);
		return true;
	case TYPE_INT64:
	case TYPE_UINT64:
		*size = both(INT64_SIZE);
		return true;
	case TYPE_NUMBER:
		*size = both(NUMBER_SIZE);
		return true;
	case TYPE_TIMESTAMP:
		*size = both(TIMESTAMP_SIZE);
		return true;
	case TYPE_ENUM:
		*size = both(longest_value(type));
		return true;
	case TYPE_MESSAGE:
		message = plan_message_of(plan, type->message);
		if (!message || !message->bounded)
			return false;
		*size = (struct message_size){ message->max_size,
					       message->max_escaped };
		return true;
	case TYPE_LIST:
		return list_size(plan, type, size);
	case TYPE_JSON:
	case TYPE_MAP:
		break;
	}
	return false;
}

/* Everything present: {"room":"...","seq":...} */
static void measure(const struct plan *plan, struct plan_message *planned)
{
	const struct message *message = planned->message;
	struct message_size all = both(1), value;

	for (size_t i = 0; i < message->fields.count; i++) {
		const struct field *field = &message->fields.items[i];
		/* The key, a colon, and what stands before or closes: , { } */
		size_t key = message_text_size(field->name.s) + 2;

		if (!message_type_size(plan, field->type, &value))
			return;
		if (message->bare) {
			all = value;
			break;
		}
		all.plain = plus(all.plain, plus(key, value.plain));
		all.escaped = plus(all.escaped, plus(key, value.escaped));
	}
	planned->bounded = true;
	planned->max_size = all.plain;
	planned->max_escaped = all.escaped;
}

/* --- order ------------------------------------------------------------------
 */

struct named {
	const struct message *message;
	const char *snake;
	enum { UNSEEN, OPEN, DONE } state;
	size_t asked; /* the last question that came by, see waits_for_open */
};

struct order {
	struct plan *plan;
	struct named *named; /* by snake */
	size_t count;
	struct map by_message; /* struct message * to struct named */
	size_t questions;
};

static int by_snake(const void *a, const void *b)
{
	const struct named *left = a, *right = b;
	int order = strcmp(left->snake, right->snake);

	/* Only a caller's and a session's can be the same. */
	if (order)
		return order;
	order = strcmp(left->message->name.s, right->message->name.s);
	if (order)
		return order;
	return left->message->loc.line < right->message->loc.line ? -1 : 1;
}

/* The message in a field, and whether C needs its whole struct there. */
static struct named *named_in(struct order *order, const struct type *type,
			      bool *whole)
{
	*whole = true;
	for (; type->item; type = type->item)
		*whole &= type->kind == TYPE_MAP;
	if (type->kind != TYPE_MESSAGE)
		return NULL;
	return map_get_n(&order->by_message, (const char *)&type->message,
			 sizeof(type->message));
}

/*
 * Would a message have to wait for one that waits for it? Only through a list
 * can it come to that, and a list does not need what it points to.
 */
static bool waits_for_open(struct order *order, struct named *named,
			   size_t question)
{
	bool whole;

	if (named->state != UNSEEN || named->asked == question)
		return named->state == OPEN;
	named->asked = question;
	for (size_t i = 0; i < named->message->fields.count; i++) {
		struct named *held = named_in(
			order, named->message->fields.items[i].type, &whole);

		if (held && whole && waits_for_open(order, held, question))
			return true;
	}
	return false;
}

static void visit(struct order *order, struct named *named)
{
	const struct message *message = named->message;
	struct plan *plan = order->plan;
	struct plan_message *planned;
	bool whole;

	if (named->state != UNSEEN)
		return;
	named->state = OPEN;
	for (size_t i = 0; i < message->fields.count; i++) {
		struct named *held =
			named_in(order, message->fields.items[i].type, &whole);

		if (held &&
		    (whole || !waits_for_open(order, held, ++order->questions)))
			visit(order, held);
	}
	named->state = DONE;
	planned = &plan->messages.items[plan->messages.count++];
	planned->message = message;
	planned->snake = named->snake;
	planned->shout = name_shout(plan->arena, message->name.s);
	measure(plan, planned);
	map_put_n(&plan->by_message, (const char *)&planned->message,
		  sizeof(planned->message), planned);
}

static void put_in_order(struct plan *plan)
{
	const struct spec *spec = plan->spec;
	struct order order = { .plan = plan,
			       .by_message = { .arena = plan->arena } };

	/* All at once, as the map points into it. */
	order.count = spec->messages.count;
	plan->by_message.arena = plan->arena;
	plan->messages.items = arena_alloc(
		plan->arena, order.count * sizeof(*plan->messages.items));
	order.named =
		arena_alloc(plan->arena, order.count * sizeof(*order.named));
	for (size_t i = 0; i < order.count; i++) {
		const struct message *message = spec->messages.items[i];

		order.named[i].message = message;
		order.named[i].snake = name_snake(plan->arena, message->name.s);
	}
	if (order.count)
		qsort(order.named, order.count, sizeof(*order.named), by_snake);
	for (size_t i = 0; i < order.count; i++)
		map_put_n(&order.by_message,
			  (const char *)&order.named[i].message,
			  sizeof(order.named[i].message), &order.named[i]);
	for (size_t i = 0; i < order.count; i++)
		visit(&order, &order.named[i]);
}

/* --- who receives, who sends
 * -------------------------------------------------- */

enum use { DECODED, ENCODED };

static void mark(struct plan *plan, const struct message *message, enum use use)
{
	struct plan_message *planned =
		message ? plan_message_of(plan, message) : NULL;
	bool *flag;

	if (!planned)
		return; /* not declared, as check will say */
	flag = use == DECODED ? &planned->decoded : &planned->encoded;
	if (*flag)
		return;
	*flag = true;
	for (size_t i = 0; i < message->fields.count; i++) {
		const struct type *type = message->fields.items[i].type;

		while (type->item)
			type = type->item;
		if (type->kind == TYPE_MESSAGE)
			mark(plan, type->message, use);
	}
}

/* What an authorizer says is read by handlers, and written by C of the user. */
static void mark_caller(struct plan *plan, const struct authorizer *authorizer)
{
	if (authorizer && authorizer->context_fields) {
		mark(plan, authorizer->context_fields, DECODED);
		mark(plan, authorizer->context_fields, ENCODED);
	}
	if (authorizer && authorizer->claims_fields)
		mark(plan, authorizer->claims_fields, DECODED);
}

static void mark_uses(struct plan *plan)
{
	const struct spec *spec = plan->spec;
	struct map declared = { .arena = plan->arena };

	for (size_t i = 0; i < spec->messages.count; i++)
		if (!spec->messages.items[i]->in_place)
			map_put(&declared, spec->messages.items[i]->name.s,
				spec->messages.items[i]);
	for (size_t i = 0; i < spec->authorizers.count; i++)
		mark_caller(plan, &spec->authorizers.items[i]);
	for (size_t i = 0; i < spec->apis.count; i++) {
		const struct api *api = &spec->apis.items[i];

		mark_caller(plan, api->authorizer);
		mark_caller(plan, api->session);
		for (size_t k = 0; k < api->routes.count; k++) {
			const struct route *route = &api->routes.items[k];

			mark_caller(plan, route->authorizer);
			if (route->message_type)
				mark(plan, route->message_type->message,
				     DECODED);
			if (route->reply_type)
				mark(plan, route->reply_type->message, ENCODED);
			for (size_t n = 0; n < route->sends.count; n++)
				mark(plan,
				     map_get(&declared,
					     route->sends.items[n].s),
				     ENCODED);
		}
	}
}

void plan_messages(struct plan *plan)
{
	put_in_order(plan);
	mark_uses(plan);
}
