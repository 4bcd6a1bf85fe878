/* SPDX-License-Identifier: MIT */
/*
 * Policies: what an authorizer's document allows, the same document allows as a
 * role's; and a pattern matches as the plainest matcher says.
 */
#include "api/answer.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARN "arn:aws:execute-api:us-east-1:123456789012:abcdefghij/dev/$connect"
#define SHORT 48 /* what the plain matcher is asked for: pattern times text */

/* reached[t]: so much of the pattern can match the first t bytes. */
static bool matches_plainly(struct wsg_str pattern, struct wsg_str text)
{
	bool reached[SHORT + 1] = { true };

	for (size_t p = 0; p < pattern.len; p++) {
		bool before = reached[0];

		reached[0] = before && pattern.ptr[p] == '*';
		for (size_t t = 1; t <= text.len; t++) {
			const bool here = reached[t];

			if (pattern.ptr[p] == '*')
				reached[t] = here || reached[t - 1];
			else
				reached[t] =
					before &&
					(pattern.ptr[p] == '?' ||
					 pattern.ptr[p] == text.ptr[t - 1]);
			before = here;
		}
	}
	return reached[text.len];
}

static void match(struct wsg_str input)
{
	const char *line =
		input.len ? memchr(input.ptr, '\n', input.len) : NULL;
	struct wsg_str pattern, text;

	if (!line)
		return;
	pattern = (struct wsg_str){ input.ptr, (size_t)(line - input.ptr) };
	text = (struct wsg_str){ line + 1, input.len - pattern.len - 1 };
	if (text.len > SHORT)
		return;
	if (policy_matches(pattern, text, false) !=
	    matches_plainly(pattern, text))
		abort();
}

static void judge(struct wsg_arena *arena, struct wsg_str input)
{
	const struct wsg_str action = { WSG_LIT("execute-api:Invoke") };
	const struct wsg_str resource = { WSG_LIT(ARN) };
	struct names *names = names_new();
	enum policy_verdict strict, lax;
	const char *error;
	const struct json *document = json_parse(arena, input, &error);
	struct wsg_buf why = { 0 };

	names_give(names, wsg_str("chat"), wsg_str("abcdefghij"));
	strict = policy_judge(document, action, resource, NULL, &why);
	if (!why.len)
		abort();
	lax = policy_judge(document, action, resource, names, NULL);
	if (strict != POLICY_INVALID && strict != lax)
		abort();
	wsg_buf_release(&why);
	names_free(names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct wsg_str input = { (const char *)data, size };
	struct wsg_arena *arena = wsg_arena_new();
	struct authorizer_answer authorizer;
	struct connect_answer connect;
	struct message_answer message;

	if (!arena)
		abort();
	match(input);
	judge(arena, input);
	answer_authorizer(arena, input, wsg_str(ARN), &authorizer);
	if (!authorizer.why)
		abort();
	answer_connect(arena, input, &connect);
	answer_message(arena, input, &message);
	if (connect.status < 200 || connect.status > 599 ||
	    message.status < 0 || message.status > 599)
		abort();
	wsg_arena_free(arena);
	return 0;
}
