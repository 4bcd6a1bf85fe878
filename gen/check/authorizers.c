/* SPDX-License-Identifier: MIT */
/* Authorizers: the keys of each kind, and where credentials are looked for. */
#include "check.h"

#include "../language/given.h"
#include "values.h"

#include <string.h>

#define NAME_MAX_LEN 128

/* Which kinds a key belongs to; keys that are not here belong to all. */
static const struct {
	const char *key, *types;
} belongs[] = {
	{ "handler", "lambda" },
	{ "functionArn", "lambda" },
	{ "context", "lambda" },
	{ "function", "lambda|jwt|userPool" },
	{ "identity", "lambda|jwt|userPool" },
	{ "name", "lambda|jwt|userPool" },
	{ "logicalId", "lambda|jwt|userPool" },
	{ "issuer", "jwt" },
	{ "audience", "jwt" },
	{ "jwks", "jwt" },
	{ "secret", "jwt" },
	{ "claims", "jwt|userPool" },
	{ "scopes", "jwt|userPool" },
	{ "userPool", "userPool" },
	{ "clients", "userPool" },
};

static bool is_type(const struct authorizer *authorizer, const char *type)
{
	return authorizer->type.s && !strcmp(authorizer->type.s, type);
}

static bool is_token(const struct authorizer *authorizer)
{
	return is_type(authorizer, "jwt") || is_type(authorizer, "userPool");
}

static bool has_type(const char *types, const char *type)
{
	size_t len = strlen(type);

	for (; *types; types += strcspn(types, "|") + 1) {
		if (strcspn(types, "|") == len && !strncmp(types, type, len))
			return true;
		if (!types[strcspn(types, "|")])
			break;
	}
	return false;
}

/* "a|b|c" to "a, b or c". */
static const char *show_types(struct check *c, const char *types)
{
	const char *shown = "";

	for (size_t len; *types; types += len + (types[len] == '|')) {
		const char *after;

		len = strcspn(types, "|");
		after = !types[len]		       ? ""
			: strchr(types + len + 1, '|') ? ", "
						       : " or ";
		shown = arena_printf(c->arena, "%s%.*s%s", shown, (int)len,
				     types, after);
	}
	return shown;
}

static void check_keys(struct check *c, const struct authorizer *authorizer)
{
	for (size_t i = 0; i < sizeof(belongs) / sizeof(belongs[0]); i++) {
		const struct lang_key *key =
			lang_find(&lang_authorizer, belongs[i].key);

		if (lang_is_set(key, authorizer) &&
		    !has_type(belongs[i].types, authorizer->type.s))
			diag_error(c->diag, lang_loc(key, authorizer),
				   "'%s' belongs to authorizers of type %s, "
				   "not '%s'",
				   key->name, show_types(c, belongs[i].types),
				   authorizer->type.s);
	}
}

/* --- identity ----------------------------------------------------------------
 */

/* How others spell it, and how it is spelt here. */
static const struct {
	const char *theirs, *ours;
} spellings[] = {
	{ "$request.header.", "header." },
	{ "$request.querystring.", "query." },
	{ "route.request.header.", "header." },
	{ "route.request.querystring.", "query." },
	{ "method.request.header.", "header." },
	{ "method.request.querystring.", "query." },
	{ "$context.", "context." },
	{ "$stageVariables.", "stageVariables." },
	{ "querystring.", "query." },
	{ "headers.", "header." },
	{ "stageVariable.", "stageVariables." },
};

/* What may follow, by the service's own page: [a-zA-Z0-9._$-]+ */
static bool is_identity(const char *source)
{
	static const char *const kinds[] = { "header.", "query.", "context.",
					     "stageVariables." };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t len = strlen(kinds[i]);

		if (!strncmp(source, kinds[i], len))
			return source[len] && check_only(source + len, "._$-");
	}
	return false;
}

static void check_source(struct check *c, const struct authorizer *authorizer,
			 struct text source)
{
	if (!strcmp(source.s, "subprotocol")) {
		if (!is_token(authorizer))
			diag_error(c->diag, source.loc,
				   "'subprotocol' is for jwt and userPool; "
				   "write 'header.Sec-WebSocket-Protocol'");
		return;
	}
	if (is_identity(source.s))
		return;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		size_t len = strlen(spellings[i].theirs);

		if (strncmp(source.s, spellings[i].theirs, len) != 0)
			continue;
		diag_error(c->diag, source.loc,
			   "identity '%.60s' is spelt otherwise here: write "
			   "'%s%.60s'",
			   source.s, spellings[i].ours, source.s + len);
		return;
	}
	diag_error(c->diag, source.loc,
		   "an identity is header.X, query.X, context.X or "
		   "stageVariables.X, not '%.60s'",
		   source.s);
}

static void check_identity(struct check *c, const struct authorizer *authorizer)
{
	struct map seen = { .arena = c->arena };

	for (size_t i = 0; i < authorizer->identity.count; i++) {
		struct text *source = &authorizer->identity.items[i];

		check_source(c, authorizer, *source);
		if (map_put(&seen, source->s, source))
			diag_error(c->diag, source->loc,
				   "identity '%.60s' stands here twice",
				   source->s);
	}
}

/* --- kinds -------------------------------------------------------------------
 */

static void check_lambda(struct check *c, const struct authorizer *authorizer)
{
	const struct doc *arn = authorizer->function_arn;

	if (!authorizer->handler.s && !arn)
		diag_error(c->diag, authorizer->type.loc,
			   "an authorizer of type 'lambda' needs a 'handler' "
			   "or a 'functionArn'");
	if (!arn)
		return;
	check_arn(c, "functionArn", arn);
	if (authorizer->handler.s)
		diag_error(c->diag, authorizer->handler.loc,
			   "'handler' beside 'functionArn': only one of them "
			   "can decide");
	if (authorizer->function)
		diag_error(c->diag, authorizer->function->loc,
			   "'function' beside 'functionArn': the properties of "
			   "one that exists are not wsgen's");
}

static void check_secret(struct check *c, const struct secret *secret)
{
	if (!secret->env.s == !secret->ssm.s)
		diag_error(c->diag, secret->loc,
			   "'secret' needs one of 'env' and 'ssm'");
	if (secret->env.s && (!check_is_letter(*secret->env.s) ||
			      !check_only(secret->env.s, "_")))
		diag_error(c->diag, secret->env.loc,
			   "'env' must be the name of an environment variable, "
			   "not '%.60s'",
			   secret->env.s);
	if (secret->ssm.s &&
	    (*secret->ssm.s != '/' || !check_only(secret->ssm.s, "/._-")))
		diag_error(c->diag, secret->ssm.loc,
			   "'ssm' must be the path of a parameter, such as "
			   "/chat/secret, not '%.60s'",
			   secret->ssm.s);
}

static void check_https(struct check *c, const char *key,
			const struct doc *value)
{
	const char *text = check_literal(value);

	if (text &&
	    (strncmp(text, "https://", 8) != 0 || strpbrk(text, " \t\r\n\"")))
		diag_error(c->diag, value->loc,
			   "'%s' must start with https://, not '%.60s'", key,
			   text);
}

static void check_jwt(struct check *c, const struct authorizer *authorizer)
{
	const struct text jwks = authorizer->jwks;

	if (!authorizer->issuer)
		diag_error(c->diag, authorizer->type.loc,
			   "an authorizer of type 'jwt' needs an 'issuer'");
	else if (!authorizer->secret)
		check_https(c, "issuer", authorizer->issuer);
	if (jwks.s && strstr(jwks.s, "://") &&
	    strncmp(jwks.s, "https://", 8) != 0)
		diag_error(c->diag, jwks.loc,
			   "'jwks' must be an https:// address or a file: keys "
			   "that came otherwise can be anybody's");
	else if (jwks.s)
		check_hidden(c, jwks.loc, "'jwks'", jwks.s);
	if (jwks.s && authorizer->secret)
		diag_error(c->diag, jwks.loc,
			   "'jwks' beside 'secret': a token is checked with "
			   "one of them");
	if (authorizer->secret)
		check_secret(c, authorizer->secret);
}

/* eu-west-1_AbCdEf, and the Region that it is in. */
static void check_pool_id(struct check *c, const struct user_pool *pool)
{
	const char *id = pool->id ? check_literal(pool->id) : NULL;

	if (id && (!strchr(id, '_') || !check_only(id, "_-")))
		diag_error(c->diag, pool->id->loc,
			   "the id of a user pool is such as "
			   "eu-west-1_AbCdEfGhI, not '%.60s'",
			   id);
	if (pool->region.s && (!check_is_letter(*pool->region.s) ||
			       !check_only(pool->region.s, "-")))
		diag_error(c->diag, pool->region.loc,
			   "a Region is such as eu-west-1, not '%.60s'",
			   pool->region.s);
}

static void check_pool(struct check *c, const struct authorizer *authorizer)
{
	if (authorizer->user_pool)
		check_pool_id(c, authorizer->user_pool);
	else
		diag_error(c->diag, authorizer->type.loc,
			   "an authorizer of type 'userPool' needs a "
			   "'userPool': a pool of this spec's own is not built "
			   "yet");
}

static void check_lone(struct check *c, const struct authorizer *authorizer,
		       enum check_authorizer_place place)
{
	const char *use = authorizer->use.s;

	if (place == CHECK_IN_LIST)
		diag_error(c->diag, authorizer->use.loc,
			   "an authorizer of 'authorizers' cannot be another "
			   "one; write {type: ...}");
	else if (strcmp(use, "iam") != 0 && strcmp(use, "none") != 0)
		check_named(c, &c->authorizers,
			    place == CHECK_SESSION ? "'session'"
						   : "'authorizer'",
			    authorizer->use);
	for (size_t i = 0; i < lang_authorizer.count; i++) {
		const struct lang_key *key = &lang_authorizer.keys[i];

		if (strcmp(key->name, "use") != 0 &&
		    lang_is_set(key, authorizer))
			diag_error(c->diag, lang_loc(key, authorizer),
				   "'%s' beside 'use': authorizer '%s' has its "
				   "own",
				   key->name, use);
	}
}

static void check_authorizer(struct check *c,
			     const struct authorizer *authorizer,
			     enum check_authorizer_place place)
{
	if (authorizer->use.s) {
		check_lone(c, authorizer, place);
		return;
	}
	if (!authorizer->type.s) {
		diag_error(c->diag, authorizer->loc,
			   "an authorizer needs a 'type': lambda, jwt, "
			   "userPool, iam or none");
		return;
	}
	if (authorizer->ttl_ms.set)
		diag_error(c->diag, authorizer->ttl_ms.loc,
			   "a WebSocket API caches no answers of its "
			   "authorizer: 'ttl' is for HTTP APIs");
	check_keys(c, authorizer);
	check_identity(c, authorizer);
	check_too_long(c, authorizer->name, "name", NAME_MAX_LEN);
	check_plain(c, authorizer->name, "name");
	if (is_type(authorizer, "lambda"))
		check_lambda(c, authorizer);
	else if (is_type(authorizer, "jwt"))
		check_jwt(c, authorizer);
	else if (is_type(authorizer, "userPool"))
		check_pool(c, authorizer);
}

/* --- who is asked at $connect
 * ------------------------------------------------- */

static const struct authorizer *resolve(struct check *c,
					const struct authorizer *authorizer)
{
	if (!authorizer || !authorizer->use.s)
		return authorizer;
	return map_get(&c->authorizers.things, authorizer->use.s);
}

/* RFC 6749, 3.3: visible ASCII but for the quote and the backslash. */
static void check_scope_texts(struct check *c, const struct texts *scopes)
{
	for (size_t i = 0; i < scopes->count; i++) {
		const char *text = scopes->items[i].s;
		const char *at = text;

		while (*at > ' ' && *at <= '~' && *at != '"' && *at != '\\')
			at++;
		if (*at || at == text)
			diag_error(c->diag, scopes->items[i].loc,
				   "a scope is one word of ASCII characters, "
				   "such as chat:write, not '%.60s'",
				   text);
	}
}

static void authorizer_scopes(struct check *c,
			      const struct authorizer *authorizer,
			      enum check_authorizer_place place)
{
	(void)place;
	check_scope_texts(c, &authorizer->scopes);
}

/* Scopes are of tokens; nothing else has them. */
static void check_scopes(struct check *c, const struct texts *scopes,
			 const struct authorizer *given)
{
	const struct authorizer *authorizer = resolve(c, given);

	check_scope_texts(c, scopes);
	if (!scopes->count)
		return;
	if (!given)
		diag_error(
			c->diag, scopes->items[0].loc,
			"'scopes' without an 'authorizer' that reads tokens");
	else if ((given->use.s && !strcmp(given->use.s, "iam")) ||
		 (authorizer && authorizer->type.s && !is_token(authorizer) &&
		  !is_type(authorizer, "none")))
		diag_error(c->diag, scopes->items[0].loc,
			   "'scopes' go with jwt and userPool; this authorizer "
			   "is of type '%s'",
			   authorizer ? authorizer->type.s : "iam");
}

/* A browser drops a connection for which nobody chose what it offered. */
static void check_chosen(struct check *c, const struct route *route,
			 const struct authorizer *given)
{
	const struct authorizer *authorizer = resolve(c, given);

	for (size_t i = 0; authorizer && i < authorizer->identity.count; i++) {
		struct text source = authorizer->identity.items[i];

		if (strcmp(source.s, "subprotocol") != 0 ||
		    !check_in_place(route))
			continue;
		diag_warning(c->diag, route->integration->type.loc,
			     "no function is asked at '$connect' here, so that "
			     "no subprotocol is chosen; browsers then drop the "
			     "connection");
		diag_note(c->diag, source.loc, "the token comes as one");
	}
}

static void check_session(struct check *c, const struct api *api)
{
	const struct authorizer *session = resolve(c, api->session);
	const char *type = session ? session->type.s : NULL;

	if (!api->session)
		return;
	if (api->session->use.s && !session &&
	    (!strcmp(api->session->use.s, "iam") ||
	     !strcmp(api->session->use.s, "none")))
		type = api->session->use.s;
	if (type && (!session || !is_token(session)))
		diag_error(c->diag, api->session->loc,
			   "'session' reads tokens: its type is jwt or "
			   "userPool, not '%s'",
			   type);
}

static void check_reserved(struct check *c)
{
	for (size_t i = 0; i < c->spec->authorizers.count; i++) {
		struct text name = c->spec->authorizers.items[i].name_key;

		if (!strcmp(name.s, "iam") || !strcmp(name.s, "none"))
			diag_error(c->diag, name.loc,
				   "no authorizer can be called '%s': that "
				   "word has a meaning of its own",
				   name.s);
	}
}

void check_authorizers(struct check *c)
{
	check_reserved(c);
	check_each_authorizer(c, check_authorizer);
	check_each_authorizer(c, authorizer_scopes);
	for (size_t i = 0; i < c->spec->apis.count; i++) {
		const struct api *api = &c->spec->apis.items[i];
		const struct authorizer *asked = api->authorizer;

		if (!check_is_websocket(api))
			continue;
		check_session(c, api);
		check_scopes(c, &api->scopes, asked);
		for (size_t k = 0; k < api->routes.count; k++) {
			const struct route *route = &api->routes.items[k];

			if (strcmp(route->key.s, "$connect") != 0)
				continue;
			if (route->authorizer)
				asked = route->authorizer;
			check_scopes(c, &route->scopes, asked);
			check_chosen(c, route, asked);
		}
	}
}
