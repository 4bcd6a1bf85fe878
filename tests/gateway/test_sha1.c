/* SPDX-License-Identifier: MIT */
/* SHA-1: the vectors of FIPS 180, and every way that a text fills a block. */
#include "test.h"

#include "base/sha1.h"

static const struct {
	const char *text;
	size_t times;
	const char *digest;
} cases[] = {
	{ "", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ "abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	  "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	{ "a", 55, "c1c8bbdc22796e28c0e15163d20899b65621d65a" },
	{ "a", 56, "c2db330f6083854c99d4b5bfb6e8f29f201be699" },
	{ "a", 63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5" },
	{ "a", 64, "0098ba824b5c16427bd7a1122a5a442a25ec644d" },
	{ "a", 65, "11655326c708d70319be2610e8a57d9a5b959d3b" },
	{ "a", 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f" },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		unsigned char digest[SHA1_LEN];
		struct wsg_buf text = { 0 };
		char hex[2 * SHA1_LEN + 1];

		for (size_t n = 0; n < cases[i].times; n++)
			wsg_buf_text(&text, cases[i].text);
		sha1(test_str(&text), digest);
		for (size_t n = 0; n < SHA1_LEN; n++)
			snprintf(hex + 2 * n, 3, "%02x", digest[n]);
		if (strcmp(hex, cases[i].digest))
			fail_msg("%zu times '%s': %s", cases[i].times,
				 cases[i].text, hex);
		wsg_buf_release(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
