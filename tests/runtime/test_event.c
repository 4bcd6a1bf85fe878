/* SPDX-License-Identifier: MIT */
/*
 * Events taken apart: our fixtures in events/, and those of a folder of
 * captured ones when there is one.
 */
#include "chat.h"
#include "internal.h"
#include "test.h"

#include <dirent.h>
#include <stdlib.h>

static struct wsg_event event;
static char *text;

static char *load(const char *folder, const char *name, size_t *len)
{
	char path[512];
	FILE *file;
	char *bytes;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (!file)
		fail_msg("%s cannot be opened", path);
	bytes = malloc(1 << 20);
	assert_non_null(bytes);
	*len = fread(bytes, 1, (1 << 20) - 1, file);
	fclose(file);
	/* Just as large as it is, so that a sanitizer sees the edge. */
	bytes = realloc(bytes, *len + 1);
	assert_non_null(bytes);
	return bytes;
}

static const struct wsg_event *read_event(const char *name)
{
	const char *error = NULL;
	size_t len;

	free(text);
	text = load(EVENTS, name, &len);
	if (!wsg_event_read(&event, text, len, &error))
		fail_msg("%s: %s", name, error);
	return &event;
}

static int setup(void **unused)
{
	(void)unused;
	return wsg_event_init(&event) ? 0 : -1;
}

static int teardown(void **unused)
{
	(void)unused;
	wsg_event_release(&event);
	free(text);
	return 0;
}

typedef struct wsg_str (*getter)(const struct wsg_event *);
typedef struct wsg_str (*lookup)(const struct wsg_event *, const char *);

static const struct {
	const char *file;
	getter get; /* or: */
	lookup find;
	const char *name;
	const char *value; /* NULL: none */
} answers[] = {
	{ "connect.json", wsg_connection_id, NULL, "", "Con1234567890aA=" },
	{ "connect.json", wsg_route_key, NULL, "", "$connect" },
	{ "connect.json", wsg_request_id, NULL, "", "Req1234567890aA=" },
	{ "connect.json", wsg_message_id, NULL, "", NULL },
	{ "connect.json", wsg_event_type, NULL, "", "CONNECT" },
	{ "connect.json", wsg_stage, NULL, "", "dev" },
	{ "connect.json", wsg_api_id, NULL, "", "a1b2c3d4e5" },
	{ "connect.json", wsg_source_ip, NULL, "", "198.51.100.7" },
	{ "connect.json", wsg_user_agent, NULL, "", "wscat \"7\"" },
	{ "connect.json", wsg_principal, NULL, "", "ada@example.com" },
	{ "connect.json", wsg_body, NULL, "", NULL },
	{ "connect.json", NULL, wsg_context, "requestTime",
	  "01/Mar/2026:10:20:30 +0000" },
	{ "connect.json", NULL, wsg_context, "connectedAt", "1772360430001" },
	{ "connect.json", NULL, wsg_context, "identity", NULL },
	{ "connect.json", NULL, wsg_identity, "apiKeyId", NULL },
	{ "connect.json", NULL, wsg_authorizer, "admin", "true" },
	{ "connect.json", NULL, wsg_authorizer, "integrationLatency", "42" },
	{ "connect.json", NULL, wsg_authorizer, "nobody", NULL },
	{ "connect.json", NULL, wsg_stage_variable, "colour", "blue" },
	{ "connect.json", NULL, wsg_header, "user-agent", "wscat \"7\"" },
	{ "connect.json", NULL, wsg_header, "HOST",
	  "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com" },
	{ "connect.json", NULL, wsg_header, "sec-websocket-key",
	  "dGhlIHNhbXBsZSBub25jZQ==" },
	{ "connect.json", NULL, wsg_header, "x-twice", "two" },
	{ "connect.json", NULL, wsg_header, "x-none", NULL },
	{ "connect.json", NULL, wsg_query, "room", "two" },
	{ "connect.json", NULL, wsg_query, "token", "a b" },
	{ "connect.json", NULL, wsg_query, "Token", NULL },
	{ "message.json", wsg_message_id, NULL, "", "Msg1234567890aA=" },
	{ "message.json", wsg_user_agent, NULL, "", NULL },
	{ "message.json", NULL, wsg_header, "Host", NULL },
	{ "message.json", NULL, wsg_query, "room", NULL },
	{ "message.json", wsg_principal, NULL, "", NULL },
	{ "message.json", wsg_body, NULL, "",
	  "{\"action\":\"sendMessage\",\"room\":\"\xc3\xa9t\xc3\xa9\","
	  "\"text\":\"say \\\"hi\\\"\\n\"}" },
	{ "message-nulls.json", wsg_body, NULL, "", "{\"room\":\"a\"}" },
	{ "message-nulls.json", wsg_user_agent, NULL, "", NULL },
	{ "message-nulls.json", NULL, wsg_identity, "caller", NULL },
	{ "message-nulls.json", NULL, wsg_header, "Host", NULL },
	{ "message-nulls.json", NULL, wsg_authorizer, "user", NULL },
	{ "message-nulls.json", NULL, wsg_context, "disconnectReason", NULL },
	{ "disconnect.json", wsg_route_key, NULL, "", "$disconnect" },
	{ "disconnect.json", NULL, wsg_header, "x-api-key", "" },
	{ "authorizer.json", NULL, wsg_header, "authorization", "Bearer abc" },
	{ "authorizer.json", NULL, wsg_query, "token", NULL },
};

static void answers_what_is_asked(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(answers); i++) {
		const struct wsg_event *e = read_event(answers[i].file);
		struct wsg_str value =
			answers[i].get ? answers[i].get(e)
				       : answers[i].find(e, answers[i].name);
		bool same = answers[i].value
				    ? value.ptr && wsg_str_is(value,
							      answers[i].value)
				    : !value.ptr;

		if (!same)
			fail_msg("row %zu, %s %s: '%.*s'", i, answers[i].file,
				 answers[i].name, WSG_FMT(value));
	}
}

static void counts_repeated_values(void **unused)
{
	const struct wsg_event *e = read_event("connect.json");

	(void)unused;
	assert_int_equal(wsg_query_count(e, "room"), 2);
	assert_true(wsg_str_is(wsg_query_at(e, "room", 0), "one"));
	assert_true(wsg_str_is(wsg_query_at(e, "room", 1), "two"));
	assert_null(wsg_query_at(e, "room", 2).ptr);
	assert_int_equal(wsg_header_count(e, "X-TWICE"), 2);
	assert_true(wsg_str_is(wsg_header_at(e, "x-twice", 0), "one"));
	assert_int_equal(wsg_header_count(e, "x-none"), 0);
}

static void knows_times_and_codes(void **unused)
{
	const struct wsg_event *e = read_event("connect.json");

	(void)unused;
	assert_true(wsg_connected_at_ms(e) == 1772360430001);
	assert_true(wsg_request_time_ms(e) == 1772360430003);
	assert_int_equal(wsg_disconnect_code(wsg_disconnect(&event)), 0);
	read_event("disconnect.json");
	assert_int_equal(wsg_disconnect_code(wsg_disconnect(&event)), 1005);
	assert_true(wsg_str_is(wsg_disconnect_reason(wsg_disconnect(&event)),
			       "Client-side close frame status not set"));
}

static void reads_the_authorizer_twice(void **unused)
{
	const struct wsg_event *e = read_event("connect.json");
	struct chat_caller caller;
	int i;

	(void)unused;
	for (i = 0; i < 2; i++) {
		assert_true(chat_read_caller(e, &caller));
		assert_true(wsg_str_is(caller.user, "ada"));
		assert_true(caller.has_admin && caller.admin);
		assert_true(wsg_str_is(wsg_authorizer(e, "user"), "ada"));
	}
	assert_false(chat_read_caller(read_event("message.json"), &caller));
}

static void reads_the_message(void **unused)
{
	struct chat_send_message msg;

	(void)unused;
	read_event("message.json");
	assert_true(chat_read_send_message(&event, &msg));
	assert_null(wsg_invalid(&event));
	assert_true(wsg_str_is(msg.room, "\xc3\xa9t\xc3\xa9"));
	assert_true(wsg_str_is(msg.text, "say \"hi\"\n"));
	assert_false(msg.has_seq);
	read_event("connect.json");
	assert_false(chat_read_send_message(&event, &msg));
	assert_true(wsg_str_is(wsg_invalid(&event)->reason,
			       "not JSON: ends in the middle"));
}

static const struct {
	const char *name, *json, *error;
} broken[] = {
	{ "nothing", "", "ends in the middle" },
	{ "an array", "[]", "expected an object" },
	{ "cut", "{\"requestContext\":{\"routeKey\":\"a\"",
	  "ends in the middle" },
	{ "more", "{}{}", "more than one value" },
	{ "base64", "{\"body\":\"a\",\"isBase64Encoded\":true}",
	  "the body is not base64" },
	{ "strange types",
	  "{\"requestContext\":7,\"body\":{},\"headers\":[],\"type\":1,"
	  "\"isBase64Encoded\":\"no\",\"methodArn\":[]}",
	  NULL },
	{ "strange maps",
	  "{\"headers\":{\"a\":{},\"b\":null,\"c\":[[1]]},"
	  "\"requestContext\":{\"connectionId\":{},\"routeKey\":null}}",
	  NULL },
};

static void refuses_what_is_no_event(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(broken); i++) {
		const char *error = NULL;
		size_t len = strlen(broken[i].json);

		free(text);
		text = malloc(len + 1);
		assert_non_null(text);
		memcpy(text, broken[i].json, len);
		wsg_event_read(&event, text, len, &error);
		if (!test_same(error, broken[i].error))
			fail_msg("%s: %s", broken[i].name,
				 error ? error : "taken");
		if (error)
			continue;
		assert_null(wsg_connection_id(&event).ptr);
		assert_null(wsg_header(&event, "a").ptr);
		assert_null(wsg_header(&event, "c").ptr);
	}
}

/* Captured events: each is read, and is of a connection. */
static void reads_captured_events(void **unused)
{
	DIR *folder = opendir(CAPTURED);
	struct dirent *entry;
	int count = 0;

	(void)unused;
	if (!folder) {
		print_message("no captured events here\n");
		skip();
	}
	while ((entry = readdir(folder))) {
		const char *error = NULL;
		size_t len;

		if (!strstr(entry->d_name, ".json"))
			continue;
		free(text);
		text = load(CAPTURED, entry->d_name, &len);
		if (!wsg_event_read(&event, text, len, &error) &&
		    strcmp(error, "the body is not base64") != 0)
			fail_msg("%s: %s", entry->d_name, error);
		if (strncmp(entry->d_name, "ws-", 3) != 0 ||
		    !strcmp(entry->d_name, "ws-response.json"))
			continue;
		if (!wsg_connection_id(&event).len ||
		    !wsg_source_ip(&event).len ||
		    wsg_connected_at_ms(&event) < 1600000000000)
			fail_msg("%s: parts are missing", entry->d_name);
		count++;
	}
	closedir(folder);
	assert_true(count > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_what_is_asked),
		cmocka_unit_test(counts_repeated_values),
		cmocka_unit_test(knows_times_and_codes),
		cmocka_unit_test(reads_the_authorizer_twice),
		cmocka_unit_test(reads_the_message),
		cmocka_unit_test(refuses_what_is_no_event),
		cmocka_unit_test(reads_captured_events),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
