/* SPDX-License-Identifier: MIT */
/*
 * socket.h - an open WebSocket: whole messages in and out over a stream. Pings
 * are answered here, and the closing handshake is seen through here.
 */
#ifndef GATEWAY_SOCKET_H
#define GATEWAY_SOCKET_H

#include "../net/stream.h"
#include "frame.h"

#define SOCKET_CLOSE_MS 2000 /* for the client to answer our close */

/* With more than this unsent, no more is read from the client: its pings, and
 * whatever it is answered, would only pile up. */
#define SOCKET_UNSENT_MAX 65536

struct ws_socket;

struct ws_socket_user {
	/* A message came whole, text unless limits let binary through; the
	 * payload is gone when this returns. None comes once a side closed. */
	void (*message)(struct ws_socket *socket, enum frame_opcode opcode,
			struct wsg_str payload);
	/*
	 * It is over, for whichever reason, and told once: code and reason are
	 * those of the side that closed first, CLOSE_ABNORMAL when the TCP
	 * connection was cut. The socket is the user's to release, here or
	 * later. Called from the loop, never from within a ws_socket_ call.
	 */
	void (*closed)(struct ws_socket *socket, unsigned code,
		       struct wsg_str reason);
};

struct ws_socket {
	struct stream stream;
	struct frame_parser frames;
	struct loop *loop;
	struct loop_timer timer; /* for what must not wait for the client */
	const struct ws_socket_user *user;
	void *owner;
	size_t frame_max;   /* what we send is split past this; 0: never */
	size_t pending_max; /* what may wait for a slow reader; one message
			     * may if nothing else does */
	const char *reason; /* ours to close for */
	char *kept;	    /* the client's reason, or what is still unread */
	size_t kept_len;
	bool *gone; /* set when it is released from within a callback */
	unsigned short code; /* of the side that closed first; 0: not yet */
	unsigned char state; /* see socket.c */
	bool unread;	     /* kept came, and has not been looked at */
	bool paused;	     /* by the user */
	bool held;	     /* not read until what we sent has left */
};

/*
 * Take over fd, whose handshake is done but for `first` (the 101, written in
 * front of all else; may be empty). rest is what came behind the request; it is
 * read once the loop goes on. False: errno, and fd is closed.
 */
bool ws_socket_init(struct ws_socket *socket, struct loop *loop, int fd,
		    const struct ws_socket_user *user, void *owner,
		    const struct frame_limits *limits, struct wsg_str first,
		    struct wsg_str rest);
/* Close it now, whatever has not left yet; nobody is told. Also from within a
 * callback; a released one may be so again. */
void ws_socket_release(struct ws_socket *socket);

enum ws_sent {
	WS_SENT,
	WS_FULL, /* the client reads too slowly: nothing was sent */
	WS_OVER, /* it is closed or closing */
};

/* Send a message, in frames of frame_max; a text may be cut within a character,
 * as it may be on AWS. */
enum ws_sent ws_socket_send(struct ws_socket *socket, enum frame_opcode opcode,
			    struct wsg_str payload);

/*
 * Be told of no message until it is resumed; nothing is read meanwhile, so that
 * the client cannot send on for ever, and its leaving may go unseen.
 */
void ws_socket_pause(struct ws_socket *socket);
void ws_socket_resume(struct ws_socket *socket);

/*
 * Close: the frame is sent, the client has SOCKET_CLOSE_MS to answer, then
 * `closed` is called with this code and reason (a string that stays).
 */
void ws_socket_close(struct ws_socket *socket, unsigned code,
		     const char *reason);

/* Cut the connection without a word; `closed` is called with 1006. */
void ws_socket_cut(struct ws_socket *socket);

#endif
