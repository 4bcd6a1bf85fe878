/* SPDX-License-Identifier: MIT */
/* base64.c - three bytes are four letters. */
#include "base64.h"

#include <stdint.h>

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "abcdefghijklmnopqrstuvwxyz0123456789-_";

static void encode(struct wsg_buf *out, struct wsg_str bytes,
		   const char *letters)
{
	const unsigned char *s = (const unsigned char *)bytes.ptr;
	char *to;

	if (bytes.len > SIZE_MAX / 2) {
		out->failed = true;
		return;
	}
	if (!wsg_buf_reserve(out, BASE64_LEN(bytes.len)))
		return;
	to = out->ptr + out->len;
	for (size_t i = 0; i < bytes.len; i += 3, to += 4) {
		size_t left = bytes.len - i;
		uint32_t bits = (uint32_t)s[i] << 16;

		if (left > 1)
			bits |= (uint32_t)s[i + 1] << 8;
		if (left > 2)
			bits |= s[i + 2];
		to[0] = letters[bits >> 18];
		to[1] = letters[bits >> 12 & 63];
		to[2] = left > 1 ? letters[bits >> 6 & 63] : '=';
		to[3] = left > 2 ? letters[bits & 63] : '=';
	}
	*to = '\0';
	out->len = (size_t)(to - out->ptr);
}

/* What each byte stands for, and -1 for those that are no letters. */
static void invert(const char *letters, signed char value[256])
{
	memset(value, -1, 256);
	for (int i = 0; i < 64; i++)
		value[(unsigned char)letters[i]] = (signed char)i;
}

static bool decode(struct wsg_buf *out, struct wsg_str text,
		   const char *letters)
{
	const unsigned char *s = (const unsigned char *)text.ptr;
	signed char value[256];
	size_t digits = text.len;
	uint32_t bits = 0;
	char *to;

	if (text.len % 4)
		return false;
	while (digits && text.len - digits < 2 && s[digits - 1] == '=')
		digits--;
	if (!wsg_buf_reserve(out, text.len / 4 * 3))
		return false;
	invert(letters, value);
	to = out->ptr + out->len;
	for (size_t i = 0; i < digits; i++) {
		int digit = value[s[i]];

		if (digit < 0)
			goto wrong;
		bits = bits << 6 | (uint32_t)digit;
		if (i % 4)
			*to++ = (char)(bits >> (6 - 2 * (i % 4)) & 0xff);
	}
	/* What the last letter holds beyond the last byte has to be 0. */
	if ((digits % 4 == 2 && (bits & 0xf)) ||
	    (digits % 4 == 3 && (bits & 3)))
		goto wrong;
	*to = '\0';
	out->len = (size_t)(to - out->ptr);
	return true;
wrong:
	out->ptr[out->len] = '\0';
	return false;
}

void base64_put(struct wsg_buf *out, struct wsg_str bytes)
{
	encode(out, bytes, standard);
}

void base64_put_url(struct wsg_buf *out, struct wsg_str bytes)
{
	encode(out, bytes, url);
}

bool base64_read(struct wsg_buf *out, struct wsg_str text)
{
	return decode(out, text, standard);
}

bool base64_read_url(struct wsg_buf *out, struct wsg_str text)
{
	return decode(out, text, url);
}
