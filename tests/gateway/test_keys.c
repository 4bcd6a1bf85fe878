/* SPDX-License-Identifier: MIT */
/* test_keys.c - API keys as the command line has them. */
#include "test.h"

#include "api/keys.h"

static const struct {
	const char *text;
	const char *id; /* NULL: made from the value; "": there is no key */
	const char *value;
} cases[] = {
	{ "web=0123456789", "web", "0123456789" },
	{ "0123456789", NULL, "0123456789" },
	{ "a1=b2=c3", "a1", "b2=c3" },
	{ "dG9rZW4=", NULL, "dG9rZW4=" },
	{ "dG9rZQ==", NULL, "dG9rZQ==" },
	{ "a-b=c", NULL, "a-b=c" },
	{ "=c", NULL, "=c" },
	{ "", "", "" },
	{ "abcdefghijklmnopqrstuvwxyz0123456789=c", "", "" },
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *name = cases[i].text;
		const char *id = cases[i].id;
		struct api_key key = { 0 };

		if (key_parse(&key, wsg_str(name)) != !(id && !*id))
			fail_msg("%s: taken or not", name);
		if (id && !*id)
			continue;
		test_text(name, key.value, wsg_str(cases[i].value));
		if (id)
			test_text(name, wsg_str(key.id), wsg_str(id));
		else
			test_number(name, (int64_t)strlen(key.id), 10);
	}
}

static void test_find(void **state)
{
	struct api_key keys[2] = { 0 };

	(void)state;
	assert_true(key_parse(&keys[0], wsg_str("a=first")));
	assert_true(key_parse(&keys[1], wsg_str("b=second")));
	assert_ptr_equal(keys_find(keys, 2, wsg_str("second")), &keys[1]);
	assert_null(keys_find(keys, 2, wsg_str("a")));
	assert_null(keys_find(keys, 2, wsg_str("")));
	assert_null(keys_find(NULL, 0, wsg_str("first")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
