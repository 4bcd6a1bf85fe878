/* SPDX-License-Identifier: MIT */
/* frame.c - WebSocket's frames, parsed as they come; see RFC 6455, 5. */
#include "frame.h"

#include "../base/mem.h"
#include "../base/utf8.h"

#include <stdlib.h>

/* Of a frame's first byte, and of its second. */
#define FINAL 0x80
#define RESERVED 0x70
#define OPCODE 0x0f
#define MASKED 0x80
#define LENGTH 0x7f

#define MASK_SIZE 4
#define CONTROL_MAX 125
#define LENGTH_16 126 /* two bytes of length follow */
#define LENGTH_64 127 /* eight */

/* What has come of a message or control frame that is not all there yet. */
struct frame_pieces {
	struct wsg_buf message;
	size_t control_len;
	char control[CONTROL_MAX];
};

void frame_parser_init(struct frame_parser *parser,
		       const struct frame_limits *limits)
{
	*parser = (struct frame_parser){ .limits = limits };
}

void frame_parser_release(struct frame_parser *parser)
{
	if (parser->pieces)
		wsg_buf_release(&parser->pieces->message);
	free(parser->pieces);
	parser->pieces = NULL;
}

static bool refuse(struct frame_parser *parser, unsigned short code,
		   const char *reason)
{
	parser->code = code;
	parser->reason = reason;
	return false;
}

static bool is_control(unsigned opcode)
{
	return opcode >= FRAME_CLOSE;
}

/* Of the message that has begun, as far as it is kept. */
static size_t message_len(const struct frame_parser *parser)
{
	return parser->pieces ? parser->pieces->message.len : 0;
}

static struct frame_pieces *pieces_of(struct frame_parser *parser)
{
	if (!parser->pieces)
		parser->pieces = mem_alloc(sizeof(*parser->pieces));
	return parser->pieces;
}

/* Let go of what the last call handed out. */
static void settle(struct frame_parser *parser)
{
	struct frame_pieces *pieces = parser->pieces;
	bool in_control = parser->inside && is_control(parser->opcode);

	if (!pieces)
		return;
	if (!in_control)
		pieces->control_len = 0;
	if (!parser->message_opcode)
		wsg_buf_release(&pieces->message);
	if (!in_control && !pieces->message.ptr)
		frame_parser_release(parser);
}

static bool judge_first(struct frame_parser *parser)
{
	unsigned opcode = parser->head[0] & OPCODE;
	bool final = parser->head[0] & FINAL;

	if (parser->head[0] & RESERVED)
		return refuse(parser, CLOSE_PROTOCOL, "reserved bits are set");
	switch (opcode) {
	case FRAME_MORE:
		if (!parser->message_opcode)
			return refuse(parser, CLOSE_PROTOCOL,
				      "no message to go on with");
		return true;
	case FRAME_TEXT:
	case FRAME_BINARY:
		if (parser->message_opcode)
			return refuse(parser, CLOSE_PROTOCOL,
				      "a message within a message");
		if (opcode == FRAME_BINARY && parser->limits->text_only)
			return refuse(parser, CLOSE_UNSUPPORTED,
				      "binary is not supported");
		return true;
	case FRAME_CLOSE:
	case FRAME_PING:
	case FRAME_PONG:
		if (!final)
			return refuse(parser, CLOSE_PROTOCOL,
				      "a control frame in fragments");
		return true;
	default:
		return refuse(parser, CLOSE_PROTOCOL, "unknown opcode");
	}
}

static bool judge_second(struct frame_parser *parser)
{
	if (!(parser->head[1] & MASKED))
		return refuse(parser, CLOSE_PROTOCOL, "not masked");
	if (is_control(parser->head[0] & OPCODE) &&
	    (parser->head[1] & LENGTH) > CONTROL_MAX)
		return refuse(parser, CLOSE_PROTOCOL,
			      "a control frame past 125 bytes");
	return true;
}

/* Where a head's length ends, by its second byte; the mask follows. */
static size_t length_end(const struct frame_parser *parser)
{
	unsigned length = parser->head[1] & LENGTH;

	if (length == LENGTH_64)
		return 10;
	return length == LENGTH_16 ? 4 : 2;
}

/* The length is there: *len. */
static bool judge_length(struct frame_parser *parser, uint64_t *len)
{
	const struct frame_limits *limits = parser->limits;
	size_t end = length_end(parser);

	*len = parser->head[1] & LENGTH;
	if (end > 2) {
		*len = 0;
		for (size_t at = 2; at < end; at++)
			*len = *len << 8 | parser->head[at];
		if (*len < LENGTH_16 || (end > 4 && *len <= UINT16_MAX))
			return refuse(parser, CLOSE_PROTOCOL,
				      "a length longer than it need be");
		if (*len > INT64_MAX)
			return refuse(parser, CLOSE_PROTOCOL,
				      "a length past 63 bits");
	}
	if (is_control(parser->head[0] & OPCODE))
		return true;
	if (*len > limits->frame_max)
		return refuse(parser, CLOSE_TOO_BIG, "the frame is too big");
	if (*len > limits->message_max ||
	    limits->message_max - (size_t)*len < message_len(parser))
		return refuse(parser, CLOSE_TOO_BIG, "the message is too big");
	return true;
}

/* The whole head is there. */
static void begin(struct frame_parser *parser, uint64_t len)
{
	const unsigned char *head = parser->head;

	parser->opcode = head[0] & OPCODE;
	parser->final = head[0] & FINAL;
	if (parser->opcode != FRAME_MORE && !is_control(parser->opcode))
		parser->message_opcode = parser->opcode;
	memcpy(parser->mask, head + length_end(parser), MASK_SIZE);
	parser->mask_at = 0;
	parser->left = len;
	parser->inside = true;
	parser->head_len = 0;
}

/* Read on in the head, up to its end. False: the frame is refused. */
static bool read_head(struct frame_parser *parser, const char *bytes,
		      size_t len, size_t *used)
{
	while (!parser->inside && *used < len) {
		size_t end = 0, need = 2, part;
		uint64_t length = 0;

		if (parser->head_len >= 2) {
			end = length_end(parser);
			need = end + MASK_SIZE;
		}
		part = need - parser->head_len;
		if (part > len - *used)
			part = len - *used;
		memcpy(parser->head + parser->head_len, bytes + *used, part);
		parser->head_len = (unsigned char)(parser->head_len + part);
		*used += part;
		if (parser->head_len <= 2) {
			if (!judge_first(parser))
				return false;
			if (parser->head_len < 2)
				break;
			if (!judge_second(parser))
				return false;
			end = length_end(parser);
		}
		if (parser->head_len >= end && !judge_length(parser, &length))
			return false;
		if (parser->head_len == end + MASK_SIZE)
			begin(parser, length);
	}
	return true;
}

static void unmask(struct frame_parser *parser, char *bytes, size_t len)
{
	unsigned char mask[8];
	uint64_t key, words[2];
	size_t at = 0;

	for (size_t i = 0; i < sizeof(mask); i++)
		mask[i] = parser->mask[(parser->mask_at + i) % 4];
	memcpy(&key, mask, sizeof(key));
	for (; len - at >= sizeof(words); at += sizeof(words)) {
		memcpy(words, bytes + at, sizeof(words));
		words[0] ^= key;
		words[1] ^= key;
		memcpy(bytes + at, words, sizeof(words));
	}
	for (; at < len; at++)
		bytes[at] = (char)(bytes[at] ^ mask[at % 8]);
	parser->mask_at = (unsigned char)((parser->mask_at + len) % 4);
}

static enum frame_result take_close(struct frame_parser *parser,
				    struct wsg_str *payload)
{
	const unsigned char *bytes = (const unsigned char *)payload->ptr;
	uint32_t utf8 = 0;

	if (!payload->len) {
		parser->code = CLOSE_NO_STATUS;
		return FRAME_CONTROL;
	}
	if (payload->len == 1) {
		refuse(parser, CLOSE_PROTOCOL, "half a close code");
		return FRAME_FAILED;
	}
	parser->code = (unsigned short)(bytes[0] << 8 | bytes[1]);
	payload->ptr += 2;
	payload->len -= 2;
	if (!frame_close_is_valid(parser->code)) {
		refuse(parser, CLOSE_PROTOCOL, "no code to close with");
		return FRAME_FAILED;
	}
	if (!utf8_check(&utf8, payload->ptr, payload->len) || utf8) {
		refuse(parser, CLOSE_INVALID_DATA, "a reason not in UTF-8");
		return FRAME_FAILED;
	}
	return FRAME_CONTROL;
}

/* A piece of a control frame's payload; the last one if none is left. */
static enum frame_result take_control(struct frame_parser *parser,
				      struct wsg_str piece,
				      struct wsg_str *payload)
{
	struct frame_pieces *pieces = parser->pieces;

	if (parser->left || (pieces && pieces->control_len)) {
		pieces = pieces_of(parser);
		if (piece.len)
			memcpy(pieces->control + pieces->control_len, piece.ptr,
			       piece.len);
		pieces->control_len += piece.len;
		if (parser->left)
			return FRAME_NONE;
		piece.ptr = pieces->control;
		piece.len = pieces->control_len;
	}
	*payload = piece;
	if (parser->opcode == FRAME_CLOSE)
		return take_close(parser, payload);
	return FRAME_CONTROL;
}

/* A piece of a message's; its last one if it is the final frame's last. */
static enum frame_result take_data(struct frame_parser *parser,
				   struct wsg_str piece,
				   struct wsg_str *payload)
{
	bool whole = parser->final && !parser->left;

	if (parser->message_opcode == FRAME_TEXT &&
	    (!utf8_check(&parser->utf8, piece.ptr, piece.len) ||
	     (whole && parser->utf8))) {
		refuse(parser, CLOSE_INVALID_DATA, "a text not in UTF-8");
		return FRAME_FAILED;
	}
	if (!whole || message_len(parser)) {
		struct wsg_buf *message;

		if (!piece.len && !whole)
			return FRAME_NONE;
		message = &pieces_of(parser)->message;
		wsg_buf_str(message, piece);
		if (message->failed)
			mem_exhausted();
		piece.ptr = message->ptr;
		piece.len = message->len;
	}
	if (!whole)
		return FRAME_NONE;
	*payload = piece;
	return FRAME_MESSAGE;
}

static enum frame_result take_piece(struct frame_parser *parser,
				    struct wsg_str piece,
				    enum frame_opcode *opcode,
				    struct wsg_str *payload)
{
	enum frame_result result;

	if (is_control(parser->opcode)) {
		result = take_control(parser, piece, payload);
		*opcode = parser->opcode;
	} else {
		result = take_data(parser, piece, payload);
		*opcode = parser->message_opcode;
		if (result == FRAME_MESSAGE)
			parser->message_opcode = 0;
	}
	if (!parser->left)
		parser->inside = false;
	return result;
}

enum frame_result frame_parse(struct frame_parser *parser, char *bytes,
			      size_t len, size_t *used,
			      enum frame_opcode *opcode,
			      struct wsg_str *payload)
{
	enum frame_result result = FRAME_NONE;
	size_t at = 0, part;

	settle(parser);
	do {
		if (!read_head(parser, bytes, len, &at)) {
			result = FRAME_FAILED;
			break;
		}
		if (!parser->inside)
			break;
		part = len - at;
		if (part > parser->left)
			part = (size_t)parser->left;
		unmask(parser, bytes + at, part);
		parser->left -= part;
		result =
			take_piece(parser, (struct wsg_str){ bytes + at, part },
				   opcode, payload);
		at += part;
	} while (result == FRAME_NONE && at < len);
	*used = at;
	return result;
}

size_t frame_head(unsigned char out[FRAME_HEAD_MAX], enum frame_opcode opcode,
		  bool final, uint64_t len)
{
	size_t at = 2, size = 0;

	out[0] = (unsigned char)(opcode | (final ? FINAL : 0u));
	if (len < LENGTH_16) {
		out[1] = (unsigned char)len;
	} else if (len <= UINT16_MAX) {
		out[1] = LENGTH_16;
		size = 2;
	} else {
		out[1] = LENGTH_64;
		size = 8;
	}
	while (size)
		out[at++] = (unsigned char)(len >> (8 * --size));
	return at;
}

bool frame_close_is_valid(unsigned code)
{
	if (code >= 3000 && code < 5000)
		return true;
	return code >= 1000 && code <= 1014 && code != 1004 &&
	       code != CLOSE_NO_STATUS && code != CLOSE_ABNORMAL;
}
