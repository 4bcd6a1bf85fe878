/* SPDX-License-Identifier: MIT */
/*
 * terminal.h - what happens, a readable line each, on standard error.
 */
#ifndef GATEWAY_TERMINAL_H
#define GATEWAY_TERMINAL_H

#include "options.h"
#include "trace.h"

/* Of a text, this much is shown unless all is asked for. */
#define TERMINAL_TEXT_MAX 160

struct terminal;

struct terminal *terminal_new(struct trace *trace,
			      const struct options *options);
void terminal_free(struct terminal *terminal);

/* The line for an event, without colours; false: there is none. */
bool terminal_put(struct wsg_buf *out, const struct trace_event *event,
		  bool verbose);

/* A stranger's text, of max bytes at most, without what commands terminals. */
void terminal_put_text(struct wsg_buf *out, struct wsg_str text, size_t max);

#endif
