/* SPDX-License-Identifier: MIT */
/*
 * utf8.c - the state is what a begun character still wants: how many bytes
 * (bits 0-7), and between which two the next one has to be (8-15, 16-23). That
 * is where overlong forms, surrogates and what is past U+10FFFF show.
 */
#include "utf8.h"

#include <string.h>

#define WANTS(count, least, most) \
	((uint32_t)(count) | (uint32_t)(least) << 8 | (uint32_t)(most) << 16)
#define WRONG UINT32_MAX

/* What is to come behind the first byte of a character. */
static uint32_t begin(unsigned byte)
{
	if (byte < 0x80)
		return 0;
	if (byte < 0xc2 || byte > 0xf4)
		return WRONG;
	if (byte < 0xe0)
		return WANTS(1, 0x80, 0xbf);
	if (byte < 0xf0)
		return WANTS(2, byte == 0xe0 ? 0xa0 : 0x80,
			     byte == 0xed ? 0x9f : 0xbf);
	return WANTS(3, byte == 0xf0 ? 0x90 : 0x80, byte == 0xf4 ? 0x8f : 0xbf);
}

static uint32_t next(uint32_t state, unsigned byte)
{
	uint32_t count = state & 0xff;

	if (byte < (state >> 8 & 0xff) || byte > state >> 16)
		return WRONG;
	return count == 1 ? 0 : WANTS(count - 1, 0x80, 0xbf);
}

/* How many bytes from there on are ASCII, in sixteens. */
static size_t skip_ascii(const char *bytes, size_t len)
{
	const uint64_t high = 0x8080808080808080;
	size_t at = 0;

	while (len - at >= 16) {
		uint64_t words[2];

		memcpy(words, bytes + at, 16);
		if ((words[0] | words[1]) & high)
			break;
		at += 16;
	}
	return at;
}

bool utf8_check(uint32_t *state, const char *bytes, size_t len)
{
	uint32_t now = *state;
	size_t at = 0;

	while (at < len) {
		unsigned byte = (unsigned char)bytes[at];

		if (!now && byte < 0x80 && len - at >= 16) {
			size_t ascii = skip_ascii(bytes + at, len - at);

			if (ascii) {
				at += ascii;
				continue;
			}
		}
		now = now ? next(now, byte) : begin(byte);
		if (now == WRONG)
			return false;
		at++;
	}
	*state = now;
	return true;
}

bool utf8_is_text(struct wsg_str text)
{
	uint32_t state = 0;

	return utf8_check(&state, text.ptr, text.len) && !state;
}

size_t utf8_character(struct wsg_str text)
{
	uint32_t state = 0;

	for (size_t len = 1; len <= text.len; len++) {
		if (!utf8_check(&state, text.ptr + len - 1, 1))
			return 0;
		if (!state)
			return len;
	}
	return 0;
}
