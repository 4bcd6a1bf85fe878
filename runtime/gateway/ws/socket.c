/* SPDX-License-Identifier: MIT */
/* socket.c - a WebSocket from its 101 to the end of its TCP connection. */
#include "socket.h"

#include "../base/mem.h"

#include <stdlib.h>

#define REASON_MAX 123 /* what a close frame has room for behind the code */

enum {
	SOCKET_OPEN,
	SOCKET_CLOSING, /* we closed, and wait for the client to answer */
	SOCKET_ENDING,	/* nothing is read any more; TCP is to end */
	SOCKET_CUT,	/* it has; the user is to be told */
	SOCKET_OVER,
};

static void keep(struct ws_socket *socket, struct wsg_str text)
{
	free(socket->kept);
	socket->kept = text.len ? mem_copy(text) : NULL;
	socket->kept_len = text.len;
}

/* What is unread will never be read. */
static void forget(struct ws_socket *socket)
{
	if (!socket->unread)
		return;
	keep(socket, (struct wsg_str){ NULL, 0 });
	socket->unread = false;
}

static void start_timer(struct ws_socket *socket, int64_t after_us)
{
	loop_start(socket->loop, &socket->timer, after_us);
}

static bool send_frame(struct ws_socket *socket, enum frame_opcode opcode,
		       bool final, struct wsg_str payload)
{
	unsigned char head[FRAME_HEAD_MAX];
	size_t len = frame_head(head, opcode, final, payload.len);

	return stream_write2(&socket->stream,
			     (struct wsg_str){ (const char *)head, len },
			     payload);
}

static void send_close(struct ws_socket *socket, unsigned code,
		       struct wsg_str reason)
{
	char payload[2 + REASON_MAX];
	size_t len = 0;

	if (code != CLOSE_NO_STATUS) {
		payload[len++] = (char)(code >> 8);
		payload[len++] = (char)code;
		/* A reason that is cut has to stay UTF-8. */
		if (reason.len > REASON_MAX) {
			reason.len = REASON_MAX;
			while (reason.len &&
			       (reason.ptr[reason.len] & 0xc0) == 0x80)
				reason.len--;
		}
		if (reason.len)
			memcpy(payload + len, reason.ptr, reason.len);
		len += reason.len;
	}
	send_frame(socket, FRAME_CLOSE, true, (struct wsg_str){ payload, len });
}

/* Read from the client, or not, as things stand. */
static void regulate(struct ws_socket *socket)
{
	bool stopped = socket->paused || socket->held;

	if (socket->unread && stopped)
		loop_stop(socket->loop, &socket->timer);
	else if (socket->unread)
		start_timer(socket, 0);
	if (socket->unread || stopped)
		stream_pause(&socket->stream);
	else
		stream_resume(&socket->stream);
}

/*
 * Both sides have closed, or one that cannot be understood was closed to: what
 * we sent leaves, and then it is the client's turn to end. Nobody is told
 * before, since releasing the socket would lose what has not left yet, or cut
 * off our close with what the client still sends.
 */
static void end(struct ws_socket *socket)
{
	socket->state = SOCKET_ENDING;
	frame_parser_release(&socket->frames);
	stream_finish(&socket->stream);
	start_timer(socket, SOCKET_CLOSE_MS * INT64_C(1000));
}

/* The TCP connection is over: tell the user. */
static void tell(struct ws_socket *socket)
{
	struct wsg_str reason = wsg_str(socket->reason);

	forget(socket);
	if (socket->kept)
		reason = (struct wsg_str){ socket->kept, socket->kept_len };
	loop_stop(socket->loop, &socket->timer);
	stream_release(&socket->stream);
	frame_parser_release(&socket->frames);
	socket->state = SOCKET_OVER;
	socket->user->closed(socket, socket->code, reason);
}

static void take_control(struct ws_socket *socket, enum frame_opcode opcode,
			 struct wsg_str payload)
{
	if (opcode == FRAME_PING && socket->state == SOCKET_OPEN)
		send_frame(socket, FRAME_PONG, true, payload);
	if (opcode != FRAME_CLOSE)
		return;
	if (socket->state == SOCKET_OPEN) {
		socket->code = socket->frames.code;
		keep(socket, payload);
		send_close(socket, socket->code, (struct wsg_str){ 0 });
	}
	end(socket);
}

static void refuse(struct ws_socket *socket)
{
	if (socket->state == SOCKET_OPEN) {
		socket->code = socket->frames.code;
		socket->reason = socket->frames.reason;
		send_close(socket, socket->code, wsg_str(socket->reason));
	}
	end(socket);
}

/* False: the socket is gone. */
static bool feed(struct ws_socket *socket, char *bytes, size_t len)
{
	bool gone = false;

	socket->gone = &gone;
	while (socket->state <= SOCKET_CLOSING) {
		enum frame_opcode opcode;
		struct wsg_str payload;
		enum frame_result result;
		size_t used;

		result = frame_parse(&socket->frames, bytes, len, &used,
				     &opcode, &payload);
		if (result == FRAME_NONE)
			break;
		bytes += used;
		len -= used;
		if (result == FRAME_FAILED)
			refuse(socket);
		else if (result == FRAME_CONTROL)
			take_control(socket, opcode, payload);
		else if (socket->state == SOCKET_OPEN)
			socket->user->message(socket, opcode, payload);
		if (gone)
			return false;
		if (socket->paused && len) {
			keep(socket, (struct wsg_str){ bytes, len });
			socket->unread = true;
			break;
		}
	}
	socket->gone = NULL;
	if (socket->state == SOCKET_OPEN && !socket->held &&
	    stream_pending(&socket->stream) > SOCKET_UNSENT_MAX) {
		socket->held = true;
		regulate(socket);
	}
	return true;
}

/* What came before is read before all else. False: as above. */
static bool feed_rest(struct ws_socket *socket)
{
	char *rest = socket->kept;
	size_t len = socket->kept_len;
	bool alive;

	socket->unread = false;
	socket->kept = NULL;
	socket->kept_len = 0;
	alive = feed(socket, rest, len);
	free(rest);
	if (alive && socket->state <= SOCKET_ENDING)
		regulate(socket);
	return alive;
}

static void fire(struct loop_timer *timer)
{
	struct ws_socket *socket =
		(struct ws_socket *)((char *)timer -
				     offsetof(struct ws_socket, timer));

	if (!socket->unread)
		tell(socket);
	else if (feed_rest(socket) && socket->state == SOCKET_CLOSING)
		start_timer(socket, SOCKET_CLOSE_MS * INT64_C(1000));
}

static void input(struct stream *stream, char *bytes, size_t len)
{
	feed(stream->owner, bytes, len);
}

static void drained(struct stream *stream)
{
	struct ws_socket *socket = stream->owner;

	socket->held = false;
	regulate(socket);
}

static void ended(struct stream *stream, int error)
{
	struct ws_socket *socket = stream->owner;

	/* There may be a close in it. */
	if (socket->unread && !socket->paused && !feed_rest(socket))
		return;
	/* It says no more, and may still hear what we have to say. */
	if (!error && socket->state != SOCKET_OPEN && stream_pending(stream)) {
		if (socket->state == SOCKET_CLOSING)
			end(socket);
		return;
	}
	if (!socket->code)
		socket->code = CLOSE_ABNORMAL;
	tell(socket);
}

bool ws_socket_init(struct ws_socket *socket, struct loop *loop, int fd,
		    const struct ws_socket_user *user, void *owner,
		    const struct frame_limits *limits, struct wsg_str first,
		    struct wsg_str rest)
{
	static const struct stream_user stream_user = { input, drained, ended };

	*socket = (struct ws_socket){ .loop = loop,
				      .user = user,
				      .owner = owner };
	frame_parser_init(&socket->frames, limits);
	socket->timer.fire = fire;
	socket->timer.clock = CLOCK_REAL;
	socket->pending_max = SIZE_MAX;
	if (!stream_init(&socket->stream, loop, fd, &stream_user, socket))
		return false;
	if (first.len)
		stream_write(&socket->stream, first.ptr, first.len);
	if (rest.len) {
		keep(socket, rest);
		socket->unread = true;
		regulate(socket);
	}
	return true;
}

void ws_socket_release(struct ws_socket *socket)
{
	if (socket->gone)
		*socket->gone = true;
	socket->gone = NULL;
	if (socket->loop)
		loop_stop(socket->loop, &socket->timer);
	stream_release(&socket->stream);
	frame_parser_release(&socket->frames);
	free(socket->kept);
	socket->kept = NULL;
	socket->state = SOCKET_OVER;
}

enum ws_sent ws_socket_send(struct ws_socket *socket, enum frame_opcode opcode,
			    struct wsg_str payload)
{
	size_t pending = stream_pending(&socket->stream);

	if (socket->state != SOCKET_OPEN)
		return WS_OVER;
	if (pending && (pending > socket->pending_max ||
			payload.len > socket->pending_max - pending))
		return WS_FULL;
	do {
		struct wsg_str part = payload;

		if (socket->frame_max && part.len > socket->frame_max)
			part.len = socket->frame_max;
		if (part.len < payload.len)
			payload.ptr += part.len;
		payload.len -= part.len;
		if (!send_frame(socket, opcode, !payload.len, part))
			return WS_OVER;
		opcode = FRAME_MORE;
	} while (payload.len);
	return WS_SENT;
}

void ws_socket_close(struct ws_socket *socket, unsigned code,
		     const char *reason)
{
	if (socket->state != SOCKET_OPEN)
		return;
	socket->state = SOCKET_CLOSING;
	socket->code = (unsigned short)code;
	socket->reason = reason;
	send_close(socket, code, wsg_str(reason));
	/* Nothing can pile up any more. */
	socket->paused = false;
	socket->held = false;
	regulate(socket);
	if (!socket->unread) /* the timer is taken until it is read */
		start_timer(socket, SOCKET_CLOSE_MS * INT64_C(1000));
}

void ws_socket_pause(struct ws_socket *socket)
{
	if (socket->state != SOCKET_OPEN)
		return;
	socket->paused = true;
	regulate(socket);
}

void ws_socket_resume(struct ws_socket *socket)
{
	if (socket->state != SOCKET_OPEN)
		return;
	socket->paused = false;
	regulate(socket);
}

void ws_socket_cut(struct ws_socket *socket)
{
	if (socket->state >= SOCKET_CUT)
		return;
	forget(socket);
	if (!socket->code)
		socket->code = CLOSE_ABNORMAL;
	socket->state = SOCKET_CUT;
	socket->paused = false; /* there is nothing to keep for later */
	stream_release(&socket->stream);
	start_timer(socket, 0);
}
