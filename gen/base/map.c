/* SPDX-License-Identifier: MIT */
#include "map.h"

#include "hash.h"

#include <string.h>

#define FIRST_ROOM 16 /* a power of two */

struct map_slot {
	const char *key; /* NULL: free */
	size_t len;
	uint64_t hash;
	void *value;
};

static struct map_slot *find(const struct map *map, const char *key, size_t len,
			     uint64_t hash)
{
	size_t i = (size_t)hash & (map->room - 1);

	while (map->slots[i].key) {
		struct map_slot *slot = &map->slots[i];

		if (slot->hash == hash && slot->len == len &&
		    !memcmp(slot->key, key, len))
			return slot;
		i = (i + 1) & (map->room - 1);
	}
	return &map->slots[i];
}

static void grow(struct map *map)
{
	struct map bigger = { .arena = map->arena,
			      .room = map->room ? map->room * 2 : FIRST_ROOM,
			      .count = map->count };

	bigger.slots =
		arena_alloc(map->arena, bigger.room * sizeof(*bigger.slots));
	for (size_t i = 0; i < map->room; i++) {
		const struct map_slot *slot = &map->slots[i];

		if (slot->key)
			*find(&bigger, slot->key, slot->len, slot->hash) =
				*slot;
	}
	*map = bigger;
}

void *map_get_n(const struct map *map, const char *key, size_t len)
{
	if (!map->count)
		return NULL;
	return find(map, key, len, hash_bytes(key, len))->value;
}

void *map_put_n(struct map *map, const char *key, size_t len, void *value)
{
	uint64_t hash = hash_bytes(key, len);
	struct map_slot *slot;

	if (map->count >= map->room / 2)
		grow(map);
	slot = find(map, key, len, hash);
	if (slot->key)
		return slot->value;
	*slot = (struct map_slot){ key, len, hash, value };
	map->count++;
	return NULL;
}

void *map_get(const struct map *map, const char *key)
{
	return map_get_n(map, key, strlen(key));
}

void *map_put(struct map *map, const char *key, void *value)
{
	return map_put_n(map, key, strlen(key), value);
}
