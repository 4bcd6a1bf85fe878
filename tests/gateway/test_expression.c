/* SPDX-License-Identifier: MIT */
/* test_expression.c - DynamoDB's values in order, and conditions on items. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dynamodb/expression.h"
#include "dynamodb/item.h"

static struct wsg_arena *arena;

static const struct json *parse(const char *text)
{
	const char *why = NULL;
	const struct json *json = json_parse(arena, wsg_str(text), &why);

	if (!json)
		fail_msg("%s: %s", text, why);
	return json;
}

static void test_values(void **state)
{
	static const struct {
		const char *value;
		bool good;
	} cases[] = {
		{ "{\"S\":\"\"}", true },
		{ "{\"S\":1}", false },
		{ "{\"N\":\"-0.5e-3\"}", true },
		{ "{\"N\":\"12345678901234567890123456789012345678\"}", true },
		{ "{\"N\":\"123456789012345678901234567890123456789\"}",
		  false },
		{ "{\"N\":\"1e126\"}", false },
		{ "{\"N\":\"9e125\"}", true },
		{ "{\"N\":\"1e-130\"}", true },
		{ "{\"N\":\"1e-131\"}", false },
		{ "{\"N\":\"1e\"}", false },
		{ "{\"N\":\"\"}", false },
		{ "{\"N\":\".\"}", false },
		{ "{\"N\":\"1x\"}", false },
		{ "{\"N\":7}", false },
		{ "{\"BOOL\":true}", true },
		{ "{\"NULL\":true}", true },
		{ "{\"M\":{\"a\":{\"S\":\"b\"}}}", true },
		{ "{\"M\":{\"a\":\"b\"}}", false },
		{ "{\"L\":[{\"N\":\"1\"}]}", true },
		{ "{\"SS\":[\"a\"]}", true },
		{ "{\"SS\":[]}", false },
		{ "{\"NS\":[\"a\"]}", false },
		{ "{\"X\":\"a\"}", false },
		{ "{\"S\":\"a\",\"N\":\"1\"}", false },
		{ "{}", false },
		{ "\"a\"", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (!item_check_value(parse(cases[i].value)) != cases[i].good)
			fail_msg("%s", cases[i].value);
}

static void test_order(void **state)
{
	/* Each is below the next, and equal to itself written otherwise. */
	static const char *const rising[][2] = {
		{ "-1e125", "-10e124" }, { "-12", "-12.0" },
		{ "-1.5", "-0.15e1" },	 { "-1e-130", "-0.1e-129" },
		{ "0", "-0.00" },	 { "0.05", "5e-2" },
		{ "0.5", ".5" },	 { "9", "+9" },
		{ "10", "1e1" },	 { "10.01", "1001e-2" },
		{ "1e125", "10e124" },
	};
	const size_t count = sizeof(rising) / sizeof(*rising);
	char text[64], other[64];
	int order;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "{\"N\":\"%s\"}", rising[i][0]);
		snprintf(other, sizeof(other), "{\"N\":\"%s\"}", rising[i][1]);
		assert_true(item_compare(parse(text), parse(other), &order));
		if (order)
			fail_msg("%s and %s", text, other);
		if (i + 1 == count)
			break;
		snprintf(other, sizeof(other), "{\"N\":\"%s\"}",
			 rising[i + 1][0]);
		assert_true(item_compare(parse(text), parse(other), &order));
		if (order >= 0)
			fail_msg("%s is not below %s", text, other);
		assert_true(item_compare(parse(other), parse(text), &order));
		if (order <= 0)
			fail_msg("%s is not above %s", other, text);
	}
	assert_false(item_compare(parse("{\"N\":\"1\"}"),
				  parse("{\"S\":\"1\"}"), &order));
}

#define ITEM                                               \
	"{\"pk\":{\"S\":\"room\"},\"sk\":{\"S\":\"abc\"}," \
	"\"n\":{\"N\":\"5\"},\"b\":{\"BOOL\":true}}"
#define NAMES "{\"#n\":\"n\",\"#x\":\"x\"}"
#define VALUES                                                \
	"{\":four\":{\"N\":\"4\"},\":five\":{\"N\":\"5.0\"}," \
	"\":six\":{\"N\":\"6\"},\":ab\":{\"S\":\"ab\"},"      \
	"\":true\":{\"BOOL\":true}}"

static void test_conditions(void **state)
{
	static const struct {
		const char *text;
		int holds; /* -1: it is none */
	} cases[] = {
		{ "n = :five", 1 },
		{ "#n=:five", 1 },
		{ "n <> :five", 0 },
		{ "#x <> :five", 1 },
		{ "x = :five", 0 },
		{ "n > :four AND n < :six", 1 },
		{ "n >= :five and n <= :five", 1 },
		{ "n < :ab", 0 },
		{ "n BETWEEN :four AND :six", 1 },
		{ "n BETWEEN :six AND :four", 0 },
		{ "n IN (:four, :six)", 0 },
		{ "n IN (:four, :five)", 1 },
		{ "b = :true", 1 },
		{ "begins_with(sk, :ab)", 1 },
		{ "begins_with(n, :ab)", 0 },
		{ "attribute_exists(n)", 1 },
		{ "attribute_not_exists(n)", 0 },
		{ "attribute_not_exists(pk) OR n <= :five", 1 },
		{ "NOT n = :five OR n = :five", 1 },
		{ "NOT (n = :five OR n = :four)", 0 },
		{ "n = :four AND n = :four OR n = :five", 1 },
		{ "n = :four AND (n = :four OR n = :five)", 0 },
		{ "", -1 },
		{ "n", -1 },
		{ "n =", -1 },
		{ "n = :none", -1 },
		{ "#none = :five", -1 },
		{ "n = :five)", -1 },
		{ "(n = :five", -1 },
		{ "n = :five n = :five", -1 },
		{ "a.b = :five", -1 },
		{ "a[0] = :five", -1 },
		{ "n IN ()", -1 },
		{ "begins_with(sk)", -1 },
		{ "attribute_exists(:five)", -1 },
		{ "n BETWEEN :four", -1 },
	};
	const struct expression_context context = { arena, parse(NAMES),
						    parse(VALUES) };
	const struct json *item = parse(ITEM);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *why = NULL;
		const struct expression *made = expression_parse(
			&context, wsg_str(cases[i].text), &why);
		int holds = made ? expression_holds(made, item) : -1;

		if (holds != cases[i].holds || !made != !!why)
			fail_msg("'%s': %d, %s", cases[i].text, holds,
				 why ? why : "no complaint");
	}
}

static void test_depth(void **state)
{
	const struct expression_context context = { arena, NULL,
						    parse(VALUES) };
	char text[EXPRESSION_MAX + 1];
	const char *why = NULL;

	(void)state;
	memset(text, '(', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_null(expression_parse(&context, wsg_str(text), &why));
	assert_string_equal(why, "it is nested too deeply");
	for (size_t i = 0; i + 4 < sizeof(text); i += 4)
		memcpy(text + i, "NOT ", 4);
	assert_null(expression_parse(&context, wsg_str(text), &why));
	assert_string_equal(why, "it is nested too deeply");
}

static int set_up(void **state)
{
	(void)state;
	arena = wsg_arena_new();
	return !arena;
}

static int tear_down(void **state)
{
	(void)state;
	wsg_arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
