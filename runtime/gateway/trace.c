/* SPDX-License-Identifier: MIT */
/* What happens, told to those who listen, and as JSON. */
#include "trace.h"
#include "base/mend.h"
#include "net/loop.h"

#include <wsgen/json.h>

#include <stdlib.h>

static void count_kinds(struct trace *trace)
{
	const struct trace_listener *each;

	trace->kinds = 0;
	for (each = trace->listeners; each; each = each->next)
		trace->kinds |= each->kinds;
}

void trace_listen(struct trace *trace, struct trace_listener *listener)
{
	struct trace_listener **end = &trace->listeners;

	while (*end)
		end = &(*end)->next;
	listener->next = NULL;
	*end = listener;
	count_kinds(trace);
}

void trace_ignore(struct trace *trace, struct trace_listener *listener)
{
	struct trace_listener **at;

	for (at = &trace->listeners; *at; at = &(*at)->next) {
		if (*at == listener) {
			*at = listener->next;
			break;
		}
	}
	count_kinds(trace);
}

void trace_tell(struct trace *trace, const struct trace_event *event)
{
	struct trace_listener *listener, *next;
	struct trace_event told;

	if (!trace_wanted(trace, event->kind))
		return;
	told = *event;
	told.at_ms = loop_now_ms(trace->loop, CLOCK_GATEWAY);
	/* Whoever hears it may leave. */
	for (listener = trace->listeners; listener; listener = next) {
		next = listener->next;
		if (listener->kinds >> event->kind & 1)
			listener->hear(listener, &told);
	}
}

const char *trace_word(enum trace_kind kind)
{
	static const char *const words[TRACE_KINDS] = {
		[TRACE_ASKED] = "asked",
		[TRACE_OPENED] = "opened",
		[TRACE_REFUSED] = "refused",
		[TRACE_AUTHORIZED] = "authorized",
		[TRACE_RECEIVED] = "received",
		[TRACE_SENT] = "sent",
		[TRACE_CLOSED] = "closed",
		[TRACE_MANAGED] = "managed",
		[TRACE_INVOKED] = "invoked",
		[TRACE_ANSWERED] = "answered",
		[TRACE_LOG] = "log",
		[TRACE_FUNCTION] = "function",
		[TRACE_BUILD] = "build",
		[TRACE_NOTE] = "note",
	};

	return words[kind];
}

/* Functions write what they like: what JSON cannot hold becomes U+FFFD. */
static void put_member(struct wsg_buf *out, const char *key,
		       struct wsg_str text)
{
	if (!text.len)
		return;
	wsg_json_put_key(out, wsg_str(key));
	mend_put(out, text);
}

static void put_number(struct wsg_buf *out, const char *key, int64_t number)
{
	if (!number)
		return;
	wsg_json_put_key(out, wsg_str(key));
	wsg_json_put_int64(out, number);
}

void trace_put(struct wsg_buf *out, const struct trace_event *event)
{
	wsg_json_put_object(out);
	put_member(out, "kind", wsg_str(trace_word(event->kind)));
	put_number(out, "at", event->at_ms);
	put_member(out, "api", event->api);
	put_member(out, "stage", event->stage);
	put_member(out, "connectionId", event->connection_id);
	put_member(out, "requestId", event->request_id);
	put_member(out, "function", event->function);
	put_member(out, "route", event->route);
	put_member(out, "text", event->text);
	put_member(out, "note", event->note);
	put_number(out, "status", event->status);
	put_number(out, "durationUs", event->duration_us);
	if (event->bad) {
		wsg_json_put_key(out, wsg_str("bad"));
		wsg_json_put_bool(out, true);
	}
	wsg_json_put_object_end(out);
}
