/* SPDX-License-Identifier: MIT */
/*
 * console.h - what is under /_wsgen: the page, the feed of what happens that it
 * shows, and the clock that tests move.
 */
#ifndef GATEWAY_CONSOLE_H
#define GATEWAY_CONSOLE_H

#include "../config/config.h"
#include "../net/server.h"
#include "../trace.h"

struct console;

struct console *console_new(struct loop *loop, struct trace *trace);
void console_free(struct console *console);

/* What it shows; borrowed until the next call. */
void console_show(struct console *console, const struct config *config);

/*
 * Answer a request whose path is /_wsgen or below it, for one that comes from a
 * page of our own origin or from no page at all; 403 for any other.
 */
void console_request(struct console *console, struct exchange *exchange);

#endif
