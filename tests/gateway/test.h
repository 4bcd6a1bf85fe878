/* SPDX-License-Identifier: MIT */
/* test.h - what the tests of the gateway have in common. */
#ifndef GATEWAY_TEST_H
#define GATEWAY_TEST_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <wsgen/str.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Fails, and says which case, unless both texts are the same. */
static inline void test_text(const char *name, struct wsg_str is,
			     struct wsg_str expected)
{
	if (!wsg_str_equal(is, expected))
		fail_msg("%s: '%.*s', expected '%.*s'", name, WSG_FMT(is),
			 WSG_FMT(expected));
}

static inline void test_number(const char *name, int64_t is, int64_t expected)
{
	if (is != expected)
		fail_msg("%s: %" PRId64 ", expected %" PRId64, name, is,
			 expected);
}

static inline struct wsg_str test_str(const struct wsg_buf *buf)
{
	assert_false(buf->failed);
	return (struct wsg_str){ buf->ptr, buf->len };
}

#endif
