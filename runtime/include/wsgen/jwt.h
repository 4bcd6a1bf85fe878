/* SPDX-License-Identifier: MIT */
/*
 * wsgen/jwt.h - bearer tokens: the authorizer that `type: jwt` and
 * `type: userPool` generate, and the session that handlers ask for.
 */
#ifndef WSGEN_JWT_H
#define WSGEN_JWT_H

#include <wsgen/runtime.h>

/* Who may come in. The strings are the spec's; lists end with a NULL. */
struct wsg_jwt {
	const char *issuer;
	const char *const *audience;
	const char *jwks;	     /* URL or file; NULL with a secret */
	const char *secret_env;	     /* HS256: the variable with the secret */
	const char *secret_ssm;	     /* or the parameter with it */
	const char *const *identity; /* header.X, query.X, subprotocol */
	const char *const *scopes;   /* all of which are needed */
	const struct wsg_shape *claims; /* typed ones; NULL for none */
};

/* Check the client's token, and hand the claims on as context. */
enum wsg_result wsg_authorize_jwt(struct wsg_authorize *client,
				  const struct wsg_jwt *jwt);

/*
 * The verified claims of the token that this event's connection came with.
 * False: there is none, or it is not good; refuse with 401.
 */
bool wsg_session(const struct wsg_event *event, const struct wsg_jwt *jwt,
		 void *claims);

#endif
