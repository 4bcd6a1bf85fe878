/* SPDX-License-Identifier: MIT */
/* control.c - JSON lines to and from the parent. */
#include "control.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/mend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct control {
	struct loop *loop;
	const struct control_user *user;
	void *owner;
	struct loop_watch in, out;
	struct wsg_buf line; /* what has come of it */
	struct wsg_buf said; /* what has not left yet */
};

/* Both ends are watched, as neither side may wait for the other. */
static void unblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0)
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

static void say_event(struct control *control, const char *event,
		      const struct wsg_buf *text)
{
	struct wsg_buf line = { 0 };

	wsg_buf_printf(&line, "{\"event\":\"%s\"", event);
	if (text) {
		wsg_buf_text(&line, ",\"text\":");
		mend_put(&line, (struct wsg_str){ text->ptr, text->len });
	}
	wsg_buf_text(&line, "}");
	if (line.failed)
		mem_exhausted();
	control_say(control, (struct wsg_str){ line.ptr, line.len });
	wsg_buf_release(&line);
}

static void reload(struct control *control, struct wsg_arena *arena,
		   const struct json *names)
{
	struct wsg_str *functions =
		mem_in(arena, (names ? names->count : 0) * sizeof(*functions));
	struct wsg_buf why = { 0 };
	size_t count = 0;

	for (const struct json *name = names ? names->first : NULL; name;
	     name = name->next)
		functions[count++] = json_text(name);
	if (control->user->reload(control->owner, functions, count, &why))
		say_event(control, "reloaded", NULL);
	else
		say_event(control, "refused", &why);
	wsg_buf_release(&why);
}

static void obey(struct control *control, struct wsg_str line)
{
	struct wsg_arena *arena = wsg_arena_new();
	const struct json *order;
	struct wsg_str what;
	const char *error;

	if (!arena)
		mem_exhausted();
	order = json_parse(arena, line, &error);
	what = json_text(json_get(order, "do"));
	if (wsg_str_is(what, "reload")) {
		reload(control, arena, json_get(order, "functions"));
	} else if (wsg_str_is(what, "build")) {
		control->user->build(control->owner,
				     json_text(json_get(order, "text")),
				     json_bool(json_get(order, "ok"), true));
	} else {
		struct wsg_buf why = { 0 };

		wsg_buf_printf(&why, "there is nothing to do in '%.*s'",
			       (int)(line.len < 80 ? line.len : 80), line.ptr);
		say_event(control, "refused", &why);
		wsg_buf_release(&why);
	}
	wsg_arena_free(arena);
}

/* Whole lines are obeyed, what is behind the last one waits. */
static void obey_lines(struct control *control)
{
	struct wsg_buf *line = &control->line;
	char *start = line->ptr;
	char *end = line->ptr + line->len;
	char *feed;

	while (start < end &&
	       (feed = memchr(start, '\n', (size_t)(end - start)))) {
		if (feed > start)
			obey(control,
			     (struct wsg_str){ start, (size_t)(feed - start) });
		start = feed + 1;
	}
	line->len = (size_t)(end - start);
	memmove(line->ptr, start, line->len);
}

static void end(struct control *control)
{
	loop_unwatch(control->loop, &control->in);
	control->user->ended(control->owner);
}

static void read_orders(struct loop_watch *watch, unsigned events)
{
	struct control *control =
		(struct control *)((char *)watch -
				   offsetof(struct control, in));
	char bytes[4096];
	ssize_t got = read(STDIN_FILENO, bytes, sizeof(bytes));

	(void)events;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		end(control);
		return;
	}
	wsg_buf_add(&control->line, bytes, (size_t)got);
	if (control->line.failed) {
		/* A parent that sends such lines is none. */
		end(control);
		return;
	}
	obey_lines(control);
}

static void write_said(struct loop_watch *watch, unsigned events)
{
	struct control *control =
		(struct control *)((char *)watch -
				   offsetof(struct control, out));
	struct wsg_buf *said = &control->said;

	(void)events;
	while (said->len) {
		ssize_t put = write(STDOUT_FILENO, said->ptr, said->len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0 && errno == EAGAIN)
			break;
		if (put <= 0) {
			/* Nobody reads: its end of input will say so. */
			said->len = 0;
			break;
		}
		said->len -= (size_t)put;
		memmove(said->ptr, said->ptr + put, said->len);
	}
	if (said->len && watch->fd < 0)
		loop_watch(control->loop, watch, STDOUT_FILENO, LOOP_WRITE);
	else if (!said->len && watch->fd >= 0)
		loop_unwatch(control->loop, watch);
}

struct control *control_new(struct loop *loop, const struct control_user *user,
			    void *owner)
{
	struct control *control = mem_alloc(sizeof(*control));

	control->loop = loop;
	control->user = user;
	control->owner = owner;
	control->line.limit = CONTROL_LINE_MAX;
	control->in.fd = -1;
	control->in.ready = read_orders;
	control->out.fd = -1;
	control->out.ready = write_said;
	unblock(STDIN_FILENO);
	unblock(STDOUT_FILENO);
	if (!loop_watch(loop, &control->in, STDIN_FILENO, LOOP_READ)) {
		free(control);
		return NULL;
	}
	return control;
}

void control_free(struct control *control)
{
	if (!control)
		return;
	if (control->in.fd >= 0)
		loop_unwatch(control->loop, &control->in);
	if (control->out.fd >= 0)
		loop_unwatch(control->loop, &control->out);
	wsg_buf_release(&control->line);
	wsg_buf_release(&control->said);
	free(control);
}

void control_say(struct control *control, struct wsg_str json)
{
	wsg_buf_str(&control->said, json);
	wsg_buf_text(&control->said, "\n");
	if (control->said.failed)
		mem_exhausted();
	write_said(&control->out, 0);
}
