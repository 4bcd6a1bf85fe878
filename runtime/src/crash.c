/* SPDX-License-Identifier: MIT */
/*
 * A handler that crashes leaves one line that names its route and request; then
 * the process dies as it would have. Only what a signal handler may call.
 */
#include "internal.h"

#include <signal.h>
#include <unistd.h>

struct line {
	char text[512];
	size_t len;
};

static void put(struct line *line, struct wsg_str str)
{
	size_t i;

	for (i = 0; i < str.len && line->len < sizeof(line->text); i++)
		line->text[line->len++] = str.ptr[i];
}

/* What came from outside: nothing that would have to be escaped. */
static void put_plain(struct line *line, struct wsg_str str)
{
	size_t i;

	for (i = 0; i < str.len && i < 80; i++) {
		char c = str.ptr[i];

		if (c < ' ' || c > '~' || c == '"' || c == '\\')
			c = '?';
		put(line, (struct wsg_str){ &c, 1 });
	}
}

static const char *name_of(int number)
{
	switch (number) {
	case SIGSEGV:
		return "segmentation fault";
	case SIGBUS:
		return "bus error";
	case SIGFPE:
		return "arithmetic error";
	case SIGILL:
		return "illegal instruction";
	case SIGABRT:
		return "aborted";
	}
	return "crashed";
}

static void put_named(struct line *line, bool json, const char *name,
		      struct wsg_str value)
{
	put(line, wsg_str(json ? ",\"" : " "));
	put(line, wsg_str(name));
	put(line, wsg_str(json ? "\":\"" : "="));
	put_plain(line, value);
	put(line, wsg_str(json ? "\"" : ""));
}

static void on_crash(int number)
{
	const struct wsg_event *event = wsg_log_current();
	bool json = wsg_log_is_json();
	struct line line = { .len = 0 };
	ssize_t written;

	put(&line,
	    wsg_str(json ? "{\"level\":\"FATAL\",\"message\":\"" : "FATAL "));
	put(&line, wsg_str(name_of(number)));
	put(&line, wsg_str(json ? "\"" : ""));
	if (event) {
		put_named(&line, json, "requestId", event->invocation.id);
		put_named(&line, json, "routeKey", event->route_key);
	}
	put(&line, wsg_str(json ? "}\n" : "\n"));
	written = write(STDERR_FILENO, line.text, line.len);
	(void)written;
	/* SA_RESETHAND is in force: this time it is fatal. */
	raise(number);
}

void wsg_crash_init(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL,
				       SIGABRT };
	static char stack[16384]; /* for when the other one has run out */
	struct sigaction action = { .sa_flags = SA_ONSTACK };
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	size_t i;

	/* The flag is the sign bit of an int, hence the cast. */
	action.sa_flags |= (int)SA_RESETHAND;
	/* Read the environment now: not from within a signal handler. */
	wsg_log_is_json();
	action.sa_handler = on_crash;
	sigemptyset(&action.sa_mask);
	sigaltstack(&alternate, NULL);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}
