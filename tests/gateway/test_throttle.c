/* SPDX-License-Identifier: MIT */
/* test_throttle.c - buckets, by a clock that the test has. */
#include "test.h"

#include "api/throttle.h"

#define S INT64_C(1000000)

struct take {
	int64_t after_us;
	bool taken;
};

static const struct {
	const char *name;
	double rate, burst;
	struct take takes[8];
	size_t count;
} cases[] = {
	{ "a burst, then nothing",
	  1,
	  2,
	  { { 0, true }, { 0, true }, { 0, false } },
	  3 },
	{ "one comes back in a second",
	  1,
	  1,
	  { { 0, true }, { S - 1, false }, { 1, true }, { 0, false } },
	  4 },
	{ "never more than the burst",
	  10,
	  2,
	  { { 0, true }, { 60 * S, true }, { 0, true }, { 0, false } },
	  4 },
	{ "a rate below one",
	  0.5,
	  1,
	  { { 0, true }, { S, false }, { S, true } },
	  3 },
	{ "no burst, no tokens", 5, 0, { { 0, false }, { S, false } }, 2 },
	{ "a clock that goes back gives nothing, and goes on from there",
	  1,
	  1,
	  { { 0, true }, { -900 * S, false }, { S, true }, { 0, false } },
	  4 },
};

static void test_buckets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bucket bucket = { 0 };
		int64_t now = 1000 * S;

		for (size_t k = 0; k < cases[i].count; k++) {
			const struct take *take = &cases[i].takes[k];

			now += take->after_us;
			if (bucket_take(&bucket, cases[i].rate, cases[i].burst,
					now) != take->taken)
				fail_msg("%s: %zu", cases[i].name, k);
		}
	}
}

static void test_account(void **state)
{
	struct account account = { 0 };
	struct account unlimited = { .unlimited = true };
	int64_t now = 1000 * S;

	(void)state;
	for (int i = 0; i < ACCOUNT_REQUESTS_BURST; i++)
		assert_true(account_request(&account, now));
	assert_false(account_request(&account, now));
	/* 10,000 a second is one every 100 microseconds. */
	assert_true(account_request(&account, now + 100));
	assert_false(account_request(&account, now + 100));
	for (int i = 0; i < ACCOUNT_CONNECTIONS_BURST; i++)
		assert_true(account_connection(&account, now));
	assert_false(account_connection(&account, now));
	for (int i = 0; i < 2 * ACCOUNT_REQUESTS_BURST; i++)
		assert_true(account_request(&unlimited, now) &&
			    account_connection(&unlimited, now));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buckets),
		cmocka_unit_test(test_account),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
