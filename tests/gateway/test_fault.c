/* SPDX-License-Identifier: MIT */
/* test_fault.c - what --fault takes, what it refuses, and that it is fair. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"

struct good {
	const char *text;
	double throttle, gone, crash, drop;
	int64_t latency_min_us, latency_max_us;
};

static const struct good good[] = {
	{ "throttle=5%", 0.05, 0, 0, 0, 0, 0 },
	{ "gone=1%", 0, 0.01, 0, 0, 0, 0 },
	{ "crash=0.1%,drop=100%", 0, 0, 0.001, 1, 0, 0 },
	{ "latency=50ms", 0, 0, 0, 0, 50000, 50000 },
	{ "latency=50ms..2s", 0, 0, 0, 0, 50000, 2000000 },
	{ "latency=0.5ms..1.5s", 0, 0, 0, 0, 500, 1500000 },
	{ "latency=250us,seed=7", 0, 0, 0, 0, 250, 250 },
	{ "throttle=5%,gone=1%,latency=50ms..2s,crash=0.1%,drop=1%,seed=7",
	  0.05, 0.01, 0.001, 0.01, 50000, 2000000 },
};

static const char *const bad[] = {
	"",
	"throttle",
	"throttle=",
	"throttle=5",
	"throttle=101%",
	"throttle=-1%",
	"throttle=%",
	"throttle=5%%",
	"throttle=5 %",
	"Throttle=5%",
	"latency=5",
	"latency=ms",
	"latency=2s..1s",
	"latency=1s..",
	"latency=..1s",
	"latency=1s...2s",
	"latency=901s",
	"latency=1h",
	"seed=",
	"seed=x",
	"seed=-1",
	"seed=1e3",
	"seed=99999999999999999999",
	"lag=5%",
	"throttle=5%,,gone=1%",
	"throttle=.%",
	",gone=1%",
};

static int alike(double a, double b)
{
	return a - b < 1e-12 && b - a < 1e-12;
}

static void test_parse(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const struct good *want = &good[i];
		struct wsg_buf error = { 0 };
		struct fault fault;

		if (!fault_parse(&fault, wsg_str(want->text), &error))
			fail_msg("%s: %s", want->text, error.ptr);
		if (!alike(fault.throttle, want->throttle) ||
		    !alike(fault.gone, want->gone) ||
		    !alike(fault.crash, want->crash) ||
		    !alike(fault.drop, want->drop) ||
		    fault.latency_min_us != want->latency_min_us ||
		    fault.latency_max_us != want->latency_max_us)
			fail_msg("%s: read as something else", want->text);
		assert_int_equal(error.len, 0);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct wsg_buf error = { 0 };
		struct fault fault;

		if (fault_parse(&fault, wsg_str(bad[i]), &error))
			fail_msg("'%s' was taken", bad[i]);
		if (!error.len)
			fail_msg("'%s' was refused without a word", bad[i]);
		wsg_buf_release(&error);
	}
}

/* The same seed gives the same faults, another one others. */
static void test_seeds(void **state)
{
	static const char *const texts[] = { "crash=50%,seed=7",
					     "crash=50%,seed=7",
					     "crash=50%,seed=8" };
	struct wsg_buf error = { 0 };
	uint64_t runs[3] = { 0 };
	struct fault fault;
	size_t i, j;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_true(fault_parse(&fault, wsg_str(texts[i]), &error));
		for (j = 0; j < 64; j++)
			runs[i] =
				runs[i] << 1 | fault_hits(&fault, fault.crash);
	}
	assert_int_equal(runs[0], runs[1]);
	assert_int_not_equal(runs[0], runs[2]);
}

static void test_shares(void **state)
{
	struct wsg_buf error = { 0 };
	struct fault fault;
	int hits = 0, i;

	(void)state;
	assert_true(fault_parse(&fault, wsg_str("gone=10%,seed=1"), &error));
	for (i = 0; i < 100000; i++)
		hits += fault_hits(&fault, fault.gone);
	assert_in_range(hits, 9500, 10500);
	for (i = 0; i < 1000; i++) {
		assert_true(fault_hits(&fault, 1));
		assert_false(fault_hits(&fault, 0));
		assert_false(fault_hits(NULL, 1));
	}
}

static void test_latency(void **state)
{
	struct wsg_buf error = { 0 };
	int64_t least = INT64_MAX, most = 0;
	struct fault fault;
	int i;

	(void)state;
	assert_true(fault_parse(&fault, wsg_str("latency=1ms..3ms,seed=1"),
				&error));
	for (i = 0; i < 10000; i++) {
		int64_t us = fault_latency_us(&fault);

		least = us < least ? us : least;
		most = us > most ? us : most;
	}
	assert_in_range(least, 1000, 1010);
	assert_in_range(most, 2990, 3000);
	assert_int_equal(fault_latency_us(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_seeds),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_latency),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
