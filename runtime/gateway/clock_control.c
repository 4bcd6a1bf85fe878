/* SPDX-License-Identifier: MIT */
/* clock_control.c - the clock that tests move. */
#include "clock_control.h"

#include "base/json.h"
#include "base/mem.h"

int64_t clock_duration(struct wsg_str text)
{
	static const struct {
		const char *name;
		int64_t us;
	} units[] = {
		{ "ms", 1000 },
		{ "s", 1000000 },
		{ "m", INT64_C(60000000) },
		{ "h", INT64_C(3600000000) },
	};
	int64_t value = 0;
	size_t i = 0;

	for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
		value = value * 10 + (text.ptr[i] - '0');
		if (value > CLOCK_ADVANCE_MAX_US / 1000)
			return -1;
	}
	if (!i)
		return -1;
	text.ptr += i;
	text.len -= i;
	for (i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (wsg_str_is(text, units[i].name) &&
		    value <= CLOCK_ADVANCE_MAX_US / units[i].us)
			return value * units[i].us;
	return -1;
}

static void advance(struct loop *loop, struct exchange *exchange)
{
	struct wsg_arena *arena = wsg_arena_new();
	const char *error;
	int64_t by;

	if (!arena)
		mem_exhausted();
	by = clock_duration(json_text(
		json_get(json_parse(arena, exchange->request->body, &error),
			 "advance")));
	wsg_arena_free(arena);
	if (!loop_clock(loop)->manual) {
		exchange_reply_message(exchange, 409, NULL,
				       "the clock moves by itself: start with "
				       "--clock manual");
		return;
	}
	if (by < 0) {
		exchange_reply_message(exchange, 400, NULL,
				       "want {\"advance\": \"10m\"}, of a day "
				       "at most");
		return;
	}
	/* What falls due answers first: then it has happened. */
	loop_advance(loop, by);
	exchange_reply(exchange, 204, (struct wsg_str){ NULL, 0 },
		       (struct wsg_str){ NULL, 0 });
}

void clock_request(struct loop *loop, struct exchange *exchange)
{
	if (!wsg_str_is(exchange->request->method, "POST"))
		exchange_reply_message(exchange, 405, NULL, "POST, please");
	else
		advance(loop, exchange);
}
