/* SPDX-License-Identifier: MIT */
/* The console's memory: against a plain list of all that was ever added. */
#include "test.h"

#include "console/history.h"

#define ADDED 3000

static char bytes[HISTORY_BYTES + 1];
static size_t lengths[ADDED];

/* The last ones, in their order, as many as there may be. */
static void check(const char *name, const struct history *history, size_t added)
{
	size_t sum = 0;

	assert_true(history->count <= added);
	for (size_t i = 0; i < history->count; i++) {
		struct wsg_str text = history_at(history, i);
		size_t number = added - history->count + i;

		test_number(name, (int64_t)text.len, (int64_t)lengths[number]);
		if (text.len >= sizeof(number) &&
		    memcmp(text.ptr, &number, sizeof(number)))
			fail_msg("%s: the one at %zu is not number %zu", name,
				 i, number);
		sum += text.len;
	}
	test_number(name, (int64_t)history->bytes, (int64_t)sum);
	assert_true(sum <= HISTORY_BYTES && history->count <= HISTORY_COUNT);
	/* None was forgotten without need. */
	if (history->count < added && history->count < HISTORY_COUNT)
		assert_true(sum + lengths[added - history->count - 1] >
			    HISTORY_BYTES);
}

static void test_kept(void **state)
{
	static const struct {
		const char *name;
		size_t count, len, more; /* len grows by more each time */
	} cases[] = {
		{ "none", 0, 0, 0 },
		{ "empty texts", 600, 0, 0 },
		{ "few", 10, 100, 0 },
		{ "as many as go in", HISTORY_COUNT, 100, 0 },
		{ "one more", HISTORY_COUNT + 1, 100, 0 },
		{ "often around", ADDED, 100, 1 },
		{ "few long ones", 100, HISTORY_BYTES / 4, 0 },
		{ "all of it", 3, HISTORY_BYTES, 0 },
		{ "longer and longer", 400, 8, 5000 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct history history = { 0 };

		for (size_t n = 0; n < cases[i].count; n++) {
			lengths[n] = cases[i].len + n * cases[i].more;
			memcpy(bytes, &n, sizeof(n));
			history_add(&history,
				    (struct wsg_str){ bytes, lengths[n] });
			if (n % 100 == 0)
				check(cases[i].name, &history, n + 1);
		}
		check(cases[i].name, &history, cases[i].count);
		history_release(&history);
		test_number(cases[i].name, (int64_t)history.bytes, 0);
	}
}

static void test_too_long(void **state)
{
	struct history history = { 0 };

	(void)state;
	history_add(&history, wsg_str("kept"));
	history_add(&history, (struct wsg_str){ bytes, HISTORY_BYTES + 1 });
	assert_int_equal(history.count, 1);
	test_text("what was there", history_at(&history, 0), wsg_str("kept"));
	history_release(&history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
