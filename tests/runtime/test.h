/* SPDX-License-Identifier: MIT */
/* test.h - what the tests of the runtime have in common. */
#ifndef WSGEN_TEST_H
#define WSGEN_TEST_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Both NULL, or the same text. */
static inline bool test_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* Any number as UTF-8 would write it, surrogates too. */
static inline size_t test_utf8(char *to, uint32_t code)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t len = code < 0x80      ? 1
		     : code < 0x800   ? 2
		     : code < 0x10000 ? 3
				      : 4;
	size_t i;

	for (i = len - 1; i; i--, code >>= 6)
		to[i] = (char)(0x80 | (code & 0x3f));
	to[0] = (char)((len == 1 ? 0 : lead[len]) | code);
	return len;
}

#endif
