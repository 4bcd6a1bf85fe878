/* SPDX-License-Identifier: MIT */
/* Reading messages, and what goes back on two-way routes. */
#include "internal.h"

bool wsg_read(struct wsg_event *event, const struct wsg_shape *shape, void *msg)
{
	char *text = event->text + event->len; /* the NUL: no body at all */
	const uint32_t *marks = event->body_marks;

	if (event->keeps_body && !event->kept_body.ptr)
		event->kept_body = wsg_arena_copy(event->arena, event->body);
	/* The body is a slice of the event's text, which is ours. */
	if (event->body.ptr)
		text = event->text + (event->body.ptr - event->text);
	event->body_marks = NULL;
	event->is_invalid =
		!wsg_decode_marked(shape, text, event->body.len, marks,
				   event->arena, msg, &event->invalid);
	return !event->is_invalid;
}

bool wsg_write(const struct wsg_event *event, const struct wsg_shape *shape,
	       const void *msg, struct wsg_buf *out)
{
	struct wsg_invalid why;

	if (wsg_encode(shape, msg, event->arena, out, &why))
		return true;
	wsg_log(WSG_ERROR, "%s not written: %.*s: %.*s", shape->name,
		WSG_FMT(why.field), WSG_FMT(why.reason));
	return false;
}

const struct wsg_invalid *wsg_invalid(const struct wsg_event *event)
{
	return event->is_invalid ? &event->invalid : NULL;
}

static void put_member(struct wsg_buf *out, const char *name,
		       struct wsg_str value)
{
	wsg_json_put_key(out, wsg_str(name));
	wsg_json_put_string(out, value);
}

enum wsg_result wsg_reply_invalid(struct wsg_event *event)
{
	struct wsg_buf *out = wsg_reply_text(event);

	wsg_buf_clear(out);
	wsg_json_put_object(out);
	put_member(out, "error", wsg_str("invalid"));
	put_member(out, "field", event->invalid.field);
	put_member(out, "reason", event->invalid.reason);
	wsg_json_put_object_end(out);
	return wsg_log_invalid(event);
}

enum wsg_result wsg_log_invalid(struct wsg_event *event)
{
	wsg_log(WSG_INFO, "invalid message: %.*s: %.*s (byte %zu)",
		WSG_FMT(event->invalid.field), WSG_FMT(event->invalid.reason),
		event->invalid.offset);
	return WSG_INVALID;
}

enum wsg_result wsg_reply(struct wsg_event *event, enum wsg_result result,
			  const struct wsg_shape *shape, const void *reply)
{
	struct wsg_buf *out = wsg_reply_text(event);

	wsg_buf_clear(out);
	if (result == WSG_OK && !wsg_write(event, shape, reply, out))
		return WSG_FAILED;
	return result;
}

struct wsg_buf *wsg_reply_text(struct wsg_event *event)
{
	event->two_way = true;
	return &event->reply;
}
