/* SPDX-License-Identifier: MIT */
/* date.c - the calendar, without a look at the locale or the time zone. */
#include "date.h"

#include <stdio.h>

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

struct date date_iso(int64_t unix_ms)
{
	struct fields at = fields_of(unix_ms);
	struct date date;

	snprintf(date.text, sizeof(date.text),
		 "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", at.year % 10000,
		 at.month % 100, at.day % 100, at.hour % 100, at.minute % 100,
		 at.second % 100, at.ms % 1000);
	return date;
}

struct date date_log(int64_t unix_ms)
{
	struct fields at = fields_of(unix_ms);
	struct date date;

	snprintf(date.text, sizeof(date.text),
		 "%02u/%s/%04u:%02u:%02u:%02u +0000", at.day % 100,
		 months[at.month - 1], at.year % 10000, at.hour % 100,
		 at.minute % 100, at.second % 100);
	return date;
}

struct date date_http(int64_t unix_ms)
{
	struct fields at = fields_of(unix_ms);
	struct date date;

	snprintf(date.text, sizeof(date.text),
		 "%s, %02u %s %04u %02u:%02u:%02u GMT", weekdays[at.weekday],
		 at.day % 100, months[at.month - 1], at.year % 10000,
		 at.hour % 100, at.minute % 100, at.second % 100);
	return date;
}
