/* SPDX-License-Identifier: MIT */
/*
 * map.h - things by their name. The key is borrowed from the thing, so it has
 * to be taken out before it goes. { 0 } is an empty map.
 */
#ifndef GATEWAY_MAP_H
#define GATEWAY_MAP_H

#include <wsgen/str.h>

#include <stdint.h>

struct map {
	struct map_slot {
		struct wsg_str key;
		void *value; /* NULL: free */
	} * slots;
	size_t size; /* of slots, a power of 2 */
	size_t count;
	uint64_t seed; /* so that nobody can choose keys that collide */
};

void map_release(struct map *map);

/* Put value, not NULL, in; what was there under that key is replaced. */
void map_put(struct map *map, struct wsg_str key, void *value);
void *map_get(const struct map *map, struct wsg_str key);

/* What was there, or NULL. */
void *map_take(struct map *map, struct wsg_str key);

/*
 * Each value in no order: start with *at = 0; NULL after the last. Putting in
 * and taking out move the others: start anew then.
 */
void *map_next(const struct map *map, size_t *at);

#endif
