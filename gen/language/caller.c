/* SPDX-License-Identifier: MIT */
/* Who may call, and who may be called: SPEC.md sections 6, 8 and 18. */
#include "tables.h"

static const struct lang_key secret_keys[] = {
	{ .name = "env",
	  .kind = LANG_TEXT,
	  .offset = AT(secret, env),
	  .doc = "The environment variable that holds it" },
	{ .name = "ssm",
	  .kind = LANG_TEXT,
	  .offset = AT(secret, ssm),
	  .doc = "The path of the parameter that holds it" },
};

const struct lang_section lang_secret = {
	.name = "secret",
	.doc = "Where a secret is kept: in a variable, or in a parameter.",
	KEYS(secret_keys),
	.size = sizeof(struct secret),
	.name_offset = LANG_NOWHERE,
};

static const struct lang_key user_pool_keys[] = {
	{ .name = "id",
	  .kind = LANG_VALUE,
	  .offset = AT(user_pool, id),
	  .required = true,
	  .doc = "The pool's id" },
	{ .name = "region",
	  .kind = LANG_TEXT,
	  .offset = AT(user_pool, region),
	  .doc = "The pool's Region; the stack's by default" },
};

const struct lang_section lang_user_pool = {
	.name = "userPool",
	.doc = "A Cognito user pool that exists.",
	KEYS(user_pool_keys),
	.size = sizeof(struct user_pool),
	.name_offset = LANG_NOWHERE,
	.text_key = "id",
};

static const struct lang_key authorizer_keys[] = {
	{ .name = "use",
	  .kind = LANG_NAME,
	  .of = "authorizer",
	  .offset = AT(authorizer, use),
	  .doc = "A name from `authorizers`, `iam` or `none`, and no more" },
	{ .name = "type",
	  .kind = LANG_CHOICE,
	  .allowed = "lambda|jwt|userPool|iam|none",
	  .offset = AT(authorizer, type),
	  .doc = "How callers are told apart",
	  .more = "WebSocket APIs have lambda and iam; for jwt and userPool "
		  "wsgen generates the Lambda that checks the token.",
	  .cfn = "AuthorizerType" },
	{ .name = "name",
	  .kind = LANG_TEXT,
	  .offset = AT(authorizer, name),
	  .doc = "The resource's name: its key, or WebSocketAuthorizer",
	  .cdk = "authorizerName",
	  .cfn = "Name" },
	{ .name = "handler",
	  .kind = LANG_HANDLER,
	  .offset = AT(authorizer, handler),
	  .doc = "type lambda: the C function that decides",
	  .cdk = "handler" },
	{ .name = "function",
	  .kind = LANG_SECTION,
	  .section = &lang_function,
	  .offset = AT(authorizer, function),
	  .doc = "The function's own properties" },
	{ .name = "functionArn",
	  .kind = LANG_VALUE,
	  .offset = AT(authorizer, function_arn),
	  .doc = "type lambda: a function that exists, instead of a handler",
	  .cfn = "AuthorizerUri" },
	{ .name = "identity",
	  .kind = LANG_LIST,
	  .item = LANG_TEXT,
	  .offset = AT(authorizer, identity),
	  .doc = "Where a caller's credentials are",
	  .more = "header.X, query.X, context.X, stageVariables.X; "
		  "header.Authorization by default. A caller who lacks one "
		  "gets 401 and the authorizer is not asked. jwt and userPool "
		  "take the token from the first place that has one; "
		  "theirs may also be subprotocol: new WebSocket(url, "
		  "[\"bearer\", token]), where \"bearer\" is what the answer "
		  "chooses.",
	  .sst = "identitySource",
	  .cdk = "identitySource",
	  .cfn = "IdentitySource" },
	{ .name = "context",
	  .kind = LANG_TYPE,
	  .of = "fields",
	  .offset = AT(authorizer, context),
	  .doc = "What the authorizer tells the handlers, as fields" },
	{ .name = "claims",
	  .kind = LANG_TYPE,
	  .of = "fields",
	  .offset = AT(authorizer, claims),
	  .doc = "jwt, userPool: the claims that handlers read, as fields" },
	{ .name = "ttl",
	  .kind = LANG_DURATION,
	  .offset = AT(authorizer, ttl_ms),
	  .max = 3600 * SECOND_MS,
	  .doc = "http: how long an answer is cached; websocket has no cache",
	  .sst = "resultsCacheTtl",
	  .cdk = "resultsCacheTtl",
	  .cfn = "AuthorizerResultTtlInSeconds" },
	{ .name = "responses",
	  .kind = LANG_CHOICE,
	  .allowed = "simple|iam",
	  LATER,
	  .doc = "http, lambda: the shape of the answer",
	  .sst = "responseTypes",
	  .cdk = "responseTypes",
	  .cfn = "EnableSimpleResponses" },
	{ .name = "payloadFormat",
	  .kind = LANG_CHOICE,
	  .allowed = "1.0|2.0",
	  LATER,
	  .doc = "http, lambda: the version of the event",
	  .cfn = "AuthorizerPayloadFormatVersion" },
	{ .name = "issuer",
	  .kind = LANG_VALUE,
	  .offset = AT(authorizer, issuer),
	  .doc = "jwt: what `iss` must be",
	  .sst = "jwt.issuer",
	  .cdk = "jwtIssuer",
	  .cfn = "Issuer" },
	{ .name = "audience",
	  .kind = LANG_LIST,
	  .item = LANG_VALUE,
	  .offset = AT(authorizer, audience),
	  .doc = "jwt: what `aud` must be one of",
	  .more = "A token without `aud` is judged by its `client_id`.",
	  .sst = "jwt.audience",
	  .cdk = "jwtAudience",
	  .cfn = "Audience" },
	{
		.name = "jwks",
		.kind = LANG_TEXT,
		.offset = AT(authorizer, jwks),
		.doc = "jwt: where the keys are, a URL or a file",
		.more = "<issuer>/.well-known/jwks.json by default; not beside "
			"`secret`. A file is packaged with the function. A "
			"URL's "
			"keys are kept for an hour, asked for again when a "
			"token "
			"names another, and stay good while the URL fails.",
	},
	{ .name = "secret",
	  .kind = LANG_SECTION,
	  .section = &lang_secret,
	  .offset = AT(authorizer, secret),
	  .doc = "jwt: the shared secret of HS256, HS384 and HS512",
	  .more = "At least as long as the hash: 32, 48 or 64 bytes." },
	{ .name = "userPool",
	  .kind = LANG_SECTION,
	  .section = &lang_user_pool,
	  .offset = AT(authorizer, user_pool),
	  .doc = "userPool: an existing pool; this spec's by default" },
	{ .name = "clients",
	  .kind = LANG_LIST,
	  .item = LANG_VALUE,
	  .offset = AT(authorizer, clients),
	  .doc = "userPool: the app clients whose tokens are accepted",
	  .sst = "userPool.clientIds",
	  .cdk = "userPoolClients" },
	{ .name = "scopes",
	  .kind = LANG_LIST,
	  .item = LANG_TEXT,
	  .offset = AT(authorizer, scopes),
	  .doc = "jwt, userPool: OAuth scopes that a token must have",
	  .more = "All of them, on a WebSocket API: one that lacks any is "
		  "denied with 403." },
	{ .name = "doc",
	  .kind = LANG_TEXT,
	  .offset = AT(authorizer, doc),
	  .doc = "Text for comments" },
	{ .name = "logicalId",
	  .kind = LANG_TEXT,
	  .offset = AT(authorizer, logical_id),
	  .doc = "Its logical id in the template" },
};

const struct lang_section lang_authorizer = {
	.name = "authorizer",
	.doc = "Who may call. A lone word is a name from `authorizers`, `iam` "
	       "or `none`.",
	KEYS(authorizer_keys),
	.size = sizeof(struct authorizer),
	.name_offset = AT(authorizer, name_key),
	.text_key = "use",
	.example = "authorizer:\n"
		   "  type: lambda\n"
		   "  handler: src/auth.on_authorize\n"
		   "  identity: [header.Authorization, query.token]\n",
};

static const struct lang_key statement_keys[] = {
	{ .name = "actions",
	  .kind = LANG_LIST,
	  .item = LANG_TEXT,
	  .offset = AT(statement, actions),
	  .required = true,
	  .doc = "service:Action, with * for any run of characters",
	  .cfn = "Action" },
	{ .name = "resources",
	  .kind = LANG_LIST,
	  .item = LANG_VALUE,
	  .offset = AT(statement, resources),
	  .doc = "ARNs; * by default",
	  .cfn = "Resource" },
	{ .name = "effect",
	  .kind = LANG_CHOICE,
	  .allowed = "allow|deny",
	  .offset = AT(statement, effect),
	  .fallback = "allow",
	  .doc = "Whether it allows or denies",
	  .cfn = "Effect" },
	{ .name = "conditions",
	  .kind = LANG_TREE,
	  .of = "a mapping of operators",
	  .offset = AT(statement, conditions),
	  .doc = "IAM conditions, as IAM spells them",
	  .cfn = "Condition" },
	{ .name = "sid",
	  .kind = LANG_TEXT,
	  .offset = AT(statement, sid),
	  .doc = "The statement's name: letters and digits",
	  .cfn = "Sid" },
};

const struct lang_section lang_statement = {
	.name = "permissions",
	.noun = "a statement",
	.doc = "What a function may do: a list of services (s3), actions "
	       "(s3:GetObject), ids of this spec (Notes), [id, grant] pairs "
	       "([Notes, read]) and statements, whose keys are these; or "
	       "\"*\".",
	KEYS(statement_keys),
	.size = sizeof(struct statement),
	.name_offset = LANG_NOWHERE,
	.example = "permissions:\n"
		   "  - [Notes, readWrite]\n"
		   "  - ses:SendEmail\n"
		   "  - { actions: s3:GetObject, resources: "
		   "\"arn:aws:s3:::pictures/*\" }\n",
};

static const struct lang_key grant_keys[] = {
	{ .name = "to",
	  .kind = LANG_VALUE,
	  .offset = AT(grant, to),
	  .required = true,
	  .doc = "The caller: the id of a role, user or function, or an ARN" },
	{ .name = "api",
	  .kind = LANG_NAME,
	  .of = "API",
	  .offset = AT(grant, api),
	  .doc = "The API that may be called; the only one by default" },
	{ .name = "routes",
	  .kind = LANG_LIST,
	  .item = LANG_TEXT,
	  .offset = AT(grant, routes),
	  .doc = "Route keys; all by default" },
	{ .name = "stages",
	  .kind = LANG_LIST,
	  .item = LANG_TEXT,
	  .offset = AT(grant, stages),
	  .doc = "Stage names; the API's own by default" },
	{ .name = "actions",
	  .kind = LANG_LIST,
	  .item = LANG_TEXT,
	  .offset = AT(grant, actions),
	  .doc = "invoke, manageConnections; for a key read, write, readWrite",
	  .cdk = "grantInvoke,grantManageConnections" },
	{ .name = "key",
	  .kind = LANG_NAME,
	  .of = "API key",
	  LATER,
	  .doc = "An API key that may be read or written" },
};

const struct lang_section lang_grant = {
	.name = "grant",
	.doc = "The caller's side of IAM: lets somebody call an API.",
	KEYS(grant_keys),
	.size = sizeof(struct grant),
	.name_offset = LANG_NOWHERE,
	.example = "grants:\n"
		   "  - { to: Worker, actions: manageConnections }\n",
};
