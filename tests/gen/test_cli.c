/* SPDX-License-Identifier: MIT */
/* Paths, and which functions a C file defines. */
#include "cli/defines.h"
#include "cli/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define CHECK_TEXT(name, text, wanted)                                 \
	do {                                                           \
		if (strcmp((text), (wanted)) != 0)                     \
			fail_msg("%s: '%s', not '%s'", (name), (text), \
				 (wanted));                            \
	} while (0)

static void test_parts(void **state)
{
	static const struct {
		const char *path, *folder, *leaf;
	} cases[] = {
		{ "chat.yaml", ".", "chat.yaml" },
		{ "a/chat.yaml", "a", "chat.yaml" },
		{ "a/b/chat.yaml", "a/b", "chat.yaml" },
		{ "/chat.yaml", "/", "chat.yaml" },
		{ "-", ".", "-" },
		{ "../x", "..", "x" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *path = cases[i].path;

		CHECK_TEXT(path, path_folder(&arena, path), cases[i].folder);
		CHECK_TEXT(path, path_leaf(&arena, path), cases[i].leaf);
		CHECK_TEXT(path,
			   path_join(&arena, cases[i].folder, cases[i].leaf),
			   path);
	}
	CHECK_TEXT("slashes", path_leaf(&arena, "a/b//"), "b");
	CHECK_TEXT("slashes", path_join(&arena, "a//", "b"), "a/b");
	arena_release(&arena);
}

/* None of these folders is there, so that their names alone count. */
static void test_from(void **state)
{
	static const struct {
		const char *from, *to, *way;
	} cases[] = {
		{ "/no/build", "/no", ".." },
		{ "/no/build/", "/no", ".." },
		{ "/no", "/no", "." },
		{ "/no/a", "/no/a/b/c", "b/c" },
		{ "/no/out/deep", "/no/app", "../../app" },
		{ "/no/app", "/no/apple", "../apple" },
		{ "/no/apple", "/no/app", "../app" },
		{ "/no/./x/../y", "/no//z/", "../z" },
		{ "/no/x", "/", "../.." },
		{ "/", "/no/x", "no/x" },
		{ "/../no", "/no/x", "x" },
		{ "no-such", ".", ".." },
		{ ".", "no-such/x", "no-such/x" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK_TEXT(cases[i].from,
			   path_from(&arena, cases[i].from, cases[i].to),
			   cases[i].way);
	arena_release(&arena);
}

static void test_defines(void **state)
{
	static const struct {
		const char *text;
		bool defines;
	} cases[] = {
		{ "", false },
		{ "int f(void) { return 0; }", true },
		{ "int\nf(void)\n{\n}\n", true },
		{ "int f(void)\r\n{\r\n}\r\n", true },
		{ "struct s *f(struct s *(*g)(int)) {}", true },
		{ "int f(void) /* here */\n// and here\n{}", true },
		{ "#include <x.h>\nint f(void) {}", true },
		{ "#define A \\\n\t{\nint f(void) {}", true },
		{ "char c = '{', *s = \"{\\\"{\";\nint f(void) {}", true },
		{ "static int x[] = { 1 };\nint f(void) {}", true },
		{ "int f(void);", false },
		{ "int ff(void) {}\nint f_(void) {}", false },
		{ "/* int f(void) {} */", false },
		{ "/*/ int f(void) {} /*/", false },
		{ "// int f(void) {}", false },
		{ "// \\\nint f(void) {}", false },
		{ "#define f(x) {", false },
		{ "const char *s = \"int f(void) {\";", false },
		{ "int g(void) { return f(1); }", false },
		{ "int g(void) { if (f(1)) { } }", false },
		{ "int x = f;", false },
		{ "int f(void", false },
		{ "int f", false },
		{ "\"", false },
		{ "/*", false },
		{ "'\\", false },
		{ "#\\", false },
		{ "}}} int f(void) {}", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (defines_function(cases[i].text, strlen(cases[i].text),
				     "f") != cases[i].defines)
			fail_msg("%s: %s", cases[i].text,
				 cases[i].defines ? "overlooked" : "imagined");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_from),
		cmocka_unit_test(test_defines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
