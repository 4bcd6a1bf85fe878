/* SPDX-License-Identifier: MIT */
/*
 * wsgen/str.h - borrowed bytes, and a buffer to write into. Every other
 * header of the runtime builds on these two.
 */
#ifndef WSGEN_STR_H
#define WSGEN_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#if defined(__GNUC__)
#define WSG_PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))
#else
#define WSG_PRINTF_LIKE(at, first)
#endif

/* Borrowed bytes, not NUL-terminated. ptr may be NULL only if len is 0. */
struct wsg_str {
	const char *ptr;
	size_t len;
};

/* For an initialiser: struct wsg_str stage = { WSG_LIT("dev") }; */
#define WSG_LIT(literal) "" literal, sizeof(literal) - 1

/* For printf: printf("%.*s\n", WSG_FMT(name)). */
#define WSG_FMT(str) (int)(str).len, (str).len ? (str).ptr : ""

/* A wsg_str over a NUL-terminated string; NULL gives an empty one. */
static inline struct wsg_str wsg_str(const char *text)
{
	return (struct wsg_str){ text, text ? strlen(text) : 0 };
}

static inline bool wsg_str_equal(struct wsg_str a, struct wsg_str b)
{
	return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

/* Whether a is the NUL-terminated text. */
static inline bool wsg_str_is(struct wsg_str a, const char *text)
{
	return wsg_str_equal(a, wsg_str(text));
}

/*
 * Text under construction. { 0 } is an empty one. Running out of memory or past
 * the limit sets failed and drops what comes after: write everything, then
 * look at failed once. The bytes are followed by a NUL that len does not count.
 */
struct wsg_buf {
	char *ptr;
	size_t len;
	size_t size;  /* allocated */
	size_t limit; /* most that len may become; 0: no limit */
	bool failed;
};

/* Give the memory back; the buffer is then as { 0 }. */
void wsg_buf_release(struct wsg_buf *buf);

/* Make it empty, keeping its memory and its limit. */
void wsg_buf_clear(struct wsg_buf *buf);

/*
 * Room for len more bytes at ptr + len, and for the NUL behind them, which is
 * up to who writes there. False, and failed, if there is none.
 */
bool wsg_buf_reserve(struct wsg_buf *buf, size_t len);

void wsg_buf_add(struct wsg_buf *buf, const void *bytes, size_t len);
void wsg_buf_str(struct wsg_buf *buf, struct wsg_str str);
void wsg_buf_text(struct wsg_buf *buf, const char *text);
void wsg_buf_printf(struct wsg_buf *buf, const char *format, ...)
	WSG_PRINTF_LIKE(2, 3);

#endif
