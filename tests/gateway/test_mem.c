/* SPDX-License-Identifier: MIT */
/* test_mem.c - what is asked for is zeroed, copied and closed by a NUL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

static void test_copies(void **state)
{
	char *copy = mem_copy((struct wsg_str){ "a\0bc", 3 });
	char *empty = mem_copy((struct wsg_str){ NULL, 0 });
	unsigned char *zeroed = mem_alloc(64);

	(void)state;
	assert_memory_equal(copy, "a\0b", 4);
	assert_int_equal(empty[0], 0);
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(zeroed[i], 0);
	zeroed = mem_resize(zeroed, 4096);
	assert_int_equal(zeroed[63], 0);
	free(copy);
	free(empty);
	free(zeroed);
}

static void test_copies_in_an_arena(void **state)
{
	struct wsg_arena *arena = wsg_arena_new();
	struct wsg_str copy;
	const unsigned char *zeroed;

	(void)state;
	assert_non_null(arena);
	copy = mem_copy_in(arena, (struct wsg_str){ "a\0bc", 3 });
	assert_int_equal(copy.len, 3);
	assert_memory_equal(copy.ptr, "a\0b", 4);
	copy = mem_copy_in(arena, (struct wsg_str){ NULL, 0 });
	assert_int_equal(copy.ptr[0], 0);
	zeroed = mem_in(arena, 64);
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(zeroed[i], 0);
	wsg_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_copies_in_an_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
