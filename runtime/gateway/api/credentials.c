/* SPDX-License-Identifier: MIT */
/* credentials.c - who signs. */
#include "credentials.h"

#include "../base/map.h"
#include "../base/mem.h"
#include "../base/random.h"
#include "policy.h"

#include <stdlib.h>

#define KEY_ID_LEN 20 /* ASIA and 16 more, as of a session */
#define SECRET_LEN 40
#define TOKEN_LEN 64

/* One of them, with the texts that it points to. */
struct signer {
	struct credential credential;
	char key_id[KEY_ID_LEN + 1];
	char secret[SECRET_LEN + 1];
	char token[TOKEN_LEN + 1];
	char *user_arn;
	char *function;
};

struct credentials {
	struct map by_key_id;
	struct map by_function;
	char *account;
	char *local_arn;
	struct credential local;
};

static char *user_arn(const struct credentials *credentials,
		      const char *service, const char *kind,
		      struct wsg_str name)
{
	struct wsg_buf arn = { 0 };

	wsg_buf_printf(&arn, "arn:aws:%s::%s:%s/%.*s", service,
		       credentials->account, kind, WSG_FMT(name));
	/* A role's session is called like the function. */
	if (!strcmp(service, "sts"))
		wsg_buf_printf(&arn, "/%.*s", WSG_FMT(name));
	if (arn.failed)
		mem_exhausted();
	return arn.ptr;
}

struct credentials *credentials_new(struct wsg_str account)
{
	struct credentials *credentials = mem_alloc(sizeof(*credentials));
	struct wsg_str local = { WSG_LIT(CREDENTIALS_LOCAL) };

	credentials->account = mem_copy(account);
	credentials->local_arn = user_arn(credentials, "iam", "user", local);
	credentials->local = (struct credential){
		.key_id = local,
		.secret = local,
		.user_arn = wsg_str(credentials->local_arn),
	};
	return credentials;
}

void credentials_free(struct credentials *credentials)
{
	struct signer *signer;
	size_t at = 0;

	if (!credentials)
		return;
	while ((signer = map_next(&credentials->by_function, &at))) {
		free(signer->user_arn);
		free(signer->function);
		free(signer);
	}
	map_release(&credentials->by_function);
	map_release(&credentials->by_key_id);
	free(credentials->account);
	free(credentials->local_arn);
	free(credentials);
}

/* Letters of the alphabet, a power of 2 of them, that nobody can guess. */
static void draw(char *text, size_t len, const char *alphabet, size_t letters)
{
	random_secret(text, len);
	for (size_t i = 0; i < len; i++)
		text[i] = alphabet[(unsigned char)text[i] & (letters - 1)];
	text[len] = 0;
}

const struct credential *credentials_of(struct credentials *credentials,
					struct wsg_str function)
{
	static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
				     "pqrstuvwxyz0123456789+/";
	struct signer *signer = map_get(&credentials->by_function, function);

	if (signer)
		return &signer->credential;
	signer = mem_alloc(sizeof(*signer));
	memcpy(signer->key_id, "ASIA", 4);
	draw(signer->key_id + 4, KEY_ID_LEN - 4, base32, 32);
	draw(signer->secret, SECRET_LEN, base64, 64);
	draw(signer->token, TOKEN_LEN, base64, 64);
	signer->function = mem_copy(function);
	signer->user_arn =
		user_arn(credentials, "sts", "assumed-role", function);
	signer->credential = (struct credential){
		.key_id = { signer->key_id, KEY_ID_LEN },
		.secret = { signer->secret, SECRET_LEN },
		.token = { signer->token, TOKEN_LEN },
		.user_arn = wsg_str(signer->user_arn),
		.function = { signer->function, function.len },
	};
	map_put(&credentials->by_key_id, signer->credential.key_id, signer);
	map_put(&credentials->by_function, signer->credential.function, signer);
	return &signer->credential;
}

static const struct credential *by_key_id(const struct credentials *credentials,
					  struct wsg_str key_id)
{
	const struct signer *signer;

	if (wsg_str_is(key_id, CREDENTIALS_LOCAL))
		return &credentials->local;
	signer = map_get(&credentials->by_key_id, key_id);
	return signer ? &signer->credential : NULL;
}

static bool find(void *arg, struct wsg_str key_id,
		 struct wsg_credentials *secrets)
{
	const struct credential *credential = by_key_id(arg, key_id);

	if (!credential)
		return false;
	*secrets = (struct wsg_credentials){ credential->key_id,
					     credential->secret,
					     credential->token };
	return true;
}

const struct credential *credentials_check(struct credentials *credentials,
					   const struct http_request *request,
					   const char *service, int64_t now_s,
					   struct wsg_sigv4_check *check,
					   enum wsg_sigv4_result *result)
{
	const struct wsg_sigv4_request signed_request = {
		.method = request->method,
		.path = request->path,
		.query = request->query,
		.headers = request->headers,
		.headers_count = request->headers_count,
		.body = request->body,
	};
	/* Whichever Region the caller's own configuration has. */
	const struct wsg_sigv4_verifier verifier = {
		.find = find,
		.arg = credentials,
		.service = wsg_str(service),
		.now_s = now_s,
	};

	*result = wsg_sigv4_verify(&signed_request, &verifier, check);
	if (*result != WSG_SIGV4_VALID)
		return NULL;
	return by_key_id(credentials, check->key_id);
}

bool credential_may(const struct credential *credential,
		    const struct config *config, const char *action,
		    struct wsg_str resource)
{
	if (!credential->function.len)
		return true;
	for (size_t i = 0; i < config->functions_count; i++) {
		const struct config_function *function = &config->functions[i];

		if (!wsg_str_equal(function->name, credential->function))
			continue;
		return function->policy &&
		       policy_judge(function->policy, wsg_str(action), resource,
				    config->names, NULL) == POLICY_ALLOW;
	}
	return false;
}
