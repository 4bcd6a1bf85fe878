/* SPDX-License-Identifier: MIT */
/* Which resources stay at the top and which go where; nest.c writes it. */
#include "split.h"

#include "nest.h"

#include <stdint.h>
#include <string.h>

#define FAN_OUT 8u /* stacks of each layer, and parts of one that overflows */

/*
 * Less than CloudFormation's 500 resources, 200 parameters and 200 outputs:
 * what a stack may hold before it is cut, so that growth comes as seldom.
 */
#define NESTED_RESOURCES 400u
#define NESTED_CROSSING 150u /* references in, and references out */

static struct split_item *target(const struct splitter *s,
				 const struct split_item *from, size_t i)
{
	return &s->items[from->resource->needs.items[i]->number];
}

static void wire(struct splitter *s)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct split_item *from = &s->items[i];

		for (size_t t = 0; t < from->resource->needs.count; t++) {
			struct split_item *to = target(s, from, t);

			to->wanted_elsewhere |= to->unit != from->unit;
		}
	}
}

/* --- what must stay at the top ----------------------------------------------
 */

static bool lift(struct split_unit *unit)
{
	const bool news = unit && unit->layer != LAYER_TOP;

	if (news)
		unit->layer = LAYER_TOP;
	return news;
}

static enum split_layer layer_of(const struct split_item *item)
{
	return item->unit ? item->unit->layer : LAYER_TOP;
}

/* Mark what is reached from a layer through resources at the top. */
static void reach(const struct splitter *s, const struct split_item *item,
		  unsigned bit)
{
	for (size_t i = 0; i < item->resource->needs.count; i++) {
		struct split_item *to = target(s, item, i);

		if (layer_of(to) != LAYER_TOP || (to->reached & bit))
			continue;
		to->reached |= bit;
		reach(s, to, bit);
	}
}

/*
 * Stacks wait for one another as a whole, so between them go references from
 * routes to functions and none else. Lift until it is so.
 */
static bool lift_once(struct splitter *s)
{
	bool news = false;

	for (size_t i = 0; i < s->count; i++)
		s->items[i].reached = 0;
	for (size_t i = 0; i < s->count; i++)
		if (layer_of(&s->items[i]) != LAYER_TOP)
			reach(s, &s->items[i], 1u << layer_of(&s->items[i]));
	for (size_t i = 0; i < s->count; i++) {
		struct split_item *from = &s->items[i];
		const enum split_layer layer = layer_of(from);

		for (size_t t = 0; t < from->resource->needs.count; t++) {
			struct split_item *to = target(s, from, t);
			const enum split_layer other = layer_of(to);
			bool wrong;

			if (other == LAYER_TOP || to->unit == from->unit)
				continue;
			if (layer == LAYER_TOP)
				wrong = (from->reached & (1u << other)) ||
					(other == LAYER_ROUTES &&
					 (from->reached &
					  (1u << LAYER_FUNCTIONS)));
			else
				wrong = !(layer == LAYER_ROUTES &&
					  other == LAYER_FUNCTIONS);
			if (wrong)
				news |= lift(to->unit);
		}
	}
	return news;
}

/* --- which stack
 * ---------------------------------------------------------------- */

/* FNV-1a: the same everywhere and for good. */
static uint32_t hash(const char *text)
{
	uint32_t value = 2166136261u;

	for (; *text; text++)
		value = (value ^ (unsigned char)*text) * 16777619u;
	/* its low bits alone are poor */
	value ^= value >> 15;
	value *= 2246822519u;
	return value ^ value >> 13;
}

struct bucket {
	LIST(struct split_unit *) units;
};

static void add_stack(struct splitter *s, const struct bucket *bucket,
		      const char *id)
{
	struct split_stack *stack = ARENA_NEW(s->arena, struct split_stack);

	stack->id = id;
	while (nest_item(s, stack->id) ||
	       map_get(&s->cfn->plan->ids, stack->id)) /* the user's */
		stack->id = arena_printf(s->arena, "%sStack", stack->id);
	*LIST_ADD(s->arena, &s->stacks) = stack;
	for (size_t i = 0; i < bucket->units.count; i++)
		bucket->units.items[i]->stack = stack;
}

/* Whether all of it can be one stack. */
static bool is_small(struct splitter *s, const struct bucket *bucket)
{
	struct map seen = { .arena = s->arena };
	size_t resources = 0, in = 0;

	for (size_t i = 0; i < bucket->units.count; i++) {
		const struct split_unit *unit = bucket->units.items[i];

		resources += unit->items.count;
		for (size_t k = 0; k < unit->items.count; k++) {
			const struct split_item *item = unit->items.items[k];

			in += item->wanted_elsewhere;
			for (size_t t = 0; t < item->resource->needs.count;
			     t++) {
				const struct split_item *to =
					target(s, item, t);

				if (to->unit != unit)
					map_put(&seen, to->resource->id, s);
			}
		}
	}
	return resources <= NESTED_RESOURCES && in <= NESTED_CROSSING &&
	       seen.count <= NESTED_CROSSING;
}

static void distribute(struct splitter *s, const struct bucket *bucket,
		       const char *name, unsigned level)
{
	struct bucket parts[FAN_OUT] = { 0 };

	if (!bucket->units.count)
		return;
	if (level &&
	    (bucket->units.count == 1 || level > 9 || is_small(s, bucket))) {
		add_stack(s, bucket, name);
		return;
	}
	for (size_t i = 0; i < bucket->units.count; i++) {
		struct split_unit *unit = bucket->units.items[i];
		const unsigned part =
			(hash(unit->owner) >> (3 * level)) % FAN_OUT;

		*LIST_ADD(s->arena, &parts[part].units) = unit;
	}
	for (unsigned i = 0; i < FAN_OUT; i++)
		distribute(s, &parts[i],
			   arena_printf(s->arena, "%s%u", name, i), level + 1);
}

static void distribute_layer(struct splitter *s, enum split_layer layer,
			     const char *name)
{
	struct bucket all = { 0 };

	for (size_t i = 0; i < s->units.count; i++)
		if (s->units.items[i]->layer == layer)
			*LIST_ADD(s->arena, &all.units) = s->units.items[i];
	distribute(s, &all, name, 0);
}

/* --- the whole
 * -------------------------------------------------------------------- */

static struct split_unit *unit_of(struct splitter *s, struct map *owners,
				  struct split_item *item)
{
	const char *owner = item->resource->owner;
	struct split_unit *unit;

	if (!owner)
		return NULL;
	unit = map_get(owners, owner);
	if (!unit) {
		unit = ARENA_NEW(s->arena, struct split_unit);
		unit->owner = owner;
		unit->layer = *owner == 'f' ? LAYER_FUNCTIONS : LAYER_ROUTES;
		map_put(owners, owner, unit);
		*LIST_ADD(s->arena, &s->units) = unit;
	}
	*LIST_ADD(s->arena, &unit->items) = item;
	return unit;
}

static void start(struct splitter *s, struct cfn *cfn)
{
	struct map owners = { .arena = cfn->arena };

	*s = (struct splitter){ .arena = cfn->arena,
				.cfn = cfn,
				.count = cfn->resources.count };
	s->items = arena_alloc(s->arena, s->count * sizeof(*s->items));
	for (size_t i = 0; i < s->count; i++) {
		struct cfn_resource *resource = cfn->resources.items[i];

		s->items[i].resource = resource;
		s->items[i].unit = unit_of(s, &owners, &s->items[i]);
	}
}

/* Whether the whole is small enough for one template. */
static bool fits(const struct cfn *cfn, const struct doc *root)
{
	/* YAML of the same is no longer. */
	return cfn->resources.count <= SPLIT_MAX_RESOURCES &&
	       doc_json_size(cfn->arena, root) <= SPLIT_MAX_BYTES;
}

void split_template(struct split *out, struct cfn *cfn, const char *description,
		    const char *suffix)
{
	struct splitter s;

	*out = (struct split){ 0 };
	start(&s, cfn);
	s.description = description;
	s.suffix = suffix;
	if (s.count <= SPLIT_MAX_RESOURCES) {
		out->root = nest_root(&s);
		if (fits(cfn, out->root))
			return;
	}
	wire(&s);
	while (lift_once(&s))
		;
	distribute_layer(&s, LAYER_FUNCTIONS, "Functions");
	distribute_layer(&s, LAYER_ROUTES, "Routes");
	for (size_t i = 0; i < s.count; i++)
		if (s.items[i].unit)
			s.items[i].stack = s.items[i].unit->stack;
	nest(&s, out);
}
