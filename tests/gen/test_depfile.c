/* SPDX-License-Identifier: MIT */
#include "output/depfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const struct {
	const char *name;
	const char *targets[3], *prerequisites[3];
	const char *text;
} cases[] = {
	{ "one of each",
	  { "build/.wsgen/stamp" },
	  { "chat.yaml" },
	  "build/.wsgen/stamp: \\\n chat.yaml\n\nchat.yaml:\n" },
	{ "two of each",
	  { "a", "b" },
	  { "c", "d" },
	  "a b: \\\n c \\\n d\n\nc:\n\nd:\n" },
	{ "nothing read", { "a" }, { 0 }, "a:\n" },
	{ "spaces and signs",
	  { "my build/#1" },
	  { "a$b:c%d" },
	  "my\\ build/\\#1: \\\n a$$b\\:c%d\n\na$$b\\:c\\%d:\n" },
	{ "backslashes",
	  { "a\\b" },
	  { "c\\ d" },
	  "a\\b: \\\n c\\\\\\ d\n\nc\\\\\\ d:\n" },
};

static size_t count(const char *const names[3])
{
	size_t i = 0;

	while (i < 3 && names[i])
		i++;
	return i;
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena arena = { 0 };
		struct buf out;

		print_message("  %s\n", cases[i].name);
		buf_init(&out, &arena);
		depfile_print(&out, cases[i].targets, count(cases[i].targets),
			      cases[i].prerequisites,
			      count(cases[i].prerequisites));
		assert_string_equal(out.text, cases[i].text);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
