/* SPDX-License-Identifier: MIT */
/* The jwt authorizer, and sessions: where tokens are, and what they are for. */
#include "token.h"

#include <strings.h>

/* Under this name the authorizer hands claims on for sessions. */
#define CLAIMS "wsg_claims"

/* A good token. */
struct bearer {
	struct wsg_claims claims;
	struct wsg_str json; /* all of them */
	void *typed;	     /* of jwt->claims; NULL without */
};

static enum wsg_result refuse(const char *why)
{
	wsg_log(WSG_INFO, "token refused: %s", why);
	return WSG_INVALID;
}

static bool alg_is_allowed(const struct wsg_jwt *jwt, enum wsg_alg alg)
{
	size_t i;

	if (!jwt->algorithms)
		return true;
	for (i = 0; jwt->algorithms[i]; i++) {
		if (!strcmp(jwt->algorithms[i], wsg_alg_name(alg)))
			return true;
	}
	return false;
}

/* Everything but the signature. *to is only written on WSG_OK. */
static enum wsg_result check_claims(const struct wsg_event *event,
				    const struct wsg_jwt *jwt,
				    struct wsg_str json, struct bearer *to)
{
	struct bearer bearer = { .json = json };
	struct wsg_invalid why;
	const char *error;
	struct wsg_str copy;

	if (!wsg_claims_read(event->arena, json, &bearer.claims, &error) ||
	    !wsg_claims_check(&bearer.claims, jwt, wsg_now_ms() / 1000, &error))
		return refuse(error);
	if (!wsg_claims_have_scopes(&bearer.claims, jwt)) {
		wsg_log(WSG_INFO, "token refused: it lacks a scope");
		return WSG_REFUSED;
	}
	if (jwt->claims) {
		copy = wsg_arena_copy(event->arena, json);
		bearer.typed = wsg_alloc(event, jwt->claims->size);
		if (!copy.ptr || !bearer.typed)
			return WSG_FAILED;
		if (!wsg_decode_lenient(jwt->claims, (char *)copy.ptr, copy.len,
					event->arena, bearer.typed, &why)) {
			wsg_log(WSG_INFO, "token refused: %.*s: %.*s",
				WSG_FMT(why.field), WSG_FMT(why.reason));
			return WSG_INVALID;
		}
	}
	*to = bearer;
	return WSG_OK;
}

static enum wsg_result check_token(const struct wsg_event *event,
				   const struct wsg_jwt *jwt,
				   struct wsg_str text, struct bearer *to)
{
	struct wsg_token token;
	const char *error;

	if (!text.len)
		return refuse("there is none");
	if (!wsg_token_read(event->arena, text, &token, &error))
		return refuse(error);
	if (!alg_is_allowed(jwt, token.alg))
		return refuse("its algorithm is not accepted");
	switch (wsg_keys_verify(jwt, &token, wsg_remaining_ms(event))) {
	case WSG_VERIFIED:
		return check_claims(event, jwt, token.claims, to);
	case WSG_FORGED:
		return refuse("its signature is not right");
	case WSG_UNKNOWN_KEY:
		return refuse("no key for it is known");
	case WSG_NO_KEYS:
		break;
	}
	return WSG_FAILED;
}

/* What follows the word Bearer; a value of one word is taken as it is. */
static struct wsg_str without_bearer(struct wsg_str text)
{
	const struct wsg_str none = { NULL, 0 };
	bool bearer = false;

	if (text.len > 7 && !strncasecmp(text.ptr, "Bearer ", 7)) {
		text = (struct wsg_str){ text.ptr + 7, text.len - 7 };
		bearer = true;
	}
	while (text.len && *text.ptr == ' ')
		text = (struct wsg_str){ text.ptr + 1, text.len - 1 };
	while (text.len && text.ptr[text.len - 1] == ' ')
		text.len--;
	if (!text.len || (!bearer && memchr(text.ptr, ' ', text.len)))
		return none;
	return text;
}

/* ["bearer", token], wherever in the list that is. */
static struct wsg_str offered(const struct wsg_event *event)
{
	static const char header[] = "Sec-WebSocket-Protocol";
	size_t i, count = wsg_header_count(event, header);
	bool is_next = false;
	struct wsg_str list, offer;

	for (i = 0; i < count; i++) {
		list = wsg_header_at(event, header, i);
		while (wsg_next_offer(&list, &offer)) {
			if (is_next)
				return offer;
			is_next = wsg_str_is(offer, "bearer");
		}
	}
	return (struct wsg_str){ NULL, 0 };
}

static struct wsg_str look(const struct wsg_event *event, const char *place)
{
	static const struct {
		const char *prefix;
		struct wsg_str (*get)(const struct wsg_event *event,
				      const char *name);
	} places[] = {
		{ "header.", wsg_header },
		{ "query.", wsg_query },
		{ "context.", wsg_context },
		{ "stageVariables.", wsg_stage_variable },
	};
	size_t i, len;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		len = strlen(places[i].prefix);
		if (!strncmp(place, places[i].prefix, len))
			return without_bearer(
				places[i].get(event, place + len));
	}
	if (!strcmp(place, "subprotocol"))
		return offered(event);
	return (struct wsg_str){ NULL, 0 };
}

static struct wsg_str find_token(const struct wsg_event *event,
				 const struct wsg_jwt *jwt)
{
	struct wsg_str text = { NULL, 0 };
	size_t i;

	for (i = 0; !text.len && jwt->identity && jwt->identity[i]; i++)
		text = look(event, jwt->identity[i]);
	return text;
}

enum wsg_result wsg_authorize_jwt(struct wsg_authorize *client,
				  const struct wsg_jwt *jwt)
{
	const struct wsg_event *event = client->event;
	struct bearer bearer;
	enum wsg_result result;

	result = check_token(event, jwt, find_token(event, jwt), &bearer);
	if (result == WSG_REFUSED)
		return wsg_deny(client);
	if (result != WSG_OK)
		return result;
	if (!bearer.claims.sub.len)
		return refuse("it has no 'sub'");
	if (jwt->claims &&
	    !wsg_write_context(client, jwt->claims, bearer.typed))
		return WSG_FAILED;
	if (jwt->for_session && bearer.json.len <= WSG_SESSION_MAX)
		wsg_context_string(client, CLAIMS, bearer.json);
	return wsg_allow(client, bearer.claims.sub);
}

/* `token` at the top of a JSON body; none when it is there twice. */
static struct wsg_str token_of_body(const struct wsg_event *event)
{
	const struct wsg_str none = { NULL, 0 };
	struct wsg_str body = event->kept_body, key, text = none;
	struct wsg_json json;
	bool twice = false;

	if (!body.ptr)
		body = event->body;
	body = wsg_arena_copy(event->arena, body);
	if (!body.ptr)
		return none;
	wsg_json_init(&json, (char *)body.ptr, body.len);
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key)) {
		if (!wsg_str_is(key, "token") ||
		    wsg_json_peek(&json) != WSG_JSON_STRING) {
			wsg_json_skip(&json);
			continue;
		}
		twice = text.ptr != NULL;
		if (twice || !wsg_json_string(&json, &text))
			break;
	}
	return !twice && wsg_json_end(&json) ? text : none;
}

/* From the gateway, which had them from the authorizer: signed for already. */
static bool session_of_context(const struct wsg_event *event,
			       const struct wsg_jwt *jwt, struct bearer *bearer)
{
	struct wsg_str json = wsg_authorizer(event, CLAIMS);

	return json.len && check_claims(event, jwt, json, bearer) == WSG_OK;
}

bool wsg_session(const struct wsg_event *event, const struct wsg_jwt *jwt,
		 void *claims)
{
	struct wsg_str text;
	struct bearer bearer;

	if (wsg_str_is(event->route_key, "$connect"))
		text = find_token(event, jwt);
	else
		text = (struct wsg_str){ NULL, 0 };
	if (text.len) {
		if (check_token(event, jwt, text, &bearer) != WSG_OK)
			return false;
	} else if (!session_of_context(event, jwt, &bearer)) {
		if (check_token(event, jwt, token_of_body(event), &bearer) !=
		    WSG_OK)
			return false;
	}
	if (claims && jwt->claims)
		memcpy(claims, bearer.typed, jwt->claims->size);
	return true;
}
