/* SPDX-License-Identifier: MIT */
#include "perfect_hash.h"

#include <string.h>

#define MAX_SEEDS 64 /* the first one nearly always does */
#define KEYS_PER_BUCKET 2
#define SLOTS_PER_KEY 2
#define NO_KEY 0xffff

struct builder {
	struct arena *arena;
	const char *const *keys;
	size_t count;
	uint64_t *hashes;  /* of each key */
	uint32_t *order;   /* the keys, bucket by bucket */
	uint32_t *starts;  /* of each bucket in order, and the end */
	uint32_t *by_size; /* the buckets, those with most keys first */
	uint16_t *steps, *slots;
	uint32_t buckets_count, slots_count;
};

static uint64_t load(const char *p, size_t len)
{
	uint64_t value = 0;

	for (size_t i = len; i--;)
		value = value << 8 | (unsigned char)p[i];
	return value;
}

/* wsg_hash of wsgen/runtime.h: the two change together, with WSG_ABI. */
static uint64_t hash_key(const char *key, size_t len, uint64_t seed)
{
	uint64_t hash = seed ^ len * 0x9e3779b97f4a7c15u;
	uint64_t tail = 0;
	size_t i;

	for (i = 0; i + 8 < len; i += 8) {
		hash = (hash ^ load(key + i, 8)) * 0xff51afd7ed558ccdu;
		hash ^= hash >> 32;
	}
	if (len >= 8) {
		tail = load(key + len - 8, 8);
	} else if (len >= 4) {
		tail = load(key + len - 4, 4);
		tail = tail << 32 | load(key, 4);
	} else {
		for (; i < len; i++)
			tail = tail << 8 | (unsigned char)key[i];
	}
	hash ^= tail;
	hash = (hash ^ hash >> 29) * 0xc4ceb9fe1a85ec53u;
	return hash ^ hash >> 32;
}

static uint32_t power_of_two(size_t at_least)
{
	uint32_t power = 1;

	while (power < at_least)
		power *= 2;
	return power;
}

static uint32_t slot_of(const struct builder *b, uint64_t hash, uint32_t step)
{
	uint32_t odd = (uint32_t)(hash >> 16) | 1;

	return ((uint32_t)(hash >> 40) + step * odd) & (b->slots_count - 1);
}

/* Counting sort: keys by bucket, then buckets by how many keys they have. */
static void fill_buckets(struct builder *b, uint64_t seed)
{
	uint32_t mask = b->buckets_count - 1;
	uint32_t *next =
		arena_alloc(b->arena, b->buckets_count * sizeof(*next));
	uint32_t *sizes;
	uint32_t largest = 0, at = 0;

	memset(b->starts, 0, (b->buckets_count + 1) * sizeof(*b->starts));
	for (size_t i = 0; i < b->count; i++) {
		b->hashes[i] = hash_key(b->keys[i], strlen(b->keys[i]), seed);
		b->starts[((uint32_t)b->hashes[i] & mask) + 1]++;
	}
	for (uint32_t i = 0; i < b->buckets_count; i++) {
		if (b->starts[i + 1] > largest)
			largest = b->starts[i + 1];
		b->starts[i + 1] += b->starts[i];
		next[i] = b->starts[i];
	}
	for (size_t i = 0; i < b->count; i++)
		b->order[next[(uint32_t)b->hashes[i] & mask]++] = (uint32_t)i;

	sizes = arena_alloc(b->arena, (largest + 1) * sizeof(*sizes));
	for (uint32_t i = 0; i < b->buckets_count; i++)
		sizes[b->starts[i + 1] - b->starts[i]]++;
	for (uint32_t size = largest + 1; size--;) {
		uint32_t count = sizes[size];

		sizes[size] = at;
		at += count;
	}
	for (uint32_t i = 0; i < b->buckets_count; i++)
		b->by_size[sizes[b->starts[i + 1] - b->starts[i]]++] = i;
}

/* Put each key of the bucket into its slot; all or none. */
static bool place(struct builder *b, uint32_t bucket, uint32_t step)
{
	uint32_t start = b->starts[bucket], end = b->starts[bucket + 1], i;

	for (i = start; i < end; i++) {
		uint32_t slot = slot_of(b, b->hashes[b->order[i]], step);

		if (b->slots[slot] != NO_KEY)
			break;
		b->slots[slot] = (uint16_t)b->order[i];
	}
	if (i == end)
		return true;
	while (i-- > start)
		b->slots[slot_of(b, b->hashes[b->order[i]], step)] = NO_KEY;
	return false;
}

static bool place_all(struct builder *b)
{
	memset(b->slots, 0xff, b->slots_count * sizeof(*b->slots));
	for (uint32_t i = 0; i < b->buckets_count; i++) {
		uint32_t bucket = b->by_size[i], step = 0;

		while (!place(b, bucket, step))
			if (++step > UINT16_MAX || step > b->slots_count)
				return false;
		b->steps[bucket] = (uint16_t)step;
	}
	return true;
}

static bool any_equal(const struct builder *b, uint32_t bucket)
{
	for (uint32_t i = b->starts[bucket]; i < b->starts[bucket + 1]; i++)
		for (uint32_t j = i + 1; j < b->starts[bucket + 1]; j++)
			if (!strcmp(b->keys[b->order[i]], b->keys[b->order[j]]))
				return true;
	return false;
}

bool perfect_hash_make(struct arena *arena, const char *const *keys,
		       size_t count, struct perfect_hash *out)
{
	struct builder b = { .arena = arena, .keys = keys, .count = count };

	if (count > PERFECT_HASH_MAX_KEYS)
		return false;
	b.buckets_count = power_of_two(count / KEYS_PER_BUCKET);
	b.slots_count = power_of_two(count * SLOTS_PER_KEY);
	b.hashes = arena_alloc(arena, count * sizeof(*b.hashes));
	b.order = arena_alloc(arena, count * sizeof(*b.order));
	b.starts =
		arena_alloc(arena, (b.buckets_count + 1) * sizeof(*b.starts));
	b.by_size = arena_alloc(arena, b.buckets_count * sizeof(*b.by_size));
	b.steps = arena_alloc(arena, b.buckets_count * sizeof(*b.steps));
	b.slots = arena_alloc(arena, b.slots_count * sizeof(*b.slots));
	for (uint64_t seed = 0; seed < MAX_SEEDS; seed++) {
		fill_buckets(&b, seed);
		if (!seed)
			for (uint32_t i = 0; i < b.buckets_count; i++)
				if (any_equal(&b, i))
					return false;
		if (!place_all(&b))
			continue;
		*out = (struct perfect_hash){ b.steps, b.slots, b.buckets_count,
					      b.slots_count, seed };
		return true;
	}
	return false;
}
