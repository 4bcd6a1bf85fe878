/* SPDX-License-Identifier: MIT */
/*
 * Base64 of RFC 4648, nothing in between: the standard alphabet, padded, and
 * that for URLs, not padded.
 */
#include "internal.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* last: how the alphabet spells 62 and 63. */
static int digit(char c, const char last[2])
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == last[0])
		return 62;
	return c == last[1] ? 63 : -1;
}

/* Digits without their padding, in place. */
static bool decode(char *text, size_t digits, const char last[2],
		   size_t *decoded)
{
	size_t out = 0, i;
	uint32_t bits = 0;

	for (i = 0; i < digits; i++) {
		int value = digit(text[i], last);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		if (i % 4)
			text[out++] = (char)(bits >> (6 - 2 * (i % 4)) & 0xff);
	}
	/* What the last digit holds beyond the last byte has to be 0. */
	if (digits % 4 == 2 && (bits & 0xf))
		return false;
	if (digits % 4 == 3 && (bits & 3))
		return false;
	*decoded = out;
	return true;
}

bool wsg_base64_decode(char *text, size_t len, size_t *decoded)
{
	size_t digits = len;

	if (len % 4)
		return false;
	while (digits && len - digits < 2 && text[digits - 1] == '=')
		digits--;
	return decode(text, digits, "+/", decoded);
}

bool wsg_base64url_decode(char *text, size_t len, size_t *decoded)
{
	return len % 4 != 1 && decode(text, len, "-_", decoded);
}

void wsg_base64_put(struct wsg_buf *out, struct wsg_str bytes)
{
	const unsigned char *s = (const unsigned char *)bytes.ptr;
	size_t i;

	for (i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i;
		uint32_t bits = (uint32_t)s[i] << 16;
		char four[4];

		if (left > 1)
			bits |= (uint32_t)s[i + 1] << 8;
		if (left > 2)
			bits |= s[i + 2];
		four[0] = letters[bits >> 18];
		four[1] = letters[bits >> 12 & 63];
		four[2] = left > 1 ? letters[bits >> 6 & 63] : '=';
		four[3] = left > 2 ? letters[bits & 63] : '=';
		wsg_buf_add(out, four, 4);
	}
}
