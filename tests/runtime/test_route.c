/* SPDX-License-Identifier: MIT */
/*
 * Dispatch past 32 routes: an index built here the way wsgen builds it, and
 * values of the hash, so that the two cannot part.
 */
#include "test.h"

#include <wsgen/runtime.h>

#include <stdlib.h>

static const struct {
	const char *key;
	uint64_t seed, hash;
} hashes[] = {
	{ "", 0, 0x0000000000000000 },
	{ "a", 1, 0xec5bb05e27b678c4 },
	{ "ab", 2, 0x42632f60a46d86c7 },
	{ "abc", 0, 0x7aeb7028e2022545 },
	{ "abcd", 1, 0x99197b66eee2bc56 },
	{ "abcdefg", 2, 0x840931eb1c8cfa2b },
	{ "$default", 0, 0x18a7409571b6399d },
	{ "sendMessage", 1, 0x2ba541d951a96ecd },
	{ "$disconnect", 2, 0xaf1d86727f5b5cd6 },
	{ "GET /notes/{id}", 0, 0xd7ca1a52a314fa9a },
	{ "0123456789abcdef", 1, 0x9c3a1a2c8c15ff67 },
	{ "a/rather/long-route.key with spaces", 2, 0x415a28d5c9ef10e6 },
};

static void hashes_as_before(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(hashes); i++) {
		uint64_t hash =
			wsg_hash(wsg_str(hashes[i].key), hashes[i].seed);

		if (hash != hashes[i].hash)
			fail_msg("%s: 0x%016" PRIx64, hashes[i].key, hash);
	}
}

#define ROUTES 2048

static char names[ROUTES][24];
static struct wsg_route routes[ROUTES];
static uint16_t steps[ROUTES / 2], slots[2 * ROUTES];

static uint32_t slot_of(uint64_t hash, uint32_t step)
{
	uint32_t odd = (uint32_t)(hash >> 16) | 1;

	return ((uint32_t)(hash >> 40) + step * odd) & (COUNT(slots) - 1);
}

static uint64_t hash_of[ROUTES];

/* The smallest step with which a bucket's routes all fall on free slots. */
static bool place(const uint16_t *members, size_t count, uint16_t *step_of)
{
	uint32_t step;
	size_t i, j;

	for (step = 0; step < 65536; step++) {
		for (i = 0; i < count; i++) {
			uint32_t slot = slot_of(hash_of[members[i]], step);

			if (slots[slot] != 0xffff)
				break;
			slots[slot] = members[i];
		}
		if (i == count) {
			*step_of = (uint16_t)step;
			return true;
		}
		for (j = 0; j < i; j++)
			slots[slot_of(hash_of[members[j]], step)] = 0xffff;
	}
	return false;
}

/* The largest buckets first, while there is room. */
static bool build(uint64_t seed)
{
	uint16_t members[16];
	size_t bucket, i, size;

	memset(slots, 0xff, sizeof(slots));
	memset(steps, 0, sizeof(steps));
	for (i = 0; i < ROUTES; i++)
		hash_of[i] = wsg_hash(routes[i].key, seed);
	for (size = COUNT(members); size; size--) {
		for (bucket = 0; bucket < COUNT(steps); bucket++) {
			size_t count = 0;

			for (i = 0; i < ROUTES; i++) {
				if ((hash_of[i] & (COUNT(steps) - 1)) != bucket)
					continue;
				if (count == COUNT(members))
					return false;
				members[count++] = (uint16_t)i;
			}
			if (count == size &&
			    !place(members, count, &steps[bucket]))
				return false;
		}
	}
	return true;
}

static void finds_each(void **unused)
{
	struct wsg_index index = {
		.routes = routes,
		.steps = steps,
		.slots = slots,
		.buckets_mask = COUNT(steps) - 1,
		.slots_mask = COUNT(slots) - 1,
	};
	char other[32];
	size_t i;

	(void)unused;
	for (i = 0; i < ROUTES; i++) {
		snprintf(names[i], sizeof(names[i]), "action%zu", i * 7919);
		routes[i].key = wsg_str(names[i]);
	}
	while (!build(index.seed)) {
		if (++index.seed == 20)
			fail_msg("no seed fits");
	}
	for (i = 0; i < ROUTES; i++) {
		if (wsg_route_find(&index, routes[i].key) != &routes[i])
			fail_msg("%s is not found", names[i]);
		snprintf(other, sizeof(other), "%.24sx", names[i]);
		assert_null(wsg_route_find(&index, wsg_str(other)));
	}
	assert_null(wsg_route_find(&index, wsg_str("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_as_before),
		cmocka_unit_test(finds_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
