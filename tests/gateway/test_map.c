/* SPDX-License-Identifier: MIT */
/* Things by their name: against a plain array that says what is in there. */
#include "test.h"

#include "base/map.h"
#include "base/random.h"

#define THINGS 600

struct thing {
	char name[16];
	bool in;
};

static void check_all(const struct map *map, struct thing *things, size_t count)
{
	size_t in = 0, seen = 0, at = 0;
	struct thing *thing;

	for (size_t i = 0; i < count; i++) {
		thing = map_get(map, wsg_str(things[i].name));
		if (thing != (things[i].in ? &things[i] : NULL))
			fail_msg("'%s' is %s", things[i].name,
				 thing ? "there" : "not there");
		in += things[i].in;
	}
	while ((thing = map_next(map, &at))) {
		assert_true(thing->in);
		seen++;
	}
	assert_int_equal(seen, in);
	assert_int_equal(map->count, in);
}

static void test_random_steps(void **state)
{
	static struct thing things[THINGS];
	struct map map = { 0 };
	struct random random;

	(void)state;
	random_seed(&random, 4);
	for (size_t i = 0; i < THINGS; i++)
		snprintf(things[i].name, sizeof(things[i].name), "name%zu", i);
	check_all(&map, things, THINGS);
	for (int step = 0; step < 20000; step++) {
		/* Grow for a while, then shrink, and so on. */
		bool grow = step / 4000 % 2 == 0;
		struct thing *thing = &things[random_next(&random) % THINGS];
		struct wsg_str name = wsg_str(thing->name);

		if (random_unit(&random) < (grow ? 0.8 : 0.2)) {
			map_put(&map, name, thing);
			thing->in = true;
		} else {
			assert_ptr_equal(map_take(&map, name),
					 thing->in ? thing : NULL);
			thing->in = false;
		}
		if (step % 500 == 0)
			check_all(&map, things, THINGS);
	}
	check_all(&map, things, THINGS);
	for (size_t i = 0; i < THINGS; i++)
		map_take(&map, wsg_str(things[i].name));
	assert_int_equal(map.count, 0);
	assert_true(map.size <= 16);
	map_release(&map);
}

static void test_few(void **state)
{
	struct map map = { 0 };
	int one = 1, two = 2;
	size_t at = 0;

	(void)state;
	assert_null(map_get(&map, wsg_str("a")));
	assert_null(map_take(&map, wsg_str("a")));
	assert_null(map_next(&map, &at));
	map_put(&map, wsg_str(""), &one);
	map_put(&map, (struct wsg_str){ "\0", 1 }, &two);
	assert_ptr_equal(map_get(&map, wsg_str("")), &one);
	assert_ptr_equal(map_get(&map, (struct wsg_str){ "\0", 1 }), &two);
	map_put(&map, wsg_str(""), &two);
	assert_int_equal(map.count, 2);
	assert_ptr_equal(map_take(&map, wsg_str("")), &two);
	assert_null(map_take(&map, wsg_str("")));
	map_release(&map);
	map_release(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few),
		cmocka_unit_test(test_random_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
