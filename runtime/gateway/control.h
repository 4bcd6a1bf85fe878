/* SPDX-License-Identifier: MIT */
/*
 * control.h - JSON lines between `wsgen dev` and the gateway that it started:
 * on standard input what to do, on standard output what happens. With --control
 * the end of standard input ends the gateway.
 *
 *	> {"do":"reload","functions":["chat"]}    read gateway.json again; these
 *	                                          functions have new binaries
 *	> {"do":"build","text":"...","ok":false}  what wsgen or make said, for
 *	                                          the console; still serving
 *	< {"event":"ready","apis":[{"name":"chat",
 *	   "url":"ws://127.0.0.1:3001/dev",
 *	   "console":"http://127.0.0.1:3001/_wsgen"}]}
 *	< {"event":"reloaded"}
 *	< {"event":"refused","text":"..."}        the reload; serving as before
 *
 * Whatever else it has to tell people goes to standard error.
 */
#ifndef GATEWAY_CONTROL_H
#define GATEWAY_CONTROL_H

#include "net/loop.h"

#include <wsgen/str.h>

#define CONTROL_LINE_MAX ((size_t)1 << 20)

struct control;

struct control_user {
	/* False: *why. */
	bool (*reload)(void *owner, const struct wsg_str *functions,
		       size_t count, struct wsg_buf *why);
	void (*build)(void *owner, struct wsg_str text, bool ok);
	void (*ended)(void *owner);
};

/* NULL: standard input is nothing that can be watched; errno. */
struct control *control_new(struct loop *loop, const struct control_user *user,
			    void *owner);
void control_free(struct control *control);

/* One line to the parent: a JSON object's text without the line feed. */
void control_say(struct control *control, struct wsg_str json);

#endif
