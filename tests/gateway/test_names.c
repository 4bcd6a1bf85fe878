/* SPDX-License-Identifier: MIT */
/* test_names.c - CloudFormation's functions, and what they cannot resolve. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "config/names.h"

static const struct {
	const char *name, *value;
} given[] = {
	{ "Stage", "no" },
	{ "Stage", "dev" },
	{ "chat", "abcdefghij" },
	{ "chat.url", "ws://127.0.0.1:3001/dev" },
	{ "Table.Arn", "arn:table" },
	{ "Subnets", "a,b,,c" },
	{ "AWS::Region", "us-east-1" },
	{ "AWS::NoValue", "" },
	{ "IsProd", "false" },
	{ "Other", "true" },
	{ "Empty", "" },
	{ "shared-Vpc", "vpc-1" },
};

static const struct {
	const char *name, *json, *text, *missing;
} cases[] = {
	{ "text", "\"plain ${Stage}\"", "plain ${Stage}", NULL },
	{ "number", "1.50", "1.50", NULL },
	{ "true", "true", "true", NULL },
	{ "false", "false", "false", NULL },
	{ "null", "null", NULL, "null\n" },
	{ "list", "[\"a\"]", NULL, "a list\n" },
	{ "object", "{\"a\":1,\"b\":2}", NULL, "an object\n" },
	{ "empty object", "{}", NULL, "an object\n" },
	{ "Ref", "{\"Ref\":\"Stage\"}", "dev", NULL },
	{ "Ref to nothing", "{\"Ref\":\"Nope\"}", NULL, "Nope\n" },
	{ "Ref of no text", "{\"Ref\":[\"Stage\"]}", NULL, "Ref\n" },
	{ "no value", "{\"Ref\":\"AWS::NoValue\"}", "", NULL },
	{ "GetAtt", "{\"Fn::GetAtt\":[\"Table\",\"Arn\"]}", "arn:table", NULL },
	{ "short GetAtt", "{\"Fn::GetAtt\":\"Table.Arn\"}", "arn:table", NULL },
	{ "GetAtt of nothing", "{\"Fn::GetAtt\":[\"Table\",\"Name\"]}", NULL,
	  "Table.Name\n" },
	{ "GetAtt of three", "{\"Fn::GetAtt\":[\"a\",\"b\",\"c\"]}", NULL,
	  "Fn::GetAtt\n" },
	{ "Sub", "{\"Fn::Sub\":\"${Stage}: ${chat.url}!\"}",
	  "dev: ws://127.0.0.1:3001/dev!", NULL },
	{ "Sub without any", "{\"Fn::Sub\":\"$5 $ {x} $\"}", "$5 $ {x} $",
	  NULL },
	{ "Sub of itself", "{\"Fn::Sub\":\"${!Stage} ${!}\"}", "${Stage} ${}",
	  NULL },
	{ "Sub cut off", "{\"Fn::Sub\":\"${Stage} ${Sta\"}", "dev ${Sta",
	  NULL },
	{ "Sub of nothing", "{\"Fn::Sub\":\"${X}${Stage}${Y.Z}${}\"}", NULL,
	  "X\nY.Z\n\n" },
	{ "Sub, an empty value", "{\"Fn::Sub\":\"<${Empty}>\"}", "<>", NULL },
	{ "Sub with variables",
	  "{\"Fn::Sub\":[\"${a}-${Stage}-${b}${a}\",{\"a\":{\"Ref\":\"chat\"},"
	  "\"b\":2}]}",
	  "abcdefghij-dev-2abcdefghij", NULL },
	{ "variables go first",
	  "{\"Fn::Sub\":[\"${Stage}\",{\"Stage\":\"x\"}]}", "x", NULL },
	{ "a variable of nothing",
	  "{\"Fn::Sub\":[\"${a}\",{\"a\":{\"Ref\":\"X\"}}]}", NULL, "X\n" },
	{ "Sub of a list", "{\"Fn::Sub\":[\"a\"]}", NULL, "Fn::Sub\n" },
	{ "Join", "{\"Fn::Join\":[\":\",[\"arn\",{\"Ref\":\"Stage\"},1,\"\"]]}",
	  "arn:dev:1:", NULL },
	{ "Join of none", "{\"Fn::Join\":[\":\",[]]}", "", NULL },
	{ "Join without a value",
	  "{\"Fn::Join\":[\":\",[\"a\",{\"Ref\":\"AWS::NoValue\"},\"b\"]]}",
	  "a:b", NULL },
	{ "Join of a parameter", "{\"Fn::Join\":[\"+\",{\"Ref\":\"Subnets\"}]}",
	  "a+b++c", NULL },
	{ "Join of nothing",
	  "{\"Fn::Join\":[\":\",[{\"Ref\":\"X\"},{\"Ref\":\"Y\"}]]}", NULL,
	  "X\nY\n" },
	{ "Join of Split",
	  "{\"Fn::Join\":[\"/\",{\"Fn::Split\":[\"::\",\"a::b:::c\"]}]}",
	  "a/b/:c", NULL },
	{ "Select", "{\"Fn::Select\":[1,[\"a\",\"b\"]]}", "b", NULL },
	{ "Select by a text", "{\"Fn::Select\":[\"0\",[\"a\",\"b\"]]}", "a",
	  NULL },
	{ "Select of Split",
	  "{\"Fn::Select\":[2,{\"Fn::Split\":[\":\",{\"Fn::Sub\":\"x:${Stage}:"
	  "y\"}]}]}",
	  "y", NULL },
	{ "Select too far", "{\"Fn::Select\":[2,[\"a\",\"b\"]]}", NULL,
	  "Fn::Select\n" },
	{ "Select below", "{\"Fn::Select\":[-1,[\"a\"]]}", NULL,
	  "Fn::Select\n" },
	{ "Split of no separator",
	  "{\"Fn::Select\":[0,{\"Fn::Split\":[\"\","
	  "\"a:b\"]}]}",
	  "a:b", NULL },
	{ "Split alone", "{\"Fn::Split\":[\":\",\"a:b\"]}", NULL,
	  "Fn::Split\n" },
	{ "ImportValue", "{\"Fn::ImportValue\":{\"Fn::Sub\":\"shared-Vpc\"}}",
	  "vpc-1", NULL },
	{ "ImportValue of nothing", "{\"Fn::ImportValue\":\"shared-Net\"}",
	  NULL, "shared-Net\n" },
	{ "If", "{\"Fn::If\":[\"IsProd\",\"a\",{\"Ref\":\"Stage\"}]}", "dev",
	  NULL },
	{ "If true", "{\"Fn::If\":[\"Other\",\"a\",{\"Ref\":\"X\"}]}", "a",
	  NULL },
	{ "If of nothing", "{\"Fn::If\":[\"Maybe\",\"a\",\"b\"]}", NULL,
	  "Maybe\n" },
	{ "If in Join",
	  "{\"Fn::Join\":[\",\",{\"Fn::If\":[\"IsProd\",[\"a\"],[\"b\","
	  "\"c\"]]}]}",
	  "b,c", NULL },
	{ "another function", "{\"Fn::FindInMap\":[\"a\",\"b\",\"c\"]}", NULL,
	  "Fn::FindInMap\n" },
	{ "controls", "{\"Ref\":\"a\\nb\\u0000\"}", NULL, "a?b?\n" },
};

static struct names *make_names(void)
{
	struct names *names = names_new();

	for (size_t i = 0; i < sizeof(given) / sizeof(*given); i++)
		names_give(names, wsg_str(given[i].name),
			   wsg_str(given[i].value));
	return names;
}

static void test_resolve(void **state)
{
	struct names *names = make_names();
	struct wsg_arena *arena = wsg_arena_new();
	struct wsg_buf out = { 0 }, missing = { 0 };
	const char *error = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *name = cases[i].name, *text = cases[i].text;
		const struct json *json =
			json_parse(arena, wsg_str(cases[i].json), &error);
		bool good;

		if (!json)
			fail_msg("%s: %s", name, error);
		wsg_buf_clear(&missing);
		wsg_buf_clear(&out);
		wsg_buf_text(&out, "<");
		good = names_resolve(names, json, &out, &missing);
		if (good != (text != NULL))
			fail_msg("%s: %s", name, good ? out.ptr : missing.ptr);
		if (strcmp(out.ptr + 1, text ? text : "") != 0)
			fail_msg("%s: '%s'", name, out.ptr + 1);
		if (!good && strcmp(missing.ptr, cases[i].missing) != 0)
			fail_msg("%s: misses %s", name, missing.ptr);
		if (!good && names_resolve(names, json, &out, NULL))
			fail_msg("%s: resolved after all", name);
	}
	wsg_buf_release(&out);
	wsg_buf_release(&missing);
	wsg_arena_free(arena);
	names_free(names);
}

/* Each level holds the one below eight times: 8 to the 15th is too much. */
static void test_expansion_is_bounded(void **state)
{
	struct names *names = make_names();
	struct wsg_arena *arena = wsg_arena_new();
	struct wsg_buf text = { 0 }, out = { 0 }, missing = { 0 };
	const struct json *json;
	const char *error = NULL;

	(void)state;
	for (size_t i = 0; i < 15; i++)
		wsg_buf_text(&text, "{\"Fn::Sub\":[\"${a}${a}${a}${a}${a}${a}"
				    "${a}${a}\",{\"a\":");
	wsg_buf_text(&text, "\"ha\"");
	for (size_t i = 0; i < 15; i++)
		wsg_buf_text(&text, "}]}");
	json = json_parse(arena, (struct wsg_str){ text.ptr, text.len },
			  &error);
	assert_non_null(json);
	assert_false(names_resolve(names, json, &out, &missing));
	assert_string_equal(missing.ptr, "a text of more than 64 KB\n");
	assert_int_equal(out.len, 0);
	wsg_buf_release(&text);
	wsg_buf_release(&out);
	wsg_buf_release(&missing);
	wsg_arena_free(arena);
	names_free(names);
}

/* One level is bounded too: to the byte. */
static void test_length_is_bounded(void **state)
{
	struct names *names = make_names();
	struct wsg_arena *arena = wsg_arena_new();
	char *half = mem_alloc(NAMES_VALUE_MAX / 2);
	const char *error = NULL;
	const struct json *twice, *more;
	struct wsg_buf out = { 0 };

	(void)state;
	memset(half, 'x', NAMES_VALUE_MAX / 2);
	names_give(names, wsg_str("Half"),
		   (struct wsg_str){ half, NAMES_VALUE_MAX / 2 });
	twice = json_parse(arena, wsg_str("{\"Fn::Sub\":\"${Half}${Half}\"}"),
			   &error);
	more = json_parse(arena, wsg_str("{\"Fn::Sub\":\"${Half}${Half}!\"}"),
			  &error);
	assert_true(names_resolve(names, twice, &out, NULL));
	assert_int_equal(out.len, NAMES_VALUE_MAX);
	assert_false(names_resolve(names, more, &out, NULL));
	wsg_buf_release(&out);
	free(half);
	wsg_arena_free(arena);
	names_free(names);
}

static void test_get(void **state)
{
	struct names *names = make_names();

	(void)state;
	assert_true(wsg_str_is(names_get(names, wsg_str("Stage")), "dev"));
	assert_non_null(names_get(names, wsg_str("Empty")).ptr);
	assert_null(names_get(names, wsg_str("stage")).ptr);
	names_free(names);
	names_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_resolve),
		cmocka_unit_test(test_expansion_is_bounded),
		cmocka_unit_test(test_length_is_bounded),
		cmocka_unit_test(test_get),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
