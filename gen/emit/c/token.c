/* SPDX-License-Identifier: MIT */
/*
 * The bearer tokens that a generated authorizer or session accepts: a struct
 * wsg_jwt.
 */
#include "../../render/quote.h"
#include "../../render/wrap.h"
#include "c.h"
#include "columns.h"

#include <string.h>

/* Texts for an array of them, in clang-format's columns. */
struct strings {
	struct arena *arena;
	LIST(struct column_item) items;
};

static void add_string(struct strings *strings, const char *text)
{
	struct buf shown;

	if (!text)
		return;
	buf_init(&shown, strings->arena);
	quote_c(&shown, text);
	*LIST_ADD(strings->arena, &strings->items) = (struct column_item){
		.text = text,
		.len = strlen(text),
		.width = wrap_column(0, shown.text, shown.len) + 2,
	};
}

/* The array called name, with a NULL at its end; none when it is empty. */
static void put_strings(struct values *values, const char *name,
			struct strings *strings)
{
	values_list(values, name);
	if (!strings->items.count)
		return;
	*LIST_ADD(strings->arena, &strings->items) =
		(struct column_item){ .width = strlen("NULL") };
	put_columns(strings->arena, strings->items.items, strings->items.count,
		    values_item(values, name));
}

static void put_texts(struct arena *arena, struct values *values,
		      const char *name, const struct texts *texts)
{
	struct strings strings = { .arena = arena };

	for (size_t i = 0; i < texts->count; i++)
		add_string(&strings, texts->items[i].s);
	put_strings(values, name, &strings);
}

static void put_audience(const struct c_code *code, struct values *values,
			 const struct plan_token *token)
{
	struct strings strings = { .arena = code->arena };

	for (size_t i = 0; i < token->audience.count; i++)
		add_string(&strings, token->audience.items[i]);
	put_strings(values, "audience", &strings);
}

/* Whether the API lets this authorizer decide. */
static bool asks(const struct plan_api *api,
		 const struct authorizer *authorizer)
{
	for (size_t i = 0; i < api->authorizers.count; i++)
		if (api->authorizers.items[i]->authorizer == authorizer)
			return true;
	return false;
}

static void add_scopes(struct arena *arena, struct texts *scopes,
		       const struct texts *more)
{
	for (size_t i = 0; i < more->count; i++) {
		size_t k = 0;

		while (k < scopes->count &&
		       strcmp(scopes->items[k].s, more->items[i].s) != 0)
			k++;
		if (k == scopes->count)
			*LIST_ADD(arena, scopes) = more->items[i];
	}
}

/* Those of $connect count in place of the API's. */
static const struct texts *connect_scopes(const struct api *api)
{
	for (size_t i = 0; i < api->routes.count; i++)
		if (!strcmp(api->routes.items[i].key.s, "$connect") &&
		    api->routes.items[i].scopes.count)
			return &api->routes.items[i].scopes;
	return &api->scopes;
}

/* The authorizer's own scopes, and those of the APIs that ask it. */
static struct texts scopes_of(const struct c_code *code,
			      const struct authorizer *authorizer,
			      bool is_session)
{
	struct texts scopes = { 0 };

	add_scopes(code->arena, &scopes, &authorizer->scopes);
	for (size_t i = 0; !is_session && i < code->plan->apis.count; i++)
		if (asks(&code->plan->apis.items[i], authorizer))
			add_scopes(
				code->arena, &scopes,
				connect_scopes(code->plan->apis.items[i].api));
	return scopes;
}

static bool is_for_session(const struct c_code *code,
			   const struct authorizer *authorizer)
{
	for (size_t i = 0; i < code->plan->apis.count; i++)
		if (code->plan->apis.items[i].session &&
		    asks(&code->plan->apis.items[i], authorizer))
			return true;
	return false;
}

void c_values_token(const struct c_code *code, const struct plan_api *api,
		    const struct plan_token *token, const char *name,
		    bool is_session, struct values *values)
{
	const struct authorizer *authorizer = token->authorizer;
	const struct secret *secret = authorizer->secret;
	const struct text fallback = { .s = "header.Authorization" };
	struct texts identity = authorizer->identity;
	struct texts scopes = scopes_of(code, authorizer, is_session);

	if (!identity.count) {
		identity.items = ARENA_NEW(code->arena, struct text);
		identity.items[0] = fallback;
		identity.count = 1;
	}
	values_text(values, "name", name);
	values_text(values, "prefix", api ? api->prefix : "");
	values_flag(values, "is_session", is_session);
	values_text(values, "issuer", token->issuer);
	put_audience(code, values, token);
	values_text(values, "jwks", token->jwks);
	values_text(values, "secret_env", secret ? secret->env.s : NULL);
	values_text(values, "secret_ssm", secret ? secret->ssm.s : NULL);
	put_texts(code->arena, values, "identity", &identity);
	put_texts(code->arena, values, "scopes", &scopes);
	values_flag(values, "for_session",
		    !is_session && is_for_session(code, authorizer));
	if (authorizer->claims_fields && api)
		values_printf(values, "claims", "%s_shape_%s", api->prefix,
			      is_session ? "session" : "caller");
	else
		values_text(values, "claims", NULL);
}
