/* SPDX-License-Identifier: MIT */
/* Streams over socket pairs: what is read, kept, told, and given back. */
#include "test.h"

#include "net/stream.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define LONG 3000000

/* A stream, the descriptor of its other side, and what was told of it. */
struct pair {
	struct loop *loop;
	struct loop_timer quit;
	int rounds;
	struct stream *stream;
	int other;
	bool release; /* within the next callback */
	struct wsg_buf read;
	unsigned inputs, drained, ended;
	int error;
};

static void release(struct pair *pair)
{
	if (!pair->release)
		return;
	stream_release(pair->stream);
	free(pair->stream);
	pair->stream = NULL;
}

static void input(struct stream *stream, char *bytes, size_t len)
{
	struct pair *pair = stream->owner;

	pair->inputs++;
	wsg_buf_add(&pair->read, bytes, len);
	memset(bytes, 0, len);
	release(pair);
}

static void drained(struct stream *stream)
{
	struct pair *pair = stream->owner;

	pair->drained++;
	release(pair);
}

static void ended(struct stream *stream, int error)
{
	struct pair *pair = stream->owner;

	pair->ended++;
	pair->error = error;
	release(pair);
}

static const struct stream_user user = { input, drained, ended };

static void quit(struct loop_timer *timer)
{
	struct pair *pair =
		(struct pair *)((char *)timer - offsetof(struct pair, quit));

	if (pair->rounds--)
		loop_start(pair->loop, timer, 0);
	else
		loop_quit(pair->loop);
}

static void run(struct pair *pair)
{
	pair->rounds = 4;
	loop_start(pair->loop, &pair->quit, 0);
	assert_true(loop_run(pair->loop));
}

static void pair_init(struct pair *pair)
{
	int ends[2];

	*pair = (struct pair){ .loop = loop_new(false), .quit.fire = quit };
	pair->stream = calloc(1, sizeof(*pair->stream));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	pair->other = ends[1];
	assert_true(
		stream_init(pair->stream, pair->loop, ends[0], &user, pair));
}

static void pair_release(struct pair *pair)
{
	if (pair->stream) {
		stream_release(pair->stream);
		stream_release(pair->stream);
		free(pair->stream);
	}
	if (pair->other >= 0)
		close(pair->other);
	loop_free(pair->loop);
	wsg_buf_release(&pair->read);
}

static void say(struct pair *pair, const char *text)
{
	assert_int_equal(write(pair->other, text, strlen(text)), strlen(text));
}

static void test_reading(void **state)
{
	struct pair pair;

	(void)state;
	pair_init(&pair);
	say(&pair, "one");
	run(&pair);
	stream_pause(pair.stream);
	say(&pair, " two");
	run(&pair);
	test_text("paused", test_str(&pair.read), wsg_str("one"));
	stream_resume(pair.stream);
	say(&pair, " three");
	close(pair.other);
	pair.other = -1;
	run(&pair);
	test_text("resumed", test_str(&pair.read), wsg_str("one two three"));
	assert_int_equal(pair.ended, 1);
	assert_int_equal(pair.error, 0);
	pair_release(&pair);
}

/* More than the socket holds, in an order that shows, read bit by bit. */
static void test_writing(void **state)
{
	static char many[LONG], some[70000];
	struct pair pair;
	size_t heard = 0;
	ssize_t len;

	(void)state;
	for (size_t i = 0; i < LONG; i++)
		many[i] = (char)(i * 31 >> 3);
	pair_init(&pair);
	for (size_t at = 0; at < LONG; at += LONG / 10) {
		struct wsg_str head = { many + at, 10 };
		struct wsg_str body = { many + at + 10, LONG / 10 - 10 };

		assert_true(stream_write2(pair.stream, head, body));
	}
	assert_true(stream_pending(pair.stream) > LONG / 2);
	while (heard < LONG) {
		len = recv(pair.other, some, sizeof(some), MSG_DONTWAIT);
		if (len > 0) {
			assert_memory_equal(some, many + heard, (size_t)len);
			heard += (size_t)len;
		}
		/* In between something more, kept behind the rest. */
		run(&pair);
	}
	assert_int_equal(heard, LONG);
	assert_int_equal(pair.drained, 1);
	assert_int_equal(stream_pending(pair.stream), 0);
	assert_null(pair.stream->out.ptr);
	assert_true(stream_write(pair.stream, "now", 3));
	assert_int_equal(recv(pair.other, some, 10, MSG_DONTWAIT), 3);
	run(&pair);
	assert_int_equal(pair.drained, 1);
	pair_release(&pair);
}

/* What is dropped from the front while more is added at the end. */
static void test_keeping(void **state)
{
	static char some[100000];
	struct pair pair;
	unsigned char next = 0, sent = 0;
	size_t heard = 0, written = 0;

	(void)state;
	pair_init(&pair);
	while (heard < LONG) {
		ssize_t len;

		for (size_t i = 0; i < 1000; i++)
			some[i] = (char)sent++;
		if (written < LONG) {
			assert_true(stream_write(pair.stream, some, 1000));
			written += 1000;
		} else {
			sent = (unsigned char)(sent - 1000);
		}
		if (written % 3000 && written < LONG)
			continue;
		run(&pair);
		len = recv(pair.other, some, written < LONG ? 2500 : 100000,
			   MSG_DONTWAIT);
		for (ssize_t i = 0; i < len; i++)
			assert_int_equal((unsigned char)some[i], next++);
		heard += len > 0 ? (size_t)len : 0;
	}
	run(&pair);
	assert_int_equal(stream_pending(pair.stream), 0);
	pair_release(&pair);
}

/* Everything is sent before our end is. */
static void test_finish(void **state)
{
	static char many[LONG], some[100000];
	struct pair pair;
	size_t heard = 0;
	ssize_t len;

	(void)state;
	pair_init(&pair);
	stream_write(pair.stream, many, LONG);
	stream_finish(pair.stream);
	assert_false(stream_write(pair.stream, "x", 1));
	do {
		run(&pair);
		len = recv(pair.other, some, sizeof(some), MSG_DONTWAIT);
		heard += len > 0 ? (size_t)len : 0;
	} while (len);
	assert_int_equal(heard, LONG);
	assert_int_equal(pair.drained, 0);
	say(&pair, "still read");
	run(&pair);
	test_text("read", test_str(&pair.read), wsg_str("still read"));
	assert_int_equal(pair.ended, 0);
	close(pair.other);
	pair.other = -1;
	run(&pair);
	assert_int_equal(pair.ended, 1);
	pair_release(&pair);
}

static void other_goes(struct pair *pair)
{
	close(pair->other);
	pair->other = -1;
}

static void other_ends(struct pair *pair)
{
	shutdown(pair->other, SHUT_WR);
}

static void other_speaks(struct pair *pair)
{
	say(pair, "x");
}

static void other_reads(struct pair *pair)
{
	static char some[LONG];

	while (recv(pair->other, some, sizeof(some), MSG_DONTWAIT) > 0)
		continue;
}

/* How often what is told of the stream once something has happened. */
static const struct {
	const char *name;
	bool paused, pending, finished;
	void (*happens)(struct pair *pair);
	unsigned inputs, drained, ended;
} cases[] = {
	{ "speaks", false, false, false, other_speaks, 1, 0, 0 },
	{ "speaks, paused", true, false, false, other_speaks, 0, 0, 0 },
	{ "speaks, pending", false, true, false, other_speaks, 1, 0, 0 },
	{ "ends", false, false, false, other_ends, 0, 0, 1 },
	{ "ends, paused", true, false, false, other_ends, 0, 0, 0 },
	{ "ends, pending", false, true, false, other_ends, 0, 0, 1 },
	{ "ends, finished", false, false, true, other_ends, 0, 0, 1 },
	{ "ends, paused and finished", true, false, true, other_ends, 0, 0, 1 },
	{ "goes", false, false, false, other_goes, 0, 0, 1 },
	{ "goes, paused", true, false, false, other_goes, 0, 0, 1 },
	{ "goes, pending", false, true, false, other_goes, 0, 0, 1 },
	{ "goes, paused and pending", true, true, false, other_goes, 0, 0, 1 },
	{ "goes, finished", false, false, true, other_goes, 0, 0, 1 },
	{ "reads", false, true, false, other_reads, 0, 1, 0 },
};

/* Each of them twice: the stream may be freed by whoever is told. */
static void test_told(void **state)
{
	static char many[LONG / 2];

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(cases); i++) {
		size_t n = i / 2;
		struct pair pair;

		pair_init(&pair);
		if (cases[n].paused)
			stream_pause(pair.stream);
		if (cases[n].pending)
			stream_write(pair.stream, many, sizeof(many));
		if (cases[n].finished)
			stream_finish(pair.stream);
		run(&pair);
		pair.release = i % 2;
		cases[n].happens(&pair);
		for (int times = 0; times < 30; times++) {
			if (cases[n].happens == other_reads)
				other_reads(&pair);
			run(&pair);
		}
		test_number(cases[n].name, pair.inputs, cases[n].inputs);
		test_number(cases[n].name, pair.drained, cases[n].drained);
		test_number(cases[n].name, pair.ended, cases[n].ended);
		pair_release(&pair);
	}
}

/* Written to after the other side has gone: told later, not meanwhile. */
static void test_dead(void **state)
{
	struct pair pair;

	(void)state;
	pair_init(&pair);
	other_goes(&pair);
	assert_false(stream_write(pair.stream, "x", 1));
	assert_int_equal(pair.ended, 0);
	run(&pair);
	assert_int_equal(pair.ended, 1);
	stream_write(pair.stream, "x", 1);
	run(&pair);
	assert_true(pair.ended <= 2);
	pair_release(&pair);
}

static void test_detach(void **state)
{
	struct pair pair;
	int fd;

	(void)state;
	pair_init(&pair);
	fd = stream_detach(pair.stream);
	say(&pair, "x");
	run(&pair);
	assert_int_equal(pair.inputs, 0);
	assert_true(stream_init(pair.stream, pair.loop, fd, &user, &pair));
	run(&pair);
	assert_int_equal(pair.inputs, 1);
	pair_release(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading), cmocka_unit_test(test_writing),
		cmocka_unit_test(test_keeping), cmocka_unit_test(test_finish),
		cmocka_unit_test(test_told),	cmocka_unit_test(test_dead),
		cmocka_unit_test(test_detach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
