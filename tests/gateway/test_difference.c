/* SPDX-License-Identifier: MIT */
/* Where two answers differ first. */
#include "test.h"

#include "difference.h"

#define NOTHING ""

static void put(struct wsg_buf *out, const struct json *value)
{
	if (value)
		json_put(out, value);
}

static void test_first(void **state)
{
	static const struct {
		const char *name, *a, *b;
		const char *path; /* NULL: they are the same */
		const char *was, *is;
	} cases[] = {
		{ "equal", "{\"a\":1}", "{ \"a\": 1 }", NULL, 0, 0 },
		{ "order", "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", NULL, 0,
		  0 },
		{ "kinds", "1", "\"1\"", "$", "1", "\"1\"" },
		{ "member", "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":3}", "$.b",
		  "2", "3" },
		{ "one less", "{\"a\":1,\"b\":2}", "{\"a\":1}", "$.b", "2",
		  NOTHING },
		{ "one more", "{\"a\":1}", "{\"a\":1,\"b\":2}", "$.b", NOTHING,
		  "2" },
		{ "null is something", "{\"a\":null}", "{}", "$.a", "null",
		  NOTHING },
		{ "deep", "{\"a\":[1,{\"b\":[]}]}", "{\"a\":[1,{\"b\":[0]}]}",
		  "$.a[1].b[0]", NOTHING, "0" },
		{ "shorter", "[1,2,3]", "[1,2]", "$[2]", "3", NOTHING },
		{ "body", "{\"body\":\"{\\\"n\\\":1}\"}",
		  "{\"body\":\"{\\\"n\\\":2}\"}", "$.body.n", "1", "2" },
		{ "spaces in a body", "{\"body\":\"[1]\"}",
		  "{\"body\":\"[ 1]\"}", "$.body", "\"[1]\"", "\"[ 1]\"" },
		{ "plain body", "{\"body\":\"1\"}", "{\"body\":\"2\"}",
		  "$.body", "\"1\"", "\"2\"" },
		{ "only one is JSON", "{\"body\":\"{}\"}", "{\"body\":\"{\"}",
		  "$.body", "\"{}\"", "\"{\"" },
		{ "first of two", "{\"x\":{\"y\":1},\"z\":1}",
		  "{\"z\":2,\"x\":{\"y\":2}}", "$.x.y", "1", "2" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct wsg_arena *arena = wsg_arena_new();
		struct difference difference = { 0 };
		struct wsg_buf was = { 0 }, is = { 0 };
		const char *error;
		const struct json *a =
			json_parse(arena, wsg_str(cases[i].a), &error);
		const struct json *b =
			json_parse(arena, wsg_str(cases[i].b), &error);
		bool differs;

		assert_true(a && b);
		differs = difference_find(&difference, arena, a, b);
		test_number(cases[i].name, differs, cases[i].path != NULL);
		if (differs) {
			put(&was, difference.a);
			put(&is, difference.b);
			test_text(cases[i].name, test_str(&difference.path),
				  wsg_str(cases[i].path));
			test_text(cases[i].name, test_str(&was),
				  wsg_str(cases[i].was));
			test_text(cases[i].name, test_str(&is),
				  wsg_str(cases[i].is));
		}
		wsg_buf_release(&difference.path);
		wsg_buf_release(&was);
		wsg_buf_release(&is);
		wsg_arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
