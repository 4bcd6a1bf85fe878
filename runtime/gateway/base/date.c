/* SPDX-License-Identifier: MIT */
/* date.c - the calendar, without a look at the locale or the time zone. */
#include "date.h"

#include <string.h>

#define DAY_MS 86400000

/* The years 0 to 9999, which is what the texts have digits for. */
#define MS_MIN (-62167219200000)
#define MS_MAX 253402300799999

struct fields {
	unsigned year, month, day, weekday; /* months from 1, Sunday is 0 */
	unsigned hour, minute, second, ms;
};

static const char *const months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};
static const char *const weekdays[] = { "Sun", "Mon", "Tue", "Wed",
					"Thu", "Fri", "Sat" };

static struct fields fields_of(int64_t unix_ms)
{
	int64_t clamped = unix_ms < MS_MIN   ? MS_MIN
			  : unix_ms > MS_MAX ? MS_MAX
					     : unix_ms;
	/* Days since March 1st of the year -400: leap days come last. */
	uint64_t since = (uint64_t)(clamped - MS_MIN);
	uint64_t days = since / DAY_MS + 146097 - 60;
	uint64_t in_day = since % DAY_MS;
	uint64_t era = days / 146097, of_era = days % 146097;
	uint64_t year =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	uint64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	uint64_t month = (5 * of_year + 2) / 153; /* March is 0 */

	return (struct fields){
		.year = (unsigned)(year + era * 400 + (month > 9) - 400),
		.month = (unsigned)(month > 9 ? month - 9 : month + 3),
		.day = (unsigned)(of_year - (153 * month + 2) / 5 + 1),
		.weekday = (unsigned)((since / DAY_MS + 6) % 7),
		.hour = (unsigned)(in_day / 3600000),
		.minute = (unsigned)(in_day / 60000 % 60),
		.second = (unsigned)(in_day / 1000 % 60),
		.ms = (unsigned)(in_day % 1000),
	};
}

/* By hand: formats are read slowly, and every event has a time in it. */
static char *put_digits(char *to, unsigned value, size_t count)
{
	for (size_t i = count; i--; value /= 10)
		to[i] = (char)('0' + value % 10);
	return to + count;
}

static char *put_text(char *to, const char *text)
{
	size_t len = strlen(text);

	memcpy(to, text, len + 1);
	return to + len;
}

static char *put_time(char *to, const struct fields *at)
{
	to = put_digits(to, at->hour, 2);
	*to++ = ':';
	to = put_digits(to, at->minute, 2);
	*to++ = ':';
	return put_digits(to, at->second, 2);
}

struct date date_iso(int64_t unix_ms)
{
	struct fields at = fields_of(unix_ms);
	struct date date;
	char *to = put_digits(date.text, at.year, 4);

	*to++ = '-';
	to = put_digits(to, at.month, 2);
	*to++ = '-';
	to = put_digits(to, at.day, 2);
	*to++ = 'T';
	to = put_time(to, &at);
	*to++ = '.';
	to = put_digits(to, at.ms, 3);
	put_text(to, "Z");
	return date;
}

struct date date_log(int64_t unix_ms)
{
	struct fields at = fields_of(unix_ms);
	struct date date;
	char *to = put_digits(date.text, at.day, 2);

	*to++ = '/';
	to = put_text(to, months[at.month - 1]);
	*to++ = '/';
	to = put_digits(to, at.year, 4);
	*to++ = ':';
	to = put_time(to, &at);
	put_text(to, " +0000");
	return date;
}

struct date date_http(int64_t unix_ms)
{
	struct fields at = fields_of(unix_ms);
	struct date date;
	char *to = put_text(date.text, weekdays[at.weekday]);

	to = put_text(to, ", ");
	to = put_digits(to, at.day, 2);
	*to++ = ' ';
	to = put_text(to, months[at.month - 1]);
	*to++ = ' ';
	to = put_digits(to, at.year, 4);
	*to++ = ' ';
	to = put_time(to, &at);
	put_text(to, " GMT");
	return date;
}
