/* SPDX-License-Identifier: MIT */
/* Text under construction, on the heap; see wsgen/str.h. */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void wsg_buf_release(struct wsg_buf *buf)
{
	free(buf->ptr);
	*buf = (struct wsg_buf){ 0 };
}

void wsg_buf_clear(struct wsg_buf *buf)
{
	buf->len = 0;
	buf->failed = false;
	if (buf->ptr)
		buf->ptr[0] = '\0';
}

bool wsg_buf_reserve(struct wsg_buf *buf, size_t len)
{
	size_t size = buf->size ? buf->size : 256;
	char *ptr;

	if (buf->failed)
		return false;
	if (buf->size > buf->len && len < buf->size - buf->len &&
	    (!buf->limit || len <= buf->limit - buf->len))
		return true;
	if (len >= SIZE_MAX / 2 - buf->len ||
	    (buf->limit && len > buf->limit - buf->len)) {
		buf->failed = true;
		return false;
	}
	while (size <= buf->len + len)
		size *= 2;
	ptr = realloc(buf->ptr, size);
	if (!ptr) {
		buf->failed = true;
		return false;
	}
	buf->ptr = ptr;
	buf->size = size;
	return true;
}

void wsg_buf_add(struct wsg_buf *buf, const void *bytes, size_t len)
{
	if (!wsg_buf_reserve(buf, len))
		return;
	if (len)
		memcpy(buf->ptr + buf->len, bytes, len);
	buf->len += len;
	buf->ptr[buf->len] = '\0';
}

void wsg_buf_str(struct wsg_buf *buf, struct wsg_str str)
{
	wsg_buf_add(buf, str.ptr, str.len);
}

void wsg_buf_text(struct wsg_buf *buf, const char *text)
{
	wsg_buf_add(buf, text, strlen(text));
}

void wsg_buf_printf(struct wsg_buf *buf, const char *format, ...)
{
	va_list args, again;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0) {
		buf->failed = true;
	} else if (wsg_buf_reserve(buf, (size_t)len)) {
		vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
		buf->len += (size_t)len;
	}
	va_end(again);
}
