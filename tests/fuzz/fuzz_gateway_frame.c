/* SPDX-License-Identifier: MIT */
/*
 * fuzz_gateway_frame.c - any bytes as a client's frames, all at once and cut up
 * in ways that the first bytes choose: what they come to must be the same, and
 * within the limits.
 */
#include "base/utf8.h"
#include "ws/frame.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define SEED_LEN 4
#define FRAME_MAX 300
#define MESSAGE_MAX 500

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* A line for what came; its words do not matter, only that they differ. */
static void note(struct wsg_buf *events, const struct frame_parser *parser,
		 enum frame_result result, enum frame_opcode opcode,
		 struct wsg_str payload)
{
	bool coded = result == FRAME_FAILED || opcode == FRAME_CLOSE;
	uint32_t utf8 = 0;

	wsg_buf_printf(events, "%d %d ", result, coded ? parser->code : 0);
	if (result == FRAME_FAILED) {
		wsg_buf_text(events, parser->reason);
		return;
	}
	if (result == FRAME_CONTROL) {
		require(payload.len <= 125 && opcode >= FRAME_CLOSE);
		if (opcode == FRAME_CLOSE)
			require(parser->code == CLOSE_NO_STATUS ||
				frame_close_is_valid(parser->code));
	} else {
		require(payload.len <= parser->limits->message_max);
		require(opcode == FRAME_TEXT ||
			(opcode == FRAME_BINARY && !parser->limits->text_only));
	}
	if (opcode == FRAME_TEXT || opcode == FRAME_CLOSE)
		require(utf8_check(&utf8, payload.ptr, payload.len) && !utf8);
	wsg_buf_printf(events, "%d %zu ", (int)opcode, payload.len);
	wsg_buf_str(events, payload);
}

/* Feed the bytes; *seed, if there is one, says where they are cut. */
static void play(struct wsg_buf *events, const struct frame_limits *limits,
		 const uint8_t *bytes, size_t len, uint32_t *seed)
{
	struct frame_parser parser;
	enum frame_result result = FRAME_NONE;

	frame_parser_init(&parser, limits);
	while (len && result != FRAME_FAILED) {
		size_t part = len, used, at = 0;
		enum frame_opcode opcode = FRAME_MORE;
		struct wsg_str payload = { 0 };
		char *piece;

		if (seed) {
			*seed = *seed * 1664525 + 1013904223;
			part = (*seed >> 24) % (*seed & 0x800000 ? 9 : 99) + 1;
			if (part > len)
				part = len;
		}
		piece = malloc(part);
		require(piece);
		memcpy(piece, bytes, part);
		while ((result = frame_parse(&parser, piece + at, part - at,
					     &used, &opcode, &payload)) !=
		       FRAME_NONE) {
			note(events, &parser, result, opcode, payload);
			at += used;
			require(at <= part);
			if (result == FRAME_FAILED)
				break;
		}
		free(piece);
		bytes += part;
		len -= part;
	}
	frame_parser_release(&parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct frame_limits limits = { FRAME_MAX, MESSAGE_MAX, false };
	struct wsg_buf whole = { 0 }, pieces = { 0 };
	uint32_t seed;

	if (len < SEED_LEN)
		return 0;
	memcpy(&seed, bytes, sizeof(seed));
	limits.text_only = bytes[0] & 1;
	bytes += SEED_LEN;
	len -= SEED_LEN;
	play(&whole, &limits, bytes, len, NULL);
	play(&pieces, &limits, bytes, len, &seed);
	require(wsg_str_equal((struct wsg_str){ whole.ptr, whole.len },
			      (struct wsg_str){ pieces.ptr, pieces.len }));
	wsg_buf_release(&whole);
	wsg_buf_release(&pieces);
	return 0;
}
