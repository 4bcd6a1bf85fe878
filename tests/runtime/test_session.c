/* SPDX-License-Identifier: MIT */
/* The jwt authorizer and sessions, as API Gateway sees and asks them. */
#include "jwt_keys.h"
#include "test.h"

#include <stdlib.h>

#define SECRET "0123456789abcdef0123456789abcdef"
#define HS256 "{\"alg\":\"HS256\"}"

enum role { ADMIN = 1, USER };

struct claims {
	enum role role;
	bool has_level;
	int32_t level;
};

static const struct wsg_str roles[] = { { "admin", 5 }, { "user", 4 } };

static const struct wsg_field fields[] = {
	{
		.key = { "role", 4 },
		.type = WSG_ENUM,
		.offset = offsetof(struct claims, role),
		.values = roles,
		.values_count = COUNT(roles),
	},
	{
		.key = { "level", 5 },
		.type = WSG_INT32,
		.offset = offsetof(struct claims, level),
		.optional = true,
		.has = offsetof(struct claims, has_level),
	},
};

static const struct wsg_shape shape = {
	.name = "caller",
	.fields = fields,
	.fields_count = COUNT(fields),
	.size = sizeof(struct claims),
};

static const char *const audience[] = { "chat", NULL };
static const char *const identity[] = { "header.Authorization",
					"query.access_token", "subprotocol",
					NULL };
static const char *const scopes[] = { "write", NULL };
static const char *const only_512[] = { "HS512", NULL };

static struct wsg_jwt jwt = {
	.issuer = "$TEST_ISSUER",
	.audience = audience,
	.secret_env = "TEST_SECRET",
	.identity = identity,
	.scopes = scopes,
	.claims = &shape,
	.for_session = true,
};

static struct wsg_event event;
static struct wsg_buf answer, token, text;

/* What the last handler found, for who asked it. */
static bool found;
static struct claims seen;

static enum wsg_result authorize(struct wsg_authorize *client)
{
	return wsg_authorize_jwt(client, &jwt);
}

static enum wsg_result on_connect(struct wsg_event *from)
{
	const struct wsg_event *asked = wsg_connect_event(wsg_connect(from));

	found = wsg_session(asked, &jwt, &seen);
	return found ? WSG_OK : wsg_connect_reject(wsg_connect(from), 401);
}

/* Reads the message first, as generated code does. */
static enum wsg_result on_message(struct wsg_event *from)
{
	static const struct wsg_field text_field = {
		.key = { "text", 4 },
		.type = WSG_STRING,
	};
	static const struct wsg_shape message = {
		.name = "message",
		.fields = &text_field,
		.fields_count = 1,
		.size = sizeof(struct wsg_str),
	};
	struct wsg_str said;

	if (!wsg_read(from, &message, &said))
		return wsg_log_invalid(from);
	found = wsg_session(from, &jwt, &seen);
	return found ? WSG_OK : WSG_REFUSED;
}

static const struct wsg_route *find(struct wsg_str key)
{
	static const struct wsg_route routes[] = {
		{ .key = { "$connect", 8 }, .handle = on_connect },
		{ .key = { "say", 3 }, .handle = on_message },
	};

	return wsg_str_is(key, "$connect") ? &routes[0] : &routes[1];
}

static const struct wsg_function function = {
	.name = "test",
	.find = find,
	.authorize = authorize,
	.session = true,
};

static int setup(void **unused)
{
	(void)unused;
	setenv("TEST_ISSUER", "https://i/", 1);
	setenv("TEST_SECRET", SECRET, 1);
	return wsg_event_init(&event) ? 0 : -1;
}

static int teardown(void **unused)
{
	(void)unused;
	wsg_event_release(&event);
	wsg_buf_release(&answer);
	wsg_buf_release(&token);
	wsg_buf_release(&text);
	wsg_keys_forget();
	return 0;
}

/* Claims that are good, with more of them, for so many seconds. */
static const char *make_token(const char *more, int64_t good_for_s)
{
	char claims[512];

	snprintf(claims, sizeof(claims),
		 "{\"iss\":\"https://i/\",\"aud\":\"chat\",\"sub\":\"ada\","
		 "\"exp\":%" PRId64 "%s}",
		 wsg_now_ms() / 1000 + good_for_s, more);
	wsg_buf_clear(&token);
	put_token(&token, HS256, claims, WSG_HS256, NULL, SECRET);
	return token.ptr;
}

/* Answer what is in text. The result is what wsg_answer says. */
static bool ask(struct wsg_fault *fault)
{
	char *bytes = malloc(text.len + 1);
	bool answered;

	memcpy(bytes, text.ptr, text.len + 1);
	event.invocation.deadline_ms = wsg_now_ms() + 5000;
	found = false;
	answered =
		wsg_answer(&function, &event, bytes, text.len, &answer, fault);
	/* The answer and the fault do not point into the event. */
	free(bytes);
	return answered;
}

/* members: those of the event beside what all have; %s is the token. */
static void put_event(const char *type, const char *route, const char *context,
		      const char *members, const char *bearer)
{
	char some[2048];

	snprintf(some, sizeof(some), members, bearer, bearer);
	wsg_buf_clear(&text);
	wsg_buf_printf(&text,
		       "{\"type\":\"%s\",\"methodArn\":\"arn:m\",%s"
		       "\"requestContext\":{\"routeKey\":\"%s\"%s}}",
		       type, some, route, context);
}

#define HEADER "\"headers\":{\"Authorization\":\"Bearer %s\"},"

static void where_tokens_are(void **unused)
{
	static const struct {
		const char *name, *members;
		bool good;
	} cases[] = {
		{ "header", HEADER, true },
		{ "any case", "\"headers\":{\"authorization\":\"bEaReR %s\"},",
		  true },
		{ "no word", "\"headers\":{\"Authorization\":\"%s\"},", true },
		{ "spaces", "\"headers\":{\"Authorization\":\"Bearer   %s \"},",
		  true },
		{ "another word",
		  "\"headers\":{\"Authorization\":\"Basic "
		  "%s\"},",
		  false },
		{ "two words",
		  "\"headers\":{\"Authorization\":\"Bearer %s "
		  "x\"},",
		  false },
		{ "query",
		  "\"queryStringParameters\":{\"access_token\":"
		  "\"%s\"},",
		  true },
		{ "another name",
		  "\"queryStringParameters\":{\"token\":"
		  "\"%s\"},",
		  false },
		{ "behind Basic",
		  "\"headers\":{\"Authorization\":\"Basic a b\"}"
		  ",\"queryStringParameters\":{\"access_token\":"
		  "\"%s\"},",
		  true },
		{ "subprotocol",
		  "\"headers\":{\"Sec-WebSocket-Protocol\":"
		  "\"bearer, %s\"},",
		  true },
		{ "among others",
		  "\"headers\":{\"Sec-WebSocket-Protocol\":"
		  "\"chat.v1,bearer,%s, x\"},",
		  true },
		{ "without bearer",
		  "\"headers\":{\"Sec-WebSocket-Protocol\":"
		  "\"chat.v1, %s\"},",
		  false },
		{ "bearer last",
		  "\"headers\":{\"Sec-WebSocket-Protocol\":"
		  "\"%s, bearer\"},",
		  false },
		{ "nowhere", "", false },
		{ "empty", "\"headers\":{\"Authorization\":\"\"},", false },
		{ "only the word",
		  "\"headers\":{\"Authorization\":\"Bearer "
		  "\"},",
		  false },
	};
	struct wsg_fault fault;
	size_t i;

	(void)unused;
	make_token(",\"scope\":\"write\",\"role\":\"user\"", 100);
	for (i = 0; i < COUNT(cases); i++) {
		put_event("REQUEST", "$connect", "", cases[i].members,
			  token.ptr);
		if (ask(&fault) != cases[i].good)
			fail_msg("%s", cases[i].name);
		if (!cases[i].good &&
		    !wsg_str_is(fault.message, "Unauthorized"))
			fail_msg("%s: %.*s", cases[i].name,
				 WSG_FMT(fault.message));
	}
}

/* What API Gateway is told; NULL: Unauthorized. */
static void answers(void **unused)
{
#define POLICY(effect)                                                    \
	"\"policyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":[{" \
	"\"Action\":\"execute-api:Invoke\",\"Effect\":\"" effect "\","    \
	"\"Resource\":\"arn:m\"}]}"
	static const struct {
		const char *more;
		int good_for_s;
		const char *answer;
	} cases[] = {
		{ ",\"scope\":\"write\",\"role\":\"admin\",\"level\":7", 100,
		  "{\"principalId\":\"ada\"," POLICY(
			  "Allow") ",\"context\":{"
				   "\"role\":\"admin\",\"level\":7}}" },
		{ ",\"scope\":\"write\",\"role\":\"user\"", -30,
		  "{\"principalId\":\"ada\"," POLICY(
			  "Allow") ",\"context\":{"
				   "\"role\":\"user\"}}" },
		{ ",\"role\":\"user\"", 100,
		  "{\"principalId\":\"none\"," POLICY("Deny") "}" },
		{ ",\"scope\":\"read\",\"role\":\"user\"", 100,
		  "{\"principalId\":\"none\"," POLICY("Deny") "}" },
		{ ",\"scope\":\"write\",\"role\":\"user\"", -100, NULL },
		{ ",\"scope\":\"write\"", 100, NULL },
		{ ",\"scope\":\"write\",\"role\":\"root\"", 100, NULL },
		{ ",\"scope\":\"write\",\"role\":\"user\",\"sub\":\"eve\"", 100,
		  NULL },
		{ ",\"scope\":\"write\",\"role\":\"user\",\"role\":\"admin\"",
		  100, NULL },
	};
	struct wsg_fault fault;
	size_t i;

	(void)unused;
	jwt.for_session = false;
	for (i = 0; i < COUNT(cases); i++) {
		put_event("REQUEST", "$connect", "", HEADER,
			  make_token(cases[i].more, cases[i].good_for_s));
		if (!ask(&fault)) {
			if (cases[i].answer ||
			    !wsg_str_is(fault.message, "Unauthorized"))
				fail_msg("%s: %.*s", cases[i].more,
					 WSG_FMT(fault.message));
		} else if (!test_same(answer.ptr, cases[i].answer)) {
			fail_msg("%s: %s", cases[i].more, answer.ptr);
		}
	}
	jwt.for_session = true;
#undef POLICY
}

static void no_keys(void **unused)
{
	struct wsg_jwt was = jwt;
	struct wsg_fault fault;

	(void)unused;
	put_event("REQUEST", "$connect", "", HEADER,
		  make_token(",\"scope\":\"write\",\"role\":\"user\"", 100));
	jwt.algorithms = only_512;
	assert_false(ask(&fault));
	assert_true(wsg_str_is(fault.message, "Unauthorized"));
	jwt = was;
	jwt.secret_env = "TEST_NOT_SET";
	assert_false(ask(&fault));
	assert_true(wsg_str_is(fault.message, "the authorizer failed"));
	jwt.secret_env = "TEST_ISSUER"; /* set, and far too short */
	assert_false(ask(&fault));
	assert_true(wsg_str_is(fault.message, "the authorizer failed"));
	jwt = was;
	/* An HS token says nothing where keys are public. */
	jwt.secret_env = NULL;
	jwt.jwks = "/nonexistent/jwks.json";
	assert_false(ask(&fault));
	assert_true(wsg_str_is(fault.message, "the authorizer failed"));
	jwt = was;
	jwt.issuer = "$TEST_NOT_SET";
	assert_false(ask(&fault));
	assert_true(wsg_str_is(fault.message, "Unauthorized"));
	jwt = was;
	assert_true(ask(&fault));
}

static void session_at_connect(void **unused)
{
	struct wsg_fault fault;

	(void)unused;
	put_event("", "$connect", "", HEADER,
		  make_token(",\"scope\":\"write\",\"role\":\"admin\"", 100));
	assert_true(ask(&fault));
	assert_string_equal(answer.ptr, "{\"statusCode\":200}");
	assert_true(found);
	assert_int_equal(seen.role, ADMIN);
	assert_false(seen.has_level);
	/* The token is not what is chosen. */
	put_event("", "$connect", "",
		  "\"headers\":{\"Sec-WebSocket-Protocol\":\"bearer, %s\"},",
		  token.ptr);
	assert_true(ask(&fault));
	assert_string_equal(answer.ptr,
			    "{\"statusCode\":200,\"headers\":{"
			    "\"Sec-WebSocket-Protocol\":\"bearer\"}}");
	put_event("", "$connect", "", HEADER, make_token("", 100));
	assert_true(ask(&fault));
	assert_string_equal(answer.ptr, "{\"statusCode\":401}");
	/* A body's token is of messages. */
	put_event("", "$connect", "", "", "");
	assert_true(ask(&fault));
	assert_string_equal(answer.ptr, "{\"statusCode\":401}");
}

static void session_of_messages(void **unused)
{
	static const struct {
		const char *name, *members;
		bool good;
	} cases[] = {
		{ "in the message",
		  "\"body\":\"{\\\"token\\\":\\\"%s\\\",\\\"text\\\":\\\"a\\\"}"
		  "\",",
		  true },
		{ "behind escapes",
		  "\"body\":\"{\\\"text\\\":\\\"\\\\\\\"\\\\u00e9\\\\\\\"\\\","
		  "\\\"token\\\":\\\"%s\\\"}\",",
		  true },
		{ "twice",
		  "\"body\":\"{\\\"token\\\":\\\"%s\\\",\\\"text\\\":\\\"a\\\","
		  "\\\"token\\\":\\\"%s\\\"}\",",
		  false },
		{ "deeper",
		  "\"body\":\"{\\\"text\\\":\\\"a\\\",\\\"x\\\":{\\\"token\\\":"
		  "\\\"%s\\\"}}\",",
		  false },
		{ "no text",
		  "\"body\":\"{\\\"text\\\":\\\"a\\\",\\\"token\\\":[\\\"%s"
		  "\\\"]}\",",
		  false },
		{ "a header", HEADER "\"body\":\"{\\\"text\\\":\\\"a\\\"}\",",
		  false },
		{ "none", "\"body\":\"{\\\"text\\\":\\\"a\\\"}\",", false },
	};
	struct wsg_fault fault;
	size_t i;

	(void)unused;
	make_token(",\"scope\":\"write\",\"role\":\"user\",\"level\":3", 100);
	for (i = 0; i < COUNT(cases); i++) {
		put_event("", "say", "", cases[i].members, token.ptr);
		assert_true(ask(&fault));
		if (found != cases[i].good)
			fail_msg("%s: %s", cases[i].name, answer.ptr);
		if (found && (seen.role != USER || seen.level != 3))
			fail_msg("%s: other claims", cases[i].name);
	}
}

/* What the authorizer's context says is what it verified, and no more. */
static void session_of_authorizer(void **unused)
{
#define TEXT "\"body\":\"{\\\"text\\\":\\\"a\\\"}\","
#define GOOD                                               \
	"\\\"aud\\\":\\\"chat\\\",\\\"exp\\\":9999999999," \
	"\\\"scope\\\":\\\"write\\\",\\\"role\\\":\\\"admin\\\""
#define CONTEXT(claims)                                                      \
	",\"authorizer\":{\"principalId\":\"ada\",\"wsg_claims\":\"{" claims \
	"}\"}"
	static const struct {
		const char *name, *context;
		bool good;
	} cases[] = {
		{ "good", CONTEXT("\\\"iss\\\":\\\"https://i/\\\"," GOOD),
		  true },
		{ "another issuer",
		  CONTEXT("\\\"iss\\\":\\\"https://j/\\\"," GOOD), false },
		{ "expired",
		  CONTEXT("\\\"iss\\\":\\\"https://i/\\\",\\\"aud\\\":"
			  "\\\"chat\\\",\\\"exp\\\":1,\\\"scope\\\":"
			  "\\\"write\\\",\\\"role\\\":\\\"admin\\\""),
		  false },
		{ "no scope",
		  CONTEXT("\\\"iss\\\":\\\"https://i/\\\",\\\"aud\\\":"
			  "\\\"chat\\\",\\\"exp\\\":9999999999,\\\"role\\\":"
			  "\\\"admin\\\""),
		  false },
		{ "no claims",
		  ",\"authorizer\":{\"principalId\":\"ada\",\"role\":"
		  "\"admin\"}",
		  false },
		{ "no authorizer", "", false },
	};
	struct wsg_fault fault;
	char *handed_on;
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		put_event("", "say", cases[i].context, TEXT, "");
		assert_true(ask(&fault));
		if (found != cases[i].good)
			fail_msg("%s: %s", cases[i].name, answer.ptr);
	}
	/* What the authorizer writes, the session reads. */
	put_event("REQUEST", "$connect", "", HEADER,
		  make_token(",\"scope\":\"write\",\"role\":\"user\"", 100));
	assert_true(ask(&fault));
	handed_on = strstr(answer.ptr, "\"context\":");
	assert_non_null(handed_on);
	wsg_buf_clear(&text);
	wsg_buf_printf(&text,
		       "{\"body\":\"{\\\"text\\\":\\\"a\\\"}\","
		       "\"requestContext\":{\"routeKey\":\"say\","
		       "\"authorizer\":%s}",
		       handed_on + strlen("\"context\":"));
	assert_true(ask(&fault));
	assert_true(found);
	assert_int_equal(seen.role, USER);
#undef CONTEXT
#undef GOOD
#undef TEXT
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_tokens_are),
		cmocka_unit_test(answers),
		cmocka_unit_test(no_keys),
		cmocka_unit_test(session_at_connect),
		cmocka_unit_test(session_of_messages),
		cmocka_unit_test(session_of_authorizer),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
