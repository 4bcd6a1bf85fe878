/* SPDX-License-Identifier: MIT */
/* Patterns: what they match, and what is no pattern here. */
#include "test.h"

#include <wsgen/message.h>

static const struct {
	const char *pattern;
	const char *text;
	bool matches;
} cases[] = {
	{ "", "", true },
	{ "", "x", true },
	{ "a", "xay", true },
	{ "a", "xy", false },
	{ "^a", "ba", false },
	{ "a$", "ab", false },
	{ "^$", "", true },
	{ "^$", "a", false },
	{ "^[a-z]+$", "abc", true },
	{ "^[a-z]+$", "aBc", false },
	{ "^[^a-z]+$", "ABC1", true },
	{ "^[^a-z]+$", "ABc", false },
	{ "^a|b$", "ax", true },
	{ "^a|b$", "xb", true },
	{ "^a|b$", "xax", false },
	{ "^(a|b)$", "b", true },
	{ "^(?:ab)+$", "abab", true },
	{ "^(?:ab)+$", "aba", false },
	{ "^a*b?c+$", "aacc", true },
	{ "^a{2}$", "aa", true },
	{ "^a{2}$", "aaa", false },
	{ "^a{2,}$", "aaaa", true },
	{ "^a{2,}$", "a", false },
	{ "^a{2,3}$", "aaa", true },
	{ "^a{2,3}$", "aaaa", false },
	{ "^a{0,2}$", "", true },
	{ "^(a{1,2}b){2}$", "abaab", true },
	{ "^a+?$", "aaa", true },
	{ "^\\d{3}-\\d{4}$", "555-0123", true },
	{ "^\\D+$", "a1", false },
	{ "^\\w+\\s\\W$", "a_1 !", true },
	{ "^\\S+$", "a\xc2\xa0", false },
	{ "^[\\d.]+$", "1.2", true },
	{ "^[\\w-]+$", "a-b", true },
	{ "^[]-]$", "-", false },
	{ "^[a-]$", "-", true },
	{ "^.$", "\xc3\xa9", true },
	{ "^.$", "\n", false },
	{ "^.$", "\xf0\x9f\x98\x80", true },
	{ "^[\xc3\xa0-\xc3\xbf]$", "\xc3\xa9", true },
	{ "^\\u00e9\\x41$",
	  "\xc3\xa9"
	  "A",
	  true },
	{ "^\\$\\.\\^\\/$", "$.^/", true },
	{ "^(a*)*$", "aaa", true },
	{ "^(a|a|aa)*b$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	{ "(x+x+)+y", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	  false },
	{ "^[^]$", "\n", true },
	{ "[]", "a", false },
	{ "a||b", "", true },
	{ "()", "", true },
};

/* None of these matches anything, not even what they would mean elsewhere. */
static const char *const none[] = {
	"(",
	")",
	"a)",
	"[a",
	"[z-a]",
	"*",
	"a**",
	"a{2",
	"a{3,2}",
	"a{,2}",
	"{",
	"}",
	"]",
	"\\",
	"\\q",
	"\\b",
	"\\1",
	"(?=a)",
	"(?!a)",
	"(?<=a)",
	"(?",
	"(?:",
	"a{1001}",
	"\\x4",
	"\\u12",
	"[a-\\d]",
	"[\\",
	"(a{1000}){1000}",
	"a{99999999999}",
};

static void matches(void **unused)
{
	struct wsg_arena *arena = wsg_arena_new();
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		if (wsg_pattern_matches(arena, cases[i].pattern,
					wsg_str(cases[i].text)) !=
		    cases[i].matches)
			fail_msg("%s against %s", cases[i].pattern,
				 cases[i].text);
		wsg_arena_reset(arena);
	}
	wsg_arena_free(arena);
}

static void refuses(void **unused)
{
	struct wsg_arena *arena = wsg_arena_new();
	static const char *const texts[] = { "", "a", "aa", "b", "{", "]" };
	size_t i, j;

	(void)unused;
	for (i = 0; i < COUNT(none); i++) {
		for (j = 0; j < COUNT(texts); j++) {
			if (wsg_pattern_matches(arena, none[i],
						wsg_str(texts[j])))
				fail_msg("%s against %s", none[i], texts[j]);
			wsg_arena_reset(arena);
		}
	}
	wsg_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
