/* SPDX-License-Identifier: MIT */
/* That texts which differ in little have hashes which differ in much. */
#include "unit.h"

#include "base/hash.h"

#include <stdio.h>
#include <stdlib.h>

#define LONGEST 40
#define NAMES 100000

/* Whatever the machine's order of bytes. */
static void test_texts(void **state)
{
	static const struct {
		const char *name, *text, *hex;
	} cases[] = {
		{ "nothing", "", "0000000000000000" },
		{ "a letter", "a", "27911cefb30be899" },
		{ "a word", "12345678", "ca87392550216ab4" },
		{ "a word and more", "123456789", "817b198a421569ea" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK_TEXT(
			cases[i].name,
			hash_hex(&arena, cases[i].text, strlen(cases[i].text)),
			cases[i].hex);
	arena_release(&arena);
}

static unsigned bits_of(uint64_t value)
{
	unsigned count = 0;

	for (; value; value &= value - 1)
		count++;
	return count;
}

/* At every length, each bit of the text counts; so does an added zero. */
static void test_bits(void **state)
{
	unsigned char text[LONGEST + 1] = { 0 };
	uint64_t changed = 0;
	unsigned flips = 0, moved = 0;
	char name[64];

	(void)state;
	for (size_t len = 0; len <= LONGEST; len++) {
		const uint64_t hash = hash_bytes(text, len);

		snprintf(name, sizeof(name), "%zu zeroes", len);
		CHECK(name, hash != hash_bytes(text, len + 1));
		for (size_t bit = 0; bit < len * 8; bit++) {
			text[bit / 8] ^= (unsigned char)(1u << bit % 8);
			changed = hash ^ hash_bytes(text, len);
			text[bit / 8] ^= (unsigned char)(1u << bit % 8);
			snprintf(name, sizeof(name), "bit %zu of %zu bytes",
				 bit, len);
			CHECK(name, bits_of(changed) >= 8);
			moved += bits_of(changed);
			flips++;
		}
	}
	/* Half of the bits, on the whole. */
	CHECK("on the whole", moved > flips * 28 && moved < flips * 36);
}

static int compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Names with a number have hashes of their own, in the low bits too. */
static void test_names(void **state)
{
	static uint64_t hashes[NAMES];
	static unsigned char slots[1 << 18];
	size_t used = 0;

	(void)state;
	for (size_t i = 0; i < NAMES; i++) {
		char name[32];
		const int len = snprintf(name, sizeof(name), "route%zu", i);

		hashes[i] = hash_bytes(name, (size_t)len);
		used += !slots[hashes[i] % sizeof(slots)]++;
	}
	qsort(hashes, NAMES, sizeof(*hashes), compare);
	for (size_t i = 1; i < NAMES; i++)
		CHECK("two names", hashes[i] != hashes[i - 1]);
	/* Chance alone leaves 83,000. */
	CHECK("slots", used > NAMES * 8 / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
