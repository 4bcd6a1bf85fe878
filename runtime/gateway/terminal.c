/* SPDX-License-Identifier: MIT */
/* terminal.c - what happens, for people. */
#include "terminal.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

#define RED "\033[31m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"

struct terminal {
	struct trace_listener listener;
	struct trace *trace;
	struct wsg_buf line;
	bool quiet, verbose, color;
};

/* How a kind of event looks. */
struct look {
	const char *sign; /* in front of what is told */
	bool verbose;	  /* only then, unless it is bad */
};

static const struct look looks[TRACE_KINDS] = {
	[TRACE_ASKED] = { "asks", true },
	[TRACE_OPENED] = { "open", false },
	[TRACE_REFUSED] = { "refused", false },
	[TRACE_AUTHORIZED] = { "authorizer", false },
	[TRACE_RECEIVED] = { "->", false },
	[TRACE_SENT] = { "<-", false },
	[TRACE_CLOSED] = { "closed", false },
	[TRACE_MANAGED] = { "@connections", false },
	[TRACE_INVOKED] = { "invoked", true },
	[TRACE_ANSWERED] = { "answered", true },
	[TRACE_LOG] = { "|", false },
	[TRACE_FUNCTION] = { "function", true },
	[TRACE_BUILD] = { "build", true },
	[TRACE_NOTE] = { "note", false },
};

/* Controls, those of C1 among them, and what is no text at all. */
static bool is_shown(struct wsg_str text)
{
	unsigned char first = (unsigned char)text.ptr[0];

	return first >= 0x20 && first != 0x7f &&
	       (first != 0xc2 || (unsigned char)text.ptr[1] >= 0xa0);
}

/* A stranger's text must not command the terminal, nor fill it. */
void terminal_put_text(struct wsg_buf *out, struct wsg_str text, size_t max)
{
	size_t whole = text.len;

	while (text.len) {
		size_t len = utf8_character(text);

		if ((len ? len : 1) > max)
			break;
		if (*text.ptr == '\t')
			wsg_buf_text(out, " ");
		else if (len && is_shown(text))
			wsg_buf_add(out, text.ptr, len);
		else
			/* Of two bytes, the second is the control. */
			wsg_buf_printf(out, "\\x%02x",
				       (unsigned char)text.ptr[len / 2]);
		len = len ? len : 1;
		text.ptr += len;
		text.len -= len;
		max -= len;
	}
	if (text.len)
		wsg_buf_printf(out, "... (%zu bytes)", whole);
}

static void put_word(struct wsg_buf *out, struct wsg_str text)
{
	if (!text.len)
		return;
	wsg_buf_text(out, " ");
	terminal_put_text(out, text, TERMINAL_TEXT_MAX);
}

bool terminal_put(struct wsg_buf *out, const struct trace_event *event,
		  bool verbose)
{
	const struct look *look = &looks[event->kind];
	size_t max = verbose ? (size_t)-1 : TERMINAL_TEXT_MAX;

	if (look->verbose && !verbose && !event->bad)
		return false;
	put_word(out, event->stage.len ? event->stage : event->api);
	put_word(out, event->connection_id);
	put_word(out, event->function);
	wsg_buf_printf(out, " %s", look->sign);
	put_word(out, event->route);
	if (event->status)
		wsg_buf_printf(out, " %d", event->status);
	if (event->text.len) {
		wsg_buf_text(out, " ");
		terminal_put_text(out, event->text, max);
	}
	if (event->duration_us)
		wsg_buf_printf(out, " %.1f ms",
			       (double)event->duration_us / 1000);
	if (event->note.len) {
		wsg_buf_text(out, " (");
		terminal_put_text(out, event->note, max);
		wsg_buf_text(out, ")");
	}
	return true;
}

static void hear(struct trace_listener *listener,
		 const struct trace_event *event)
{
	/* The listener is the first member of its terminal. */
	struct terminal *terminal = (struct terminal *)listener;
	struct wsg_buf *line = &terminal->line;
	int64_t at = event->at_ms / 1000;

	if (terminal->quiet && !event->bad)
		return;
	wsg_buf_clear(line);
	if (!terminal_put(line, event, terminal->verbose))
		return;
	if (line->failed)
		mem_exhausted();
	fprintf(stderr, "%s%02d:%02d:%02d.%03d%s%s%s%s\n",
		terminal->color ? DIM : "", (int)(at / 3600 % 24),
		(int)(at / 60 % 60), (int)(at % 60), (int)(event->at_ms % 1000),
		terminal->color ? PLAIN : "",
		terminal->color && event->bad ? RED : "", line->ptr,
		terminal->color && event->bad ? PLAIN : "");
}

struct terminal *terminal_new(struct trace *trace,
			      const struct options *options)
{
	struct terminal *terminal = mem_alloc(sizeof(*terminal));

	terminal->trace = trace;
	terminal->quiet = options->quiet;
	terminal->verbose = options->verbose;
	terminal->color = options->color;
	terminal->listener.hear = hear;
	terminal->listener.kinds = (1u << TRACE_KINDS) - 1;
	/* wsgen dev prints what it builds by itself. */
	terminal->listener.kinds &= ~(1u << TRACE_BUILD);
	trace_listen(trace, &terminal->listener);
	return terminal;
}

void terminal_free(struct terminal *terminal)
{
	if (!terminal)
		return;
	trace_ignore(terminal->trace, &terminal->listener);
	wsg_buf_release(&terminal->line);
	free(terminal);
}
