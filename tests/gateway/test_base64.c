/* SPDX-License-Identifier: MIT */
/* Base64: RFC 4648's own vectors, and what is not base64. */
#include "test.h"

#include "base/base64.h"

static const struct {
	struct wsg_str bytes;
	const char *standard, *url;
} pairs[] = {
	{ { WSG_LIT("") }, "", "" },
	{ { WSG_LIT("f") }, "Zg==", "Zg==" },
	{ { WSG_LIT("fo") }, "Zm8=", "Zm8=" },
	{ { WSG_LIT("foo") }, "Zm9v", "Zm9v" },
	{ { WSG_LIT("foob") }, "Zm9vYg==", "Zm9vYg==" },
	{ { WSG_LIT("fooba") }, "Zm9vYmE=", "Zm9vYmE=" },
	{ { WSG_LIT("foobar") }, "Zm9vYmFy", "Zm9vYmFy" },
	{ { WSG_LIT("\xfb\xff\xbf\0\xff") }, "+/+/AP8=", "-_-_AP8=" },
};

static const char *const refused[] = {
	"Z",	    "Zg",   "Zg=",   "Zg===",  "=",
	"====",	    "Zh==", "Zm9=",  "Zm9v\n", "Zm 9",
	"Zg==Zg==", "Z===", "Zm9v=", "Zm9*",   "Zm9vZ\xc3\xa9=",
	"-_-+",
};

static void test_pairs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct wsg_buf out = { 0 };

		wsg_buf_text(&out, "-");
		base64_put(&out, pairs[i].bytes);
		base64_put_url(&out, pairs[i].bytes);
		test_number(pairs[i].standard, out.ptr[0], '-');
		test_number(pairs[i].standard,
			    strncmp(out.ptr + 1, pairs[i].standard,
				    strlen(pairs[i].standard)),
			    0);
		test_text(pairs[i].url,
			  wsg_str(out.ptr + 1 + strlen(pairs[i].standard)),
			  wsg_str(pairs[i].url));
		wsg_buf_clear(&out);
		assert_true(base64_read(&out, wsg_str(pairs[i].standard)));
		test_text(pairs[i].standard, test_str(&out), pairs[i].bytes);
		assert_true(base64_read_url(&out, wsg_str(pairs[i].url)));
		test_number(pairs[i].url, (int64_t)out.len,
			    2 * (int64_t)pairs[i].bytes.len);
		wsg_buf_release(&out);
	}
}

static void test_refused(void **state)
{
	struct wsg_buf out = { 0 };

	(void)state;
	wsg_buf_text(&out, "kept");
	for (size_t i = 0; i < COUNT(refused); i++) {
		if (base64_read(&out, wsg_str(refused[i])) ||
		    base64_read_url(&out, wsg_str(refused[i])))
			fail_msg("'%s' was read", refused[i]);
		test_text(refused[i], wsg_str(out.ptr), wsg_str("kept"));
	}
	assert_false(base64_read_url(&out, wsg_str("+/+/")));
	assert_false(base64_read(&out, wsg_str("-_-_")));
	wsg_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
