/* SPDX-License-Identifier: MIT */
/* test_terminal.c - what is said of what happens. */
#include "test.h"

#include "clock_control.h"
#include "terminal.h"

#define STR(text)             \
	{                     \
		WSG_LIT(text) \
	}

static const struct {
	const char *name;
	struct trace_event event;
	const char *line;    /* NULL: none */
	const char *verbose; /* NULL: the same */
} cases[] = {
	{ "received",
	  { .kind = TRACE_RECEIVED,
	    .stage = STR("dev"),
	    .connection_id = STR("abc="),
	    .route = STR("ask"),
	    .text = STR("{}"),
	    .note = STR("selected") },
	  " dev abc= -> ask {} (selected)",
	  NULL },
	{ "answered",
	  { .kind = TRACE_ANSWERED,
	    .function = STR("chat"),
	    .text = STR("{}"),
	    .duration_us = 1250 },
	  NULL,
	  " chat answered {} 1.2 ms" },
	{ "answered badly",
	  { .kind = TRACE_ANSWERED, .function = STR("chat"), .bad = true },
	  " chat answered",
	  NULL },
	{ "refused",
	  { .kind = TRACE_REFUSED, .stage = STR("dev"), .status = 403 },
	  " dev refused 403",
	  NULL },
	{ "an API without a stage",
	  { .kind = TRACE_NOTE, .api = STR("chat"), .text = STR("well") },
	  " chat note well",
	  NULL },
	{ "controls",
	  { .kind = TRACE_LOG, .text = STR("a\033[2J\r\n\t\177\302\233b") },
	  " | a\\x1b[2J\\x0d\\x0a \\x7f\\x9bb",
	  NULL },
	{ "no text",
	  { .kind = TRACE_LOG, .text = STR("\377a\233\303") },
	  " | \\xffa\\x9b\\xc3",
	  NULL },
	{ "characters",
	  { .kind = TRACE_LOG, .text = STR("h\303\251 \302\251") },
	  " | h\303\251 \302\251",
	  NULL },
};

static void test_lines(void **state)
{
	struct wsg_buf line = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *expected = cases[i].line;

		for (int verbose = 0; verbose < 2; verbose++) {
			wsg_buf_clear(&line);
			if (verbose && cases[i].verbose)
				expected = cases[i].verbose;
			test_number(
				cases[i].name,
				terminal_put(&line, &cases[i].event, verbose),
				expected != NULL);
			if (expected)
				test_text(cases[i].name, test_str(&line),
					  wsg_str(expected));
		}
	}
	wsg_buf_release(&line);
}

/* Long texts are cut between two characters, unless all is asked for. */
static void test_long(void **state)
{
	struct wsg_buf text = { 0 };
	struct wsg_buf line = { 0 };
	struct trace_event event = { .kind = TRACE_LOG };

	(void)state;
	wsg_buf_text(&text, "x");
	while (text.len < 1001)
		wsg_buf_text(&text, "\303\251");
	event.text = test_str(&text);
	assert_true(terminal_put(&line, &event, false));
	assert_non_null(strstr(line.ptr, "\303\251... (1001 bytes)"));
	assert_true(line.len < 200);
	wsg_buf_clear(&line);
	assert_true(terminal_put(&line, &event, true));
	assert_true(line.len > 1001);
	wsg_buf_release(&line);
	wsg_buf_release(&text);
}

static const struct {
	const char *text;
	int64_t us;
} durations[] = {
	{ "50ms", 50000 },
	{ "90s", 90000000 },
	{ "10m", INT64_C(600000000) },
	{ "2h", INT64_C(7200000000) },
	{ "24h", CLOCK_ADVANCE_MAX_US },
	{ "0s", 0 },
	{ "25h", -1 },
	{ "86401s", -1 },
	{ "99999999999999999999s", -1 },
	{ "", -1 },
	{ "s", -1 },
	{ "10", -1 },
	{ "-1s", -1 },
	{ "1.5s", -1 },
	{ "1 s", -1 },
	{ "1d", -1 },
};

static void test_durations(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(durations); i++)
		test_number(durations[i].text,
			    clock_duration(wsg_str(durations[i].text)),
			    durations[i].us);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_durations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
