/* SPDX-License-Identifier: MIT */
/*
 * How a function finds its route: a switch over the key's length while that
 * reads well, a perfect hash past it.
 */
#include "c.h"
#include "columns.h"
#include "perfect_hash.h"

#include <stdlib.h>
#include <string.h>

#define MOST_IN_SWITCH 32

static int compare_keys(const void *a, const void *b)
{
	const struct plan_route *const *left = a, *const *right = b;

	return strcmp((*left)->key, (*right)->key);
}

/*
 * One function may serve two APIs, but nothing in an event says at compile
 * time of which it is: a key that both have must lead to the same place.
 */
static bool is_known(const struct c_code *code, const struct plan_route *route,
		     const struct plan_route *before)
{
	if (strcmp(route->key, before->key) != 0)
		return false;
	if (route->handler.symbol && before->handler.symbol &&
	    strcmp(route->handler.symbol, before->handler.symbol) != 0) {
		diag_error(code->emit->diag, route->route->loc,
			   "function '%s' has two handlers for '%s': one for "
			   "each API needs a function for each",
			   route->function->name, route->key);
		diag_note(code->emit->diag, before->route->loc,
			  "the other one is here");
	}
	return true;
}

struct c_routes c_function_routes(const struct c_code *code,
				  const struct plan_function *function)
{
	struct c_routes routes = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < function->routes.count; i++)
		if (function->routes.items[i]->handler.symbol)
			*LIST_ADD(code->arena, &routes) =
				function->routes.items[i];
	if (!routes.count)
		return routes;
	qsort(routes.items, routes.count, sizeof(*routes.items), compare_keys);
	for (size_t i = 0; i < routes.count; i++)
		if (!kept ||
		    !is_known(code, routes.items[i], routes.items[kept - 1]))
			routes.items[kept++] = routes.items[i];
	routes.count = kept;
	return routes;
}

/* --- switch --------------------------------------------------------------- */

struct slot {
	size_t len, index;
	const char *key;
};

static int compare_slots(const void *a, const void *b)
{
	const struct slot *left = a, *right = b;

	if (left->len != right->len)
		return left->len < right->len ? -1 : 1;
	return left->index < right->index ? -1 : left->index > right->index;
}

static void put_switch(const struct c_routes *routes, struct values *values)
{
	struct slot slots[MOST_IN_SWITCH];
	struct values *length = NULL;

	for (size_t i = 0; i < routes->count; i++) {
		const char *key = routes->items[i]->key;

		slots[i] = (struct slot){ strlen(key), i, key };
	}
	qsort(slots, routes->count, sizeof(*slots), compare_slots);
	for (size_t i = 0; i < routes->count; i++) {
		struct values *key;

		if (!i || slots[i].len != slots[i - 1].len) {
			length = values_item(values, "lengths");
			values_printf(length, "len", "%zu", slots[i].len);
		}
		key = values_item(length, "keys");
		values_text(key, "key", slots[i].key);
		values_printf(key, "index", "%zu", slots[i].index);
	}
}

/* --- perfect hash ----------------------------------------------------- */

static void put_numbers(struct arena *arena, const uint16_t *numbers,
			size_t count, struct values *values)
{
	struct column_item *items = arena_alloc(arena, count * sizeof(*items));

	for (size_t i = 0; i < count; i++) {
		items[i].text = arena_printf(arena, "%u", (unsigned)numbers[i]);
		items[i].len = items[i].width = strlen(items[i].text);
	}
	put_columns(arena, items, count, values);
}

static void put_hash(const struct c_code *code,
		     const struct plan_function *function,
		     const struct c_routes *routes, struct values *values)
{
	const char **keys =
		arena_alloc(code->arena, routes->count * sizeof(*keys));
	struct perfect_hash hash = { 0 };

	for (size_t i = 0; i < routes->count; i++)
		keys[i] = routes->items[i]->key;
	if (!perfect_hash_make(code->arena, keys, routes->count, &hash))
		diag_error(code->emit->diag, function->loc,
			   "function '%s' serves %zu routes; one function can "
			   "find its way among %d",
			   function->name, routes->count,
			   PERFECT_HASH_MAX_KEYS);
	put_numbers(code->arena, hash.steps, hash.buckets_count,
		    values_item(values, "steps"));
	put_numbers(code->arena, hash.slots, hash.slots_count,
		    values_item(values, "slots"));
	values_printf(values, "seed", "%llu", (unsigned long long)hash.seed);
}

void c_values_dispatch(const struct c_code *code,
		       const struct plan_function *function,
		       const struct c_routes *routes, struct values *values)
{
	bool is_switch = routes->count <= MOST_IN_SWITCH;

	values_list(values, "lengths");
	values_list(values, "steps");
	values_list(values, "slots");
	values_flag(values, "needs_string", routes->count && is_switch);
	values_flag(values, "count", !is_switch);
	if (is_switch)
		put_switch(routes, values);
	else
		put_hash(code, function, routes, values);
}
