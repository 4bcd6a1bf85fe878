/* SPDX-License-Identifier: MIT */
/*
 * token.h - a JSON Web Token in its parts, its claims, and the keys that it is
 * checked with. Reading needs no cryptography; what does is behind wsg_key,
 * in the archive that has OpenSSL.
 */
#ifndef WSGEN_TOKEN_H
#define WSGEN_TOKEN_H

#include "internal.h"

#include <wsgen/jwt.h>

enum wsg_alg {
	WSG_ALG_NONE, /* what we do not know */
	WSG_RS256,
	WSG_RS384,
	WSG_RS512,
	WSG_PS256,
	WSG_PS384,
	WSG_PS512,
	WSG_ES256,
	WSG_ES384,
	WSG_ES512,
	WSG_EDDSA,
	WSG_HS256,
	WSG_HS384,
	WSG_HS512,
};

enum wsg_alg wsg_alg_of(struct wsg_str name);
const char *wsg_alg_name(enum wsg_alg alg);

struct wsg_token {
	enum wsg_alg alg;
	struct wsg_str kid;	  /* ptr NULL: it names none */
	struct wsg_str signed_;	  /* what the signature is over */
	struct wsg_str claims;	  /* JSON, a NUL behind it; not checked yet */
	struct wsg_str signature; /* raw bytes */
};

/*
 * Take a compact JWS apart, into memory of the arena. False: *error is a phrase
 * that holds nothing of the token.
 */
bool wsg_token_read(struct wsg_arena *arena, struct wsg_str text,
		    struct wsg_token *token, const char **error);

#define WSG_TOKEN_MEMBERS_MAX 256
#define WSG_TOKEN_ITEMS_MAX 64

/* The members of an object that were there before; { 0 } at the start. */
struct wsg_members {
	struct wsg_str keys[WSG_TOKEN_MEMBERS_MAX];
	size_t count;
};

/* False, and the reader fails: the key comes twice, or there are too many. */
bool wsg_members_add(struct wsg_members *seen, struct wsg_json *json,
		     struct wsg_str key);

struct wsg_strs {
	struct wsg_str *items;
	size_t count;
};

/* The claims that RFC 7519 and OAuth know. */
struct wsg_claims {
	struct wsg_str iss, sub, client_id; /* ptr NULL when absent */
	struct wsg_strs aud, scopes;
	bool has_aud;
	bool has_exp, has_nbf, has_iat;
	double exp, nbf, iat;
};

/* Read them from JSON, a copy of which is made. False: as above. */
bool wsg_claims_read(struct wsg_arena *arena, struct wsg_str json,
		     struct wsg_claims *claims, const char **error);

/*
 * A text of a struct wsg_jwt: `$NAME` is in the environment, as a deployment
 * knows it. NULL when it is not there.
 */
const char *wsg_jwt_text(const char *text);

/* Whether the claims are good now. False: as above. */
bool wsg_claims_check(const struct wsg_claims *claims,
		      const struct wsg_jwt *jwt, int64_t now_s,
		      const char **error);

bool wsg_claims_have_scopes(const struct wsg_claims *claims,
			    const struct wsg_jwt *jwt);

/* A key as JSON has it. Bytes are decoded; those that are absent are empty. */
struct wsg_jwk {
	struct wsg_str kid, kty, crv, alg;
	struct wsg_str n, e, x, y, k;
	bool verifies; /* nothing in use and key_ops speaks against it */
};

struct wsg_key; /* made ready to verify; of the process */

/* NULL: the key is too weak, or none; *error says so. */
struct wsg_key *wsg_key_new(const struct wsg_jwk *jwk, const char **error);
void wsg_key_free(struct wsg_key *key);

/* Whether that algorithm goes with a key of this kind. */
bool wsg_key_fits(const struct wsg_key *key, enum wsg_alg alg);

/* False also if key and alg do not go together. */
bool wsg_key_verify(const struct wsg_key *key, enum wsg_alg alg,
		    struct wsg_str text, struct wsg_str signature);

/* One of a set. */
struct wsg_set_key {
	char *kid; /* NULL for none; may hold NULs */
	size_t kid_len;
	bool any_kid;	  /* good whatever a token says */
	enum wsg_alg alg; /* WSG_ALG_NONE: any that fits */
	struct wsg_key *key;
};

struct wsg_key_set {
	struct wsg_set_key *items;
	size_t count;
};

/*
 * Read a JWKS, which is changed as it is read; json[len] is a NUL. Keys that
 * are not for us are left out. False: this is no JWKS, nothing was made.
 */
bool wsg_key_set_read(struct wsg_key_set *set, char *json, size_t len,
		      const char **error);

/* The set of one secret. False: as above. */
bool wsg_key_set_secret(struct wsg_key_set *set, struct wsg_str secret,
			const char **error);
void wsg_key_set_release(struct wsg_key_set *set);

/* What came of asking a set about a token. */
enum wsg_verdict {
	WSG_VERIFIED,
	WSG_FORGED,	 /* there is such a key, and it did not sign this */
	WSG_UNKNOWN_KEY, /* none of the keys is meant */
	WSG_NO_KEYS,	 /* nothing to check with: logged */
};

enum wsg_verdict wsg_key_set_verify(const struct wsg_key_set *set,
				    const struct wsg_token *token);

/*
 * The same with the keys of jwt, which are got first, or again, as it takes:
 * from wherever they are, but for no longer than budget_ms.
 */
enum wsg_verdict wsg_keys_verify(const struct wsg_jwt *jwt,
				 const struct wsg_token *token,
				 int64_t budget_ms);

/* For tests: forget all keys, or let so much time have gone by. */
void wsg_keys_forget(void);
void wsg_keys_age(int64_t ms);

/*
 * Ask for what is behind a URL, into body, and wait no longer than budget_ms.
 * False: *error is a phrase that says why; a status but 200 is one.
 */
bool wsg_fetch(const char *url, int64_t budget_ms, struct wsg_buf *body,
	       const char **error);

/* The text of a parameter of SSM, decrypted, as above. */
bool wsg_fetch_parameter(const char *name, int64_t budget_ms,
			 struct wsg_buf *value, const char **error);

/* Close the connections that were kept. */
void wsg_fetch_forget(void);

#endif
