/* SPDX-License-Identifier: MIT */
#include "map.h"

#include "hash.h"

#include <assert.h>
#include <string.h>

#define FIRST_ROOM 16 /* a power of two */

struct map_entry {
	const char *key;
	void *value;
	uint32_t hash, len;
};

/* Where an entry's number is, plus one, or 0 where it would be. */
static uint32_t *find(const struct map *map, const char *key, size_t len,
		      uint32_t hash)
{
	size_t i = hash & (map->room - 1);

	for (; map->slots[i]; i = (i + 1) & (map->room - 1)) {
		const struct map_entry *entry =
			&map->entries[map->slots[i] - 1];

		if (entry->hash == hash && entry->len == len &&
		    !memcmp(entry->key, key, len))
			break;
	}
	return &map->slots[i];
}

static void grow(struct map *map)
{
	map->room = map->room ? map->room * 2 : FIRST_ROOM;
	map->slots = arena_alloc(map->arena, map->room * sizeof(*map->slots));
	for (size_t number = 1; number <= map->count; number++) {
		size_t i = map->entries[number - 1].hash & (map->room - 1);

		while (map->slots[i])
			i = (i + 1) & (map->room - 1);
		map->slots[i] = (uint32_t)number;
	}
}

void *map_get_n(const struct map *map, const char *key, size_t len)
{
	uint32_t number;

	if (!map->count)
		return NULL;
	number = *find(map, key, len, (uint32_t)hash_bytes(key, len));
	return number ? map->entries[number - 1].value : NULL;
}

void *map_put_n(struct map *map, const char *key, size_t len, void *value)
{
	const uint32_t hash = (uint32_t)hash_bytes(key, len);
	uint32_t *slot;

	assert(len <= UINT32_MAX && map->count < UINT32_MAX);
	if (map->count >= map->room / 2)
		grow(map);
	slot = find(map, key, len, hash);
	if (*slot)
		return map->entries[*slot - 1].value;
	map->entries = arena_grow(map->arena, map->entries, map->count,
				  sizeof(*map->entries));
	map->entries[map->count++] =
		(struct map_entry){ key, value, hash, (uint32_t)len };
	*slot = (uint32_t)map->count;
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
