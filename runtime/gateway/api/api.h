/* SPDX-License-Identifier: MIT */
/*
 * api.h - one WebSocket API being served: its handshakes, its connections and
 * the @connections calls about them.
 */
#ifndef GATEWAY_API_H
#define GATEWAY_API_H

#include "../config/config.h"
#include "../fault.h"
#include "../lambda/lambda.h"
#include "../net/server.h"
#include "../trace.h"
#include "credentials.h"
#include "keys.h"
#include "throttle.h"

struct api;

struct api_options {
	struct loop *loop;
	struct trace *trace;
	struct fault *fault; /* NULL: none */
	struct lambda *lambda;
	struct credentials *credentials;
	struct account *account;
	const struct api_key *keys; /* --api-key */
	size_t keys_count;
	bool sign_check; /* of @connections */
	bool serial;	 /* a connection's messages one after another */
	const char *host;
	const int *dynamodb_port; /* 0: none; looked at in each reload */
};

/* Whether it can be served; if not, a line about it is added to why. */
bool api_check(const struct config_api *api_config, struct wsg_buf *why);

/* NULL: *why says why not. What options points to outlives it; config is not
 * looked at any more once the next one is given. */
struct api *api_new(const struct api_options *options,
		    const struct config *config,
		    const struct config_api *api_config, struct wsg_buf *why);
/* Everyone is closed with 1001. */
void api_free(struct api *api);

/*
 * The spec or a binary has changed: routes, functions and authorizers are the
 * new ones for whatever comes next; open connections stay. swap names the
 * functions whose binary was built anew. False: *why, and all is as before.
 */
bool api_reload(struct api *api, const struct config *config,
		const struct config_api *api_config, const struct wsg_str *swap,
		size_t swap_count, struct wsg_buf *why);

/* A request that came in on the API's port; answers it, now or later. */
void api_request(struct api *api, struct exchange *exchange);
/* Its client left before it was answered. */
void api_abandoned(struct exchange *exchange);

#endif
