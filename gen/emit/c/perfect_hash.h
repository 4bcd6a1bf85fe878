/* SPDX-License-Identifier: MIT */
/*
 * perfect_hash.h - route keys to the tables of a struct wsg_index, with which
 * the runtime finds a route in one look. Hash and displace: a key's hash
 * names a bucket, the bucket's step moves each of its keys to a slot that no
 * other key has.
 */
#ifndef WSGEN_PERFECT_HASH_H
#define WSGEN_PERFECT_HASH_H

#include "../../base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define PERFECT_HASH_MAX_KEYS 65535 /* 0xffff in slots says: no key */

struct perfect_hash {
	const uint16_t *steps; /* of each bucket */
	const uint16_t *slots; /* the key in each slot; 0xffff: none */
	uint32_t buckets_count, slots_count; /* powers of two */
	uint64_t seed;
};

/*
 * The same keys always give the same tables. False when there are too many
 * keys, or two that are equal.
 */
bool perfect_hash_make(struct arena *arena, const char *const *keys,
		       size_t count, struct perfect_hash *out);

#endif
