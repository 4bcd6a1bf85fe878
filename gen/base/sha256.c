/* SPDX-License-Identifier: MIT */
#include "sha256.h"

#include <string.h>

/* FIPS 180-4, section 4.2.2. */
static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t value, int bits)
{
	return value >> bits | value << (32 - bits);
}

/* One round; the caller renames the eight words instead of moving them. */
static inline void turn(uint32_t a, uint32_t b, uint32_t c, uint32_t *d,
			uint32_t e, uint32_t f, uint32_t g, uint32_t *h,
			uint32_t word)
{
	uint32_t one = *h + word +
		       (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
		       (g ^ (e & (f ^ g)));
	uint32_t two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
		       ((a & b) | (c & (a | b)));

	*d += one;
	*h = one + two;
}

static void eight_turns(uint32_t s[8], const uint32_t *w, const uint32_t *k)
{
	uint32_t a = s[0], b = s[1], c = s[2], d = s[3];
	uint32_t e = s[4], f = s[5], g = s[6], h = s[7];

	turn(a, b, c, &d, e, f, g, &h, w[0] + k[0]);
	turn(h, a, b, &c, d, e, f, &g, w[1] + k[1]);
	turn(g, h, a, &b, c, d, e, &f, w[2] + k[2]);
	turn(f, g, h, &a, b, c, d, &e, w[3] + k[3]);
	turn(e, f, g, &h, a, b, c, &d, w[4] + k[4]);
	turn(d, e, f, &g, h, a, b, &c, w[5] + k[5]);
	turn(c, d, e, &f, g, h, a, &b, w[6] + k[6]);
	turn(b, c, d, &e, f, g, h, &a, w[7] + k[7]);
	s[0] = a, s[1] = b, s[2] = c, s[3] = d;
	s[4] = e, s[5] = f, s[6] = g, s[7] = h;
}

static void compress(uint32_t state[8], const unsigned char block[64])
{
	uint32_t w[64], s[8];

	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[i * 4] << 24 |
		       (uint32_t)block[i * 4 + 1] << 16 |
		       (uint32_t)block[i * 4 + 2] << 8 | block[i * 4 + 3];
	for (int i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] +
		       (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
		       (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
	memcpy(s, state, sizeof(s));
	for (int i = 0; i < 64; i += 8)
		eight_turns(s, w + i, round_constants + i);
	for (int i = 0; i < 8; i++)
		state[i] += s[i];
}

void sha256_init(struct sha256 *sha)
{
	*sha = (struct sha256){ .state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372,
					   0xa54ff53a, 0x510e527f, 0x9b05688c,
					   0x1f83d9ab, 0x5be0cd19 } };
}

void sha256_add(struct sha256 *sha, const void *bytes, size_t len)
{
	const unsigned char *from = bytes;
	size_t have = (size_t)(sha->len % 64);

	sha->len += len;
	while (len) {
		size_t take = 64 - have < len ? 64 - have : len;

		memcpy(sha->block + have, from, take);
		from += take;
		len -= take;
		have += take;
		if (have == 64) {
			compress(sha->state, sha->block);
			have = 0;
		}
	}
}

void sha256_end(struct sha256 *sha, unsigned char digest[32])
{
	static const unsigned char pad[64] = { 0x80 };
	uint64_t bits = sha->len * 8;
	size_t have = (size_t)(sha->len % 64);
	unsigned char length[8];

	for (int i = 0; i < 8; i++)
		length[i] = (unsigned char)(bits >> (56 - 8 * i));
	sha256_add(sha, pad, have < 56 ? 56 - have : 120 - have);
	sha256_add(sha, length, 8);
	for (int i = 0; i < 32; i++)
		digest[i] = (unsigned char)(sha->state[i / 4] >>
					    (24 - 8 * (i % 4)));
}

const char *sha256_hex(struct arena *arena, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[32];
	struct sha256 sha;
	char *hex = arena_alloc(arena, 65);

	sha256_init(&sha);
	sha256_add(&sha, bytes, len);
	sha256_end(&sha, digest);
	for (int i = 0; i < 32; i++) {
		hex[i * 2] = digits[digest[i] >> 4];
		hex[i * 2 + 1] = digits[digest[i] & 15];
	}
	return hex;
}
