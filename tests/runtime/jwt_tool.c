/* SPDX-License-Identifier: MIT */
/*
 * Checks signatures for test_keys.py, with keys from wherever it says, and
 * prints what came of each.
 *
 * usage: jwt_tool jwks|env|ssm NAME, lines of: verify TOKEN | age MS
 */
#include "token.h"

#include <stdio.h>
#include <stdlib.h>

#define BUDGET_MS 1000

static const char *verify(const struct wsg_jwt *jwt, struct wsg_arena *arena,
			  const char *text)
{
	static const char *const verdicts[] = { "verified", "forged", "unknown",
						"no keys" };
	struct wsg_token token;
	const char *error;

	wsg_arena_reset(arena);
	if (!wsg_token_read(arena, wsg_str(text), &token, &error))
		return error;
	return verdicts[wsg_keys_verify(jwt, &token, BUDGET_MS)];
}

int main(int argc, char **argv)
{
	struct wsg_arena *arena = wsg_arena_new();
	struct wsg_jwt jwt = { .issuer = "i" };
	static char line[WSG_JWT_MAX * 2];

	if (argc != 3 || !arena)
		return 2;
	jwt.jwks = strcmp(argv[1], "jwks") ? NULL : argv[2];
	jwt.secret_env = strcmp(argv[1], "env") ? NULL : argv[2];
	jwt.secret_ssm = strcmp(argv[1], "ssm") ? NULL : argv[2];
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "age ", 4)) {
			wsg_keys_age(atol(line + 4));
			puts("older");
		} else {
			puts(verify(&jwt, arena, line + strlen("verify ")));
		}
		fflush(stdout);
	}
	wsg_keys_forget();
	wsg_arena_free(arena);
	return 0;
}
