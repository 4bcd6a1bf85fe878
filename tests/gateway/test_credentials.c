/* SPDX-License-Identifier: MIT */
/* test_credentials.c - who signs, and what they may. */
#include "test.h"

#include "api/credentials.h"

#define NOW INT64_C(1795280000)

static const char policy[] =
	"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
	"\"Action\":\"execute-api:ManageConnections\",\"Resource\":"
	"\"arn:aws:execute-api:us-east-1:123456789012:abc/dev/*\"}]}";

/* Sign a GET as a credential; the header lines are left in text. */
static void sign(const struct credential *credential, const char *secret,
		 const char *service, int64_t time_s, struct wsg_buf *text)
{
	const struct wsg_sigv4_header host = { { WSG_LIT("host") },
					       { WSG_LIT("here") } };
	const struct wsg_sigv4_request request = {
		.method = { WSG_LIT("GET") },
		.path = { WSG_LIT("/dev/@connections/x%3D") },
		.headers = &host,
		.headers_count = 1,
	};
	const struct wsg_sigv4_signer signer = {
		.credentials = { credential->key_id,
				 secret ? wsg_str(secret) : credential->secret,
				 credential->token },
		.region = { WSG_LIT("eu-north-1") },
		.service = wsg_str(service),
		.time_s = time_s,
	};

	assert_true(wsg_sigv4_sign(&request, &signer, text));
}

/* Check what sign made. */
static const struct credential *check(struct credentials *credentials,
				      const struct wsg_buf *signature,
				      enum wsg_sigv4_result *result)
{
	struct http_parser parser;
	struct wsg_buf text = { 0 };
	struct wsg_sigv4_check details = { 0 };
	const struct credential *found;
	size_t used;

	wsg_buf_printf(&text,
		       "GET /dev/@connections/x%%3D HTTP/1.1\r\n"
		       "Host: here\r\n%s\r\n",
		       signature->ptr);
	http_parser_init(&parser, 100);
	assert_int_equal(http_parse(&parser, text.ptr, text.len, &used),
			 HTTP_READY);
	found = credentials_check(credentials, &parser.request, "execute-api",
				  NOW, &details, result);
	wsg_sigv4_check_release(&details);
	http_parser_release(&parser);
	wsg_buf_release(&text);
	return found;
}

static const struct {
	const char *name;
	const char *function; /* NULL: local */
	const char *secret;   /* NULL: the right one */
	const char *service;
	int64_t skew_s;
	enum wsg_sigv4_result result;
} cases[] = {
	{ "local", NULL, NULL, "execute-api", 0, WSG_SIGV4_VALID },
	{ "a function", "chat", NULL, "execute-api", 0, WSG_SIGV4_VALID },
	{ "a wrong secret", "chat", "x", "execute-api", 0, WSG_SIGV4_MISMATCH },
	{ "another service", NULL, NULL, "s3", 0, WSG_SIGV4_WRONG_SCOPE },
	{ "long ago", NULL, NULL, "execute-api", -1000, WSG_SIGV4_EXPIRED },
	{ "still to come", NULL, NULL, "execute-api", 1000, WSG_SIGV4_EXPIRED },
};

static void test_check(void **state)
{
	struct credentials *credentials =
		credentials_new(wsg_str("123456789012"));
	struct credential local = { .key_id = { WSG_LIT("local") },
				    .secret = { WSG_LIT("local") } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *function = cases[i].function;
		const struct credential *signer =
			function
				? credentials_of(credentials, wsg_str(function))
				: &local;
		struct wsg_buf text = { 0 };
		const struct credential *found;
		enum wsg_sigv4_result result;

		sign(signer, cases[i].secret, cases[i].service,
		     NOW + cases[i].skew_s, &text);
		found = check(credentials, &text, &result);
		test_number(cases[i].name, result, cases[i].result);
		test_number(cases[i].name, found != NULL,
			    result == WSG_SIGV4_VALID);
		if (found)
			test_text(cases[i].name, found->function,
				  wsg_str(function));
		wsg_buf_release(&text);
	}
	credentials_free(credentials);
}

static void test_made_once(void **state)
{
	struct credentials *credentials =
		credentials_new(wsg_str("123456789012"));
	struct credentials *others = credentials_new(wsg_str("123456789012"));
	const struct credential *chat =
		credentials_of(credentials, wsg_str("chat"));

	(void)state;
	assert_ptr_equal(chat, credentials_of(credentials, wsg_str("chat")));
	assert_int_equal(chat->key_id.len, 20);
	assert_memory_equal(chat->key_id.ptr, "ASIA", 4);
	assert_int_equal(chat->secret.len, 40);
	test_text("user", chat->user_arn,
		  wsg_str("arn:aws:sts::123456789012:assumed-role/chat/chat"));
	assert_false(wsg_str_equal(
		chat->key_id,
		credentials_of(credentials, wsg_str("other"))->key_id));
	assert_false(wsg_str_equal(
		chat->secret, credentials_of(others, wsg_str("chat"))->secret));
	credentials_free(credentials);
	credentials_free(others);
}

static void test_may(void **state)
{
	struct wsg_arena *arena = wsg_arena_new();
	struct credentials *credentials =
		credentials_new(wsg_str("123456789012"));
	const char *error;
	const struct config_function functions[] = {
		{ .name = { WSG_LIT("chat") },
		  .policy = json_parse(arena, wsg_str(policy), &error) },
		{ .name = { WSG_LIT("bare") } },
	};
	const struct config config = { .functions = functions,
				       .functions_count = COUNT(functions) };
	const struct credential local = { 0 };
	static const char dev[] =
		"arn:aws:execute-api:us-east-1:123456789012:abc/dev/POST/x";
	static const char live[] =
		"arn:aws:execute-api:us-east-1:123456789012:abc/live/POST/x";
	static const struct {
		const char *function, *action, *arn;
		bool may;
	} asked[] = {
		{ "chat", "execute-api:ManageConnections", dev, true },
		{ "chat", "execute-api:ManageConnections", live, false },
		{ "chat", "execute-api:Invoke", dev, false },
		{ "bare", "execute-api:ManageConnections", dev, false },
		{ "gone", "execute-api:ManageConnections", dev, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(asked); i++)
		if (credential_may(credentials_of(credentials,
						  wsg_str(asked[i].function)),
				   &config, asked[i].action,
				   wsg_str(asked[i].arn)) != asked[i].may)
			fail_msg("%s: %s on %s", asked[i].function,
				 asked[i].action, asked[i].arn);
	assert_true(credential_may(&local, &config, "anything", wsg_str(live)));
	credentials_free(credentials);
	wsg_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_made_once),
		cmocka_unit_test(test_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
