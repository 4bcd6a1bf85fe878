/* SPDX-License-Identifier: MIT */
/* The hash of FIPS 180-4, by its own examples and at each odd length. */
#include "unit.h"

#include "base/sha256.h"

#include <stdio.h>

static void test_texts(void **state)
{
	static const struct {
		const char *name;
		char letter;
		size_t len, step;
		const char *hex;
	} cases[] = {
		{ "nothing", 'a', 0, 1,
		  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852"
		  "b855" },
		{ "a block less its length", 'a', 56, 7,
		  "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6"
		  "738a" },
		{ "a million", 'a', 1000000, 1000,
		  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc711"
		  "2cd0" },
	};
	struct arena arena = { 0 };
	char step[1000];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		unsigned char digest[32];
		struct sha256 sha;
		char hex[65];

		memset(step, cases[i].letter, sizeof(step));
		sha256_init(&sha);
		for (size_t at = 0; at < cases[i].len; at += cases[i].step)
			sha256_add(&sha, step, cases[i].step);
		sha256_end(&sha, digest);
		for (size_t k = 0; k < sizeof(digest); k++)
			snprintf(hex + k * 2, 3, "%02x", digest[k]);
		CHECK_TEXT(cases[i].name, hex, cases[i].hex);
	}
	CHECK_TEXT(
		"at once", sha256_hex(&arena, "abc", 3),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f200"
		"15ad");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_texts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
