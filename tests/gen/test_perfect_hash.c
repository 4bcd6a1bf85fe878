/* SPDX-License-Identifier: MIT */
/*
 * The generator's tables are read by the runtime's own wsg_route_find: the two
 * have to agree on the hash, and nothing else here would notice.
 */
#include "unit.h"

#include "emit/c/perfect_hash.h"

#include <wsgen/runtime.h>

#include <stdio.h>

static const struct {
	const char *name, *format;
	size_t count;
} cases[] = {
	{ "one", "route%zu", 1 },
	{ "two", "route%zu", 2 },
	{ "past the switch", "route%zu", 33 },
	{ "short keys", "%zu", 1000 },
	{ "4 bytes", "r%03zu", 301 },
	{ "7 and 8 bytes", "abc%04zu", 10000 },
	{ "9 bytes", "abcde%04zu", 2048 },
	{ "long keys", "rooms/administration/of/the/whole/company/%zu/messages",
	  2048 },
	{ "a difference at the front only", "%05zu/the/rest/is/the/same",
	  10000 },
	{ "as many as there may be", "r%zu", PERFECT_HASH_MAX_KEYS },
};

static const char **make_keys(struct arena *arena, const char *format,
			      size_t count)
{
	const char **keys = arena_alloc(arena, count * sizeof(*keys));
	char key[100];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	for (size_t i = 0; i < count; i++) {
		snprintf(key, sizeof(key), format, i);
		keys[i] = arena_strdup(arena, key);
	}
#pragma GCC diagnostic pop
	return keys;
}

static const struct wsg_route *routes_of(struct arena *arena, const char **keys,
					 size_t count)
{
	struct wsg_route *routes = arena_alloc(arena, count * sizeof(*routes));

	for (size_t i = 0; i < count; i++)
		routes[i].key = wsg_str(keys[i]);
	return routes;
}

static void test_finds_each_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena arena = { 0 };
		const char **keys =
			make_keys(&arena, cases[i].format, cases[i].count);
		struct perfect_hash hash;
		struct wsg_index index = { 0 };

		CHECK(cases[i].name,
		      perfect_hash_make(&arena, keys, cases[i].count, &hash));
		index.routes = routes_of(&arena, keys, cases[i].count);
		index.steps = hash.steps;
		index.slots = hash.slots;
		index.buckets_mask = hash.buckets_count - 1;
		index.slots_mask = hash.slots_count - 1;
		index.seed = hash.seed;
		for (size_t j = 0; j < cases[i].count; j++)
			CHECK(cases[i].name,
			      wsg_route_find(&index, wsg_str(keys[j])) ==
				      &index.routes[j]);
		CHECK(cases[i].name, !wsg_route_find(&index, wsg_str("no")));
		CHECK(cases[i].name, !wsg_route_find(&index, wsg_str("")));
		arena_release(&arena);
	}
}

static void test_is_deterministic(void **state)
{
	struct arena arena = { 0 };
	const char **keys = make_keys(&arena, "route/%zu", 5000);
	struct perfect_hash a, b;

	(void)state;
	assert_true(perfect_hash_make(&arena, keys, 5000, &a));
	assert_true(perfect_hash_make(&arena, keys, 5000, &b));
	assert_int_equal(a.seed, b.seed);
	assert_memory_equal(a.steps, b.steps,
			    a.buckets_count * sizeof(*a.steps));
	assert_memory_equal(a.slots, b.slots, a.slots_count * sizeof(*a.slots));
	arena_release(&arena);
}

static void test_refuses(void **state)
{
	static const char *const twice[] = { "a", "b", "a" };
	struct arena arena = { 0 };
	struct perfect_hash hash;
	const char **many = make_keys(&arena, "%zu", PERFECT_HASH_MAX_KEYS + 1);

	(void)state;
	assert_false(perfect_hash_make(&arena, twice, 3, &hash));
	assert_false(perfect_hash_make(&arena, many, PERFECT_HASH_MAX_KEYS + 1,
				       &hash));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_each_key),
		cmocka_unit_test(test_is_deterministic),
		cmocka_unit_test(test_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
