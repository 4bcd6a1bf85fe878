/* SPDX-License-Identifier: MIT */
#include "diag.h"

#include "buf.h"
#include "utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#define NEAREST_MAX 64 /* bytes of a name that is compared with others */

void diag_init(struct diag *diag, struct arena *arena)
{
	*diag = (struct diag){ .arena = arena };
}

uint16_t diag_source(struct diag *diag, const char *path, const char *text,
		     size_t len)
{
	assert(diag->sources.count < UINT16_MAX);
	*LIST_ADD(diag->arena, &diag->sources) =
		(struct source){ path, text, len };
	return (uint16_t)diag->sources.count;
}

/* "%.60s" may end inside a character: what is left of that goes. */
static void drop_halves(struct buf *text)
{
	size_t to = 0, len;
	uint32_t code;

	for (size_t at = 0; at < text->len; at += len) {
		const unsigned char lead = (unsigned char)text->text[at];

		len = utf8_decode(text->text + at, text->len - at, &code);
		if (!len && lead >= 0xC2 && lead <= 0xF4) {
			len = 1;
			while (((unsigned char)text->text[at + len] & 0xC0) ==
			       0x80)
				len++;
			continue;
		}
		len = len ? len : 1;
		memmove(text->text + to, text->text + at, len);
		to += len;
	}
	text->len = to;
	text->text[to] = '\0';
}

static void add(struct diag *diag, enum diag_level level, struct loc loc,
		const char *format, va_list args)
{
	struct buf text;

	buf_init(&text, diag->arena);
	buf_vprintf(&text, format, args);
	drop_halves(&text);
	*LIST_ADD(diag->arena, &diag->entries) =
		(struct diag_entry){ level, loc, text.text };
}

void diag_error(struct diag *diag, struct loc loc, const char *format, ...)
{
	va_list args;

	diag->mute_notes = ++diag->errors > DIAG_MAX_ERRORS;
	if (diag->mute_notes)
		return;
	va_start(args, format);
	add(diag, DIAG_ERROR, loc, format, args);
	va_end(args);
}

void diag_warning(struct diag *diag, struct loc loc, const char *format, ...)
{
	va_list args;

	diag->mute_notes = ++diag->warnings > DIAG_MAX_WARNINGS;
	if (diag->mute_notes)
		return;
	va_start(args, format);
	add(diag, DIAG_WARNING, loc, format, args);
	va_end(args);
}

void diag_note(struct diag *diag, struct loc loc, const char *format, ...)
{
	va_list args;

	if (diag->mute_notes)
		return;
	va_start(args, format);
	add(diag, DIAG_NOTE, loc, format, args);
	va_end(args);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* More mistakes than these, and it was meant to be another name. */
static size_t forgiven(size_t len)
{
	return len < 2 ? 0 : len / 4 + 1 > 3 ? 3 : len / 4 + 1;
}

/*
 * How many letters were inserted, left out, changed or swapped with the next
 * one. Needs no more than the last three rows of the table.
 */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][NEAREST_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *unused = before;

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			char x = lower(a[i - 1]), y = lower(b[j - 1]);
			size_t best = last[j - 1] + (x != y);

			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && x == lower(b[j - 2]) &&
			    lower(a[i - 2]) == y && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			row[j] = best;
		}
		before = last;
		last = row;
		row = unused;
	}
	return last[b_len];
}

const char *diag_nearest(const char *name, const char *const *names,
			 size_t count)
{
	size_t len = strlen(name), least = forgiven(len) + 1;
	const char *nearest = NULL;

	if (len > NEAREST_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t other = strlen(names[i]), far;

		if (other > NEAREST_MAX || other + least <= len ||
		    len + least <= other)
			continue;
		far = distance(name, len, names[i], other);
		if (far < least) {
			least = far;
			nearest = names[i];
		}
	}
	return nearest;
}
