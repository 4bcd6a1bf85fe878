/* SPDX-License-Identifier: MIT */
/* sha1.c - FIPS 180-4. */
#include "sha1.h"

#include <stdint.h>

#define BLOCK 64

static uint32_t rotate(uint32_t value, unsigned by)
{
	return value << by | value >> (32 - by);
}

static uint32_t mix(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
	if (round < 20)
		return ((b & c) | (~b & d)) + 0x5a827999;
	if (round < 40)
		return (b ^ c ^ d) + 0x6ed9eba1;
	if (round < 60)
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	return (b ^ c ^ d) + 0xca62c1d6;
}

static void block(uint32_t state[5], const unsigned char *bytes)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], w[80];

	for (unsigned i = 0; i < 16; i++)
		w[i] = (uint32_t)bytes[4 * i] << 24 |
		       (uint32_t)bytes[4 * i + 1] << 16 |
		       (uint32_t)bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
	for (unsigned i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (unsigned i = 0; i < 80; i++) {
		uint32_t next = rotate(a, 5) + mix(i, b, c, d) + e + w[i];

		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

void sha1(struct wsg_str bytes, unsigned char digest[SHA1_LEN])
{
	uint32_t state[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
			      0xc3d2e1f0 };
	const unsigned char *s = (const unsigned char *)bytes.ptr;
	unsigned char last[2 * BLOCK] = { 0 };
	size_t whole = bytes.len / BLOCK * BLOCK;
	size_t left = bytes.len - whole;
	size_t size = left < BLOCK - 8 ? BLOCK : 2 * BLOCK;

	for (size_t i = 0; i < whole; i += BLOCK)
		block(state, s + i);
	if (left)
		memcpy(last, s + whole, left);
	last[left] = 0x80;
	for (size_t i = 0; i < 8; i++)
		last[size - 1 - i] =
			(unsigned char)((uint64_t)bytes.len * 8 >> 8 * i);
	for (size_t i = 0; i < size; i += BLOCK)
		block(state, last + i);
	for (size_t i = 0; i < SHA1_LEN; i++)
		digest[i] = (unsigned char)(state[i / 4] >> 8 * (3 - i % 4));
}
