/* SPDX-License-Identifier: MIT */
/*
 * Numbers of JSON as doubles and back, without a look at the program's locale:
 * a handler may have set one.
 */
#include "internal.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double powers[] = {
	1e0,  1e1,  1e2,  1e3,	1e4,  1e5,  1e6,  1e7,	1e8,  1e9,  1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/*
 * Up to 2^53 and 10^22 both factors are exact, so that one multiplication
 * rounds once, which is right. False: not so simple.
 */
static bool parse_fast(const char *p, size_t len, double *value)
{
	const char *end = p + len;
	bool negative = *p == '-';
	uint64_t digits = 0;
	int exponent = 0, written = 0;
	bool minus = false, fraction = false;

	for (p += negative; p < end && *p != 'e' && *p != 'E'; p++) {
		if (*p == '.') {
			fraction = true;
			continue;
		}
		if (digits > ((uint64_t)1 << 53) / 10 - 1)
			return false;
		digits = digits * 10 + (uint64_t)(*p - '0');
		exponent -= fraction;
	}
	if (p < end) {
		p++;
		minus = *p == '-';
		if (*p == '-' || *p == '+')
			p++;
		for (; p < end && written < 1000; p++)
			written = written * 10 + (*p - '0');
	}
	exponent += minus ? -written : written;
	if (exponent < -22 || exponent > 22)
		return false;
	*value = (double)digits;
	if (exponent < 0)
		*value /= powers[-exponent];
	else
		*value *= powers[exponent];
	if (negative)
		*value = -*value;
	return true;
}

/* The C locale, made once; lives as long as the process. */
static locale_t c_locale(void)
{
	static locale_t locale;

	if (!locale)
		locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	return locale;
}

/* Into the C locale for as long as it takes; nothing if there is none. */
static locale_t locale_enter(void)
{
	locale_t locale = c_locale();

	return locale ? uselocale(locale) : (locale_t)0;
}

static void locale_leave(locale_t before)
{
	if (before)
		uselocale(before);
}

bool wsg_number_parse(char *text, size_t len, double *value)
{
	locale_t before;
	double number;
	char behind;

	if (parse_fast(text, len, value))
		return true;
	behind = text[len];
	text[len] = '\0';
	before = locale_enter();
	number = strtod(text, NULL);
	locale_leave(before);
	text[len] = behind;
	if (!isfinite(number))
		return false;
	*value = number;
	return true;
}

size_t wsg_number_print(char text[WSG_NUMBER_MAX], double value)
{
	locale_t before = locale_enter();
	int digits, len = 0;

	if (value == floor(value) && fabs(value) < 1e15) {
		len = snprintf(text, WSG_NUMBER_MAX, "%.0f", value);
	} else {
		for (digits = 15; digits <= 17; digits++) {
			len = snprintf(text, WSG_NUMBER_MAX, "%.*g", digits,
				       value);
			if (strtod(text, NULL) == value)
				break;
		}
	}
	locale_leave(before);
	return (size_t)len;
}
