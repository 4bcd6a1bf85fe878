/* SPDX-License-Identifier: MIT */
/* test_utf8.c - what is plain, whatever stands where. */
#include "base/utf8.h"
#include "unit.h"

#define LONGEST 26

static bool is_plain(int byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* Every byte at every place of texts of every length, after odd neighbours. */
static void test_plain(void **state)
{
	static const char neighbours[] = { 'a', ' ', '~', '!', '#', '[', ']' };
	char text[LONGEST];

	(void)state;
	for (size_t n = 0; n < sizeof(neighbours); n++)
		for (size_t len = 0; len <= LONGEST; len++)
			for (size_t at = 0; at < len; at++)
				for (int byte = 0; byte < 256; byte++) {
					size_t want = is_plain(byte) ? len : at;
					size_t got;

					memset(text, neighbours[n], len);
					text[at] = (char)byte;
					got = utf8_plain(text, len);
					if (got != want)
						fail_msg("byte %d at %zu of "
							 "%zu: %zu",
							 byte, at, len, got);
				}
	assert_int_equal(utf8_plain("", 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
