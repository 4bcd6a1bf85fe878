/* SPDX-License-Identifier: MIT */
/*
 * test_frame.c - bytes off the wire and what they come to, each fed whole, a
 * byte at a time, and cut up at random: it has to be the same.
 *
 * Frames are written as `head payload; head payload`: the head's bytes in hex
 * up to a `|`, the mask left out, and the payload as text with \xNN. What they
 * come to is a word an event: text(…) binary(…) ping(…) pong(…) close(code …)
 * failed(code).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ws/frame.h"

static const struct frame_limits limits = { 1 << 20, 1 << 21, false };
static const struct frame_limits small = { 8, 12, true };

struct row {
	const char *name, *frames, *events;
	const struct frame_limits *limits; /* NULL: the large ones */
};

static const struct row rows[] = {
	{ "nothing", "", "", NULL },
	{ "a text", "81 85|Hello", "text(Hello)", NULL },
	{ "an empty text", "81 80|", "text()", NULL },
	{ "a binary", "82 83|\\x00\\xff\\x80", "binary(00 ff 80)", NULL },
	{ "two at once", "81 81|a; 81 81|b", "text(a) text(b)", NULL },
	{ "two fragments", "01 82|He; 80 83|llo", "text(Hello)", NULL },
	{ "an empty fragment", "01 80|; 00 80|; 80 81|x", "text(x)", NULL },
	{ "all of them empty", "01 80|; 00 80|; 80 80|", "text()", NULL },
	{ "the last one empty", "02 82|ab; 80 80|", "binary(61 62)", NULL },
	{ "a ping between", "01 82|He; 89 81|p; 80 83|llo; 81 81|b",
	  "ping(p) text(Hello) text(b)", NULL },
	{ "two pings between", "02 81|a; 89 82|pq; 89 82|rs; 80 81|b",
	  "ping(pq) ping(rs) binary(61 62)", NULL },
	{ "a pong nobody asked for", "8a 83|abc", "pong(abc)", NULL },
	{ "pings", "89 80|; 89 81|a; 89 82|bc", "ping() ping(a) ping(bc)",
	  NULL },
	{ "16 bits of length", "81 fe 00 7e|*126", "text(*126)", NULL },
	{ "65535", "81 fe ff ff|*65535", "text(*65535)", NULL },
	{ "64 bits of length", "81 ff 0000 0000 0001 0000|*65536",
	  "text(*65536)", NULL },
	{ "a control frame of 125", "89 fd|*125", "ping(*125)", NULL },

	{ "a close without code", "88 80|", "close(1005)", NULL },
	{ "a close", "88 82|\\x03\\xe8", "close(1000)", NULL },
	{ "a close with reason", "88 85|\\x0f\\xa0bye", "close(4000 bye)",
	  NULL },
	{ "a close in a message", "01 81|a; 88 82|\\x03\\xe9", "close(1001)",
	  NULL },
	{ "half a code", "88 81|\\x03", "failed(1002)", NULL },
	{ "code 0", "88 82|\\x00\\x00", "failed(1002)", NULL },
	{ "code 999", "88 82|\\x03\\xe7", "failed(1002)", NULL },
	{ "code 1004", "88 82|\\x03\\xec", "failed(1002)", NULL },
	{ "code 1005", "88 82|\\x03\\xed", "failed(1002)", NULL },
	{ "code 1006", "88 82|\\x03\\xee", "failed(1002)", NULL },
	{ "code 1015", "88 82|\\x03\\xf7", "failed(1002)", NULL },
	{ "code 2999", "88 82|\\x0b\\xb7", "failed(1002)", NULL },
	{ "code 3000", "88 82|\\x0b\\xb8", "close(3000)", NULL },
	{ "code 4999", "88 82|\\x13\\x87", "close(4999)", NULL },
	{ "code 5000", "88 82|\\x13\\x88", "failed(1002)", NULL },
	{ "a reason that is not UTF-8", "88 84|\\x03\\xe8\\xce\\x28",
	  "failed(1007)", NULL },
	{ "a reason cut short", "88 83|\\x03\\xe8\\xce", "failed(1007)", NULL },

	{ "RSV1", "c1 80|", "failed(1002)", NULL },
	{ "RSV2", "a1 80|", "failed(1002)", NULL },
	{ "RSV3", "91 80|", "failed(1002)", NULL },
	{ "RSV told at once", "f1|!", "failed(1002)", NULL },
	{ "opcode 3 told at once", "83|!", "failed(1002)", NULL },
	{ "opcode 7", "87 80|", "failed(1002)", NULL },
	{ "opcode 11", "8b 80|", "failed(1002)", NULL },
	{ "opcode 15", "8f 80|", "failed(1002)", NULL },
	{ "not masked, told at once", "81 05|!", "failed(1002)", NULL },
	{ "a ping not masked", "89 00|!", "failed(1002)", NULL },
	{ "a good one in front", "81 81|a; 81 01|!", "text(a) failed(1002)",
	  NULL },
	{ "125 with 16 bits", "81 fe 00 7d|*125", "failed(1002)", NULL },
	{ "nothing with 16 bits", "81 fe 00 00|", "failed(1002)", NULL },
	{ "65535 with 64 bits", "81 ff 0000 0000 0000 ffff|", "failed(1002)",
	  NULL },
	{ "a length of 64 bits", "82 ff 8000 0000 0000 0000|", "failed(1002)",
	  NULL },
	{ "a ping of 126", "89 fe 00 7e|!", "failed(1002)", NULL },
	{ "a ping in fragments", "09 80|", "failed(1002)", NULL },
	{ "a close in fragments", "08 80|", "failed(1002)", NULL },
	{ "nothing to go on with", "80 81|a", "failed(1002)", NULL },
	{ "nor after a message", "81 81|a; 00 81|b", "text(a) failed(1002)",
	  NULL },
	{ "a text within a text", "01 81|a; 81 81|b", "failed(1002)", NULL },
	{ "a binary within a text", "01 81|a; 02 81|b", "failed(1002)", NULL },

	{ "a character in two fragments", "01 81|\\xce; 80 81|\\xba",
	  "text(\xce\xba)", NULL },
	{ "a ping within a character", "01 81|\\xce; 89 81|\\xff; 80 81|\\xba",
	  "ping(\xff) text(\xce\xba)", NULL },
	{ "a character cut short", "81 81|\\xce", "failed(1007)", NULL },
	{ "cut short by the fragment", "01 81|\\xce; 80 81|a", "failed(1007)",
	  NULL },
	{ "wrong before the end", "01 ff 0000 0000 0001 0000|a\\xff!",
	  "failed(1007)", NULL },
	{ "overlong", "81 82|\\xc0\\xaf", "failed(1007)", NULL },
	{ "overlong by the second byte", "81 83|\\xe0\\x9f!", "failed(1007)",
	  NULL },
	{ "and of four", "81 84|\\xf0\\x8f!", "failed(1007)", NULL },
	{ "a surrogate", "81 83|\\xed\\xa0!", "failed(1007)", NULL },
	{ "past the last one", "81 84|\\xf4\\x90!", "failed(1007)", NULL },
	{ "the same by its first byte", "81 84|\\xf5!", "failed(1007)", NULL },
	{ "five bytes", "81 85|\\xf8!", "failed(1007)", NULL },
	{ "the last one", "81 84|\\xf4\\x8f\\xbf\\xbf",
	  "text(\xf4\x8f\xbf\xbf)", NULL },
	{ "behind 40 of ASCII", "81 ab|*40\\xe2\\x82\\xac",
	  "text(*40\xe2\x82\xac)", NULL },
	{ "wrong behind 40 of ASCII", "81 a9|*40\\x80", "failed(1007)", NULL },
	{ "binary may be anything", "82 82|\\xc0\\xaf", "binary(c0 af)", NULL },

	{ "as much as a frame may", "81 88|*8", "text(*8)", &small },
	{ "more, told by the head", "81 89|!", "failed(1009)", &small },
	{ "as much as a message may", "01 88|*8; 80 84|*4", "text(*12)",
	  &small },
	{ "more, by the second head", "01 88|*8; 80 85|!", "failed(1009)",
	  &small },
	{ "the next has all again", "81 88|*8; 01 88|*8; 80 84|*4",
	  "text(*8) text(*12)", &small },
	{ "a ping is no message", "01 88|*8; 89 89|*9; 80 80|",
	  "ping(*9) text(*8)", &small },
	{ "binary where text is wanted", "82|!", "failed(1003)", &small },
	{ "and the first of its fragments", "02|!", "failed(1003)", &small },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static unsigned hex(char digit)
{
	return digit <= '9' ? (unsigned)(digit - '0')
			    : (unsigned)(digit - 'a' + 10);
}

/* A payload's text: \xNN, and *N for N times `*`. */
static const char *put_payload(struct wsg_buf *out, const char *at)
{
	while (*at && *at != ';' && *at != '!') {
		if (at[0] == '\\') {
			char byte = (char)(hex(at[2]) << 4 | hex(at[3]));

			wsg_buf_add(out, &byte, 1);
			at += 4;
		} else if (at[0] == '*') {
			char *end;
			long count = strtol(at + 1, &end, 10);

			while (count--)
				wsg_buf_add(out, "*", 1);
			at = end;
		} else {
			wsg_buf_add(out, at++, 1);
		}
	}
	return at;
}

/* The bytes of a row; `!` ends them: what follows must not be waited for. */
static void put_frames(struct wsg_buf *out, const char *at)
{
	static const char mask[4] = { 0x37, (char)0xfa, 0x21, 0x3d };

	while (*at && *at != '!') {
		struct wsg_buf payload = { 0 };
		size_t i;

		for (; *at != '|'; at += 2) {
			char byte;

			while (*at == ' ' || *at == ';')
				at++;
			byte = (char)(hex(at[0]) << 4 | hex(at[1]));
			wsg_buf_add(out, &byte, 1);
		}
		if (at[1] == '!')
			break;
		wsg_buf_add(out, mask, sizeof(mask));
		at = put_payload(&payload, at + 1);
		for (i = 0; i < payload.len; i++)
			payload.ptr[i] = (char)(payload.ptr[i] ^ mask[i % 4]);
		wsg_buf_add(out, payload.ptr, payload.len);
		wsg_buf_release(&payload);
		while (*at == ' ' || *at == ';')
			at++;
	}
}

static void put_text(struct wsg_buf *out, struct wsg_str text)
{
	size_t stars = 0;

	while (stars < text.len && text.ptr[stars] == '*')
		stars++;
	if (stars)
		wsg_buf_printf(out, "*%zu", stars);
	wsg_buf_add(out, text.ptr + stars, text.len - stars);
}

static void put_event(struct wsg_buf *out, const struct frame_parser *parser,
		      enum frame_result result, enum frame_opcode opcode,
		      struct wsg_str payload)
{
	if (out->len)
		wsg_buf_text(out, " ");
	if (result == FRAME_FAILED) {
		assert_non_null(parser->reason);
		wsg_buf_printf(out, "failed(%d)", parser->code);
		return;
	}
	assert_int_equal(result == FRAME_CONTROL, opcode >= FRAME_CLOSE);
	switch (opcode) {
	case FRAME_TEXT:
		wsg_buf_text(out, "text(");
		break;
	case FRAME_BINARY:
		wsg_buf_text(out, "binary(");
		for (size_t i = 0; i < payload.len; i++)
			wsg_buf_printf(out, "%s%02x", i ? " " : "",
				       (unsigned char)payload.ptr[i]);
		wsg_buf_text(out, ")");
		return;
	case FRAME_PING:
		wsg_buf_text(out, "ping(");
		break;
	case FRAME_PONG:
		wsg_buf_text(out, "pong(");
		break;
	case FRAME_CLOSE:
		wsg_buf_printf(out, "close(%d%s", parser->code,
			       payload.len ? " " : "");
		break;
	case FRAME_MORE:
		fail_msg("a message of opcode 0");
	}
	put_text(out, payload);
	wsg_buf_text(out, ")");
}

/* Feed the bytes in pieces of at most `step`; 0: of any size. */
static void feed(struct wsg_buf *events, const struct row *row,
		 struct wsg_str bytes, size_t step)
{
	struct frame_parser parser;
	size_t at = 0;

	frame_parser_init(&parser, row->limits ? row->limits : &limits);
	while (at < bytes.len) {
		size_t size = step ? step : (size_t)rand() % 9 + 1, used;
		size_t len = bytes.len - at < size ? bytes.len - at : size;
		/* Of its very size, so that a sanitizer sees each overrun. */
		char *piece = malloc(len), *from = piece;
		enum frame_opcode opcode = FRAME_MORE;
		enum frame_result result;
		struct wsg_str payload = { 0 };

		assert_non_null(piece);
		memcpy(piece, bytes.ptr + at, len);
		at += len;
		while ((result = frame_parse(&parser, from, len, &used, &opcode,
					     &payload)) != FRAME_NONE) {
			put_event(events, &parser, result, opcode, payload);
			if (result == FRAME_FAILED)
				break;
			from += used;
			len -= used;
		}
		if (result == FRAME_NONE)
			assert_int_equal(used, len);
		free(piece);
		if (result == FRAME_FAILED)
			break;
		/* Between messages nothing is kept. */
		if (!parser.message_opcode && !parser.inside)
			assert_null(parser.pieces);
	}
	frame_parser_release(&parser);
}

static void check(const struct row *row, struct wsg_str bytes, size_t step)
{
	struct wsg_buf events = { 0 };

	feed(&events, row, bytes, step);
	if (strcmp(events.ptr ? events.ptr : "", row->events)) {
		fail_msg("%s, in pieces of %zu: %s instead of %s", row->name,
			 step, events.ptr ? events.ptr : "", row->events);
	}
	wsg_buf_release(&events);
}

static void test_rows(void **state)
{
	(void)state;
	srand(1);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct wsg_buf bytes = { 0 };

		put_frames(&bytes, rows[i].frames);
		for (size_t step = 1; step < 20; step++)
			check(&rows[i],
			      (struct wsg_str){ bytes.ptr, bytes.len }, step);
		check(&rows[i], (struct wsg_str){ bytes.ptr, bytes.len },
		      bytes.len + 1);
		for (int round = 0; round < 10; round++)
			check(&rows[i],
			      (struct wsg_str){ bytes.ptr, bytes.len }, 0);
		wsg_buf_release(&bytes);
	}
}

/* The heads of what we send, by the length of what follows. */
static void test_heads(void **state)
{
	static const struct {
		const char *name;
		enum frame_opcode opcode;
		bool final;
		uint64_t len;
		const char *head;
		size_t size;
	} heads[] = {
		{ "empty", FRAME_TEXT, true, 0, "\x81\0", 2 },
		{ "125", FRAME_TEXT, true, 125, "\x81\x7d", 2 },
		{ "126", FRAME_TEXT, true, 126, "\x81\x7e\0\x7e", 4 },
		{ "65535", FRAME_BINARY, true, 65535, "\x82\x7e\xff\xff", 4 },
		{ "65536", FRAME_BINARY, false, 65536,
		  "\x02\x7f\0\0\0\0\0\1\0\0", 10 },
		{ "the last piece", FRAME_MORE, true, 3, "\x80\3", 2 },
		{ "a pong", FRAME_PONG, true, 1, "\x8a\1", 2 },
	};
	unsigned char out[FRAME_HEAD_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		size_t size = frame_head(out, heads[i].opcode, heads[i].final,
					 heads[i].len);

		if (size != heads[i].size || memcmp(out, heads[i].head, size))
			fail_msg("%s: another head", heads[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_heads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
