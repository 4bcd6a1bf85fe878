/* SPDX-License-Identifier: MIT */
/*
 * wsgen/jwt.h - bearer tokens: the authorizer that `type: jwt` and
 * `type: userPool` generate, and the session that handlers ask for.
 *
 * What is accepted: a compact JWS (RFC 7515) of at most WSG_JWT_MAX bytes whose
 * header names one of these algorithms
 *
 *	RS256 RS384 RS512 PS256 PS384 PS512   RSA keys of 2048 to 8192 bits
 *	ES256 ES384 ES512                     P-256, P-384, P-521
 *	EdDSA                                 Ed25519
 *	HS256 HS384 HS512                     a secret as long as the hash
 *
 * and that verifies. HS algorithms go with `secret` alone, the others with
 * `jwks` alone; `none`, `crit`, a member that comes twice, base64 that is not
 * strict and a key whose kty, crv, use, key_ops or alg says otherwise are
 * refused. Keys that the token brings along (jwk, jku, x5c) are not looked at.
 *
 * Then the claims: `iss` is the issuer; `aud`, a text or a list, has one of the
 * audience, and a token without `aud` is judged by `client_id`, as API Gateway
 * does it for Cognito's access tokens; `exp` is there and not past, `nbf` and
 * `iat` are not ahead, give or take WSG_JWT_SKEW_S; `scope` (words) or `scp`
 * (words or a list) has every one of the scopes; what `claims` asks for fits.
 *
 * Keys are read when the first token comes, and kept by the process. Those of a
 * URL are asked for again after WSG_JWKS_KEEP_S, and when a token names a key
 * that is not known, but not more often than every WSG_JWKS_RETRY_S. While a
 * URL fails, the keys that there are stay good. A file that is not absolute is
 * looked for where the function's files are ($LAMBDA_TASK_ROOT), and otherwise
 * in the current folder.
 *
 * Neither a token nor a secret is ever logged; what is wrong with one is.
 */
#ifndef WSGEN_JWT_H
#define WSGEN_JWT_H

#include <wsgen/runtime.h>

#define WSG_JWT_MAX ((size_t)16 << 10)
#define WSG_JWT_SKEW_S 60

#define WSG_JWKS_MAX ((size_t)256 << 10)
#define WSG_JWKS_KEYS_MAX 64
#define WSG_JWKS_KEEP_S 3600
#define WSG_JWKS_RETRY_S 30

/*
 * Who may come in. The strings are the spec's; lists end with a NULL. Without
 * an audience tokens for anyone are taken; without an issuer, none. An issuer,
 * an audience or a jwks that is `$NAME` stands in that variable, since only the
 * deployment knew it.
 */
struct wsg_jwt {
	const char *issuer;
	const char *const *audience;
	const char *jwks;	     /* URL or file; NULL with a secret */
	const char *secret_env;	     /* HS256: the variable with the secret */
	const char *secret_ssm;	     /* or the parameter with it */
	const char *const *identity; /* where the token is, see below */
	const char *const *scopes;   /* all of which are needed */
	const struct wsg_shape *claims; /* typed ones; NULL for none */
	const char *const *algorithms;	/* NULL: all that fit the keys */
	bool for_session; /* the authorizer: wsg_session is asked, too */
};

/*
 * Where a token is looked for; the first place that has one counts:
 *
 *	header.Authorization    after the word Bearer, in any case
 *	header.X, query.X       as it is; a word Bearer in front is left out
 *	subprotocol             new WebSocket(url, ["bearer", token]): behind
 *				an offered "bearer", wherever that stands
 *
 * A browser that offered subprotocols wants to see one of them chosen: when the
 * $connect handler chooses none, wsg_run answers "bearer" if that was offered,
 * and never the token. context.X and
 * stageVariables.X work too.
 */

/*
 * Check the client's token: for `return wsg_authorize_jwt(client, &jwt);`.
 *
 *	WSG_OK       allowed: the principal is `sub`, which has to be there;
 *	             the typed claims are in the context
 *	WSG_INVALID  401 for the client: no token, or it is not good
 *	WSG_REFUSED  403: it is good, and lacks a scope
 *	WSG_FAILED   500: there are no keys to check it with; logged
 */
enum wsg_result wsg_authorize_jwt(struct wsg_authorize *client,
				  const struct wsg_jwt *jwt);

/*
 * The verified claims of the token that this event's connection came with, in
 * *claims, a struct of jwt->claims, or NULL to know no more than that there is
 * one. On false *claims is not to be read; refuse:
 *
 *	if (!chat_session(wsg_connect_event(client), &session))
 *		return wsg_connect_reject(client, 401);
 *
 * Only $connect has headers and a query. For later events of the connection the
 * token is looked for in two places, in this order:
 *
 *	1. what the API's jwt authorizer verified on $connect and API Gateway
 *	   hands on with every event: its issuer, audience, scopes and times
 *	   are held against jwt once more, so that a session ends when its
 *	   token does. Claims past WSG_SESSION_MAX are not handed on.
 *	2. the message: the text `token` at the top of a JSON body. So clients
 *	   of an API without an authorizer send it along, and others a new one
 *	   once theirs has expired.
 */
#define WSG_SESSION_MAX ((size_t)4 << 10)
bool wsg_session(const struct wsg_event *event, const struct wsg_jwt *jwt,
		 void *claims);

#endif
