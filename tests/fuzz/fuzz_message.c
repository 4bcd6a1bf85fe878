/* SPDX-License-Identifier: MIT */
/*
 * The decoder: what it takes, the encoder writes and the decoder takes again.
 * Marks make no difference to it.
 */
#include "chat.h"
#include "internal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool decode(struct wsg_arena *arena, const char *data, size_t size,
		   struct chat_everything *msg)
{
	char *text = wsg_arena_raw(arena, size + 1);
	struct wsg_invalid why;

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	if (wsg_decode(&chat_shape_everything, text, size, arena, msg, &why))
		return true;
	/* The reason ends up in a reply. */
	if (!why.field.len || !why.reason.len || why.offset > size)
		abort();
	return false;
}

/* The marks that a text gets when it is taken out of a string. */
static uint32_t *mark(struct wsg_arena *arena, const char *text, size_t size)
{
	uint32_t *marks = wsg_arena_raw(arena, (size + 1) * sizeof(*marks));
	size_t count = 0, i;

	if (!marks)
		abort();
	for (i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\' || c < 0x20)
			marks[count++] = (uint32_t)i;
	}
	marks[count] = WSG_JSON_UNMARKED;
	return marks;
}

static void compare(struct wsg_arena *arena, const char *data, size_t size,
		    const struct wsg_buf *expected)
{
	char *text = wsg_arena_raw(arena, size + 1);
	struct wsg_buf out = { 0 };
	struct chat_everything msg;
	struct wsg_invalid why;
	bool taken;

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	taken = wsg_decode_marked(&chat_shape_everything, text, size,
				  mark(arena, text, size), arena, &msg, &why);
	if (taken != (expected != NULL))
		abort();
	if (taken &&
	    (!wsg_encode(&chat_shape_everything, &msg, arena, &out, &why) ||
	     out.len != expected->len ||
	     memcmp(out.ptr, expected->ptr, out.len) != 0))
		abort();
	wsg_buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wsg_arena *arena;
	struct wsg_buf first = { 0 }, second = { 0 };
	struct chat_everything msg;
	struct wsg_invalid why;

	if (!arena)
		arena = wsg_arena_new();
	if (!arena)
		abort();
	wsg_arena_reset(arena);
	if (decode(arena, (const char *)data, size, &msg)) {
		if (!wsg_encode(&chat_shape_everything, &msg, arena, &first,
				&why) ||
		    !decode(arena, first.ptr, first.len, &msg) ||
		    !wsg_encode(&chat_shape_everything, &msg, arena, &second,
				&why) ||
		    first.len != second.len ||
		    memcmp(first.ptr, second.ptr, first.len) != 0)
			abort();
		compare(arena, (const char *)data, size, &first);
	} else if (wsg_utf8_valid((const char *)data, size)) {
		compare(arena, (const char *)data, size, NULL);
	}
	wsg_buf_release(&first);
	wsg_buf_release(&second);
	return 0;
}
