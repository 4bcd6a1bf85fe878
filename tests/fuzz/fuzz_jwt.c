/* SPDX-License-Identifier: MIT */
/*
 * A token, and the keys of its issuer: the first byte says which of the two
 * the rest is. Whatever comes, nothing may be verified with keys that signed
 * nothing.
 */
#include "token.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char keys[] =
	"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
	"\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"},"
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
	"\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";

static char *copy_of(const void *bytes, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	if (size)
		memcpy(text, bytes, size);
	text[size] = '\0';
	return text;
}

static void read_token(struct wsg_arena *arena, const char *text, size_t size)
{
	static const struct wsg_jwt jwt = { .issuer = "joe" };
	char *json = copy_of(keys, sizeof(keys) - 1);
	struct wsg_claims claims;
	struct wsg_token token;
	struct wsg_key_set set;
	const char *error;

	if (!wsg_key_set_read(&set, json, sizeof(keys) - 1, &error))
		abort();
	if (wsg_token_read(arena, (struct wsg_str){ text, size }, &token,
			   &error)) {
		/* The one that this key did sign is RFC 7515's, from 2011. */
		if (wsg_claims_read(arena, token.claims, &claims, &error) &&
		    wsg_claims_check(&claims, &jwt, 1700000000, &error) &&
		    wsg_key_set_verify(&set, &token) == WSG_VERIFIED)
			abort();
		wsg_key_set_verify(&set, &token);
		wsg_claims_have_scopes(&claims, &jwt);
	}
	wsg_key_set_release(&set);
	free(json);
}

static void read_keys(const char *text, size_t size)
{
	char *json = copy_of(text, size);
	struct wsg_key_set set;
	const char *error;

	if (wsg_key_set_read(&set, json, size, &error)) {
		if (set.count > WSG_JWKS_KEYS_MAX)
			abort();
		wsg_key_set_release(&set);
	}
	free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wsg_arena *arena = wsg_arena_new();
	char *text;

	if (!arena)
		abort();
	setenv("AWS_LAMBDA_LOG_LEVEL", "FATAL", 0);
	if (size) {
		text = copy_of(data + 1, size - 1);
		if (*data == '{')
			read_keys(text, size - 1);
		else
			read_token(arena, text, size - 1);
		free(text);
	}
	wsg_arena_free(arena);
	return 0;
}
