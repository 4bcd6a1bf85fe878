/* SPDX-License-Identifier: MIT */
/*
 * frame.h - WebSocket's frames (RFC 6455), without sockets: bytes in, whole
 * messages and control frames out. It knows a server's side: what comes is
 * masked, what goes is not.
 */
#ifndef GATEWAY_FRAME_H
#define GATEWAY_FRAME_H

#include <wsgen/str.h>

#include <stdint.h>

enum frame_opcode {
	FRAME_MORE = 0,
	FRAME_TEXT = 1,
	FRAME_BINARY = 2,
	FRAME_CLOSE = 8,
	FRAME_PING = 9,
	FRAME_PONG = 10,
};

/* Codes of a close, as far as the gateway says or hears them by name. */
enum {
	CLOSE_NORMAL = 1000,
	CLOSE_GOING_AWAY = 1001,
	CLOSE_PROTOCOL = 1002,
	CLOSE_UNSUPPORTED = 1003,
	CLOSE_NO_STATUS = 1005, /* never sent: the frame had no code */
	CLOSE_ABNORMAL = 1006,	/* never sent: there was no frame */
	CLOSE_INVALID_DATA = 1007,
	CLOSE_TOO_BIG = 1009,
	CLOSE_INTERNAL = 1011,
};

struct frame_limits {
	uint64_t frame_max; /* of one frame's payload: past it 1009 */
	size_t message_max; /* of a message's: past it 1009 */
	bool text_only;	    /* a binary message is 1003 */
};

enum frame_result {
	FRAME_NONE,    /* all bytes are used up; nothing is complete */
	FRAME_MESSAGE, /* a whole message: opcode TEXT or BINARY */
	FRAME_CONTROL, /* CLOSE, PING or PONG */
	FRAME_FAILED,  /* close with parser->code and ->reason */
};

/* At rest between two messages a parser holds no memory but itself. */
struct frame_parser {
	const struct frame_limits *limits;
	const char *reason;	     /* of FRAME_FAILED */
	struct frame_pieces *pieces; /* of what did not come all at once */
	uint64_t left;		     /* of the frame's payload */
	uint32_t utf8;		     /* of a text as it comes; see utf8.h */
	unsigned short code; /* of FRAME_FAILED, or a CLOSE: 1005: none */
	bool inside;	     /* the head is done, the payload is coming */
	bool final;
	unsigned char opcode;	      /* of the frame */
	unsigned char message_opcode; /* of the message; 0: none has begun */
	unsigned char mask[4];
	unsigned char mask_at;
	unsigned char head_len;
	unsigned char head[14];
};

void frame_parser_init(struct frame_parser *parser,
		       const struct frame_limits *limits);
void frame_parser_release(struct frame_parser *parser);

/*
 * Parse from bytes, which are unmasked in place; *used says how far it came.
 * Call again with the rest, though it be empty, until it is FRAME_NONE, or
 * FRAME_FAILED: nothing can be read after that. *opcode and *payload are those
 * of a FRAME_MESSAGE or FRAME_CONTROL, the payload good until the next call;
 * that of a CLOSE is its reason, with the code in parser->code. A message that
 * lies whole in bytes is handed out where it is, not copied. What is wrong is
 * told at the first byte that shows it, and limits are held against a frame's
 * head, before its payload comes; how the bytes are cut up between calls makes
 * no difference.
 */
enum frame_result frame_parse(struct frame_parser *parser, char *bytes,
			      size_t len, size_t *used,
			      enum frame_opcode *opcode,
			      struct wsg_str *payload);

/* The head of a frame that we send: at most 10 bytes; how many. */
#define FRAME_HEAD_MAX 10
size_t frame_head(unsigned char out[FRAME_HEAD_MAX], enum frame_opcode opcode,
		  bool final, uint64_t len);

/* Whether a peer may close with that code. */
bool frame_close_is_valid(unsigned code);

#endif
