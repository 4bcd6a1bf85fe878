/* SPDX-License-Identifier: MIT */
#include "read/inherit.h"

#include "base/map.h"

static void append_new(struct arena *arena, struct doc *map, struct map *taken,
		       const struct doc *from)
{
	for (size_t i = 0; i < from->count; i++)
		if (!map_put(taken, from->members[i].key, map))
			doc_add_member(arena, map, &from->members[i]);
}

bool inherit_check(struct diag *diag, const struct doc *value)
{
	bool fits = value->kind == DOC_MAP || value->kind == DOC_LIST;

	for (size_t i = 0; value->kind == DOC_LIST && i < value->count; i++)
		fits = fits && value->items[i]->kind == DOC_MAP;
	if (!fits)
		diag_error(diag, value->loc,
			   "'<<' takes a mapping or a list of them");
	return fits;
}

void inherit(struct arena *arena, struct doc *map, size_t position,
	     const struct doc *value)
{
	struct doc merged = { .kind = DOC_MAP };
	struct map taken = { .arena = arena };

	for (size_t i = 0; i < map->count; i++)
		map_put(&taken, map->members[i].key, map);
	for (size_t i = 0; i < position; i++)
		doc_add_member(arena, &merged, &map->members[i]);
	if (value->kind == DOC_MAP)
		append_new(arena, &merged, &taken, value);
	else
		for (size_t i = 0; i < value->count; i++)
			append_new(arena, &merged, &taken, value->items[i]);
	for (size_t i = position; i < map->count; i++)
		doc_add_member(arena, &merged, &map->members[i]);
	map->members = merged.members;
	map->count = merged.count;
}
