/* SPDX-License-Identifier: MIT */
/*
 * keys.h - the API keys that --api-key gave.
 */
#ifndef GATEWAY_KEYS_H
#define GATEWAY_KEYS_H

#include <wsgen/str.h>

struct api_key {
	struct wsg_str value;
	char id[32]; /* as events have it */
};

/*
 * Read `ID=VALUE` or `VALUE`; without an id of letters and digits in front, one
 * is made from the value. False: there is no value, or the id is too long.
 */
bool key_parse(struct api_key *key, struct wsg_str text);

/* The key with that value, or NULL. */
const struct api_key *keys_find(const struct api_key *keys, size_t count,
				struct wsg_str value);

#endif
