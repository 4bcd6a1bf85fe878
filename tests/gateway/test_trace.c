/* SPDX-License-Identifier: MIT */
/* test_trace.c - who hears what, and how an event looks as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/loop.h"
#include "trace.h"

struct ear {
	struct trace_listener listener;
	struct trace *trace;
	unsigned heard; /* 1u << kind of each */
	unsigned count;
	int64_t at_ms;
	bool leaves; /* once it has heard something */
};

static void hear(struct trace_listener *listener,
		 const struct trace_event *event)
{
	struct ear *ear = (struct ear *)listener;

	ear->heard |= 1u << event->kind;
	ear->count++;
	ear->at_ms = event->at_ms;
	if (ear->leaves)
		trace_ignore(ear->trace, listener);
}

static void listen(struct trace *trace, struct ear *ear, unsigned kinds)
{
	ear->listener = (struct trace_listener){ .hear = hear, .kinds = kinds };
	ear->trace = trace;
	trace_listen(trace, &ear->listener);
}

static void tell(struct trace *trace, enum trace_kind kind)
{
	trace_tell(trace, &(struct trace_event){ .kind = kind });
}

static void test_listeners(void **state)
{
	struct loop *loop = loop_new(true);
	struct trace trace = { .loop = loop };
	struct ear all = { .count = 0 }, logs = { .count = 0 },
		   once = { .leaves = true };
	unsigned every = (1u << TRACE_KINDS) - 1;

	(void)state;
	assert_non_null(loop);
	tell(&trace, TRACE_LOG);
	assert_false(trace_wanted(&trace, TRACE_LOG));
	listen(&trace, &once, every);
	listen(&trace, &logs, 1u << TRACE_LOG);
	assert_true(trace_wanted(&trace, TRACE_SENT));
	tell(&trace, TRACE_SENT);
	/* The first one has left, so that nobody wants the rest. */
	assert_false(trace_wanted(&trace, TRACE_SENT));
	assert_true(trace_wanted(&trace, TRACE_LOG));
	listen(&trace, &all, every);
	tell(&trace, TRACE_OPENED);
	loop_advance(loop, 5000000);
	tell(&trace, TRACE_LOG);
	assert_int_equal(once.count, 1);
	assert_int_equal(logs.count, 1);
	assert_int_equal(logs.heard, 1u << TRACE_LOG);
	assert_int_equal(all.heard, 1u << TRACE_OPENED | 1u << TRACE_LOG);
	assert_int_equal(all.at_ms, loop_now_ms(loop, CLOCK_GATEWAY));
	assert_int_equal(once.at_ms, all.at_ms - 5000);
	trace_ignore(&trace, &all.listener);
	trace_ignore(&trace, &logs.listener);
	assert_int_equal(trace.kinds, 0);
	loop_free(loop);
}

static void test_words(void **state)
{
	int i, j;

	(void)state;
	for (i = 0; i < TRACE_KINDS; i++) {
		assert_non_null(trace_word((enum trace_kind)i));
		for (j = 0; j < i; j++)
			assert_string_not_equal(trace_word((enum trace_kind)i),
						trace_word((enum trace_kind)j));
	}
}

#define TEXT(literal)                                            \
	{                                                        \
		.kind = TRACE_LOG, .text = { WSG_LIT(literal) }, \
	}

struct shown {
	struct trace_event event;
	const char *json;
};

static const struct shown shown[] = {
	{ { .kind = TRACE_NOTE }, "{\"kind\":\"note\"}" },
	{ { .kind = TRACE_ANSWERED,
	    .at_ms = 1768910100419,
	    .api = { WSG_LIT("chat") },
	    .stage = { WSG_LIT("dev") },
	    .connection_id = { WSG_LIT("c=") },
	    .request_id = { WSG_LIT("r") },
	    .function = { WSG_LIT("f") },
	    .route = { WSG_LIT("$default") },
	    .text = { WSG_LIT("a\"b\n") },
	    .note = { WSG_LIT("done") },
	    .status = 200,
	    .duration_us = 12,
	    .bad = true },
	  "{\"kind\":\"answered\",\"at\":1768910100419,\"api\":\"chat\","
	  "\"stage\":\"dev\",\"connectionId\":\"c=\",\"requestId\":\"r\","
	  "\"function\":\"f\",\"route\":\"$default\",\"text\":\"a\\\"b\\n\","
	  "\"note\":\"done\",\"status\":200,\"durationUs\":12,\"bad\":true}" },
	{ TEXT("gr\xc3\xbc\xc3\x9f"),
	  "{\"kind\":\"log\",\"text\":\"gr\xc3\xbc\xc3\x9f\"}" },
	{ TEXT("a\xff"), "{\"kind\":\"log\",\"text\":\"a\xef\xbf\xbd\"}" },
	{ TEXT("\xc3"), "{\"kind\":\"log\",\"text\":\"\xef\xbf\xbd\"}" },
	/* Overlong, a surrogate, past the end: each byte by itself. */
	{ TEXT("\xe0\x80\x80."), "{\"kind\":\"log\",\"text\":\"\xef\xbf\xbd"
				 "\xef\xbf\xbd\xef\xbf\xbd.\"}" },
	{ TEXT("\xed\xa0\x80"), "{\"kind\":\"log\",\"text\":\"\xef\xbf\xbd"
				"\xef\xbf\xbd\xef\xbf\xbd\"}" },
	{ TEXT("\xf4\x90\x80\x80"),
	  "{\"kind\":\"log\",\"text\":\"\xef\xbf\xbd\xef\xbf\xbd"
	  "\xef\xbf\xbd\xef\xbf\xbd\"}" },
	{ TEXT("\xf0\x9f\x98\x80\xff\xf0\x9f\x98\x80"),
	  "{\"kind\":\"log\",\"text\":\"\xf0\x9f\x98\x80\xef\xbf\xbd"
	  "\xf0\x9f\x98\x80\"}" },
};

static void test_json(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		struct wsg_buf out = { 0 };

		trace_put(&out, &shown[i].event);
		assert_false(out.failed);
		assert_string_equal(out.ptr, shown[i].json);
		wsg_buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listeners),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
