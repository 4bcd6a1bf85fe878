/* SPDX-License-Identifier: MIT */
/* unit.h - what every unit test includes: cmocka wants these before it. */
#ifndef WSGEN_UNIT_H
#define WSGEN_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Stop with the name of the case that failed. */
#define CHECK(name, condition)                                    \
	do {                                                      \
		if (!(condition))                                 \
			fail_msg("%s: not %s", name, #condition); \
	} while (0)

#define CHECK_TEXT(name, got, want)                              \
	do {                                                     \
		const char *got_ = (got), *want_ = (want);       \
		if (!got_ || strcmp(got_, want_) != 0)           \
			fail_msg("%s: \"%s\", not \"%s\"", name, \
				 got_ ? got_ : "(null)", want_); \
	} while (0)

#endif
