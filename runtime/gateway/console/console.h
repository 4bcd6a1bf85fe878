/* SPDX-License-Identifier: MIT */
/*
 * console.h - what is under /_wsgen: the page, and the feed of what happens
 * that it shows.
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

/* Whether it comes from a page of our own origin, or from no page at all. */
bool console_admits(const struct http_request *request);

/* Answer a request whose path is /_wsgen or below it; 403 for one that is not
 * admitted. */
void console_request(struct console *console, struct exchange *exchange);

#endif
