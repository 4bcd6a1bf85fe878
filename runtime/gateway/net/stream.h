/* SPDX-License-Identifier: MIT */
/*
 * stream.h - a TCP connection of a client or a function. At rest it holds no
 * buffer: what arrives is read into the loop's one and handed on at once, what
 * cannot leave at once is kept until it can, and given back then.
 */
#ifndef GATEWAY_STREAM_H
#define GATEWAY_STREAM_H

#include "loop.h"

#include <wsgen/str.h>

struct stream;

/* Who reads it. All are called from the loop, never from within stream_write.
 */
struct stream_user {
	/*
	 * Bytes came; they may be changed in place, and are gone when it
	 * returns. The callee may close or free the stream.
	 */
	void (*input)(struct stream *stream, char *bytes, size_t len);
	/* Everything that was written has left. May be NULL. */
	void (*drained)(struct stream *stream);
	/*
	 * The other side ended or failed (error is an errno; 0: it ended). The
	 * stream is still the user's to free. After an end it can still be
	 * written to; this is called once more if that fails, or when both
	 * sides have ended.
	 */
	void (*ended)(struct stream *stream, int error);
};

struct stream {
	struct loop *loop; /* NULL: released */
	int fd;
	struct loop_watch watch;
	const struct stream_user *user;
	void *owner;	    /* the user's */
	struct wsg_buf out; /* from sent on: waits for the socket */
	size_t sent;
	bool paused;
	bool finished; /* its end is in out, or has left */
	bool over;     /* there is nothing more to read */
};

/* Take over a connected socket. False: errno, and fd is closed. */
bool stream_init(struct stream *stream, struct loop *loop, int fd,
		 const struct stream_user *user, void *owner);

/* Close it now, whatever has not left yet; a released one may be so again. */
void stream_release(struct stream *stream);

/*
 * Send, or keep what the socket does not take. False: the connection is dead,
 * and `ended` will say so. How much is kept is the caller's to bound:
 * stream_pending is how much that is.
 */
bool stream_write(struct stream *stream, const void *bytes, size_t len);
bool stream_write2(struct stream *stream, struct wsg_str head,
		   struct wsg_str body);
size_t stream_pending(const struct stream *stream);

/* Read no more, or again: how backpressure reaches the other side. */
void stream_pause(struct stream *stream);
void stream_resume(struct stream *stream);

/*
 * Send what is pending, then shut down our side: nothing may be written any
 * more. `ended` comes when the other side has ended too, `drained` does not.
 */
void stream_finish(struct stream *stream);

/* Release the stream, but not its descriptor, which is the caller's then. */
int stream_detach(struct stream *stream);

/*
 * A listening socket. When there are no descriptors left it waits a while, with
 * the clients that come queued by the system.
 */
struct listener {
	struct loop *loop;
	struct loop_watch watch;
	struct loop_timer retry; /* after EMFILE and the like */
	/*
	 * Somebody has connected: fd, which does not block, is the callee's.
	 * It may not release the listener.
	 */
	void (*accepted)(struct listener *listener, int fd,
			 struct wsg_str address);
	void *owner;
	int port;
};

/*
 * Listen on host (an address, no name) and port; 0 takes any, listener->port
 * says which. accepted and owner are set beforehand. False: errno.
 */
bool listener_init(struct listener *listener, struct loop *loop,
		   const char *host, int port);
void listener_release(struct listener *listener);

#endif
