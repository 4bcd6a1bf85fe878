/* SPDX-License-Identifier: MIT */
#include "buf.h"

#include <stdio.h>
#include <string.h>

#define FIRST_ROOM 256

static void reserve(struct buf *buf, size_t more)
{
	size_t room = buf->room ? buf->room : FIRST_ROOM;
	char *text;

	if (buf->len + more < buf->room)
		return;
	while (room <= buf->len + more)
		room *= 2;
	text = arena_alloc(buf->arena, room);
	if (buf->len)
		memcpy(text, buf->text, buf->len);
	buf->text = text;
	buf->room = room;
}

void buf_init(struct buf *buf, struct arena *arena)
{
	*buf = (struct buf){ .arena = arena };
	reserve(buf, 0);
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
	buf_add_n(buf, &c, 1);
}

void buf_vprintf(struct buf *buf, const char *format, va_list args)
{
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len <= 0)
		return;
	reserve(buf, (size_t)len);
	vsnprintf(buf->text + buf->len, (size_t)len + 1, format, args);
	buf->len += (size_t)len;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprintf(buf, format, args);
	va_end(args);
}
