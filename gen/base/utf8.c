/* SPDX-License-Identifier: MIT */
#include "utf8.h"

#include <string.h>

#define EACH 0x0101010101010101u /* times a byte: that byte eight times */

size_t utf8_decode(const char *text, size_t len, uint32_t *code)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *at = (const unsigned char *)text;
	uint32_t value;
	size_t want;

	if (!len)
		return 0;
	if (at[0] < 0x80) {
		*code = at[0];
		return 1;
	}
	if (at[0] >= 0xf8 || at[0] < 0xc0)
		return 0;
	want = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
	if (len < want)
		return 0;
	value = at[0] & (0x7fu >> want);
	for (size_t i = 1; i < want; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (at[i] & 0x3fu);
	}
	if (value < least[want] || value > 0x10ffff ||
	    (value >= 0xd800 && value < 0xe000))
		return 0;
	*code = value;
	return want;
}

/* Bit 7 of each byte that is below `than`; of those above a hit, perhaps. */
static uint64_t below(uint64_t word, uint64_t than)
{
	return (word - EACH * than) & ~word & EACH * 0x80;
}

/* Whether eight bytes are plain, all of them. */
static bool is_plain_word(const char *text)
{
	uint64_t word;

	memcpy(&word, text, 8);
	return !(((word | (word + EACH)) & EACH * 0x80) | below(word, 0x20) |
		 below(word ^ EACH * '"', 1) | below(word ^ EACH * '\\', 1));
}

size_t utf8_plain(const char *text, size_t len)
{
	size_t at = 0;

	while (at + 8 <= len && is_plain_word(text + at))
		at += 8;
	if (len >= 8 && at + 8 > len && is_plain_word(text + len - 8))
		return len;
	while (at < len && text[at] >= 0x20 && text[at] < 0x7f &&
	       text[at] != '"' && text[at] != '\\')
		at++;
	return at;
}

bool utf8_hidden(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{ 0x0000, 0x001f },   /* controls */
		{ 0x007f, 0x009f },   /* more of them */
		{ 0x00ad, 0x00ad },   /* soft hyphen */
		{ 0x061c, 0x061c },   /* Arabic letter mark */
		{ 0x200b, 0x200f },   /* zero width; left-to-right mark */
		{ 0x2028, 0x202e },   /* separators, embeddings, overrides */
		{ 0x2060, 0x206f },   /* joiners, isolates */
		{ 0xfeff, 0xfeff },   /* byte order mark */
		{ 0xfff9, 0xfffb },   /* interlinear annotations */
		{ 0xe0000, 0xe007f }, /* tags */
	};

	if (code >= 0x20 && code < 0x7f)
		return false; /* most */
	/* U+xxFFFE and U+xxFFFF are no characters in any plane. */
	if ((code & 0xfffe) == 0xfffe)
		return true;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return true;
	return false;
}
