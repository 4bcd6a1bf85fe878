/* SPDX-License-Identifier: MIT */
/* Times as RFC 3339 writes them, in the proleptic Gregorian calendar. */
#include "internal.h"

#include <time.h>

#define MS_PER_DAY ((int64_t)86400000)

int64_t wsg_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Days since 1970-01-01 of a date. The year is taken to start in March, so that
 * the leap day comes last; 146097 days make 400 years.
 */
static int64_t days_from_date(int64_t year, int month, int day)
{
	int64_t era, of_era, of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	year -= era * 400;
	of_era = year * 365 + year / 4 - year / 100 + of_year;
	return era * 146097 + of_era - 719468;
}

static void date_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t era, of_era, years, of_year, from_march;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	of_era = days - era * 146097;
	years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	of_year = of_era - (365 * years + years / 4 - years / 100);
	from_march = (5 * of_year + 2) / 153;
	*day = (int)(of_year - (153 * from_march + 2) / 5 + 1);
	*month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
	*year = (int)(years + era * 400 + (*month <= 2));
}

/* count digits at *at, and what follows them unless that is 0. */
static bool digits(const char **at, const char *end, int count, char then,
		   int *value)
{
	const char *p = *at;
	int sum = 0;

	if (end - p < count + (then != 0))
		return false;
	for (; count; count--, p++) {
		if (*p < '0' || *p > '9')
			return false;
		sum = sum * 10 + (*p - '0');
	}
	if (then && *p++ != then)
		return false;
	*at = p;
	*value = sum;
	return true;
}

/* `Z`, `+01:00`: the minutes to take away, and nothing behind it. */
static bool offset(const char *p, const char *end, int *minutes)
{
	int hour, minute, sign;

	*minutes = 0;
	if (p == end)
		return false;
	if (*p == 'Z' || *p == 'z')
		return p + 1 == end;
	if (*p != '+' && *p != '-')
		return false;
	sign = *p++ == '-' ? -1 : 1;
	if (!digits(&p, end, 2, ':', &hour) || !digits(&p, end, 2, 0, &minute))
		return false;
	*minutes = sign * (hour * 60 + minute);
	return p == end && hour < 24 && minute < 60;
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

bool wsg_time_parse(struct wsg_str text, int64_t *ms)
{
	const char *p = text.ptr, *end = p + text.len;
	int year, month, day, hour, minute, second, away;
	int fraction = 0, scale = 100;

	if (!digits(&p, end, 4, '-', &year) ||
	    !digits(&p, end, 2, '-', &month) || !digits(&p, end, 2, 0, &day) ||
	    p == end || (*p != 'T' && *p != 't'))
		return false;
	p++;
	if (!digits(&p, end, 2, ':', &hour) ||
	    !digits(&p, end, 2, ':', &minute) ||
	    !digits(&p, end, 2, 0, &second))
		return false;
	if (p < end && *p == '.') {
		const char *first = ++p;

		for (; p < end && *p >= '0' && *p <= '9'; p++, scale /= 10)
			fraction += (*p - '0') * scale;
		if (p == first)
			return false;
	}
	if (!offset(p, end, &away) || month < 1 || month > 12 || day < 1 ||
	    day > days_in(year, month) || hour > 23 || minute > 59 ||
	    second > 60)
		return false;
	*ms = days_from_date(year, month, day) * MS_PER_DAY +
	      (((int64_t)hour * 60 + minute - away) * 60 + second) * 1000 +
	      fraction;
	return true;
}

static char *put_digits(char *to, int count, int value, char then)
{
	int i;

	for (i = count - 1; i >= 0; i--) {
		to[i] = (char)('0' + value % 10);
		value /= 10;
	}
	to[count] = then;
	return to + count + 1;
}

bool wsg_time_print(char text[WSG_TIME_LEN + 1], int64_t ms)
{
	int64_t days = ms / MS_PER_DAY;
	int year, month, day, rest;

	if (ms < days_from_date(0, 1, 1) * MS_PER_DAY ||
	    ms >= days_from_date(10000, 1, 1) * MS_PER_DAY)
		return false;
	if (ms % MS_PER_DAY < 0)
		days--;
	rest = (int)(ms - days * MS_PER_DAY);
	date_from_days(days, &year, &month, &day);
	text = put_digits(text, 4, year, '-');
	text = put_digits(text, 2, month, '-');
	text = put_digits(text, 2, day, 'T');
	text = put_digits(text, 2, rest / 3600000, ':');
	text = put_digits(text, 2, rest / 60000 % 60, ':');
	text = put_digits(text, 2, rest / 1000 % 60, '.');
	text = put_digits(text, 3, rest % 1000, 'Z');
	*text = '\0';
	return true;
}
