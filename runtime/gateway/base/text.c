/* SPDX-License-Identifier: MIT */
/* text.c - what one asks of texts that came over HTTP. */
#include "text.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_alike(struct wsg_str a, struct wsg_str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (a.ptr[i] != b.ptr[i] && lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	}
	return true;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

struct wsg_str text_trim(struct wsg_str text)
{
	while (text.len && blank(text.ptr[text.len - 1]))
		text.len--;
	while (text.len && blank(*text.ptr)) {
		text.ptr++;
		text.len--;
	}
	return text;
}

struct wsg_str text_cut(struct wsg_str text, char sep, struct wsg_str *rest)
{
	const char *at = text.len ? memchr(text.ptr, sep, text.len) : NULL;
	struct wsg_str first = text;

	*rest = (struct wsg_str){ NULL, 0 };
	if (at) {
		first.len = (size_t)(at - text.ptr);
		*rest = (struct wsg_str){ at + 1, text.len - first.len - 1 };
	}
	return first;
}

int text_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool text_percent_read(struct wsg_buf *out, struct wsg_str text, bool plus)
{
	char *to;

	if (!wsg_buf_reserve(out, text.len))
		return false;
	to = out->ptr + out->len;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '%') {
			int high = -1, low = -1;

			if (text.len - i > 2) {
				high = text_hex(text.ptr[i + 1]);
				low = text_hex(text.ptr[i + 2]);
			}
			if (high < 0 || low < 0) {
				out->ptr[out->len] = '\0';
				return false;
			}
			c = (char)(high << 4 | low);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		*to++ = c;
	}
	*to = '\0';
	out->len = (size_t)(to - out->ptr);
	return true;
}
