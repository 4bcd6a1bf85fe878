/* SPDX-License-Identifier: MIT */
/* Texts of HTTP: case, blanks, lists and percents. */
#include "test.h"

#include "base/text.h"

static const struct {
	const char *a, *b;
	bool alike;
} pairs[] = {
	{ "", "", true },
	{ "Upgrade", "uPGRADE", true },
	{ "a", "ab", false },
	{ "[", "{", false },
	{ "@", "`", false },
	{ "z1-", "Z1-", true },
	{ "\xc3\xa9", "\xc3\x89", false },
};

static const struct {
	const char *text, *trimmed;
} blanks[] = {
	{ "", "" },   { " \t ", "" },	{ " a b\t", "a b" },
	{ "a", "a" }, { "\na", "\na" },
};

static const struct {
	const char *text, *first, *rest; /* rest NULL: nothing to cut at */
} cuts[] = {
	{ "", "", NULL },  { "a", "a", NULL }, { "a,b,c", "a", "b,c" },
	{ ",b", "", "b" }, { "a,", "a", "" },
};

static const struct {
	const char *text, *read, *query; /* NULL: refused */
} percents[] = {
	{ "", "", "" },
	{ "a+b%2B", "a+b+", "a b+" },
	{ "%e2%82%AC", "\xe2\x82\xac", "\xe2\x82\xac" },
	{ "%", NULL, NULL },
	{ "%4", NULL, NULL },
	{ "%4g", NULL, NULL },
	{ "a%%41", NULL, NULL },
	{ "%2525", "%25", "%25" },
};

static void test_alike(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++)
		test_number(
			pairs[i].a,
			text_alike(wsg_str(pairs[i].a), wsg_str(pairs[i].b)),
			pairs[i].alike);
}

static void test_trim(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(blanks); i++)
		test_text(blanks[i].text, text_trim(wsg_str(blanks[i].text)),
			  wsg_str(blanks[i].trimmed));
}

static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cuts); i++) {
		struct wsg_str rest;
		struct wsg_str first =
			text_cut(wsg_str(cuts[i].text), ',', &rest);

		test_text(cuts[i].text, first, wsg_str(cuts[i].first));
		test_text(cuts[i].text, rest, wsg_str(cuts[i].rest));
		test_number(cuts[i].text, !rest.ptr, !cuts[i].rest);
	}
}

static void test_percent(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * COUNT(percents); i++) {
		bool plus = i % 2;
		const char *text = percents[i / 2].text;
		const char *read =
			plus ? percents[i / 2].query : percents[i / 2].read;
		struct wsg_buf out = { 0 };

		wsg_buf_text(&out, "=");
		test_number(text, text_percent_read(&out, wsg_str(text), plus),
			    read != NULL);
		test_text(text, wsg_str(out.ptr + 1), wsg_str(read));
		wsg_buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alike),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_percent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
