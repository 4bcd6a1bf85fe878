/* SPDX-License-Identifier: MIT */
/*
 * credentials.h - who may sign requests here, and what for: each function with
 * credentials of its own, held to its role's policy, and `local`/`local`, who
 * may do everything.
 */
#ifndef GATEWAY_CREDENTIALS_H
#define GATEWAY_CREDENTIALS_H

#include "../config/config.h"
#include "../net/http.h"

#define CREDENTIALS_LOCAL "local" /* key id and secret */

struct credential {
	struct wsg_str key_id;
	struct wsg_str secret;
	struct wsg_str token;
	struct wsg_str user_arn; /* arn:aws:sts::...:assumed-role/chat/chat */
	struct wsg_str function; /* its name; empty: `local` */
};

struct credentials;

/* Made anew for each run, from the system's randomness; kept across reloads.
 * The account is for the ARNs of users, and copied. */
struct credentials *credentials_new(struct wsg_str account);
void credentials_free(struct credentials *credentials);

/* Those of a function, by its name; made when they are first asked for. */
const struct credential *credentials_of(struct credentials *credentials,
					struct wsg_str function);

/*
 * Who signed the request for that service, or NULL: *result says what is wrong,
 * and of a mismatch check holds what was computed. check is { 0 } at first and
 * released by the caller with wsg_sigv4_check_release.
 */
const struct credential *credentials_check(struct credentials *credentials,
					   const struct http_request *request,
					   const char *service, int64_t now_s,
					   struct wsg_sigv4_check *check,
					   enum wsg_sigv4_result *result);

/* Whether the policy that it has in config lets it do action on resource, an
 * ARN. A function that config no longer has may do nothing. */
bool credential_may(const struct credential *credential,
		    const struct config *config, const char *action,
		    struct wsg_str resource);

#endif
