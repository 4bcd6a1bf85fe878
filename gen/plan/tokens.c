/* SPDX-License-Identifier: MIT */
/*
 * What a generated authorizer or a session holds tokens against. C has to hold
 * it as text; what only a deployment knows, such as the id of a user pool of
 * the same stack, comes through the function's environment: the text is then
 * `$` and the variable's name.
 */
#include "planner.h"

#include "names.h"

#include <string.h>

struct tokens {
	struct arena *arena;
	const char *prefix; /* of the variables' names */
	struct plan_token *token;
};

static bool is_known(const struct doc *value)
{
	return value->kind != DOC_LIST && value->kind != DOC_MAP &&
	       value->text && (value->literal || !strstr(value->text, "${"));
}

/* before, the value, after, as one text or value. */
static struct doc *around(struct arena *arena, const char *before,
			  const struct doc *value, const char *after)
{
	struct doc *sub, *parts, *variables, *copy;

	copy = ARENA_NEW(arena, struct doc);
	*copy = *value;
	if (!*before && !*after)
		return copy;
	if (value->kind == DOC_STRING) {
		struct doc *text =
			doc_printf(arena, "%s%s%s", before, value->text, after);

		text->literal = value->literal;
		text->loc = value->loc;
		return text;
	}
	sub = doc_map(arena);
	parts = doc_set(arena, sub, "Fn::Sub", doc_list(arena));
	doc_add(arena, parts, doc_printf(arena, "%s${Value}%s", before, after));
	variables = doc_add(arena, parts, doc_map(arena));
	doc_set(arena, variables, "Value", copy);
	sub->loc = value->loc;
	return sub;
}

static const char *as_text(struct tokens *t, struct doc *value,
			   const char *name)
{
	const char *variable;

	if (is_known(value))
		return value->text;
	variable = arena_printf(t->arena, "%s_%s", t->prefix, name);
	if (!t->token->environment)
		t->token->environment = doc_map(t->arena);
	doc_set(t->arena, t->token->environment, variable, value);
	return arena_printf(t->arena, "$%s", variable);
}

/* What the names of services end in there. */
static const char *suffix_of(const char *region)
{
	return strncmp(region, "cn-", 3) ? "amazonaws.com" : "amazonaws.com.cn";
}

static struct doc *issuer_of(struct arena *arena,
			     const struct authorizer *authorizer)
{
	const struct user_pool *pool = authorizer->user_pool;
	const char *before, *region;

	if (authorizer->issuer)
		return around(arena, "", authorizer->issuer, "");
	if (!pool || !pool->id)
		return NULL;
	region = pool->region.s;
	if (!region && is_known(pool->id))
		/* eu-west-1_AbCdEfGhI: the check has seen to it. */
		region = arena_strndup(arena, pool->id->text,
				       strcspn(pool->id->text, "_"));
	before = arena_printf(arena, "https://cognito-idp.%s.%s/",
			      region ? region : "${AWS::Region}",
			      region ? suffix_of(region) : "${AWS::URLSuffix}");
	return around(arena, before, pool->id, "");
}

/* Where OpenID Connect has an issuer's keys. */
static struct doc *jwks_of(struct arena *arena, const struct doc *issuer)
{
	size_t len = issuer->text ? strlen(issuer->text) : 0;
	bool slash = len && issuer->text[len - 1] == '/';

	return around(arena, "", issuer,
		      slash ? ".well-known/jwks.json"
			    : "/.well-known/jwks.json");
}

static void list_audience(struct tokens *t, const struct authorizer *authorizer)
{
	size_t count = authorizer->audience.count;

	for (size_t i = 0; i < count + authorizer->clients.count; i++) {
		const struct doc *value =
			i < count ? authorizer->audience.items[i]
				  : authorizer->clients.items[i - count];
		const char *name = arena_printf(t->arena, "AUDIENCE_%zu", i);

		*LIST_ADD(t->arena, &t->token->audience) =
			as_text(t, around(t->arena, "", value, ""), name);
	}
}

static const struct plan_token *make_token(struct planner *p,
					   const struct authorizer *authorizer,
					   const char *prefix)
{
	struct plan_token *token = ARENA_NEW(p->arena, struct plan_token);
	struct tokens t = { p->arena, prefix, token };
	struct doc *issuer = issuer_of(p->arena, authorizer);

	token->authorizer = authorizer;
	token->jwks = authorizer->jwks.s;
	if (issuer)
		token->issuer = as_text(&t, issuer, "ISSUER");
	if (issuer && !token->jwks && !authorizer->secret)
		token->jwks = as_text(&t, jwks_of(p->arena, issuer), "JWKS");
	list_audience(&t, authorizer);
	return token;
}

/* Into the function's environment goes what its tokens have there. */
static void add_environment(struct planner *p, struct plan_function *function,
			    const struct plan_token *token)
{
	const struct doc *more = token ? token->environment : NULL;
	const struct doc *old = function->environment;
	struct doc *all;

	if (!more)
		return;
	all = doc_map(p->arena);
	for (size_t i = 0; old && i < old->count; i++)
		if (!doc_get(more, old->members[i].key))
			doc_set(p->arena, all, old->members[i].key,
				old->members[i].value);
	for (size_t i = 0; i < more->count; i++)
		doc_set(p->arena, all, more->members[i].key,
			more->members[i].value);
	function->environment = all;
}

void plan_tokens(struct planner *p)
{
	for (size_t i = 0; i < p->plan->apis.count; i++) {
		struct plan_api *api = &p->plan->apis.items[i];

		if (api->session)
			api->session_token = make_token(
				p, api->session,
				arena_printf(p->arena, "WSG_%s_SESSION",
					     name_shout(p->arena, api->name)));
	}
	for (size_t i = 0; i < p->plan->functions.count; i++) {
		struct plan_function *function = p->plan->functions.items[i];

		if (function->kind == PLAN_JWT)
			function->token =
				make_token(p, function->authorizer, "WSG_JWT");
		add_environment(p, function, function->token);
		if (function->kind != PLAN_ROUTES)
			continue;
		for (size_t k = 0; k < function->apis.count; k++)
			add_environment(p, function,
					function->apis.items[k]->session_token);
	}
}
