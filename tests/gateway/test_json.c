/* SPDX-License-Identifier: MIT */
/* JSON as a tree: read, written again, looked into; and what is refused. */
#include "test.h"

#include "base/json.h"

static const struct {
	const char *text;
	const char *again; /* NULL: refused */
} cases[] = {
	{ "null", "null" },
	{ " true ", "true" },
	{ "[false,[],{}]", "[false,[],{}]" },
	{ "-1.50e+3", "-1.50e+3" },
	{ "\"a\\u00e9\\n\\/\"", "\"a\xc3\xa9\\n/\"" },
	{ "{ \"b\" : [ 1 , 2 ] , \"a\" : { \"c\" : null } }",
	  "{\"b\":[1,2],\"a\":{\"c\":null}}" },
	{ "{\"\":\"\"}", "{\"\":\"\"}" },
	{ "", NULL },
	{ " ", NULL },
	{ "1 2", NULL },
	{ "[1,]", NULL },
	{ "{\"a\":1,}", NULL },
	{ "{\"a\":1,\"a\":2}", NULL },
	{ "{\"a\":1,\"\\u0061\":2}", NULL },
	{ "{\"a\":{\"b\":1},\"b\":{\"b\":1}}",
	  "{\"a\":{\"b\":1},\"b\":{\"b\":1}}" },
	{ "{\"a\" 1}", NULL },
	{ "[1", NULL },
	{ "nul", NULL },
	{ "\"\xff\"", NULL },
	{ "01", NULL },
};

static void test_cases(void **state)
{
	struct wsg_arena *arena = wsg_arena_new();
	struct wsg_buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *error = NULL;
		const struct json *tree =
			json_parse(arena, wsg_str(cases[i].text), &error);

		if (!tree != !cases[i].again || !tree != !!error)
			fail_msg("'%s': %s", cases[i].text,
				 error ? error : "was read");
		if (tree) {
			wsg_buf_clear(&out);
			json_put(&out, tree);
			test_text(cases[i].text, test_str(&out),
				  wsg_str(cases[i].again));
		}
		wsg_arena_reset(arena);
	}
	wsg_buf_release(&out);
	wsg_arena_free(arena);
}

static void test_values(void **state)
{
	static const char text[] =
		"{\"int\":-42,\"big\":9223372036854775807,\"more\":"
		"9223372036854775808,\"half\":0.5,\"yes\":true,\"text\":\"t\","
		"\"nothing\":null,\"list\":[1,2,3]}";
	struct wsg_arena *arena = wsg_arena_new();
	const char *error;
	const struct json *tree = json_parse(arena, wsg_str(text), &error);

	(void)state;
	assert_non_null(tree);
	assert_int_equal(tree->count, 8);
	assert_int_equal(json_int(json_get(tree, "int"), 1), -42);
	assert_true(json_int(json_get(tree, "big"), 1) == INT64_MAX);
	assert_int_equal(json_int(json_get(tree, "more"), 1), 1);
	assert_int_equal(json_int(json_get(tree, "half"), 1), 1);
	assert_int_equal(json_int(json_get(tree, "text"), 1), 1);
	assert_int_equal(json_int(json_get(tree, "none"), 1), 1);
	assert_true(json_number(json_get(tree, "half"), 1) == 0.5);
	assert_true(json_number(json_get(tree, "int"), 1) == -42);
	assert_true(json_number(json_get(tree, "yes"), 7) == 7);
	assert_true(json_bool(json_get(tree, "yes"), false));
	assert_true(json_bool(json_get(tree, "nothing"), true));
	test_text("text", json_text(json_get(tree, "text")), wsg_str("t"));
	assert_null(json_text(json_get(tree, "int")).ptr);
	assert_null(json_get(json_get(tree, "none"), "deeper"));
	assert_null(json_get(json_get(tree, "list"), "0"));
	assert_int_equal(json_get(tree, "list")->count, 3);
	assert_int_equal(json_int(json_get(tree, "list")->first->next, 0), 2);
	wsg_arena_free(arena);
}

/* Past a few members repeated keys are found another way. */
static void test_many_members(void **state)
{
	static const int repeated[] = { 0, 14, 15, 16, 17, 300, 19999 };
	struct wsg_arena *arena = wsg_arena_new();
	struct wsg_buf text = { 0 };
	const struct json *tree;
	const char *error;

	(void)state;
	for (int i = 0; i < 20000; i++)
		wsg_buf_printf(&text, "%s\"key%d\":%d", i ? "," : "{", i, i);
	wsg_buf_text(&text, "}");
	tree = json_parse(arena, test_str(&text), &error);
	assert_non_null(tree);
	assert_int_equal(json_int(json_get(tree, "key19999"), 0), 19999);
	for (size_t i = 0; i < COUNT(repeated); i++) {
		wsg_arena_reset(arena);
		text.len--;
		wsg_buf_printf(&text, ",\"key%d\":0}", repeated[i]);
		assert_null(json_parse(arena, test_str(&text), &error));
		assert_string_equal(error, "a key comes twice");
		text.len -= strlen(strrchr(text.ptr, ','));
		wsg_buf_text(&text, "}");
	}
	wsg_buf_release(&text);
	wsg_arena_free(arena);
}

static void test_depth(void **state)
{
	struct wsg_arena *arena = wsg_arena_new();
	char text[2 * WSG_JSON_DEPTH_MAX + 2];
	const char *error;

	(void)state;
	for (size_t depth = WSG_JSON_DEPTH_MAX; depth <= WSG_JSON_DEPTH_MAX + 1;
	     depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		if (!json_parse(arena, (struct wsg_str){ text, 2 * depth },
				&error) != (depth > WSG_JSON_DEPTH_MAX))
			fail_msg("%zu deep", depth);
	}
	wsg_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_many_members),
		cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
