/* SPDX-License-Identifier: MIT */
/* SHA-256 as FIPS 180-4 has it, and HMAC as RFC 2104 has it. */
#include "sha256.h"

static const uint32_t rounds[64] = {
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

static uint32_t rotate(uint32_t x, unsigned by)
{
	return x >> by | x << (32 - by);
}

static void schedule(uint32_t w[64], const unsigned char *block)
{
	size_t i;

	for (i = 0; i < 16; i++, block += 4)
		w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 |
		       (uint32_t)block[2] << 8 | block[3];
	for (; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] +
		       (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
		       (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

static void compress(uint32_t state[8], const unsigned char *block)
{
	uint32_t w[64], s[8];
	size_t i;

	schedule(w, block);
	memcpy(s, state, sizeof(s));
	for (i = 0; i < 64; i++) {
		uint32_t a = s[0], e = s[4];
		uint32_t t1 = s[7] +
			      (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
			      ((e & s[5]) ^ (~e & s[6])) + rounds[i] + w[i];
		uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
			      ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));

		s[7] = s[6];
		s[6] = s[5];
		s[5] = s[4];
		s[4] = s[3] + t1;
		s[3] = s[2];
		s[2] = s[1];
		s[1] = s[0];
		s[0] = t1 + t2;
	}
	for (i = 0; i < 8; i++)
		state[i] += s[i];
}

void wsg_sha256_init(struct wsg_sha256 *sha)
{
	static const uint32_t start[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	memcpy(sha->state, start, sizeof(start));
	sha->len = 0;
}

void wsg_sha256_add(struct wsg_sha256 *sha, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	size_t held = sha->len % 64;

	sha->len += len;
	if (held && len >= 64 - held) {
		memcpy(sha->block + held, p, 64 - held);
		compress(sha->state, sha->block);
		p += 64 - held;
		len -= 64 - held;
		held = 0;
	}
	if (!held) {
		for (; len >= 64; len -= 64, p += 64)
			compress(sha->state, p);
	}
	if (len)
		memcpy(sha->block + held, p, len);
}

void wsg_sha256_end(struct wsg_sha256 *sha,
		    unsigned char digest[WSG_SHA256_LEN])
{
	static const unsigned char padding[64] = { 0x80 };
	uint64_t bits = sha->len * 8;
	unsigned char tail[8];
	size_t i;

	for (i = 0; i < 8; i++)
		tail[i] = (unsigned char)(bits >> (56 - 8 * i));
	wsg_sha256_add(sha, padding, 64 - (sha->len + 8) % 64);
	wsg_sha256_add(sha, tail, sizeof(tail));
	for (i = 0; i < WSG_SHA256_LEN; i++)
		digest[i] = (unsigned char)(sha->state[i / 4] >>
					    (24 - 8 * (i % 4)));
}

void wsg_hmac_sha256(const void *key, size_t key_len, struct wsg_str text,
		     unsigned char digest[WSG_SHA256_LEN])
{
	unsigned char pad[64] = { 0 };
	struct wsg_sha256 sha;
	size_t i;

	if (key_len > sizeof(pad)) {
		wsg_sha256_init(&sha);
		wsg_sha256_add(&sha, key, key_len);
		wsg_sha256_end(&sha, pad);
	} else if (key_len) {
		memcpy(pad, key, key_len);
	}
	for (i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36;
	wsg_sha256_init(&sha);
	wsg_sha256_add(&sha, pad, sizeof(pad));
	wsg_sha256_add(&sha, text.ptr, text.len);
	wsg_sha256_end(&sha, digest);
	for (i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	wsg_sha256_init(&sha);
	wsg_sha256_add(&sha, pad, sizeof(pad));
	wsg_sha256_add(&sha, digest, WSG_SHA256_LEN);
	wsg_sha256_end(&sha, digest);
}

void wsg_sha256_hex(char hex[WSG_SHA256_HEX_LEN + 1],
		    const unsigned char digest[WSG_SHA256_LEN])
{
	size_t i;

	for (i = 0; i < WSG_SHA256_LEN; i++) {
		hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	hex[WSG_SHA256_HEX_LEN] = '\0';
}

void wsg_sha256_hex_of(char hex[WSG_SHA256_HEX_LEN + 1], struct wsg_str text)
{
	unsigned char digest[WSG_SHA256_LEN];
	struct wsg_sha256 sha;

	wsg_sha256_init(&sha);
	wsg_sha256_add(&sha, text.ptr, text.len);
	wsg_sha256_end(&sha, digest);
	wsg_sha256_hex(hex, digest);
}
