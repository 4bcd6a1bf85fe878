/* SPDX-License-Identifier: MIT */
/*
 * hash.h - 64 bits that tell texts apart that nobody made to be alike: slots
 * of a map, files that changed. For ids that are seen or kept, sha256.h.
 */
#ifndef WSGEN_HASH_H
#define WSGEN_HASH_H

#include "arena.h"

#include <stdint.h>

#define HASH_HEX_LEN 16

/* The same on every machine. */
uint64_t hash_bytes(const void *bytes, size_t len);

/* The same as HASH_HEX_LEN lower-case hex digits. */
const char *hash_hex(struct arena *arena, const void *bytes, size_t len);

#endif
