/* SPDX-License-Identifier: MIT */
#include "buf.h"

#include "format.h"

#include <string.h>

#define FIRST_ROOM 64

static void grow(struct buf *buf, size_t more)
{
	size_t room = buf->room < FIRST_ROOM ? FIRST_ROOM : buf->room;
	char *text;

	while (room <= buf->len + more)
		room *= 2;
	if (!arena_extend(buf->arena, buf->text, buf->room, room - buf->room)) {
		text = arena_text(buf->arena, room);
		memcpy(text, buf->text, buf->len + 1);
		buf->text = text;
	}
	buf->room = room;
}

static inline void reserve(struct buf *buf, size_t more)
{
	if (buf->len + more >= buf->room)
		grow(buf, more);
}

/* Many stay empty. */
void buf_init(struct buf *buf, struct arena *arena)
{
	*buf = (struct buf){ .arena = arena,
			     .text = arena_text(arena, 1),
			     .room = 1 };
}

void buf_add_n(struct buf *buf, const char *text, size_t len)
{
	reserve(buf, len);
	if (len)
		memcpy(buf->text + buf->len, text, len);
	buf->len += len;
	buf->text[buf->len] = '\0';
}

void buf_add(struct buf *buf, const char *text)
{
	buf_add_n(buf, text, strlen(text));
}

void buf_char(struct buf *buf, char c)
{
	reserve(buf, 1);
	buf->text[buf->len++] = c;
	buf->text[buf->len] = '\0';
}

/* Most fit into the room there is: then once is enough. */
void buf_vprintf(struct buf *buf, const char *format, va_list args)
{
	const size_t room = buf->room - buf->len;
	va_list again;
	int len;

	va_copy(again, args);
	len = format_text(buf->text + buf->len, room, format, again);
	va_end(again);
	if (len <= 0)
		return;
	if ((size_t)len >= room) {
		reserve(buf, (size_t)len);
		format_text(buf->text + buf->len, (size_t)len + 1, format,
			    args);
	}
	buf->len += (size_t)len;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprintf(buf, format, args);
	va_end(args);
}
