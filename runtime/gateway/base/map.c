/* SPDX-License-Identifier: MIT */
/*
 * map.c - open addressing, linear probing. What is taken out leaves no mark:
 * those behind it move up.
 */
#include "map.h"
#include "mem.h"
#include "random.h"

#include <stdlib.h>

#define SIZE_MIN 8

static uint64_t rotate(uint64_t value, unsigned by)
{
	return value << by | value >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* SipHash-1-3, whose second half of the key is made from the first. */
static uint64_t hash(uint64_t seed, struct wsg_str key)
{
	uint64_t other = (seed ^ seed >> 29) * 0xbf58476d1ce4e5b9;
	uint64_t v[4] = { seed ^ 0x736f6d6570736575, other ^ 0x646f72616e646f6d,
			  seed ^ 0x6c7967656e657261,
			  other ^ 0x7465646279746573 };
	uint64_t last = (uint64_t)key.len << 56;
	size_t i;

	for (i = 0; key.len - i >= 8; i += 8) {
		uint64_t word;

		memcpy(&word, key.ptr + i, 8);
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	for (size_t j = i; j < key.len; j++)
		last |= (uint64_t)(unsigned char)key.ptr[j] << 8 * (j - i);
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static size_t home(const struct map *map, struct wsg_str key)
{
	return (size_t)hash(map->seed, key) & (map->size - 1);
}

/* The slot that has the key, or the free one where it would go. */
static struct map_slot *slot_of(const struct map *map, struct wsg_str key)
{
	size_t at = home(map, key);

	while (map->slots[at].value && !wsg_str_equal(map->slots[at].key, key))
		at = (at + 1) & (map->size - 1);
	return &map->slots[at];
}

static void resize(struct map *map, size_t size)
{
	struct map_slot *old = map->slots;
	size_t old_size = map->size;

	map->slots = mem_alloc(size * sizeof(*map->slots));
	map->size = size;
	for (size_t i = 0; i < old_size; i++) {
		if (old[i].value)
			*slot_of(map, old[i].key) = old[i];
	}
	free(old);
}

void map_release(struct map *map)
{
	free(map->slots);
	*map = (struct map){ 0 };
}

void map_put(struct map *map, struct wsg_str key, void *value)
{
	struct map_slot *slot;

	if (!map->size) {
		random_secret(&map->seed, sizeof(map->seed));
		resize(map, SIZE_MIN);
	} else if (map->count + 1 > map->size - map->size / 4) {
		resize(map, map->size * 2);
	}
	slot = slot_of(map, key);
	if (!slot->value)
		map->count++;
	*slot = (struct map_slot){ key, value };
}

void *map_get(const struct map *map, struct wsg_str key)
{
	return map->size ? slot_of(map, key)->value : NULL;
}

void *map_take(struct map *map, struct wsg_str key)
{
	struct map_slot *slot = map->size ? slot_of(map, key) : NULL;
	size_t mask = map->size - 1;
	size_t hole, at;
	void *value;

	if (!slot || !slot->value)
		return NULL;
	value = slot->value;
	hole = (size_t)(slot - map->slots);
	for (at = (hole + 1) & mask; map->slots[at].value;
	     at = (at + 1) & mask) {
		/* It may move up to the hole, but not past its home. */
		if (((at - home(map, map->slots[at].key)) & mask) <
		    ((at - hole) & mask))
			continue;
		map->slots[hole] = map->slots[at];
		hole = at;
	}
	map->slots[hole] = (struct map_slot){ { NULL, 0 }, NULL };
	map->count--;
	if (map->size > SIZE_MIN && map->count < map->size / 8)
		resize(map, map->size / 2);
	return value;
}

void *map_next(const struct map *map, size_t *at)
{
	while (*at < map->size) {
		void *value = map->slots[(*at)++].value;

		if (value)
			return value;
	}
	return NULL;
}
