/* SPDX-License-Identifier: MIT */
/*
 * function.h - what a function is started with: what gateway.json says of it,
 * and variables by which its calls of AWS come here.
 */
#ifndef GATEWAY_FUNCTION_H
#define GATEWAY_FUNCTION_H

#include "../config/config.h"
#include "../lambda/lambda.h"

struct function_around {
	const char *key_id, *secret, *token; /* what it signs with */
	const char *endpoint;		     /* of @connections */
	const char *tables; /* of DynamoDB; NULL: there are none */
};

/*
 * All but its key, which tells it from others of that name; made in the arena.
 * The spec's variables cannot replace those of ours.
 */
struct lambda_config function_config(struct wsg_arena *arena,
				     const struct config *config,
				     const struct config_function *function,
				     const struct function_around *around);

#endif
