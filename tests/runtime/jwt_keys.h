/* SPDX-License-Identifier: MIT */
/*
 * jwt_keys.h - the issuer's side of tokens: keys that are made as a test runs,
 * the JSON that publishes them, and tokens that they sign.
 */
#ifndef WSGEN_JWT_KEYS_H
#define WSGEN_JWT_KEYS_H

#include "token.h"

#include <openssl/evp.h>

/* Base64url of bytes, after what out holds. */
void put_base64url(struct wsg_buf *out, const void *bytes, size_t len);

/* "RSA" with bits, "P-256" and such, "Ed25519"; fails the test if it cannot. */
EVP_PKEY *make_key(const char *kind, unsigned bits);

/* The members of its JWK, without braces: "kty":...,"n":... */
void put_jwk(struct wsg_buf *out, EVP_PKEY *key);

/*
 * A token of these two JSON texts. The signature is of alg with key, or with
 * secret when key is NULL, whatever the header says.
 */
void put_token(struct wsg_buf *out, const char *header, const char *claims,
	       enum wsg_alg alg, EVP_PKEY *key, const char *secret);

#endif
