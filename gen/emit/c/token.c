/* SPDX-License-Identifier: MIT */
/*
 * The bearer tokens that a generated authorizer or session accepts: a struct
 * wsg_jwt.
 */
#include "../../quote.h"
#include "../../wrap.h"
#include "c.h"
#include "columns.h"

#include <string.h>

/*
 * The value, which has to stand in the spec itself: what only a deployment
 * knows comes too late for C. NULL after an error.
 */
static const char *known(const struct c_code *code, const struct doc *doc,
			 const char *what)
{
	if (doc->kind != DOC_LIST && doc->kind != DOC_MAP && doc->text &&
	    (doc->literal || !strstr(doc->text, "${")))
		return doc->text;
	diag_error(code->emit->diag, doc->loc,
		   "%s goes into generated C and must be written out; a "
		   "reference is known only once it is deployed",
		   what);
	return NULL;
}

static const char *issuer_of(const struct c_code *code,
			     const struct authorizer *authorizer)
{
	const struct user_pool *pool = authorizer->user_pool;
	const char *id;

	if (authorizer->issuer)
		return known(code, authorizer->issuer, "'issuer'");
	if (!pool || !pool->id)
		return NULL;
	id = known(code, pool->id, "the id of 'userPool'");
	if (!id || !pool->region.s)
		return NULL;
	return arena_printf(code->arena,
			    "https://cognito-idp.%s.amazonaws.com/%s",
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
			 const struct authorizer *authorizer)
{
	struct strings strings = { .arena = code->arena };

	for (size_t i = 0; i < authorizer->audience.count; i++)
		add_string(&strings, known(code, authorizer->audience.items[i],
					   "an audience"));
	for (size_t i = 0; i < authorizer->clients.count; i++)
		add_string(&strings, known(code, authorizer->clients.items[i],
					   "a client's id"));
	put_strings(values, "audience", &strings);
}

void c_values_token(const struct c_code *code, const struct plan_api *api,
		    const struct authorizer *authorizer, const char *name,
		    bool is_session, struct values *values)
{
	const struct secret *secret = authorizer->secret;
	const char *issuer = issuer_of(code, authorizer);
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
	put_audience(code, values, authorizer);
	values_text(values, "jwks", jwks_of(code->arena, authorizer, issuer));
	values_text(values, "secret_env", secret ? secret->env.s : NULL);
	values_text(values, "secret_ssm", secret ? secret->ssm.s : NULL);
	put_texts(code->arena, values, "identity", &identity);
	put_texts(code->arena, values, "scopes", &authorizer->scopes);
	if (authorizer->claims_fields && api)
		values_printf(values, "claims", "%s_shape_%s", api->prefix,
			      is_session ? "session" : "caller");
	else
		values_text(values, "claims", NULL);
}
