/* SPDX-License-Identifier: MIT */
/* What a token claims, and whether that is good for us, now. */
#include "token.h"

#include <stdlib.h>

static bool add_item(struct wsg_strs *list, struct wsg_arena *arena,
		     struct wsg_json *json, struct wsg_str item)
{
	if (list->count == WSG_TOKEN_ITEMS_MAX)
		return wsg_json_fail(json, "too many items");
	if (!list->items)
		list->items = wsg_arena_alloc(
			arena, WSG_TOKEN_ITEMS_MAX * sizeof(*list->items));
	if (!list->items)
		return wsg_json_fail(json, "out of memory");
	list->items[list->count++] = item;
	return true;
}

static void add_words(struct wsg_strs *list, struct wsg_arena *arena,
		      struct wsg_json *json, struct wsg_str text)
{
	const char *p = text.ptr, *end = p + text.len, *stop;

	for (; p < end; p = stop) {
		if (*p == ' ') {
			stop = p + 1;
			continue;
		}
		for (stop = p; stop < end && *stop != ' '; stop++)
			;
		if (!add_item(list, arena, json,
			      (struct wsg_str){ p, (size_t)(stop - p) }))
			return;
	}
}

/* One text or a list of them; the lone text is words, or it is one item. */
static void read_items(struct wsg_strs *list, struct wsg_arena *arena,
		       struct wsg_json *json, bool words)
{
	struct wsg_str text;

	if (wsg_json_peek(json) == WSG_JSON_STRING) {
		if (!wsg_json_string(json, &text))
			return;
		if (words)
			add_words(list, arena, json, text);
		else
			add_item(list, arena, json, text);
		return;
	}
	wsg_json_array(json);
	while (wsg_json_item(json)) {
		if (wsg_json_string(json, &text))
			add_item(list, arena, json, text);
	}
}

static void read_claim(struct wsg_json *json, struct wsg_str key,
		       struct wsg_arena *arena, struct wsg_claims *claims)
{
	if (wsg_str_is(key, "iss")) {
		wsg_json_string(json, &claims->iss);
	} else if (wsg_str_is(key, "sub")) {
		wsg_json_string(json, &claims->sub);
	} else if (wsg_str_is(key, "client_id")) {
		wsg_json_string(json, &claims->client_id);
	} else if (wsg_str_is(key, "aud")) {
		claims->has_aud = true;
		read_items(&claims->aud, arena, json, false);
	} else if (wsg_str_is(key, "scope") || wsg_str_is(key, "scp")) {
		read_items(&claims->scopes, arena, json, true);
	} else if (wsg_str_is(key, "exp")) {
		claims->has_exp = wsg_json_number(json, &claims->exp);
	} else if (wsg_str_is(key, "nbf")) {
		claims->has_nbf = wsg_json_number(json, &claims->nbf);
	} else if (wsg_str_is(key, "iat")) {
		claims->has_iat = wsg_json_number(json, &claims->iat);
	} else {
		wsg_json_skip(json);
	}
}

bool wsg_claims_read(struct wsg_arena *arena, struct wsg_str text,
		     struct wsg_claims *claims, const char **error)
{
	struct wsg_str copy = wsg_arena_copy(arena, text), key;
	struct wsg_members seen = { .count = 0 };
	struct wsg_json json;

	*claims = (struct wsg_claims){ 0 };
	*error = "out of memory";
	if (!copy.ptr)
		return false;
	wsg_json_init(&json, (char *)copy.ptr, copy.len);
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key)) {
		if (wsg_members_add(&seen, &json, key))
			read_claim(&json, key, arena, claims);
	}
	if (wsg_json_end(&json))
		return true;
	*error = json.error ? json.error : "more than one value";
	return false;
}

static bool has(const struct wsg_strs *list, struct wsg_str item)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (wsg_str_equal(list->items[i], item))
			return true;
	}
	return false;
}

/* `client_id` stands in for an `aud` that is absent, and only then. */
static bool is_for(const struct wsg_claims *claims, struct wsg_str name)
{
	if (claims->has_aud)
		return has(&claims->aud, name);
	return claims->client_id.ptr && wsg_str_equal(claims->client_id, name);
}

static bool audience_is_right(const struct wsg_claims *claims,
			      const struct wsg_jwt *jwt)
{
	const char *name;
	size_t i;

	if (!jwt->audience)
		return true;
	for (i = 0; jwt->audience[i]; i++) {
		name = wsg_jwt_text(jwt->audience[i]);
		if (name && is_for(claims, wsg_str(name)))
			return true;
	}
	return false;
}

const char *wsg_jwt_text(const char *text)
{
	if (!text || *text != '$')
		return text;
	text = getenv(text + 1);
	return text && *text ? text : NULL;
}

bool wsg_claims_check(const struct wsg_claims *claims,
		      const struct wsg_jwt *jwt, int64_t now_s,
		      const char **error)
{
	const double early = (double)(now_s - WSG_JWT_SKEW_S);
	const double late = (double)(now_s + WSG_JWT_SKEW_S);

	const char *issuer = wsg_jwt_text(jwt->issuer);

	*error = "it is another issuer's";
	if (!claims->iss.ptr || !issuer || !wsg_str_is(claims->iss, issuer))
		return false;
	*error = "it is for another audience";
	if (!audience_is_right(claims, jwt))
		return false;
	*error = "it has no 'exp'";
	if (!claims->has_exp)
		return false;
	*error = "it has expired";
	if (!(claims->exp > early))
		return false;
	*error = "it is not good yet";
	if (claims->has_nbf && !(claims->nbf < late))
		return false;
	*error = "it was issued in the future";
	return !claims->has_iat || claims->iat < late;
}

bool wsg_claims_have_scopes(const struct wsg_claims *claims,
			    const struct wsg_jwt *jwt)
{
	size_t i;

	for (i = 0; jwt->scopes && jwt->scopes[i]; i++) {
		if (!has(&claims->scopes, wsg_str(jwt->scopes[i])))
			return false;
	}
	return true;
}
