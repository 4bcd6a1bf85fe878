/* SPDX-License-Identifier: MIT */
/*
 * Where keys of tokens come from, and how long they stay. They are the
 * process's: several events are checked with what one of them got.
 */
#include "resolve.h"
#include "token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FETCH_MS 5000	    /* what one attempt may take at most */
#define FIRST_RETRY_MS 1000 /* while there are no keys at all */

struct source {
	struct source *next;
	const char *jwks, *env, *ssm; /* of the struct wsg_jwt; one is set */
	bool loaded;
	struct wsg_key_set set;
	bool tried;
	int64_t loaded_ms, tried_ms; /* of wsg_clock_ms */
};

static struct source *sources;

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static struct source *find_source(const struct wsg_jwt *jwt)
{
	struct source *source;

	for (source = sources; source; source = source->next) {
		if (same(source->jwks, jwt->jwks) &&
		    same(source->env, jwt->secret_env) &&
		    same(source->ssm, jwt->secret_ssm))
			return source;
	}
	source = calloc(1, sizeof(*source));
	if (!source)
		return NULL;
	source->next = sources;
	source->jwks = jwt->jwks;
	source->env = jwt->secret_env;
	source->ssm = jwt->secret_ssm;
	sources = source;
	return source;
}

void wsg_keys_forget(void)
{
	struct source *source, *next;

	for (source = sources; source; source = next) {
		next = source->next;
		wsg_key_set_release(&source->set);
		free(source);
	}
	sources = NULL;
	wsg_fetch_forget();
}

void wsg_keys_age(int64_t ms)
{
	struct source *source;

	for (source = sources; source; source = source->next) {
		source->loaded_ms -= ms;
		source->tried_ms -= ms;
	}
}

/* The function's own files are not in the current folder everywhere. */
static int open_file(const char *name)
{
	const char *root = getenv("LAMBDA_TASK_ROOT");
	struct wsg_buf path = { 0 };
	int fd = -1;

	if (*name != '/' && root && *root) {
		wsg_buf_printf(&path, "%s/%s", root, name);
		if (!path.failed)
			fd = open(path.ptr, O_RDONLY | O_CLOEXEC);
		wsg_buf_release(&path);
	}
	return fd >= 0 ? fd : open(name, O_RDONLY | O_CLOEXEC);
}

static bool read_file(const char *name, struct wsg_buf *text,
		      const char **error)
{
	int fd = open_file(name);
	ssize_t len = 1;

	*error = "it cannot be opened";
	if (fd < 0)
		return false;
	text->limit = WSG_JWKS_MAX + 1;
	while (len && wsg_buf_reserve(text, 4096)) {
		len = read(fd, text->ptr + text->len, 4096);
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			break;
		text->len += (size_t)len;
	}
	close(fd);
	*error = len < 0 ? "it cannot be read" : "it is larger than 256 KB";
	if (len || text->failed)
		return false;
	text->ptr[text->len] = '\0';
	return true;
}

static bool is_url(const char *jwks)
{
	return !strncmp(jwks, "https://", 8) || !strncmp(jwks, "http://", 7);
}

static bool get_jwks(const char *jwks, int64_t budget_ms,
		     struct wsg_key_set *set, const char **error)
{
	struct wsg_buf text = { 0 };
	bool good;

	jwks = wsg_jwt_text(jwks);
	*error = "the variable is not set";
	if (!jwks)
		return false;
	if (is_url(jwks))
		good = wsg_fetch(jwks, budget_ms, &text, error);
	else
		good = read_file(jwks, &text, error);
	*error = good && !text.len ? "it is empty" : *error;
	good = good && text.len &&
	       wsg_key_set_read(set, text.ptr, text.len, error);
	wsg_buf_release(&text);
	if (good && !set->count) {
		*error = "there is no key in it that can be used";
		wsg_key_set_release(set);
		return false;
	}
	return good;
}

/* What was a secret is not left lying about. */
static void wipe(struct wsg_buf *secret)
{
	volatile char *p = secret->ptr;
	size_t i;

	for (i = 0; i < secret->len; i++)
		p[i] = 0;
	wsg_buf_release(secret);
}

static bool get_set(const struct source *source, int64_t budget_ms,
		    struct wsg_key_set *set, const char **error)
{
	struct wsg_buf secret = { 0 };
	const char *text;
	bool good;

	if (source->jwks)
		return get_jwks(source->jwks, budget_ms, set, error);
	if (source->env) {
		text = getenv(source->env);
		*error = "the variable is not set";
		return text && wsg_key_set_secret(set, wsg_str(text), error);
	}
	*error = "nothing says where they are";
	if (!source->ssm)
		return false;
	good = wsg_fetch_parameter(source->ssm, budget_ms, &secret, error) &&
	       wsg_key_set_secret(
		       set, (struct wsg_str){ secret.ptr, secret.len }, error);
	wipe(&secret);
	return good;
}

static const char *name_of(const struct source *source)
{
	if (source->jwks)
		return source->jwks;
	if (source->env)
		return source->env;
	return source->ssm ? source->ssm : "a token";
}

static void load(struct source *source, int64_t budget_ms)
{
	struct wsg_key_set set;
	const char *error;

	if (budget_ms > FETCH_MS)
		budget_ms = FETCH_MS;
	if (get_set(source, budget_ms, &set, &error)) {
		wsg_key_set_release(&source->set);
		source->set = set;
		source->loaded = true;
		source->loaded_ms = wsg_clock_ms();
	} else if (source->loaded) {
		wsg_log(WSG_WARN, "the keys of %s stay as they were: %s",
			name_of(source), error);
	} else {
		wsg_log(WSG_ERROR, "no keys of %s: %s", name_of(source), error);
	}
	source->tried = true;
	source->tried_ms = wsg_clock_ms();
}

static bool may_try(const struct source *source, int64_t wait_ms)
{
	return !source->tried || wsg_clock_ms() - source->tried_ms >= wait_ms;
}

/* Another key may have come: one of that name, or in place of the only one. */
static bool may_be_new(const struct source *source,
		       const struct wsg_token *token, enum wsg_verdict verdict)
{
	if (verdict == WSG_UNKNOWN_KEY)
		return !source->env && !source->ssm;
	return verdict == WSG_FORGED && (!token->kid.ptr || source->ssm);
}

enum wsg_verdict wsg_keys_verify(const struct wsg_jwt *jwt,
				 const struct wsg_token *token,
				 int64_t budget_ms)
{
	struct source *source = find_source(jwt);
	enum wsg_verdict verdict;
	int64_t retry_ms;

	if (!source)
		return WSG_NO_KEYS;
	retry_ms = source->loaded ? WSG_JWKS_RETRY_S * 1000 : FIRST_RETRY_MS;
	if ((!source->loaded ||
	     wsg_clock_ms() - source->loaded_ms >= WSG_JWKS_KEEP_S * 1000) &&
	    may_try(source, retry_ms))
		load(source, budget_ms);
	if (!source->loaded)
		return WSG_NO_KEYS;
	verdict = wsg_key_set_verify(&source->set, token);
	if (!may_be_new(source, token, verdict) ||
	    !may_try(source, WSG_JWKS_RETRY_S * 1000))
		return verdict;
	load(source, budget_ms);
	return wsg_key_set_verify(&source->set, token);
}
