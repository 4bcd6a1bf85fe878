/* SPDX-License-Identifier: MIT */
/*
 * buf.h - text that grows, in an arena. The text is always NUL-terminated
 * and may hold any bytes.
 */
#ifndef WSGEN_BUF_H
#define WSGEN_BUF_H

#include "arena.h"

#include <stdarg.h>

struct buf {
	struct arena *arena;
	char *text; /* never NULL after buf_init */
	size_t len, room;
};

void buf_init(struct buf *buf, struct arena *arena);
void buf_add(struct buf *buf, const char *text);
void buf_add_n(struct buf *buf, const char *text, size_t len);
void buf_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *buf, const char *format, va_list args)
	PRINTF_LIKE(2, 0);

#endif
