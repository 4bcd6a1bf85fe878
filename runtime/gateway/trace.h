/* SPDX-License-Identifier: MIT */
/*
 * trace.h - what happens, told to whoever wants to know: the terminal, the
 * console, a recording. Nothing is put together when nobody listens.
 */
#ifndef GATEWAY_TRACE_H
#define GATEWAY_TRACE_H

#include <wsgen/str.h>

#include <stdint.h>

enum trace_kind {
	TRACE_ASKED,	  /* a client asks to connect: path, headers in text */
	TRACE_OPENED,	  /* 101 */
	TRACE_REFUSED,	  /* status and text to the client; note says why */
	TRACE_AUTHORIZED, /* an authorizer decided: note is how and why */
	TRACE_RECEIVED, /* text from the client; route and note: why that one */
	TRACE_SENT,	/* text to the client; note: reply, post, error */
	TRACE_CLOSED,	/* status is the close code, text the reason */
	TRACE_MANAGED,	/* a @connections call: note is the method, status; text
			 * what was posted, or what GET answered */
	TRACE_INVOKED,	/* a function begins: text is the event */
	TRACE_ANSWERED, /* it is done: text the answer, note the outcome */
	TRACE_LOG,	/* a line that a function wrote */
	TRACE_FUNCTION, /* an instance started, ended, crashed: note */
	TRACE_BUILD,	/* wsgen dev: text is what it says, status 0 if good */
	TRACE_NOTE,	/* anything else worth a line */
	TRACE_KINDS,
};

/* Strings are borrowed; what a kind has no use for is empty, numbers are 0. */
struct trace_event {
	enum trace_kind kind;
	int64_t at_ms; /* set by trace_tell; the gateway's clock */
	struct wsg_str api;
	struct wsg_str stage;
	struct wsg_str connection_id;
	struct wsg_str request_id; /* of the event, or of the invocation */
	struct wsg_str function;
	struct wsg_str route;
	struct wsg_str text;
	struct wsg_str note;
	int status;
	int64_t duration_us;
	bool bad; /* something to look at */
};

struct trace_listener {
	void (*hear)(struct trace_listener *listener,
		     const struct trace_event *event);
	unsigned kinds; /* 1u << kind of each that it wants */
	struct trace_listener *next;
};

struct loop;

struct trace {
	const struct loop *loop; /* whose clock it is */
	struct trace_listener *listeners;
	unsigned kinds;
};

void trace_listen(struct trace *trace, struct trace_listener *listener);
void trace_ignore(struct trace *trace, struct trace_listener *listener);

/* Whether anybody wants to hear of it: ask before building long texts. */
static inline bool trace_wanted(const struct trace *trace, enum trace_kind kind)
{
	return trace->kinds >> kind & 1;
}

void trace_tell(struct trace *trace, const struct trace_event *event);

/* The word for a kind: "received". */
const char *trace_word(enum trace_kind kind);

/* The event as one JSON object, for the console and recordings. */
void trace_put(struct wsg_buf *out, const struct trace_event *event);

#endif
