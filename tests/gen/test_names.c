/* SPDX-License-Identifier: MIT */
/* test_names.c - names of the spec in C and in CloudFormation. */
#include "plan/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *name, *snake, *shout, *pascal;
} spellings[] = {
	{ "sendMessage", "send_message", "SEND_MESSAGE", "SendMessage" },
	{ "SendMessage", "send_message", "SEND_MESSAGE", "SendMessage" },
	{ "send_message", "send_message", "SEND_MESSAGE", "SendMessage" },
	{ "send-message", "send_message", "SEND_MESSAGE", "SendMessage" },
	{ "HTTPServer", "http_server", "HTTP_SERVER", "HttpServer" },
	{ "serveHTTP", "serve_http", "SERVE_HTTP", "ServeHttp" },
	{ "GET /notes/{id}", "get_notes_id", "GET_NOTES_ID", "GetNotesId" },
	{ "ANY /files/{proxy+}", "any_files_proxy", "ANY_FILES_PROXY",
	  "AnyFilesProxy" },
	{ "$default", "default", "DEFAULT", "Default" },
	{ "$connect", "connect", "CONNECT", "Connect" },
	{ "utf8-v2", "utf8_v2", "UTF8_V2", "Utf8V2" },
	{ "v2Api", "v2_api", "V2_API", "V2Api" },
	{ "V2API", "v2_api", "V2_API", "V2Api" },
	{ "A", "a", "A", "A" },
	{ "aB", "a_b", "A_B", "AB" },
	{ "ABc", "a_bc", "A_BC", "ABc" },
	{ "7seas", "_7seas", "_7SEAS", "7seas" },
	{ "userID2", "user_id2", "USER_ID2", "UserId2" },
	{ "history.message", "history_message", "HISTORY_MESSAGE",
	  "HistoryMessage" },
	{ "__a__b__", "a_b", "A_B", "AB" },
	{ "h\xc3\xa9llo", "h_llo", "H_LLO", "HLlo" },
	{ "\xe6\x97\xa5", "", "", "" },
	{ "$", "", "", "" },
	{ "", "", "", "" },
};

static void test_spell(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		const char *name = spellings[i].name;

		print_message("%s\n", name);
		assert_string_equal(name_snake(&arena, name),
				    spellings[i].snake);
		assert_string_equal(name_shout(&arena, name),
				    spellings[i].shout);
		assert_string_equal(name_pascal(&arena, name),
				    spellings[i].pascal);
	}
	arena_release(&arena);
}

static const struct {
	const char *name, *why;
} in_c[] = {
	{ "room", NULL },
	{ "interest", NULL },
	{ "R2d_2", NULL },
	{ "int", "is a keyword of C" },
	{ "typeof", "is a keyword of C" },
	{ "errno", "is taken in C" },
	{ "main", NULL },
	{ "_2nd", NULL },
	{ "unix", "is taken in C" },
	{ "2nd", "starts with a digit" },
	{ "_x", "starts with '_'" },
	{ "a-b", "is no name in C" },
	{ "\xc3\xa9", "is no name in C" },
	{ "", "has no letter" },
};

static void test_why_not_c(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(in_c) / sizeof(in_c[0]); i++) {
		const char *why = name_why_not_c(in_c[i].name);

		print_message("%s\n", in_c[i].name);
		if (in_c[i].why) {
			assert_non_null(why);
			assert_string_equal(why, in_c[i].why);
		} else {
			assert_null(why);
		}
	}
}

static const struct {
	const char *name, *member;
} members[] = {
	{ "default", "default_" }, { "Default", "default_" },
	{ "isBool", "is_bool" },   { "bool", "bool_" },
	{ "errno", "errno_" },	   { "class", "class" },
	{ "typeof", "typeof_" },   { "2nd", "_2nd" },
	{ "\xe6\x97\xa5", "" },
};

static void test_member(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		print_message("%s\n", members[i].name);
		assert_string_equal(name_member(&arena, members[i].name),
				    members[i].member);
	}
	arena_release(&arena);
}

static const struct {
	const char *value, *name;
} values[] = {
	{ "happy", "HAPPY" },
	{ "not-ok", "NOT_OK" },
	{ "+1", "_1" },
	{ "+", "U002B" },
	{ "<=", "U003C_U003D" },
	{ "\xe6\x97\xa5\xf0\x9f\x98\x80", "U65E5_U1F600" },
	{ "\xff", "U00FF" },
};

static void test_value(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		print_message("%s\n", values[i].value);
		assert_string_equal(name_constant(&arena, values[i].value),
				    values[i].name);
	}
	arena_release(&arena);
}

/* All values of an enum, and all their names. */
static const struct {
	const char *values[5], *names[5];
} enums[] = {
	{ { "a", "b" }, { "A", "B" } },
	{ { "a-b", "a_b", "aB", "ab" }, { "A_B", "A_B_2", "A_B_3", "AB" } },
	{ { "x", "X", "x-2", "x.2" }, { "X", "X_3", "X_2", "X_2_2" } },
};

static void test_values(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(enums) / sizeof(enums[0]); i++) {
		struct text items[5] = { 0 };
		struct texts texts = { items, 0 };
		const char **names;

		while (texts.count < 5 && enums[i].values[texts.count]) {
			items[texts.count].s = enums[i].values[texts.count];
			texts.count++;
		}
		names = name_constants(&arena, &texts);
		for (size_t k = 0; k < texts.count; k++) {
			print_message("%s of %s\n", items[k].s, items[0].s);
			assert_string_equal(names[k], enums[i].names[k]);
		}
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spell),  cmocka_unit_test(test_why_not_c),
		cmocka_unit_test(test_member), cmocka_unit_test(test_value),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
