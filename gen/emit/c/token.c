/* SPDX-License-Identifier: MIT */
/*
 * The bearer tokens that a generated authorizer or session accepts: a struct
 * wsg_jwt. What only the deployment knows (a reference of CloudFormation)
 * cannot stand in C: its member stays out, and the runtime looks into the
 * function's environment.
 */
#include "c.h"

#include <string.h>

/* The value, when the spec itself holds it. */
static const char *known(const struct doc *doc)
{
	if (!doc || doc->kind == DOC_LIST || doc->kind == DOC_MAP)
		return NULL;
	if (!doc->literal && strstr(doc->text, "${"))
		return NULL;
	return doc->text;
}

static const char *issuer_of(struct arena *arena,
			     const struct authorizer *authorizer)
{
	const struct user_pool *pool = authorizer->user_pool;
	const char *id = pool ? known(pool->id) : NULL;

	if (authorizer->issuer)
		return known(authorizer->issuer);
	if (!id || !pool->region.s)
		return NULL;
	return arena_printf(arena, "https://cognito-idp.%s.amazonaws.com/%s",
			    pool->region.s, id);
}

static const char *jwks_of(struct arena *arena,
			   const struct authorizer *authorizer,
			   const char *issuer)
{
	size_t len;

	if (authorizer->jwks.s || authorizer->secret || !issuer)
		return authorizer->jwks.s;
	len = strlen(issuer);
	return arena_printf(arena, "%s%s.well-known/jwks.json", issuer,
			    len && issuer[len - 1] == '/' ? "" : "/");
}

static void put_texts(struct values *values, const char *name,
		      const struct texts *texts)
{
	values_list(values, name);
	for (size_t i = 0; i < texts->count; i++)
		values_text(values_item(values, name), "text",
			    texts->items[i].s);
}

static void put_audience(struct values *values,
			 const struct authorizer *authorizer)
{
	values_list(values, "audience");
	for (size_t i = 0; i < authorizer->audience.count; i++)
		if (known(authorizer->audience.items[i]))
			values_text(values_item(values, "audience"), "text",
				    known(authorizer->audience.items[i]));
	for (size_t i = 0; i < authorizer->clients.count; i++)
		if (known(authorizer->clients.items[i]))
			values_text(values_item(values, "audience"), "text",
				    known(authorizer->clients.items[i]));
}

void c_values_token(const struct c_code *code, const struct plan_api *api,
		    const struct authorizer *authorizer, const char *name,
		    bool is_session, struct values *values)
{
	const struct secret *secret = authorizer->secret;
	const char *issuer = issuer_of(code->arena, authorizer);
	const struct text fallback = { .s = "header.Authorization" };
	struct texts identity = authorizer->identity;

	if (!identity.count) {
		identity.items = ARENA_NEW(code->arena, struct text);
		identity.items[0] = fallback;
		identity.count = 1;
	}
	values_text(values, "name", name);
	values_text(values, "prefix", api ? api->prefix : "");
	values_flag(values, "is_session", is_session);
	values_text(values, "issuer", issuer);
	put_audience(values, authorizer);
	values_text(values, "jwks", jwks_of(code->arena, authorizer, issuer));
	values_text(values, "secret_env", secret ? secret->env.s : NULL);
	values_text(values, "secret_ssm", secret ? secret->ssm.s : NULL);
	put_texts(values, "identity", &identity);
	put_texts(values, "scopes", &authorizer->scopes);
	if (authorizer->claims_fields && api)
		values_printf(values, "claims", "%s_shape_%s", api->prefix,
			      is_session ? "session" : "caller");
	else
		values_text(values, "claims", NULL);
}
