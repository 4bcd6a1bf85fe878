/* SPDX-License-Identifier: MIT */
/*
 * map.h - names to things: a hash table in an arena. Keys are borrowed and
 * must live as long as the map.
 */
#ifndef WSGEN_MAP_H
#define WSGEN_MAP_H

#include "arena.h"

#include <stdint.h>

struct map_entry;

/* Start with zeroes and the arena: struct map map = { .arena = arena }; */
struct map {
	struct arena *arena;
	struct map_entry *entries; /* in the order they were put */
	uint32_t *slots;	   /* the hash table: numbers of entries */
	size_t room, count;
};

/* The value under key, or NULL. */
void *map_get(const struct map *map, const char *key);

/*
 * Put value under key. When key is taken already, change nothing and return
 * the value that has it; else return NULL.
 */
void *map_put(struct map *map, const char *key, void *value);

/* The same for keys with a length, which may hold NUL bytes. */
void *map_get_n(const struct map *map, const char *key, size_t len);
void *map_put_n(struct map *map, const char *key, size_t len, void *value);

#endif
