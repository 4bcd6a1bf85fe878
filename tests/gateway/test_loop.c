/* SPDX-License-Identifier: MIT */
/*
 * The loop: timers in their order on either clock, and watches and timers that
 * are stopped, freed or started anew from within callbacks.
 */
#include "test.h"

#include "base/random.h"
#include "net/loop.h"
#include "net/timers.h"

#include <unistd.h>

static void test_clock(void **state)
{
	struct clock clock;
	int64_t now_us;

	(void)state;
	clock_init(&clock, false);
	now_us = clock_us(&clock, CLOCK_REAL);
	assert_true(clock_us(&clock, CLOCK_GATEWAY) >= now_us);
	assert_true(clock_ms(&clock, CLOCK_REAL) >= now_us / 1000);
	clock_init(&clock, true);
	assert_true(clock.manual_us % 1000 == 0);
	assert_true(clock.manual_us >= now_us - 1000);
	clock.manual_us = 5000;
	assert_true(clock_us(&clock, CLOCK_GATEWAY) == 5000);
	assert_true(clock_us(&clock, CLOCK_REAL) >= now_us);
}

/* In any order in, out in the order of their times. */
static void test_timers(void **state)
{
	static struct loop_timer many[300];
	struct timers timers = { 0 };
	struct loop_timer *first;
	struct random random;
	int64_t last = INT64_MIN;
	uint64_t order = 0;
	size_t count = 0;

	(void)state;
	random_seed(&random, 1);
	for (int step = 0; step < 5000; step++) {
		struct loop_timer *timer = &many[random_next(&random) % 300];

		if (timer->place) {
			timers_take(&timers, timer);
			assert_int_equal(timer->place, 0);
			count--;
		}
		if (step % 3) {
			timer->at_us = (int64_t)(random_next(&random) % 100);
			timers_put(&timers, timer);
			count++;
		}
		assert_int_equal(timers.count, count);
	}
	timers_shift(&timers, -50);
	while ((first = timers_first(&timers))) {
		assert_true(first->at_us > last ||
			    (first->at_us == last && first->order > order));
		last = first->at_us;
		order = first->order;
		timers_take(&timers, first);
		count--;
	}
	assert_int_equal(count, 0);
	assert_true(last < 50);
	timers_put(&timers, &many[0]);
	timers_release(&timers);
	assert_int_equal(many[0].place, 0);
}

/* Timers that write down their letter, and how late it was. */
struct letter {
	struct loop_timer timer;
	struct story *story;
	char letter;
	int64_t again_us;     /* starts itself so often ... */
	int again;	      /* ... and so many times */
	struct letter *stops; /* another one */
};

struct story {
	struct loop *loop;
	struct wsg_buf text;
	int64_t start_us;
};

static void write_letter(struct loop_timer *timer)
{
	struct letter *letter = (struct letter *)timer;
	struct story *story = letter->story;

	wsg_buf_printf(
		&story->text, "%c%" PRId64 " ", letter->letter,
		(loop_now_us(story->loop, CLOCK_GATEWAY) - story->start_us) /
			1000);
	if (letter->again-- > 0)
		loop_start(story->loop, timer, letter->again_us);
	if (letter->stops)
		loop_stop(story->loop, &letter->stops->timer);
}

static void test_advance(void **state)
{
	struct story story = { .loop = loop_new(true) };
	struct letter letters[] = {
		{ .letter = 'a', .again_us = 10000, .again = 3 },
		{ .letter = 'b' },
		{ .letter = 'c' },
		{ .letter = 'd' },
	};

	(void)state;
	story.start_us = loop_now_us(story.loop, CLOCK_GATEWAY);
	for (size_t i = 0; i < COUNT(letters); i++) {
		letters[i].story = &story;
		letters[i].timer.fire = write_letter;
		letters[i].timer.clock = CLOCK_GATEWAY;
	}
	letters[1].stops = &letters[2];
	loop_start(story.loop, &letters[0].timer, 5000);
	loop_start(story.loop, &letters[1].timer, 21000);
	loop_start(story.loop, &letters[2].timer, 22000);
	loop_start(story.loop, &letters[3].timer, 30000);
	loop_start(story.loop, &letters[3].timer, 41000);
	loop_advance(story.loop, 4999);
	test_text("too early", test_str(&story.text), wsg_str(NULL));
	loop_advance(story.loop, 1);
	test_text("in time", test_str(&story.text), wsg_str("a5 "));
	loop_advance(story.loop, 35000);
	test_text("on the way", test_str(&story.text),
		  wsg_str("a5 a15 b21 a25 a35 "));
	loop_advance(story.loop, 1000);
	loop_advance(story.loop, 0);
	test_text("later", test_str(&story.text),
		  wsg_str("a5 a15 b21 a25 a35 d41 "));
	test_number("clock",
		    loop_now_us(story.loop, CLOCK_GATEWAY) - story.start_us,
		    41000);
	wsg_buf_release(&story.text);
	loop_free(story.loop);
}

static struct loop *quitting;

static void quit(struct loop_timer *timer)
{
	(void)timer;
	loop_quit(quitting);
}

/* Run the loop for a while. */
static void run(struct loop *loop, int64_t for_us)
{
	struct loop_timer timer = { .fire = quit, .clock = CLOCK_REAL };

	quitting = loop;
	loop_start(loop, &timer, for_us);
	assert_true(loop_run(loop));
}

static void busy(struct loop_timer *timer)
{
	struct letter *letter = (struct letter *)timer;

	wsg_buf_add(&letter->story->text, &letter->letter, 1);
	if (letter->story->text.len < 7)
		loop_start(letter->story->loop, timer, 0);
	else
		loop_quit(letter->story->loop);
}

/* Those that always start themselves take turns. */
static void test_turns(void **state)
{
	struct story story = { .loop = loop_new(false) };
	struct letter letters[] = { { .letter = 'a' },
				    { .letter = 'b' },
				    { .letter = 'c' } };

	(void)state;
	for (size_t i = 0; i < COUNT(letters); i++) {
		letters[i].story = &story;
		letters[i].timer.fire = busy;
		loop_start(story.loop, &letters[i].timer, 0);
	}
	assert_true(loop_run(story.loop));
	test_text("turns", (struct wsg_str){ story.text.ptr, 7 },
		  wsg_str("abcabca"));
	for (size_t i = 0; i < COUNT(letters); i++)
		loop_stop(story.loop, &letters[i].timer);
	wsg_buf_release(&story.text);
	loop_free(story.loop);
}

/* Real ones fire by themselves; those of a clock that stands still do not. */
static void test_run(void **state)
{
	struct story story = { .loop = loop_new(true) };
	struct letter real = { .letter = 'r',
			       .story = &story,
			       .timer = { .fire = write_letter,
					  .clock = CLOCK_REAL },
			       .again = 2 };
	struct letter late = { .letter = 'g',
			       .story = &story,
			       .timer = { .fire = write_letter,
					  .clock = CLOCK_GATEWAY } };
	struct letter now = late;

	(void)state;
	now.letter = 'n';
	story.start_us = loop_now_us(story.loop, CLOCK_GATEWAY);
	loop_start(story.loop, &real.timer, 1000);
	loop_start(story.loop, &late.timer, 1);
	loop_start(story.loop, &now.timer, 0);
	run(story.loop, 20000);
	test_text("run", test_str(&story.text), wsg_str("n0 r0 r0 r0 "));
	loop_quit(story.loop);
	assert_true(loop_run(story.loop));
	wsg_buf_release(&story.text);
	loop_free(story.loop);
}

/* Both ends of a pipe, watched; each does to the other what a case says. */
struct end {
	struct loop_watch watch;
	struct loop *loop;
	struct end *other;
	void (*act)(struct end *end);
	int calls;
	unsigned events;
};

static void end_ready(struct loop_watch *watch, unsigned events)
{
	struct end *end = (struct end *)watch;

	end->calls++;
	end->events |= events;
	end->act(end);
}

static void stop_other(struct end *end)
{
	loop_unwatch(end->loop, &end->other->watch);
	loop_unwatch(end->loop, &end->watch);
}

static void mute_other(struct end *end)
{
	loop_change(end->loop, &end->other->watch, 0);
	loop_change(end->loop, &end->watch, 0);
}

/* The other's memory is used for something else at once. */
static void replace_other(struct end *end)
{
	int fd = end->other->watch.fd;

	loop_unwatch(end->loop, &end->other->watch);
	loop_unwatch(end->loop, &end->watch);
	memset(&end->other->watch, 0xff, sizeof(end->other->watch));
	end->other->watch.ready = end_ready;
	assert_true(loop_watch(end->loop, &end->other->watch, fd, LOOP_READ));
	loop_change(end->loop, &end->other->watch, 0);
}

static void test_within_callbacks(void **state)
{
	static void (*const acts[])(struct end *) = { stop_other, mute_other,
						      replace_other };

	(void)state;
	for (size_t i = 0; i < COUNT(acts); i++) {
		struct loop *loop = loop_new(false);
		struct end *ends[2];
		int fds[2][2];

		for (int e = 0; e < 2; e++)
			ends[e] = calloc(1, sizeof(struct end));
		for (int e = 0; e < 2; e++) {
			*ends[e] = (struct end){ { .ready = end_ready },
						 loop,
						 ends[!e],
						 acts[i],
						 0,
						 0 };
			assert_int_equal(pipe(fds[e]), 0);
			assert_int_equal(write(fds[e][1], "x", 1), 1);
			assert_true(loop_watch(loop, &ends[e]->watch, fds[e][0],
					       LOOP_READ));
		}
		run(loop, 2000);
		/* Either came first, and the other was never called. */
		test_number("calls", ends[0]->calls + ends[1]->calls, 1);
		for (int e = 0; e < 2; e++) {
			loop_unwatch(loop, &ends[e]->watch);
			loop_unwatch(loop, &ends[e]->watch);
			close(fds[e][0]);
			close(fds[e][1]);
			free(ends[e]);
		}
		loop_free(loop);
	}
}

static void unwatch_self(struct end *end)
{
	loop_unwatch(end->loop, &end->watch);
}

static void test_events(void **state)
{
	static const struct {
		const char *name;
		bool write_end; /* of the pipe is watched, else the other */
		unsigned watched;
		bool full, closed; /* the pipe; its other end */
		unsigned events;
	} cases[] = {
		{ "readable", false, LOOP_READ, true, false, LOOP_READ },
		{ "nothing", false, LOOP_READ, false, false, 0 },
		{ "not asked", false, 0, true, false, 0 },
		{ "writable", true, LOOP_WRITE, false, false, LOOP_WRITE },
		{ "end", false, LOOP_READ, false, true, LOOP_HANGUP },
		{ "end, not asked", false, 0, true, true, LOOP_HANGUP },
		{ "end, and more", false, LOOP_READ, true, true,
		  LOOP_READ | LOOP_HANGUP },
		{ "broken", true, 0, false, true, LOOP_HANGUP },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct loop *loop = loop_new(false);
		struct end end = { { .ready = end_ready }, loop, NULL,
				   unwatch_self,	   0,	 0 };
		int fds[2];

		assert_int_equal(pipe(fds), 0);
		if (cases[i].full)
			assert_int_equal(write(fds[1], "x", 1), 1);
		assert_true(loop_watch(loop, &end.watch,
				       fds[cases[i].write_end],
				       cases[i].watched));
		if (cases[i].closed)
			close(fds[!cases[i].write_end]);
		run(loop, 1000);
		test_number(cases[i].name, end.events, cases[i].events);
		loop_unwatch(loop, &end.watch);
		close(fds[cases[i].write_end]);
		if (!cases[i].closed)
			close(fds[!cases[i].write_end]);
		loop_free(loop);
	}
}

static void test_refused(void **state)
{
	struct loop *loop = loop_new(false);
	struct loop_watch watch = { .ready = end_ready };

	(void)state;
	assert_false(loop_watch(loop, &watch, -1, LOOP_READ));
	assert_int_equal(watch.fd, -1);
	loop_unwatch(loop, &watch);
	loop_free(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_advance),
		cmocka_unit_test(test_turns),
		cmocka_unit_test(test_run),
		cmocka_unit_test(test_within_callbacks),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
