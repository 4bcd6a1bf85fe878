/* SPDX-License-Identifier: MIT */
/* Ids: their form, what they share, and what is none. */
#include "test.h"

#include "base/id.h"

#include <ctype.h>

static const struct {
	const char *text;
	bool well_formed;
} cases[] = {
	{ "L0SM9cOFvHcCIhw=", true },
	{ "PbTkjcISoAMCJNQ=", true },
	{ "-_-_-_-_-_-_-_A=", true },
	{ "L0SM9cOFvHcCIhw", false },
	{ "L0SM9cOFvHcCIhwA", false },
	{ "L0SM9cOFvHcCIhx=", false },
	{ "L0SM9cOFvHcCIh==", false },
	{ "+0SM9cOFvHcCIhw=", false },
	{ "L0SM9cOFvHcCIhw%3D", false },
	{ "L0SM9cOFvHcCIhw==", false },
	{ "", false },
};

static void test_well_formed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		test_number(cases[i].text,
			    id_is_well_formed(wsg_str(cases[i].text)),
			    cases[i].well_formed);
}

static void test_new(void **state)
{
	struct secrets secrets = { 0 };
	struct id a = id_new(&secrets), b = id_new(&secrets);
	struct id message = id_of_message(&secrets, &a);

	(void)state;
	assert_true(id_is_well_formed(wsg_str(a.text)));
	assert_true(id_is_well_formed(wsg_str(message.text)));
	assert_string_not_equal(a.text, b.text);
	assert_string_not_equal(a.text, message.text);
	/* 6 bytes are 8 letters; what follows is the 5 that are shared. */
	assert_string_equal(a.text + 8, message.text + 8);
}

static void test_uuid(void **state)
{
	struct uuid a = uuid_new(), b = uuid_new();

	(void)state;
	assert_string_not_equal(a.text, b.text);
	assert_int_equal(strlen(a.text), UUID_LEN);
	for (size_t i = 0; i < UUID_LEN; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? a.text[i] != '-'
			 : !isdigit((unsigned char)a.text[i]) &&
				    !(a.text[i] >= 'a' && a.text[i] <= 'f'))
			fail_msg("'%s' at %zu", a.text, i);
	}
	assert_int_equal(a.text[14], '4');
	assert_non_null(strchr("89ab", a.text[19]));
}

static void test_api(void **state)
{
	char chat[11], again[11], chat2[11], empty[11];

	(void)state;
	id_of_api(wsg_str("chat"), chat);
	id_of_api(wsg_str("chat"), again);
	id_of_api(wsg_str("chat2"), chat2);
	id_of_api(wsg_str(""), empty);
	/* Spelled out, since it must be the same on every machine. */
	assert_string_equal(chat, "dsf4l3rcn4");
	assert_string_equal(again, chat);
	assert_string_not_equal(chat2, chat);
	assert_int_equal(strlen(empty), 10);
	for (size_t i = 0; i < 10; i++)
		assert_true(isdigit((unsigned char)chat2[i]) ||
			    islower((unsigned char)chat2[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_well_formed),
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_uuid),
		cmocka_unit_test(test_api),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
