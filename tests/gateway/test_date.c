/* SPDX-License-Identifier: MIT */
/* Unix time as text: leap days, ends of years, and ends of the calendar. */
#include "test.h"

#include "base/date.h"

static const struct {
	int64_t ms;
	const char *iso, *log, *http;
} cases[] = {
	{ 0, "1970-01-01T00:00:00.000Z", "01/Jan/1970:00:00:00 +0000",
	  "Thu, 01 Jan 1970 00:00:00 GMT" },
	{ 784111777999, "1994-11-06T08:49:37.999Z",
	  "06/Nov/1994:08:49:37 +0000", "Sun, 06 Nov 1994 08:49:37 GMT" },
	{ 951782400000, "2000-02-29T00:00:00.000Z",
	  "29/Feb/2000:00:00:00 +0000", "Tue, 29 Feb 2000 00:00:00 GMT" },
	{ 1709251199001, "2024-02-29T23:59:59.001Z",
	  "29/Feb/2024:23:59:59 +0000", "Thu, 29 Feb 2024 23:59:59 GMT" },
	{ 1798761599999, "2026-12-31T23:59:59.999Z",
	  "31/Dec/2026:23:59:59 +0000", "Thu, 31 Dec 2026 23:59:59 GMT" },
	{ 4107542400000, "2100-03-01T00:00:00.000Z",
	  "01/Mar/2100:00:00:00 +0000", "Mon, 01 Mar 2100 00:00:00 GMT" },
	{ -1, "1969-12-31T23:59:59.999Z", "31/Dec/1969:23:59:59 +0000",
	  "Wed, 31 Dec 1969 23:59:59 GMT" },
	{ INT64_MIN, "0000-01-01T00:00:00.000Z", "01/Jan/0000:00:00:00 +0000",
	  "Sat, 01 Jan 0000 00:00:00 GMT" },
	{ INT64_MAX, "9999-12-31T23:59:59.999Z", "31/Dec/9999:23:59:59 +0000",
	  "Fri, 31 Dec 9999 23:59:59 GMT" },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct date iso = date_iso(cases[i].ms);
		struct date log = date_log(cases[i].ms);
		struct date http = date_http(cases[i].ms);

		test_text("iso", wsg_str(iso.text), wsg_str(cases[i].iso));
		test_text("log", wsg_str(log.text), wsg_str(cases[i].log));
		test_text("http", wsg_str(http.text), wsg_str(cases[i].http));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
