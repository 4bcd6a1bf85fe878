/* SPDX-License-Identifier: MIT */
/*
 * scan.h - find the end of the plain part of a JSON string, 16 or 8 bytes at a
 * time. Only json.c and the writer include this.
 */
#ifndef WSGEN_SCAN_H
#define WSGEN_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* The number of the lowest bit that is set; mask is not 0. */
static inline unsigned scan_low_bit(uint32_t mask)
{
#if defined(__GNUC__)
	return (unsigned)__builtin_ctz(mask);
#else
	unsigned bit = 0;

	while (!(mask >> bit & 1))
		bit++;
	return bit;
#endif
}

static inline bool scan_special(unsigned char c)
{
	return c == '"' || c == '\\' || c < 0x20;
}

#if defined(__SSE2__)
#define SCAN_STEP 16

/*
 * Which of 16 bytes end the plain part; *high: which are not ASCII. Bit 1
 * turned over, a quote is next to the control characters, and nothing else is.
 */
static inline uint32_t scan_mask(__m128i bytes, uint32_t *high)
{
	__m128i turned = _mm_xor_si128(bytes, _mm_set1_epi8('"' ^ 0x20));
	__m128i least = _mm_min_epu8(turned, _mm_set1_epi8(0x20));
	__m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));

	*high = (uint32_t)_mm_movemask_epi8(bytes);
	return (uint32_t)_mm_movemask_epi8(
		_mm_or_si128(_mm_cmpeq_epi8(least, turned), slash));
}
#else
#define SCAN_STEP 8

/* Whether any of 8 bytes may end the plain part; now and then a false yes. */
static inline bool scan_word(uint64_t word, uint64_t *high)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t quote = word ^ ones * '"';
	uint64_t slash = word ^ ones * '\\';

	*high = word & ones * 0x80;
	return (((word - ones * 0x20) | (quote - ones) | (slash - ones)) &
		~word & ones * 0x80) != 0;
}
#endif

/*
 * The first byte from p on that is a quote, a backslash or a control
 * character; end if there is none. *high becomes nonzero if a byte before it is
 * not ASCII.
 */
static inline char *scan_plain(char *p, const char *end, uint32_t *high)
{
	while (end - p >= SCAN_STEP) {
#if defined(__SSE2__)
		uint32_t not_ascii;
		uint32_t mask = scan_mask(
			_mm_loadu_si128((const __m128i *)(const void *)p),
			&not_ascii);

		if (mask) {
			unsigned at = scan_low_bit(mask);

			*high |= not_ascii & ((1u << at) - 1);
			return p + at;
		}
		*high |= not_ascii;
#else
		uint64_t word, not_ascii;

		memcpy(&word, p, sizeof(word));
		if (scan_word(word, &not_ascii))
			break;
		*high |= not_ascii != 0;
#endif
		p += SCAN_STEP;
	}
	while (p < end && !scan_special((unsigned char)*p)) {
		*high |= (unsigned char)*p & 0x80u;
		p++;
	}
	return p;
}

/*
 * The same, stopping also at what is not ASCII: for strings that are plain and
 * short, as most are.
 */
static inline char *scan_ascii(char *p, const char *end)
{
	while (end - p >= SCAN_STEP) {
#if defined(__SSE2__)
		__m128i bytes =
			_mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i turned =
			_mm_xor_si128(bytes, _mm_set1_epi8('"' ^ 0x20));
		__m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
		/* As signed bytes, those past ASCII are low ones, too. */
		__m128i low = _mm_cmplt_epi8(turned, _mm_set1_epi8(0x21));
		uint32_t mask =
			(uint32_t)_mm_movemask_epi8(_mm_or_si128(low, slash));

		if (mask)
			return p + scan_low_bit(mask);
#else
		uint64_t word, not_ascii;

		memcpy(&word, p, sizeof(word));
		if (scan_word(word, &not_ascii) || not_ascii)
			break;
#endif
		p += SCAN_STEP;
	}
	while (p < end && !scan_special((unsigned char)*p) &&
	       !((unsigned char)*p & 0x80u))
		p++;
	return p;
}

/* Less than 16 bytes, to where they may overlap; none behind is written. */
static inline void scan_copy(char *to, const char *from, size_t n)
{
	if (n >= 8) {
		uint64_t head, tail;

		memcpy(&head, from, 8);
		memcpy(&tail, from + n - 8, 8);
		memcpy(to, &head, 8);
		memcpy(to + n - 8, &tail, 8);
	} else if (n >= 4) {
		uint32_t head, tail;

		memcpy(&head, from, 4);
		memcpy(&tail, from + n - 4, 4);
		memcpy(to, &head, 4);
		memcpy(to + n - 4, &tail, 4);
	} else if (n) {
		char first = from[0], middle = from[n / 2], last = from[n - 1];

		to[0] = first;
		to[n / 2] = middle;
		to[n - 1] = last;
	}
}

/*
 * As scan_plain, moving what is passed over to *to, which lies before p; *to
 * ends up behind what was moved.
 */
static inline char *scan_move(char *p, const char *end, char **to,
			      uint32_t *high)
{
	uint32_t any_high = 0;
	char *out = *to;

#if defined(__SSE2__)
	while (end - p >= SCAN_STEP) {
		uint32_t not_ascii;
		__m128i bytes =
			_mm_loadu_si128((const __m128i *)(const void *)p);
		uint32_t mask = scan_mask(bytes, &not_ascii);
		unsigned n;

		if (!mask) {
			_mm_storeu_si128((__m128i *)(void *)out, bytes);
			any_high |= not_ascii;
			p += SCAN_STEP;
			out += SCAN_STEP;
			continue;
		}
		n = scan_low_bit(mask);
		*high |= any_high | (not_ascii & (mask - 1));
		/* Behind p + n nothing was read yet: write no further. */
		if (p - out + (ptrdiff_t)n >= SCAN_STEP)
			_mm_storeu_si128((__m128i *)(void *)out, bytes);
		else
			scan_copy(out, p, n);
		*to = out + n;
		return p + n;
	}
#endif
	while (p < end && !scan_special((unsigned char)*p)) {
		any_high |= (unsigned char)*p & 0x80u;
		*out++ = *p++;
	}
	*high |= any_high;
	*to = out;
	return p;
}

#endif
