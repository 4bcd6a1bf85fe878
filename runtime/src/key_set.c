/* SPDX-License-Identifier: MIT */
/* A JSON Web Key Set: RFC 7517. Keys that are not for us are left out. */
#include "token.h"

#include <stdlib.h>

/* Members that hold bytes. */
static struct wsg_str *bytes_of(struct wsg_jwk *jwk, struct wsg_str key)
{
	if (key.len != 1)
		return NULL;
	switch (*key.ptr) {
	case 'n':
		return &jwk->n;
	case 'e':
		return &jwk->e;
	case 'x':
		return &jwk->x;
	case 'y':
		return &jwk->y;
	}
	return NULL;
}

static struct wsg_str *text_of(struct wsg_jwk *jwk, struct wsg_str key)
{
	if (wsg_str_is(key, "kid"))
		return &jwk->kid;
	if (wsg_str_is(key, "kty"))
		return &jwk->kty;
	if (wsg_str_is(key, "crv"))
		return &jwk->crv;
	return wsg_str_is(key, "alg") ? &jwk->alg : NULL;
}

static void read_ops(struct wsg_json *json, struct wsg_jwk *jwk)
{
	bool verifies = false;
	struct wsg_str op;

	wsg_json_array(json);
	while (wsg_json_item(json)) {
		if (wsg_json_string(json, &op) && wsg_str_is(op, "verify"))
			verifies = true;
	}
	jwk->verifies = jwk->verifies && verifies;
}

static void read_member(struct wsg_json *json, struct wsg_str key,
			struct wsg_jwk *jwk)
{
	struct wsg_str *bytes = bytes_of(jwk, key), *text = text_of(jwk, key);
	struct wsg_str use;

	if (bytes) {
		if (wsg_json_string(json, bytes) &&
		    !wsg_base64url_decode((char *)bytes->ptr, bytes->len,
					  &bytes->len))
			jwk->verifies = false;
	} else if (text) {
		wsg_json_string(json, text);
	} else if (wsg_str_is(key, "use")) {
		if (wsg_json_string(json, &use) && !wsg_str_is(use, "sig"))
			jwk->verifies = false;
	} else if (wsg_str_is(key, "key_ops")) {
		read_ops(json, jwk);
	} else {
		wsg_json_skip(json);
	}
}

static bool read_key(struct wsg_json *json, struct wsg_jwk *jwk)
{
	struct wsg_members seen = { .count = 0 };
	struct wsg_str key;

	*jwk = (struct wsg_jwk){ .verifies = true };
	wsg_json_object(json);
	while (wsg_json_key(json, &key)) {
		if (wsg_members_add(&seen, json, key))
			read_member(json, key, jwk);
	}
	return !json->error;
}

/*
 * A secret in a set would be for everybody to read; with `oct` left out, an HS
 * algorithm finds no key here whatever the set says.
 */
static bool add_key(struct wsg_key_set *set, const struct wsg_jwk *jwk)
{
	struct wsg_set_key *key = &set->items[set->count];
	const char *error = "a secret";

	*key = (struct wsg_set_key){ .kid_len = jwk->kid.len };
	if (!jwk->verifies || (jwk->alg.len && !wsg_alg_of(jwk->alg)))
		return true;
	key->alg = wsg_alg_of(jwk->alg);
	if (!wsg_str_is(jwk->kty, "oct"))
		key->key = wsg_key_new(jwk, &error);
	if (!key->key || (key->alg && !wsg_key_fits(key->key, key->alg))) {
		wsg_log(WSG_INFO, "a key of the JWKS is not used: %s",
			key->key ? "its alg is another's" : error);
		wsg_key_free(key->key);
		return true;
	}
	if (jwk->kid.ptr) {
		key->kid = malloc(jwk->kid.len + 1);
		if (!key->kid) {
			wsg_key_free(key->key);
			return false;
		}
		memcpy(key->kid, jwk->kid.ptr, jwk->kid.len);
	}
	set->count++;
	return true;
}

static bool read_keys(struct wsg_key_set *set, struct wsg_json *json)
{
	struct wsg_jwk jwk;
	size_t count = 0;

	wsg_json_array(json);
	while (wsg_json_item(json)) {
		if (count++ == WSG_JWKS_KEYS_MAX)
			return wsg_json_fail(json, "more than 64 keys");
		if (read_key(json, &jwk) && !add_key(set, &jwk))
			return wsg_json_fail(json, "out of memory");
	}
	return !json->error;
}

bool wsg_key_set_read(struct wsg_key_set *set, char *text, size_t len,
		      const char **error)
{
	struct wsg_members seen = { .count = 0 };
	bool has_keys = false;
	struct wsg_json json;
	struct wsg_str key;

	*set = (struct wsg_key_set){ .items = calloc(WSG_JWKS_KEYS_MAX,
						     sizeof(*set->items)) };
	*error = "out of memory";
	if (!set->items)
		return false;
	wsg_json_init(&json, text, len);
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key)) {
		if (!wsg_members_add(&seen, &json, key))
			break;
		if (wsg_str_is(key, "keys"))
			has_keys = read_keys(set, &json);
		else
			wsg_json_skip(&json);
	}
	if (wsg_json_end(&json) && has_keys)
		return true;
	*error = json.error ? json.error : "it has no 'keys'";
	wsg_key_set_release(set);
	return false;
}

bool wsg_key_set_secret(struct wsg_key_set *set, struct wsg_str secret,
			const char **error)
{
	struct wsg_jwk jwk = { .kty = { WSG_LIT("oct") }, .k = secret };

	*error = "out of memory";
	*set = (struct wsg_key_set){ calloc(1, sizeof(*set->items)), 0 };
	if (!set->items)
		return false;
	set->items->any_kid = true;
	set->items->key = wsg_key_new(&jwk, error);
	set->count = set->items->key != NULL;
	if (!set->count)
		wsg_key_set_release(set);
	return set->count != 0;
}

void wsg_key_set_release(struct wsg_key_set *set)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		free(set->items[i].kid);
		wsg_key_free(set->items[i].key);
	}
	free(set->items);
	*set = (struct wsg_key_set){ NULL, 0 };
}

static bool is_meant(const struct wsg_set_key *key,
		     const struct wsg_token *token)
{
	if (key->alg && key->alg != token->alg)
		return false;
	if (!wsg_key_fits(key->key, token->alg))
		return false;
	if (key->any_kid || !token->kid.ptr)
		return true;
	return key->kid && key->kid_len == token->kid.len &&
	       !memcmp(key->kid, token->kid.ptr, key->kid_len);
}

enum wsg_verdict wsg_key_set_verify(const struct wsg_key_set *set,
				    const struct wsg_token *token)
{
	enum wsg_verdict verdict = WSG_UNKNOWN_KEY;
	size_t i;

	for (i = 0; i < set->count; i++) {
		if (!is_meant(&set->items[i], token))
			continue;
		if (wsg_key_verify(set->items[i].key, token->alg,
				   token->signed_, token->signature))
			return WSG_VERIFIED;
		verdict = WSG_FORGED;
	}
	return verdict;
}
