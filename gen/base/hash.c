/* SPDX-License-Identifier: MIT */
#include "hash.h"

/* Odd, and half of their bits set: a multiplication moves every bit up. */
#define FIRST 0x9e3779b97f4a7c15u
#define SECOND 0xc2b2ae3d27d4eb4fu

/* Written so that a compiler sees one load. */
static inline uint64_t word_at(const unsigned char *at)
{
	return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
	       (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 |
	       (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
	       (uint64_t)at[7] << 56;
}

/* What a multiplication moved up comes down again for the next one. */
static inline uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * FIRST;
	return hash ^ hash >> 32;
}

uint64_t hash_bytes(const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint64_t hash = len * SECOND, last = 0;

	for (; len >= 8; at += 8, len -= 8)
		hash = mix(hash, word_at(at));
	while (len--)
		last = last << 8 | at[len];
	hash = mix(hash, last);
	hash *= SECOND;
	return hash ^ hash >> 29;
}

const char *hash_hex(struct arena *arena, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const uint64_t hash = hash_bytes(bytes, len);
	char *hex = arena_alloc(arena, HASH_HEX_LEN + 1);

	for (int i = 0; i < HASH_HEX_LEN; i++)
		hex[i] = digits[hash >> (60 - 4 * i) & 15];
	return hex;
}
