/* SPDX-License-Identifier: MIT */
/* What an arena hands out is zeroed, apart, and where it has to be. */
#include "unit.h"

#include "base/buf.h"

#include <stdalign.h>
#include <stdio.h>

#define MANY 30000 /* bytes of text that cross several blocks */

static bool is_zero(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i])
			return false;
	return true;
}

/* Texts need no alignment, and take none from what comes after. */
static void test_alignment(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t size = 1; size < 40; size++) {
		char *text = arena_text(&arena, size), *next;
		char name[16];

		snprintf(name, sizeof(name), "%zu bytes", size);
		CHECK(name, is_zero(text, size));
		memset(text, 'x', size);
		next = arena_alloc(&arena, size);
		CHECK(name, (uintptr_t)next % alignof(max_align_t) == 0);
		CHECK(name, is_zero(next, size));
		memset(next, 'y', size);
		CHECK(name, text[size - 1] == 'x');
	}
	arena_release(&arena);
}

/* The last one only, with zeroes, up to the end of its block. */
static void test_extend(void **state)
{
	struct arena arena = { 0 };
	char *first = arena_text(&arena, 3), *last = arena_text(&arena, 5);
	size_t size = 5;

	(void)state;
	memset(last, 'x', size);
	CHECK("the first", !arena_extend(&arena, first, 3, 1));
	CHECK("a part", !arena_extend(&arena, last, 4, 1));
	while (arena_extend(&arena, last, size, 1000)) {
		CHECK("zeroes", is_zero(last + size, 1000));
		memset(last + size, 'x', 1000);
		size += 1000;
	}
	CHECK("a block", size > 1000 && size < 65536);
	CHECK("the next", is_zero(arena_alloc(&arena, 2000), 2000));
	arena_release(&arena);
}

/* Whatever is left of a block, a text is whole and what follows is zeroed. */
static void test_printf(void **state)
{
	struct arena arena = { 0 };
	char part[MANY + 1];
	struct buf buf;

	(void)state;
	buf_init(&buf, &arena);
	for (size_t len = 0; len < MANY; len = len * 3 + 1) {
		const size_t before = buf.len;
		char name[16];
		char *text;

		memset(part, 'z', len);
		part[len] = '\0';
		snprintf(name, sizeof(name), "%zu bytes", len);
		text = arena_printf(&arena, "%s%s", part, part);
		CHECK(name, strlen(text) == len * 2);
		CHECK(name, is_zero(arena_text(&arena, len + 1), len + 1));
		buf_printf(&buf, "%s%s", part, part);
		CHECK(name, buf.len == before + len * 2);
		CHECK(name, strlen(buf.text) == buf.len);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alignment),
		cmocka_unit_test(test_extend),
		cmocka_unit_test(test_printf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
