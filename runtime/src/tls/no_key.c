/* SPDX-License-Identifier: MIT */
/* Keys of tokens where the build found no OpenSSL: there are none. */
#include "../token.h"

struct wsg_key *wsg_key_new(const struct wsg_jwk *jwk, const char **error)
{
	(void)jwk;
	*error = "this wsgen was built without OpenSSL";
	return NULL;
}

void wsg_key_free(struct wsg_key *key)
{
	(void)key;
}

bool wsg_key_fits(const struct wsg_key *key, enum wsg_alg alg)
{
	(void)key;
	(void)alg;
	return false;
}

bool wsg_key_verify(const struct wsg_key *key, enum wsg_alg alg,
		    struct wsg_str text, struct wsg_str signature)
{
	(void)key;
	(void)alg;
	(void)text;
	(void)signature;
	return false;
}
