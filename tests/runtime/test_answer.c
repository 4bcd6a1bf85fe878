/* SPDX-License-Identifier: MIT */
/* What Lambda hands back to API Gateway, for each thing a handler can do. */
#include "chat.h"
#include "internal.h"
#include "test.h"

#include <stdlib.h>

#define CONTEXT(key)                                                         \
	"\"requestContext\":{\"routeKey\":\"" key "\",\"connectionId\":\"c=" \
	"\"}"
#define MESSAGE(key, body) \
	"{" CONTEXT(key) ",\"body\":\"" body "\",\"isBase64Encoded\":false}"
#define CONNECT                                                            \
	"{\"headers\":{\"Sec-WebSocket-Protocol\":\"v2,  v1 \"}," CONTEXT( \
		"$connect") "}"
#define AUTHORIZE                                                              \
	"{\"type\":\"REQUEST\",\"methodArn\":\"arn:aws:execute-api:r:1:a/dev/" \
	"$connect\"," CONTEXT("$connect") "}"

static enum wsg_result ok(struct wsg_event *event)
{
	(void)event;
	return WSG_OK;
}

static enum wsg_result invalid(struct wsg_event *event)
{
	(void)event;
	return WSG_INVALID;
}

static enum wsg_result refused(struct wsg_event *event)
{
	(void)event;
	return WSG_REFUSED;
}

static enum wsg_result failed(struct wsg_event *event)
{
	(void)event;
	return WSG_FAILED;
}

static enum wsg_result reject_401(struct wsg_event *event)
{
	return wsg_connect_reject(wsg_connect(event), 401);
}

static enum wsg_result reject_200(struct wsg_event *event)
{
	return wsg_connect_reject(wsg_connect(event), 200);
}

static enum wsg_result choose_v1(struct wsg_event *event)
{
	struct wsg_connect *client = wsg_connect(event);

	assert_true(wsg_connect_offers(client, "v2"));
	assert_false(wsg_connect_offers(client, "v"));
	assert_false(wsg_connect_offers(client, ""));
	assert_false(wsg_connect_subprotocol(client, "v3"));
	return wsg_connect_subprotocol(client, "v1") ? WSG_OK : WSG_FAILED;
}

static enum wsg_result reply_text(struct wsg_event *event)
{
	wsg_buf_text(wsg_reply_text(event), "say \"hi\"\n");
	return WSG_OK;
}

static enum wsg_result reply_refused(struct wsg_event *event)
{
	(void)wsg_reply_text(event);
	return WSG_REFUSED;
}

static enum wsg_result reply_huge(struct wsg_event *event)
{
	struct wsg_buf *out = wsg_reply_text(event);
	size_t i;

	for (i = 0; i <= WSG_MESSAGE_MAX; i++)
		wsg_buf_text(out, "x");
	return WSG_OK;
}

static enum wsg_result reply_author(struct wsg_event *event)
{
	struct chat_author author;

	if (!chat_read_author(event, &author))
		return wsg_reply_invalid(event);
	return wsg_reply(event, WSG_OK, &chat_shape_author, &author);
}

static enum wsg_result reply_bad(struct wsg_event *event)
{
	struct chat_page page = { .messages_count = 101 };

	return chat_reply_page(event, WSG_OK, &page);
}

static enum wsg_result reply_invalid_page(struct wsg_event *event)
{
	struct chat_page page = { 0 };

	return chat_reply_page(event, WSG_INVALID, &page);
}

static enum wsg_result read_and_log(struct wsg_event *event)
{
	struct chat_author author;

	if (!chat_read_author(event, &author))
		return wsg_log_invalid(event);
	return WSG_OK;
}

static enum wsg_result allow(struct wsg_authorize *client)
{
	struct chat_caller caller = {
		.user = wsg_str("ada"),
		.has_admin = true,
		.admin = true,
	};

	wsg_context_int(client, "n", -7);
	if (!chat_write_caller(client, &caller))
		return WSG_FAILED;
	wsg_context_number(client, "x", 0.5);
	wsg_usage_key(client, wsg_str("key-1"));
	return wsg_allow(client, wsg_str("ad\"a"));
}

static enum wsg_result allow_parts(struct wsg_authorize *client)
{
	wsg_allow_resource(client, wsg_str("arn:a/*"));
	wsg_allow_resource(client, wsg_str("arn:b/*"));
	wsg_deny_resource(client, wsg_str("arn:b/c"));
	return wsg_allow(client, wsg_str("ada"));
}

static enum wsg_result allow_by_accident(struct wsg_authorize *client)
{
	(void)client;
	return WSG_OK;
}

static enum wsg_result allow_then_fail(struct wsg_authorize *client)
{
	wsg_allow(client, wsg_str("ada"));
	return WSG_FAILED;
}

static enum wsg_result allow_bad_text(struct wsg_authorize *client)
{
	return wsg_allow(client, wsg_str("\xff"));
}

static enum wsg_result raw_size(struct wsg_event *event, struct wsg_buf *out)
{
	size_t len;

	wsg_raw(event, &len);
	wsg_json_put_uint64(out, len);
	return WSG_OK;
}

static enum wsg_result raw_failed(struct wsg_event *event, struct wsg_buf *out)
{
	(void)event;
	(void)out;
	return WSG_FAILED;
}

static enum wsg_result (*handler)(struct wsg_event *event);

static const struct wsg_route *find(struct wsg_str key)
{
	static struct wsg_route route;

	route = (struct wsg_route){ key, handler };
	return wsg_str_is(key, "lost") ? NULL : &route;
}

#define POLICY(who, statements)                                         \
	"{\"principalId\":\"" who "\",\"policyDocument\":{\"Version\":" \
	"\"2012-10-17\",\"Statement\":[" statements "]}"
#define STATEMENT(effect, resource)                               \
	"{\"Action\":\"execute-api:Invoke\",\"Effect\":\"" effect \
	"\",\"Resource\":" resource "}"
#define METHOD "\"arn:aws:execute-api:r:1:a/dev/$connect\""

static const struct {
	const char *name;
	enum wsg_result (*handle)(struct wsg_event *event);
	enum wsg_result (*authorize)(struct wsg_authorize *client);
	enum wsg_result (*raw)(struct wsg_event *event, struct wsg_buf *out);
	const char *event;
	const char *answer; /* or: */
	const char *fault;
} cases[] = {
	{ "connect", ok, 0, 0, CONNECT, "{\"statusCode\":200}", 0 },
	{ "connect, invalid", invalid, 0, 0, CONNECT, "{\"statusCode\":400}",
	  0 },
	{ "connect, refused", refused, 0, 0, CONNECT, "{\"statusCode\":403}",
	  0 },
	{ "connect, 401", reject_401, 0, 0, CONNECT, "{\"statusCode\":401}",
	  0 },
	{ "connect, 200 is no refusal", reject_200, 0, 0, CONNECT,
	  "{\"statusCode\":403}", 0 },
	{ "connect, failed", failed, 0, 0, CONNECT, 0,
	  "Function.Failed: route '$connect' failed" },
	{ "subprotocol", choose_v1, 0, 0, CONNECT,
	  "{\"statusCode\":200,\"headers\":"
	  "{\"Sec-WebSocket-Protocol\":\"v1\"}}",
	  0 },
	{ "one-way", ok, 0, 0, MESSAGE("a", "{}"), "{\"statusCode\":200}", 0 },
	{ "one-way, refused", refused, 0, 0, MESSAGE("a", "{}"),
	  "{\"statusCode\":403}", 0 },
	{ "failed", failed, 0, 0, MESSAGE("a\\\"b", "{}"), 0,
	  "Function.Failed: route 'a\"b' failed" },
	{ "two-way, text", reply_text, 0, 0, MESSAGE("a", "{}"),
	  "{\"statusCode\":200,\"body\":\"say \\\"hi\\\"\\n\"}", 0 },
	{ "two-way, refused", reply_refused, 0, 0, MESSAGE("a", "{}"),
	  "{\"statusCode\":403,\"body\":\"{\\\"error\\\":\\\"refused\\\"}\"}",
	  0 },
	{ "two-way, huge", reply_huge, 0, 0, MESSAGE("a", "{}"), 0,
	  "Function.ReplyTooLarge: the reply is larger than 128 KB" },
	{ "two-way, typed", reply_author, 0, 0,
	  MESSAGE("a", "{\\\"name\\\":\\\"x\\\"}"),
	  "{\"statusCode\":200,\"body\":"
	  "\"{\\\"name\\\":\\\"x\\\",\\\"admin\\\":false}\"}",
	  0 },
	{ "two-way, does not fit", reply_author, 0, 0, MESSAGE("a", "{}"),
	  "{\"statusCode\":400,\"body\":\"{\\\"error\\\":\\\"invalid\\\","
	  "\\\"field\\\":\\\"$.name\\\",\\\"reason\\\":\\\"missing\\\"}\"}",
	  0 },
	{ "two-way, breaks its bounds", reply_bad, 0, 0, MESSAGE("a", "{}"), 0,
	  "Function.Failed: route 'a' failed" },
	{ "two-way, invalid", reply_invalid_page, 0, 0, MESSAGE("a", "{}"),
	  "{\"statusCode\":400,\"body\":\"{\\\"error\\\":\\\"invalid\\\"}\"}",
	  0 },
	{ "one-way, does not fit", read_and_log, 0, 0, MESSAGE("a", "[]"),
	  "{\"statusCode\":400}", 0 },
	{ "no such route", ok, 0, 0, MESSAGE("lost", "{}"), 0,
	  "Runtime.NoRoute: no route 'lost' in function test" },
	{ "no event", ok, 0, 0, "{}", 0,
	  "Runtime.InvalidEvent: not an event of a WebSocket API" },
	{ "no JSON", ok, 0, 0, "{", 0,
	  "Runtime.InvalidEvent: the event is not JSON: ends in the middle" },
	{ "no authorizer", ok, 0, 0, AUTHORIZE, 0,
	  "Runtime.NoAuthorizer: this function is no authorizer" },
	{ "allow", 0, allow, 0, AUTHORIZE,
	  POLICY("ad\\\"a",
		 STATEMENT("Allow",
			   METHOD)) ","
				    "\"context\":{\"n\":-7,\"user\":\"ada\","
				    "\"admin\":true,\"x\":0.5},"
				    "\"usageIdentifierKey\":\"key-1\"}",
	  0 },
	{ "allow parts", 0, allow_parts, 0, AUTHORIZE,
	  POLICY("ada",
		 STATEMENT("Allow", "[\"arn:a/*\",\"arn:b/*\"]") "," STATEMENT(
			 "Deny", "[\"arn:b/c\"]")) "}",
	  0 },
	{ "deny", 0, wsg_deny, 0, AUTHORIZE,
	  POLICY("none", STATEMENT("Deny", METHOD)) "}", 0 },
	{ "unauthorized", 0, wsg_unauthorized, 0, AUTHORIZE, 0,
	  "Function.Unauthorized: Unauthorized" },
	{ "allowed by accident", 0, allow_by_accident, 0, AUTHORIZE, 0,
	  "Function.Failed: WSG_OK without wsg_allow" },
	{ "allowed, then failed", 0, allow_then_fail, 0, AUTHORIZE, 0,
	  "Function.Failed: the authorizer failed" },
	{ "principal is no text", 0, allow_bad_text, 0, AUTHORIZE, 0,
	  "Runtime.AnswerFailed: the answer could not be written" },
	{ "raw", 0, 0, raw_size, "[1,2]", "5", 0 },
	{ "raw, failed", 0, 0, raw_failed, "[1,2]", 0,
	  "Function.Failed: the handler failed" },
};

/* One event after the other through the same memory, as the loop does it. */
static void answers(void **unused)
{
	struct wsg_buf out = { 0 };
	struct wsg_event event;
	size_t i, round;

	(void)unused;
	assert_true(wsg_event_init(&event));
	for (i = 0, round = 0; round < 3 * COUNT(cases); round++) {
		struct wsg_function function = {
			.name = "test",
			.find = find,
			.authorize = cases[i].authorize,
			.raw = cases[i].raw,
		};
		size_t len = strlen(cases[i].event);
		char *text = malloc(len + 1), said[512] = "";
		struct wsg_fault fault = { 0 };
		bool answered;

		assert_non_null(text);
		memcpy(text, cases[i].event, len);
		handler = cases[i].handle;
		answered =
			wsg_answer(&function, &event, text, len, &out, &fault);
		if (!answered)
			snprintf(said, sizeof(said), "%s: %.*s", fault.type,
				 WSG_FMT(fault.message));
		if (!test_same(answered ? out.ptr : NULL, cases[i].answer) ||
		    !test_same(answered ? NULL : said, cases[i].fault))
			fail_msg("%s: %s", cases[i].name,
				 answered ? out.ptr : said);
		free(text);
		i = (i + 7) % COUNT(cases);
	}
	wsg_event_release(&event);
	wsg_buf_release(&out);
}

static void writes_faults(void **unused)
{
	struct wsg_fault fault = { "Function.Failed", { WSG_LIT("a \"b\"") } };
	struct wsg_buf out = { 0 };

	(void)unused;
	wsg_fault_write(&fault, &out);
	assert_string_equal(out.ptr,
			    "{\"errorMessage\":\"a \\\"b\\\"\",\"errorType\":"
			    "\"Function.Failed\",\"stackTrace\":[]}");
	wsg_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(writes_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
