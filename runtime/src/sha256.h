/* SPDX-License-Identifier: MIT */
/*
 * sha256.h - SHA-256 and HMAC over it, so that signing needs no library: a
 * function that talks plain HTTP to the local gateway has no OpenSSL in it.
 */
#ifndef WSGEN_SHA256_H
#define WSGEN_SHA256_H

#include <wsgen/str.h>

#include <stdint.h>

#define WSG_SHA256_LEN 32
#define WSG_SHA256_HEX_LEN 64

struct wsg_sha256 {
	uint32_t state[8];
	uint64_t len;
	unsigned char block[64];
};

void wsg_sha256_init(struct wsg_sha256 *sha);
void wsg_sha256_add(struct wsg_sha256 *sha, const void *bytes, size_t len);
void wsg_sha256_end(struct wsg_sha256 *sha,
		    unsigned char digest[WSG_SHA256_LEN]);

void wsg_hmac_sha256(const void *key, size_t key_len, struct wsg_str text,
		     unsigned char digest[WSG_SHA256_LEN]);

/* Lower case, and a NUL. */
void wsg_sha256_hex(char hex[WSG_SHA256_HEX_LEN + 1],
		    const unsigned char digest[WSG_SHA256_LEN]);

/* The digest of text in hex. */
void wsg_sha256_hex_of(char hex[WSG_SHA256_HEX_LEN + 1], struct wsg_str text);

#endif
