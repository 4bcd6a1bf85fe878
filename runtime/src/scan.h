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

/* Which of 16 bytes end the plain part; *high: which are not ASCII. */
static inline uint32_t scan_mask(__m128i bytes, uint32_t *high)
{
	const __m128i control = _mm_set1_epi8(0x1f);
	__m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
	__m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
	__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes);

	*high = (uint32_t)_mm_movemask_epi8(bytes);
	return (uint32_t)_mm_movemask_epi8(
		_mm_or_si128(_mm_or_si128(quote, slash), low));
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
 * As scan_plain, moving what is passed over to *to, which lies before p; *to
 * ends up behind what was moved.
 */
static inline char *scan_move(char *p, const char *end, char **to,
			      uint32_t *high)
{
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
			*high |= not_ascii;
			p += SCAN_STEP;
			out += SCAN_STEP;
			continue;
		}
		n = scan_low_bit(mask);
		*high |= not_ascii & ((1u << n) - 1);
		/* Behind p + n nothing was read yet: write no further. */
		if (out + SCAN_STEP <= p + n) {
			_mm_storeu_si128((__m128i *)(void *)out, bytes);
			*to = out + n;
			return p + n;
		}
		if (n & 8) {
			_mm_storel_epi64((__m128i *)(void *)out, bytes);
			bytes = _mm_srli_si128(bytes, 8);
			out += 8;
		}
		if (n & 4) {
			int word = _mm_cvtsi128_si32(bytes);

			memcpy(out, &word, 4);
			bytes = _mm_srli_si128(bytes, 4);
			out += 4;
		}
		if (n & 3) {
			int word = _mm_cvtsi128_si32(bytes);

			memcpy(out, &word, n & 3);
			out += n & 3;
		}
		*to = out;
		return p + n;
	}
#endif
	while (p < end && !scan_special((unsigned char)*p)) {
		*high |= (unsigned char)*p & 0x80u;
		*out++ = *p++;
	}
	*to = out;
	return p;
}

#endif
