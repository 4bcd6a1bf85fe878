/* SPDX-License-Identifier: MIT */
/* test_event.c - events, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/event.h"

#include <wsgen/json.h>

#define HOST "127.0.0.1:3001"

/* What all events of the test's connections end in. */
#define TAIL(request)                                          \
	"\"requestId\":\"" request "\",\"domainName\":\"" HOST \
	"\",\"connectionId\":\"L0SM9cOFvHcCIhw=\",\"apiId\":\"abcdefghij\"}"
#define TIMES                                             \
	"\"requestTime\":\"11/Nov/2024:11:35:24 +0000\"," \
	"\"messageDirection\":\"IN\","
#define AT "\"connectedAt\":1731324924553,\"requestTimeEpoch\":1731324924561,"
#define TRACE "Root=1-6731ebfc-4c30534d39634f4676486343"

static const struct caller plain = {
	.connection_id = { "L0SM9cOFvHcCIhw=" },
	.api_id = { WSG_LIT("abcdefghij") },
	.stage = { WSG_LIT("dev") },
	.domain = { WSG_LIT(HOST) },
	.connected_ms = 1731324924553,
	.source_ip = { WSG_LIT("127.0.0.1") },
};

static struct occasion occasion_of(const char *route)
{
	return (struct occasion){
		.request_id = { "BFHPhFe3IAMF95g=" },
		.now_ms = 1731324924561,
		.route = wsg_str(route),
	};
}

static void expect(const char *name, struct wsg_buf *out, const char *text)
{
	struct wsg_json json;

	if (out->failed || strcmp(out->ptr, text) != 0)
		fail_msg("%s:\n%s\ninstead of\n%s", name, out->ptr, text);
	wsg_json_init(&json, out->ptr, out->len);
	wsg_json_skip(&json);
	if (!wsg_json_end(&json))
		fail_msg("%s: %s", name, json.error);
	wsg_buf_clear(out);
}

/* --- MESSAGE and DISCONNECT ----------------------------------------------- */

#define MESSAGE_HEAD                                                    \
	"{\"requestContext\":{\"routeKey\":\"say\","                    \
	"\"messageId\":\"R1knPc2ntjMCIhw=\",\"eventType\":\"MESSAGE\"," \
	"\"extendedRequestId\":\"BFHPhFe3IAMF95g=\"," TIMES             \
	"\"stage\":\"dev\"," AT
#define MESSAGE_TAIL(body)       \
	TAIL("BFHPhFe3IAMF95g=") \
	",\"body\":\"" body "\",\"isBase64Encoded\":false}"

static void test_message(void **state)
{
	const struct occasion occasion = occasion_of("say");
	const struct id message = { "R1knPc2ntjMCIhw=" };
	const struct json variable = {
		.type = WSG_JSON_STRING,
		.key = { WSG_LIT("level") },
		.text = { WSG_LIT("1") },
	};
	const struct json variables = { .type = WSG_JSON_OBJECT,
					.first = &variable,
					.count = 1 };
	struct caller rich = plain;
	struct wsg_buf out = { 0 };

	(void)state;
	event_message(&out, &plain, &occasion, &message,
		      wsg_str("{\"a\": \"\xc3\xa4\"\r\n}"));
	expect("plain", &out,
	       MESSAGE_HEAD
	       "\"identity\":{\"sourceIp\":\"127.0.0.1\"}," MESSAGE_TAIL(
		       "{\\\"a\\\": \\\"\xc3\xa4\\\"\\r\\n}"));
	event_message(&out, &plain, &occasion, &message, wsg_str(""));
	expect("empty", &out,
	       MESSAGE_HEAD
	       "\"identity\":{\"sourceIp\":\"127.0.0.1\"}," MESSAGE_TAIL(""));

	rich.user_agent = wsg_str("curl/8 \"x\"");
	rich.api_key = wsg_str("secret");
	rich.api_key_id = wsg_str("id");
	rich.authorizer = wsg_str("\"tenant\":\"acme\",\"principalId\":\"me\"");
	rich.iam = wsg_str("\"accountId\":\"123456789012\"");
	rich.stage_variables = &variables;
	event_message(&out, &rich, &occasion, &message, wsg_str("x"));
	expect("rich", &out,
	       "{\"stageVariables\":{\"level\":\"1\"},"
	       "\"requestContext\":{\"routeKey\":\"say\",\"authorizer\":{"
	       "\"tenant\":\"acme\",\"principalId\":\"me\"},"
	       "\"messageId\":\"R1knPc2ntjMCIhw=\",\"eventType\":\"MESSAGE\","
	       "\"extendedRequestId\":\"BFHPhFe3IAMF95g=\"," TIMES
	       "\"stage\":\"dev\"," AT
	       "\"identity\":{\"accountId\":\"123456789012\","
	       "\"apiKey\":\"secret\",\"apiKeyId\":\"id\","
	       "\"userAgent\":\"curl/8 \\\"x\\\"\","
	       "\"sourceIp\":\"127.0.0.1\"}," MESSAGE_TAIL("x"));
	wsg_buf_release(&out);
}

static void test_disconnect(void **state)
{
	const struct occasion occasion = occasion_of("$disconnect");
	struct caller caller = plain;
	struct wsg_buf out = { 0 };

	(void)state;
	caller.authorizer = wsg_str("\"principalId\":\"me\"");
	event_disconnect(&out, &caller, &occasion, 1001, wsg_str("Going away"));
	expect("disconnect", &out,
	       "{\"headers\":{\"Host\":\"" HOST "\",\"x-api-key\":\"\","
	       "\"X-Forwarded-For\":\"\",\"x-restapi\":\"\"},"
	       "\"multiValueHeaders\":{\"Host\":[\"" HOST "\"],"
	       "\"x-api-key\":[\"\"],\"X-Forwarded-For\":[\"\"],"
	       "\"x-restapi\":[\"\"]},"
	       "\"requestContext\":{\"routeKey\":\"$disconnect\","
	       "\"authorizer\":{\"principalId\":\"me\"},"
	       "\"disconnectStatusCode\":1001,\"eventType\":\"DISCONNECT\","
	       "\"extendedRequestId\":\"BFHPhFe3IAMF95g=\"," TIMES
	       "\"disconnectReason\":\"Going away\",\"stage\":\"dev\"," AT
	       "\"identity\":{\"sourceIp\":\"127.0.0.1\"}," TAIL(
		       "BFHPhFe3IAMF95g=") ",\"isBase64Encoded\":false}");
	wsg_buf_release(&out);
}

/* --- the handshake -------------------------------------------------------- */

#define H(name, value)                 \
	{                              \
		{ WSG_LIT(name) },     \
		{                      \
			WSG_LIT(value) \
		}                      \
	}

static const struct wsg_sigv4_header headers[] = {
	H("sec-websocket-version", "13"),
	H("Host", HOST),
	H("Connection", "keep-alive, Upgrade"),
	H("UPGRADE", "WebSocket"),
	H("Content-Length", "0"),
	H("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
	H("x-forwarded-proto", "http"),
	H("X-Tag", "one"),
	H("x-tag", "t\xff\xc3\xb6o"),
	H("User-Agent", "curl/8"),
};

static const struct http_request request = {
	.method = { WSG_LIT("GET") },
	.query = { WSG_LIT("room=one&&token=a+b%20c&room=two&flag&x=%zz+") },
	.headers = headers,
	.headers_count = sizeof(headers) / sizeof(*headers),
};

#define SINGLES                                               \
	"\"Host\":\"" HOST "\","                              \
	"\"Sec-WebSocket-Key\":\"dGhlIHNhbXBsZSBub25jZQ==\"," \
	"\"sec-websocket-version\":\"13\","
#define MULTIS                                                  \
	"\"Host\":[\"" HOST "\"],"                              \
	"\"Sec-WebSocket-Key\":[\"dGhlIHNhbXBsZSBub25jZQ==\"]," \
	"\"sec-websocket-version\":[\"13\"],"
#define SINGLES_REST                                                      \
	"\"User-Agent\":\"curl/8\",\"X-Amzn-Trace-Id\":\"" TRACE "\","    \
	"\"X-Forwarded-For\":\"127.0.0.1\",\"X-Forwarded-Port\":\"443\"," \
	"\"X-Forwarded-Proto\":\"https\","                                \
	"\"X-Tag\":\"t\xef\xbf\xbd\xc3\xb6o\"}"
#define MULTIS_REST                                                         \
	"\"User-Agent\":[\"curl/8\"],\"X-Amzn-Trace-Id\":[\"" TRACE "\"],"  \
	"\"X-Forwarded-For\":[\"127.0.0.1\"],"                              \
	"\"X-Forwarded-Port\":[\"443\"],\"X-Forwarded-Proto\":[\"https\"]," \
	"\"X-Tag\":[\"one\",\"t\xef\xbf\xbd\xc3\xb6o\"]}"
#define QUERY                                                        \
	"\"queryStringParameters\":{\"flag\":\"\",\"room\":\"two\"," \
	"\"token\":\"a b c\",\"x\":\"%zz+\"},"                       \
	"\"multiValueQueryStringParameters\":{\"flag\":[\"\"],"      \
	"\"room\":[\"one\",\"two\"],\"token\":[\"a b c\"],"          \
	"\"x\":[\"%zz+\"]},"
#define CONNECT_REST                                                      \
	"\"eventType\":\"CONNECT\","                                      \
	"\"extendedRequestId\":\"BFHPhFe3IAMF95g=\"," TIMES               \
	"\"stage\":\"dev\"," AT "\"identity\":{\"userAgent\":\"curl/8\"," \
	"\"sourceIp\":\"127.0.0.1\"}," TAIL("BFHPhFe3IAMF95g=")

static void test_connect(void **state)
{
	const struct occasion occasion = occasion_of("$connect");
	struct caller caller = plain;
	struct http_request bare = request;
	struct wsg_buf out = { 0 };

	(void)state;
	caller.user_agent = wsg_str("curl/8");
	caller.authorizer = wsg_str("\"principalId\":\"me\"");
	event_connect(&out, &caller, &occasion, &request, 111);
	expect("connect", &out,
	       "{\"headers\":{" SINGLES SINGLES_REST
	       ",\"multiValueHeaders\":{" MULTIS MULTIS_REST "," QUERY
	       "\"requestContext\":{\"routeKey\":\"$connect\","
	       "\"authorizer\":{\"principalId\":\"me\","
	       "\"integrationLatency\":111}," CONNECT_REST
	       ",\"isBase64Encoded\":false}");

	bare.query = wsg_str("&&");
	caller.authorizer = (struct wsg_str){ NULL, 0 };
	event_connect(&out, &caller, &occasion, &bare, 111);
	expect("no query, no authorizer", &out,
	       "{\"headers\":{" SINGLES SINGLES_REST
	       ",\"multiValueHeaders\":{" MULTIS MULTIS_REST
	       ",\"requestContext\":{\"routeKey\":\"$connect\"," CONNECT_REST
	       ",\"isBase64Encoded\":false}");
	wsg_buf_release(&out);
}

static void test_forwarded(void **state)
{
	static const struct wsg_sigv4_header from_a_proxy[] = {
		H("X-Forwarded-For", "10.0.0.1"),
		H("x-forwarded-for", "10.0.0.2"),
		H("X-Amzn-Trace-Id", "Root=1-2-3"),
	};
	const struct http_request proxied = { .headers = from_a_proxy,
					      .headers_count = 3 };
	const struct occasion occasion = occasion_of("$connect");
	struct wsg_buf out = { 0 };

	(void)state;
	event_connect(&out, &plain, &occasion, &proxied, 0);
	assert_non_null(strstr(out.ptr, "{\"X-Amzn-Trace-Id\":\"Root=1-2-3\","
					"\"X-Forwarded-For\":"
					"\"10.0.0.1, 10.0.0.2, 127.0.0.1\","
					"\"X-Forwarded-Port\":\"443\","
					"\"X-Forwarded-Proto\":\"https\"}"));
	wsg_buf_release(&out);
}

static void test_authorize(void **state)
{
	const struct occasion occasion = occasion_of("$connect");
	struct caller caller = plain;
	struct http_request bare = request;
	struct wsg_buf out = { 0 };

	(void)state;
	caller.user_agent = wsg_str("curl/8");
	bare.query = (struct wsg_str){ NULL, 0 };
	event_authorize(&out, &caller, &occasion,
			wsg_str("arn:aws:execute-api:us-east-1:123456789012:"
				"abcdefghij/dev/$connect"),
			&bare);
	expect("authorize", &out,
	       "{\"type\":\"REQUEST\",\"methodArn\":\"arn:aws:execute-api:"
	       "us-east-1:123456789012:abcdefghij/dev/$connect\","
	       "\"headers\":{\"Connection\":\"upgrade\","
	       "\"content-length\":\"0\"," SINGLES
	       "\"Upgrade\":\"websocket\"," SINGLES_REST
	       ",\"multiValueHeaders\":{\"Connection\":[\"upgrade\"],"
	       "\"content-length\":[\"0\"]," MULTIS
	       "\"Upgrade\":[\"websocket\"]," MULTIS_REST
	       ",\"queryStringParameters\":{},"
	       "\"multiValueQueryStringParameters\":{},\"stageVariables\":{},"
	       "\"requestContext\":{\"routeKey\":\"$connect\"," CONNECT_REST
	       "}");
	wsg_buf_release(&out);
}

static void test_query(void **state)
{
	static const struct {
		const char *query;
		size_t count;
		const char *names[3], *values[3];
	} queries[] = {
		{ "", 0, { NULL }, { NULL } },
		{ "a", 1, { "a" }, { "" } },
		{ "a=1&b=2&a=3", 3, { "a", "b", "a" }, { "1", "2", "3" } },
		{ "&=1&&a==", 2, { "", "a" }, { "1", "=" } },
		{ "%61+b=%2B%", 1, { "a b" }, { "%2B%" } },
	};
	struct wsg_arena *arena = wsg_arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++) {
		struct query_parameter *got;
		size_t count =
			event_query(arena, wsg_str(queries[i].query), &got);

		if (count != queries[i].count)
			fail_msg("%s: %zu", queries[i].query, count);
		for (size_t k = 0; k < count; k++)
			if (!wsg_str_is(got[k].name, queries[i].names[k]) ||
			    !wsg_str_is(got[k].value, queries[i].values[k]))
				fail_msg("%s: %.*s=%.*s", queries[i].query,
					 WSG_FMT(got[k].name),
					 WSG_FMT(got[k].value));
	}
	wsg_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_disconnect),
		cmocka_unit_test(test_connect),
		cmocka_unit_test(test_forwarded),
		cmocka_unit_test(test_authorize),
		cmocka_unit_test(test_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
