/* SPDX-License-Identifier: MIT */
/* test_format.c - what format_text prints is what the library's would. */
#include "base/format.h"
#include "unit.h"

#include <stdio.h>

#define MOST_ROOM 40
#define UNTOUCHED '#'

/* Both, in the same room, into memory that is marked. */
static void compare(const char *name, size_t room, const char *format, ...)
{
	char ours[MOST_ROOM + 1], theirs[MOST_ROOM + 1];
	va_list args;
	int our_len, their_len;

	memset(ours, UNTOUCHED, sizeof(ours));
	memset(theirs, UNTOUCHED, sizeof(theirs));
	va_start(args, format);
	our_len = format_text(ours, room, format, args);
	va_end(args);
	va_start(args, format);
	their_len = vsnprintf(theirs, room, format, args);
	va_end(args);
	if (our_len != their_len || memcmp(ours, theirs, sizeof(ours)) != 0)
		fail_msg("%s in %zu bytes: %d '%.*s', not %d '%.*s'", name,
			 room, our_len, MOST_ROOM, ours, their_len, MOST_ROOM,
			 theirs);
}

static void test_as_the_library(void **state)
{
	const char unended[] = { 'a', 'b', 'c' };

	(void)state;
	for (size_t room = 0; room <= MOST_ROOM; room++) {
		compare("no format", room, "%s", "");
		compare("text", room, "one %s two%s", "and", "");
		compare("per cent", room, "%d%% of %s%%", 5, "all");
		compare("per cent alone", room, "%%%s", "x");
		compare("counts", room, "%zu of %zu, %zu", (size_t)0,
			(size_t)1234567890, (size_t)9);
		compare("the largest count", room, "%zu", (size_t)-1);
		compare("a part", room, "%.*s|%.*s", 3, unended, 0, unended);
		compare("a part that is longer", room, "%.*s|", 9, "abc");
		compare("no limit", room, "%.*s|", -1, "abc");
		compare("others", room, "%s %c %05d %x %5s %.3s", "a", 'b', 42,
			255u, "c", "defg");
		compare("long", room, "%s/%s", "0123456789012345678901234567",
			"0123456789012345678901234567");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_the_library),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
