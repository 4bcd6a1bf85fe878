/* SPDX-License-Identifier: MIT */
/* Chance: the same again from the same seed, and evenly spread. */
#include "test.h"

#include "base/random.h"

/* What the published algorithms give, worked out apart from this program. */
static const uint64_t from_1[] = { 0xb3f2af6d0fc710c5, 0x853b559647364cea,
				   0x92f89756082a4514 };

static void test_sequence(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, 1);
	for (size_t i = 0; i < COUNT(from_1); i++)
		assert_true(random_next(&random) == from_1[i]);
}

static void test_unit(void **state)
{
	struct random random;
	unsigned tenths[10] = { 0 };

	(void)state;
	random_seed(&random, 0);
	for (int i = 0; i < 10000; i++) {
		double unit = random_unit(&random);

		assert_true(unit >= 0 && unit < 1);
		tenths[(size_t)(unit * 10)]++;
	}
	for (size_t i = 0; i < 10; i++)
		if (tenths[i] < 850 || tenths[i] > 1150)
			fail_msg("%u in tenth %zu", tenths[i], i);
}

/* More than the system gives at once, and to the last byte. */
static void test_secret(void **state)
{
	unsigned char bytes[1000];
	unsigned changed = 0;

	(void)state;
	for (int round = 0; round < 4; round++) {
		memset(bytes, 0, sizeof(bytes));
		random_secret(bytes, sizeof(bytes) - 1);
		changed += bytes[998] != 0;
		assert_int_equal(bytes[999], 0);
	}
	assert_true(changed > 0);
}

/* No byte is given out twice, however many are asked for at a time. */
static void test_secrets(void **state)
{
	static const size_t lens[] = { 16, 11, 6, 256, 1, 255, 0, 200, 56 };
	struct secrets secrets = { 0 };
	unsigned char before[8] = { 0 }, bytes[257];

	(void)state;
	for (size_t round = 0; round < 4 * COUNT(lens); round++) {
		size_t len = lens[round % COUNT(lens)];

		memset(bytes, 0, sizeof(bytes));
		secrets_take(&secrets, bytes, len);
		assert_int_equal(bytes[len], 0);
		if (len < sizeof(before))
			continue;
		assert_memory_not_equal(bytes, before, sizeof(before));
		memcpy(before, bytes, sizeof(before));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequence),
		cmocka_unit_test(test_unit),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
