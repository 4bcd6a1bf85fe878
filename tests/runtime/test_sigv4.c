/* SPDX-License-Identifier: MIT */
/* The digests under signatures, and the parts that have edges of their own. */
#include "test.h"

#include "sigv4.h"

static void test_sha256(void **state)
{
	/* FIPS 180-4's examples, and lengths around a block's end. */
	static const struct {
		char fill;
		size_t len;
		const char *text, *hex;
	} cases[] = {
		{ 0, 0, "",
		  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
		  "7852b855" },
		{ 0, 3, "abc",
		  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61"
		  "f20015ad" },
		{ 'a', 55, NULL,
		  "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e91"
		  "0f734318" },
		{ 'a', 56, NULL,
		  "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef797068"
		  "6ec6738a" },
		{ 'a', 64, NULL,
		  "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df"
		  "154668eb" },
		{ 'a', 1000, NULL,
		  "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1"
		  "b9737ea3" },
	};
	char bytes[1000];
	size_t i, step;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		for (step = 1; step < 70; step++) {
			unsigned char digest[WSG_SHA256_LEN];
			char hex[WSG_SHA256_HEX_LEN + 1];
			struct wsg_sha256 sha;
			size_t at = 0, part;

			memset(bytes, cases[i].fill, sizeof(bytes));
			if (cases[i].text)
				memcpy(bytes, cases[i].text, cases[i].len);
			wsg_sha256_init(&sha);
			for (; at < cases[i].len; at += part) {
				part = cases[i].len - at;
				part = part < step ? part : step;
				wsg_sha256_add(&sha, bytes + at, part);
			}
			wsg_sha256_end(&sha, digest);
			wsg_sha256_hex(hex, digest);
			if (strcmp(hex, cases[i].hex) != 0)
				fail_msg("%zu bytes by %zu: %s", cases[i].len,
					 step, hex);
		}
	}
}

static void test_hmac(void **state)
{
	/* Test cases 2, 3 and 6 of RFC 4231. */
	static const struct {
		const char *name, *hex;
		char key_fill;
		size_t key_len;
		const char *key;
		struct wsg_str text;
	} cases[] = {
		{ "short key",
		  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b9"
		  "64ec3843",
		  0,
		  4,
		  "Jefe",
		  { WSG_LIT("what do ya want for nothing?") } },
		{ "long key",
		  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f"
		  "0ee37f54",
		  '\xaa',
		  131,
		  NULL,
		  { WSG_LIT("Test Using Larger Than Block-Size Key - Hash Key "
			    "First") } },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		unsigned char digest[WSG_SHA256_LEN];
		char hex[WSG_SHA256_HEX_LEN + 1], key[131];

		memset(key, cases[i].key_fill, sizeof(key));
		if (cases[i].key)
			memcpy(key, cases[i].key, cases[i].key_len);
		wsg_hmac_sha256(key, cases[i].key_len, cases[i].text, digest);
		wsg_sha256_hex(hex, digest);
		if (strcmp(hex, cases[i].hex) != 0)
			fail_msg("%s: %s", cases[i].name, hex);
	}
}

static void test_time(void **state)
{
	static const struct {
		const char *text;
		bool valid;
		int64_t time_s;
	} cases[] = {
		{ "20150830T123600Z", true, 1440938160 },
		{ "19700101T000000Z", true, 0 },
		{ "20150830T123600", false, 0 },
		{ "20150830T123600z", false, 0 },
		{ "20150830 123600Z", false, 0 },
		{ "20151330T123600Z", false, 0 },
		{ "2015-830T123600Z", false, 0 },
		{ "", false, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		char text[WSG_SIGV4_TIME_LEN + 1] = "";
		int64_t time_s = 0;
		bool valid =
			wsg_sigv4_parse_time(wsg_str(cases[i].text), &time_s);

		if (valid != cases[i].valid || time_s != cases[i].time_s)
			fail_msg("'%s' was read as %d, %" PRId64, cases[i].text,
				 valid, time_s);
		if (valid && (!wsg_sigv4_print_time(text, time_s) ||
			      strcmp(text, cases[i].text) != 0))
			fail_msg("'%s' was written as '%s'", cases[i].text,
				 text);
	}
	assert_false(wsg_sigv4_print_time((char[WSG_SIGV4_TIME_LEN + 1]){ 0 },
					  INT64_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
