/* SPDX-License-Identifier: MIT */
/* test_answer.c - what functions answered, and what they should not have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/answer.h"

#define ARN "arn:aws:execute-api:us-east-1:123456789012:abcdefghij/dev/$connect"

static const struct {
	const char *name, *payload;
	int status;
	const char *protocol;
} connects[] = {
	{ "200", "{\"statusCode\":200}", 200, "" },
	{ "refused", "{\"statusCode\":401,\"body\":\"x\"}", 401, "" },
	{ "redirected", "{\"statusCode\":301}", 301, "" },
	{ "the last one", "{\"statusCode\":401,\"statusCode\":204}", 204, "" },
	{ "no object", "null", 502, "" },
	{ "nothing", "", 502, "" },
	{ "cut off", "{\"statusCode\":200", 502, "" },
	{ "more behind it", "{\"statusCode\":200}}", 502, "" },
	{ "no status", "{}", 502, "" },
	{ "a text", "{\"statusCode\":\"200\"}", 502, "" },
	{ "a fraction", "{\"statusCode\":200.5}", 502, "" },
	{ "too small", "{\"statusCode\":101}", 502, "" },
	{ "too large", "{\"statusCode\":600}", 502, "" },
	{ "far too large",
	  "{\"statusCode\":2000000000000000000000000000000000000000}", 502,
	  "" },
	{ "subprotocol",
	  "{\"headers\":{\"X\":[{}],\"Sec-WebSocket-Protocol\":\"chat.v2\"},"
	  "\"statusCode\":200}",
	  200, "chat.v2" },
	{ "in another case",
	  "{\"statusCode\":200,\"headers\":{\"sec-websocket-protocol\":"
	  "\" chat \"}}",
	  200, "chat" },
	{ "with many values",
	  "{\"statusCode\":200,\"multiValueHeaders\":{"
	  "\"Sec-WebSocket-Protocol\":[\"a\",1,\"b\"]}}",
	  200, "b" },
	{ "another header in it",
	  "{\"statusCode\":200,\"headers\":{\"Sec-WebSocket-Protocol\":"
	  "\"a\\r\\nSet-Cookie: b\"}}",
	  200, "" },
	{ "of another type",
	  "{\"statusCode\":200,\"headers\":{\"Sec-WebSocket-Protocol\":7}}",
	  200, "" },
	{ "headers of another type", "{\"statusCode\":200,\"headers\":[]}", 200,
	  "" },
};

static void test_connect(void **state)
{
	struct wsg_arena *arena = wsg_arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(connects) / sizeof(*connects); i++) {
		struct connect_answer answer;

		answer_connect(arena, wsg_str(connects[i].payload), &answer);
		if (answer.status != connects[i].status ||
		    !wsg_str_is(answer.protocol, connects[i].protocol))
			fail_msg("%s: %d '%.*s'", connects[i].name,
				 answer.status, WSG_FMT(answer.protocol));
	}
	wsg_arena_free(arena);
}

static const struct {
	const char *name, *payload;
	bool is_object;
	const char *body; /* NULL: none */
	int status;
} messages[] = {
	{ "body", "{\"statusCode\":200,\"body\":\"\\u00f6\\n\"}", true,
	  "\xc3\xb6\n", 200 },
	{ "body alone", "{\"body\":\"x\"}", true, "x", 200 },
	{ "empty body", "{\"body\":\"\"}", true, "", 200 },
	{ "none", "{}", true, NULL, 200 },
	{ "null", "{\"body\":null}", true, NULL, 200 },
	{ "no text", "{\"body\":{\"a\":1}}", true, NULL, 200 },
	{ "failed", "{\"statusCode\":500,\"body\":\"x\"}", true, "x", 500 },
	{ "a status out of range", "{\"statusCode\":-1}", true, NULL, 200 },
	{ "base64", "{\"body\":\"aGk=\",\"isBase64Encoded\":true}", true, "hi",
	  200 },
	{ "said to be not base64",
	  "{\"body\":\"aGk=\",\"isBase64Encoded\":false}", true, "aGk=", 200 },
	{ "no base64 after all",
	  "{\"isBase64Encoded\":true,\"body\":\"hi there\"}", true, "hi there",
	  200 },
	{ "bytes", "{\"isBase64Encoded\":true,\"body\":\"/2H/\"}", true,
	  "\xef\xbf\xbd"
	  "a\xef\xbf\xbd",
	  200 },
	{ "a text", "\"x\"", false, NULL, 200 },
	{ "a list", "[]", false, NULL, 200 },
	{ "nothing", "null", false, NULL, 200 },
	{ "no bytes", "", false, NULL, 200 },
	{ "not JSON", "{\"body\":\"x\"", false, NULL, 200 },
};

static void test_message(void **state)
{
	struct wsg_arena *arena = wsg_arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++) {
		const char *name = messages[i].name, *body = messages[i].body;
		struct message_answer answer;

		answer_message(arena, wsg_str(messages[i].payload), &answer);
		if (answer.is_object != messages[i].is_object ||
		    answer.has_body != (body != NULL) ||
		    answer.status != messages[i].status)
			fail_msg("%s: %d %d %d", name, answer.is_object,
				 answer.has_body, answer.status);
		if (!wsg_str_is(answer.body, body ? body : ""))
			fail_msg("%s: '%.*s'", name, WSG_FMT(answer.body));
	}
	wsg_arena_free(arena);
}

#define POLICY(effect)                                                    \
	"\"policyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":[{" \
	"\"Action\":\"execute-api:Invoke\",\"Effect\":\"" effect "\","    \
	"\"Resource\":\"*\"}]}"
#define ME "\"principalId\":\"me\""

static const struct {
	const char *name, *payload;
	enum policy_verdict verdict;
	const char *why, *members;
} authorizers[] = {
	{ "allow", "{" ME "," POLICY("Allow") "}", POLICY_ALLOW,
	  "statement 1 allows it", ME },
	{ "deny", "{" ME "," POLICY("Deny") "}", POLICY_DENY,
	  "statement 1 denies it", ME },
	{ "context",
	  "{" ME ",\"context\":{\"tenant\":\"a\\\"b\",\"n\":1.50,\"t\":true,"
	  "\"f\":false}," POLICY("Allow") "}",
	  POLICY_ALLOW, "statement 1 allows it",
	  "\"tenant\":\"a\\\"b\",\"n\":\"1.50\",\"t\":\"true\","
	  "\"f\":\"false\"," ME },
	{ "a context with our names",
	  "{" ME ",\"context\":{\"principalId\":\"you\","
	  "\"integrationLatency\":7}," POLICY("Allow") "}",
	  POLICY_ALLOW, "statement 1 allows it", ME },
	{ "no context", "{" ME ",\"context\":null," POLICY("Allow") "}",
	  POLICY_ALLOW, "statement 1 allows it", ME },
	{ "no policy", "{" ME "}", POLICY_INVALID, "the policy is no object",
	  ME },
	{ "invalid policy", "{" ME "," POLICY("allow") "}", POLICY_INVALID,
	  "statement 1 has an Effect that is neither 'Allow' nor 'Deny'", ME },
	{ "no principal", "{" POLICY("Allow") "}", POLICY_INVALID,
	  "it has no principalId that is a text", "" },
	{ "a number for a principal", "{\"principalId\":7," POLICY("Allow") "}",
	  POLICY_INVALID, "it has no principalId that is a text", "" },
	{ "an object in the context",
	  "{" ME ",\"context\":{\"a\":{}}," POLICY("Allow") "}", POLICY_INVALID,
	  "its context's 'a' is neither a text, a number, true nor false", "" },
	{ "null in the context",
	  "{" ME ",\"context\":{\"a\":null}," POLICY("Allow") "}",
	  POLICY_INVALID,
	  "its context's 'a' is neither a text, a number, true nor false", "" },
	{ "a list for a context", "{" ME ",\"context\":[]," POLICY("Allow") "}",
	  POLICY_INVALID, "its context is no object", "" },
	{ "of an HTTP API", "{\"isAuthorized\":true}", POLICY_INVALID,
	  "it has no principalId that is a text", "" },
	{ "null", "null", POLICY_INVALID, "it is no object", "" },
	{ "not JSON", "{", POLICY_INVALID, "it is not JSON: ends in the middle",
	  "" },
	{ "nothing", "", POLICY_INVALID, "it is not JSON: ends in the middle",
	  "" },
};

static void test_authorizer(void **state)
{
	struct wsg_arena *arena = wsg_arena_new();
	struct authorizer_answer answer;

	(void)state;
	for (size_t i = 0; i < sizeof(authorizers) / sizeof(*authorizers);
	     i++) {
		const char *name = authorizers[i].name;

		answer_authorizer(arena, wsg_str(authorizers[i].payload),
				  wsg_str(ARN), &answer);
		if (answer.verdict != authorizers[i].verdict ||
		    strcmp(answer.why, authorizers[i].why) != 0)
			fail_msg("%s: %d, %s", name, (int)answer.verdict,
				 answer.why);
		if (!wsg_str_is(answer.members, authorizers[i].members))
			fail_msg("%s: %.*s", name, WSG_FMT(answer.members));
	}
	answer_authorizer(
		arena,
		wsg_str("{" ME
			",\"usageIdentifierKey\":\"key\"," POLICY("Allow") "}"),
		wsg_str(ARN), &answer);
	assert_true(wsg_str_is(answer.usage_key, "key"));
	assert_true(wsg_str_is(answer.principal, "me"));
	wsg_arena_free(arena);
}

/* To the byte; white space behind it counts as well. */
static void test_authorizer_size(void **state)
{
	static const char text[] = "{" ME "," POLICY("Allow") "}";
	struct wsg_arena *arena = wsg_arena_new();
	struct authorizer_answer answer;
	char large[ANSWER_AUTHORIZER_MAX + 1];

	(void)state;
	memset(large, ' ', sizeof(large));
	memcpy(large, text, sizeof(text) - 1);
	answer_authorizer(arena, (struct wsg_str){ large, sizeof(large) - 1 },
			  wsg_str(ARN), &answer);
	assert_int_equal(answer.verdict, POLICY_ALLOW);
	answer_authorizer(arena, (struct wsg_str){ large, sizeof(large) },
			  wsg_str(ARN), &answer);
	assert_int_equal(answer.verdict, POLICY_INVALID);
	assert_string_equal(answer.why, "it is longer than 8 KB");
	wsg_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connect),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_authorizer),
		cmocka_unit_test(test_authorizer_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
