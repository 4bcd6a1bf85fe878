/* SPDX-License-Identifier: MIT */
/*
 * sha256.h - what a text is, in 64 hex digits: ids of deployments, versions
 * and integrations.
 */
#ifndef WSGEN_SHA256_H
#define WSGEN_SHA256_H

#include "arena.h"

#include <stdint.h>

struct sha256 {
	uint32_t state[8];
	uint64_t len;
	unsigned char block[64];
};

void sha256_init(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *bytes, size_t len);
void sha256_end(struct sha256 *sha, unsigned char digest[32]);

/* 64 lower-case hex digits of one text. */
const char *sha256_hex(struct arena *arena, const void *bytes, size_t len);

#endif
