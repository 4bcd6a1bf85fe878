/* SPDX-License-Identifier: MIT */
/*
 * Log lines. This file, crash.c, keys.c and fetch.c hold the only state of the
 * runtime that is not passed around: a line must name its event from anywhere.
 */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const names[] = { "TRACE", "DEBUG", "INFO",
				     "WARN",  "ERROR", "FATAL" };
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct {
	bool ready;
	bool json;
	enum wsg_level level;
	const struct wsg_event *event;
	struct wsg_buf line; /* used again for each */
} state;

static void start(void)
{
	const char *format = getenv("AWS_LAMBDA_LOG_FORMAT");
	const char *level = getenv("AWS_LAMBDA_LOG_LEVEL");
	size_t i;

	state.ready = true;
	state.json = format && !strcmp(format, "JSON");
	state.level = WSG_INFO;
	for (i = 0; level && i < COUNT(names); i++) {
		if (!strcmp(level, names[i]))
			state.level = (enum wsg_level)i;
	}
}

void wsg_log_event(const struct wsg_event *event)
{
	state.event = event;
}

const struct wsg_event *wsg_log_current(void)
{
	return state.event;
}

bool wsg_log_is_json(void)
{
	if (!state.ready)
		start();
	return state.json;
}

bool wsg_log_enabled(enum wsg_level level)
{
	if (!state.ready)
		start();
	return level >= state.level;
}

static void put_member(struct wsg_buf *out, const char *name,
		       struct wsg_str value)
{
	if (!value.len)
		return;
	wsg_json_put_key(out, wsg_str(name));
	wsg_json_put_string(out, value);
}

static void put_json(struct wsg_buf *out, enum wsg_level level,
		     const char *time, struct wsg_str message)
{
	wsg_json_put_object(out);
	put_member(out, "timestamp", wsg_str(time));
	put_member(out, "level", wsg_str(names[level]));
	wsg_json_put_key(out, wsg_str("message"));
	wsg_json_put_string(out, message);
	if (state.event) {
		put_member(out, "requestId", wsg_invocation_id(state.event));
		if (state.event->maps) {
			put_member(out, "connectionId",
				   wsg_connection_id(state.event));
			put_member(out, "routeKey", wsg_route_key(state.event));
		}
	}
	wsg_json_put_object_end(out);
}

static void put_word(struct wsg_buf *out, struct wsg_str word)
{
	wsg_buf_str(out, word.len ? word : wsg_str("-"));
	wsg_buf_text(out, " ");
}

static void put_text(struct wsg_buf *out, enum wsg_level level,
		     const char *time, struct wsg_str message)
{
	size_t i;

	put_word(out, wsg_str(time));
	put_word(out, wsg_str(names[level]));
	if (state.event) {
		put_word(out, wsg_invocation_id(state.event));
		if (state.event->maps) {
			put_word(out, wsg_connection_id(state.event));
			put_word(out, wsg_route_key(state.event));
		}
	}
	wsg_buf_str(out, message);
	/* One call, one line, whatever a client put into it. */
	for (i = 0; i < out->len; i++) {
		if ((unsigned char)out->ptr[i] < ' ' || out->ptr[i] == 0x7f)
			out->ptr[i] = ' ';
	}
}

/* What a client sent may be no UTF-8, or have been cut: make it ASCII then. */
static void make_utf8(char *text, size_t len)
{
	size_t i;

	if (wsg_utf8_valid(text, len))
		return;
	for (i = 0; i < len; i++) {
		if ((unsigned char)text[i] >= 0x80)
			text[i] = '?';
	}
}

void wsg_log(enum wsg_level level, const char *format, ...)
{
	static char message[WSG_LOG_MAX];
	char time[WSG_TIME_LEN + 1];
	struct wsg_buf *line = &state.line;
	const char *p;
	va_list args;
	size_t left;
	int len;

	if (!wsg_log_enabled(level))
		return;
	va_start(args, format);
	len = vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (len < 0)
		return;
	if ((size_t)len >= sizeof(message)) {
		len = (int)sizeof(message) - 1;
		memcpy(message + len - 3, "...", 3);
	}
	make_utf8(message, (size_t)len);
	if (!wsg_time_print(time, wsg_now_ms()))
		return;
	wsg_buf_clear(line);
	(state.json ? put_json : put_text)(
		line, level, time, (struct wsg_str){ message, (size_t)len });
	wsg_buf_text(line, "\n");
	for (p = line->ptr, left = line->failed ? 0 : line->len; left;) {
		ssize_t written = write(STDERR_FILENO, p, left);

		if (written <= 0)
			break;
		p += written;
		left -= (size_t)written;
	}
}
