/* SPDX-License-Identifier: MIT */
/* A compact JWS, taken apart: RFC 7515, and no more of it than tokens need. */
#include "token.h"

static const char *const algs[] = {
	[WSG_ALG_NONE] = "",   [WSG_RS256] = "RS256", [WSG_RS384] = "RS384",
	[WSG_RS512] = "RS512", [WSG_PS256] = "PS256", [WSG_PS384] = "PS384",
	[WSG_PS512] = "PS512", [WSG_ES256] = "ES256", [WSG_ES384] = "ES384",
	[WSG_ES512] = "ES512", [WSG_EDDSA] = "EdDSA", [WSG_HS256] = "HS256",
	[WSG_HS384] = "HS384", [WSG_HS512] = "HS512",
};

enum wsg_alg wsg_alg_of(struct wsg_str name)
{
	size_t i;

	for (i = 1; i < sizeof(algs) / sizeof(algs[0]); i++) {
		if (wsg_str_is(name, algs[i]))
			return (enum wsg_alg)i;
	}
	return WSG_ALG_NONE;
}

const char *wsg_alg_name(enum wsg_alg alg)
{
	return algs[alg];
}

/*
 * The part up to the next dot, or to the end for the last; *rest is what is
 * behind the dot.
 */
static bool next_part(struct wsg_str *rest, struct wsg_str *part, bool last)
{
	const char *dot = rest->len ? memchr(rest->ptr, '.', rest->len) : NULL;
	size_t len = dot ? (size_t)(dot - rest->ptr) : rest->len;

	if (last == (dot != NULL))
		return false;
	*part = (struct wsg_str){ rest->ptr, len };
	if (dot)
		*rest = (struct wsg_str){ dot + 1, rest->len - len - 1 };
	return len != 0;
}

static bool decode_part(struct wsg_arena *arena, struct wsg_str *part)
{
	struct wsg_str copy = wsg_arena_copy(arena, *part);
	char *bytes = (char *)copy.ptr;

	if (!bytes || !wsg_base64url_decode(bytes, copy.len, &copy.len))
		return false;
	bytes[copy.len] = '\0';
	*part = copy;
	return true;
}

bool wsg_members_add(struct wsg_members *seen, struct wsg_json *json,
		     struct wsg_str key)
{
	size_t i;

	if (seen->count == WSG_TOKEN_MEMBERS_MAX)
		return wsg_json_fail(json, "too many members");
	for (i = 0; i < seen->count; i++) {
		if (wsg_str_equal(seen->keys[i], key))
			return wsg_json_fail(json, "a member comes twice");
	}
	seen->keys[seen->count++] = key;
	return true;
}

static bool read_header(struct wsg_str text, struct wsg_token *token,
			const char **error)
{
	struct wsg_members seen = { .count = 0 };
	struct wsg_str key, alg = { NULL, 0 };
	struct wsg_json json;
	bool has_crit = false;

	wsg_json_init(&json, (char *)text.ptr, text.len);
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key)) {
		if (!wsg_members_add(&seen, &json, key))
			break;
		has_crit = has_crit || wsg_str_is(key, "crit");
		if (wsg_str_is(key, "alg"))
			wsg_json_string(&json, &alg);
		else if (wsg_str_is(key, "kid"))
			wsg_json_string(&json, &token->kid);
		else
			wsg_json_skip(&json);
	}
	*error = json.error ? json.error : "more than one value";
	if (!wsg_json_end(&json))
		return false;
	*error = "its header has 'crit'";
	if (has_crit)
		return false;
	token->alg = wsg_alg_of(alg);
	*error = "its algorithm is none that is known";
	return token->alg != WSG_ALG_NONE;
}

bool wsg_token_read(struct wsg_arena *arena, struct wsg_str text,
		    struct wsg_token *token, const char **error)
{
	struct wsg_str rest = text, header;

	*token = (struct wsg_token){ 0 };
	*error = "it is larger than 16 KB";
	if (text.len > WSG_JWT_MAX)
		return false;
	*error = "it does not have three parts";
	if (!next_part(&rest, &header, false) ||
	    !next_part(&rest, &token->claims, false))
		return false;
	token->signed_ =
		(struct wsg_str){ text.ptr, (size_t)(rest.ptr - text.ptr) - 1 };
	if (!next_part(&rest, &token->signature, true))
		return false;
	*error = "it is not base64url";
	if (!decode_part(arena, &header) ||
	    !decode_part(arena, &token->claims) ||
	    !decode_part(arena, &token->signature))
		return false;
	return read_header(header, token, error);
}
