/* SPDX-License-Identifier: MIT */
#include "format.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

struct writer {
	char *out;
	size_t room, len; /* len goes on counting when the room is used up */
};

static void put(struct writer *w, const char *text, size_t len)
{
	if (w->len < w->room) {
		const size_t left = w->room - w->len;

		memcpy(w->out + w->len, text, len < left ? len : left);
	}
	w->len += len;
}

static void put_count(struct writer *w, size_t count)
{
	char digits[3 * sizeof(count)];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + count % 10);
	while (count /= 10);
	put(w, digits + at, sizeof(digits) - at);
}

/* Whether each conversion is one that format_text knows itself. */
static bool is_simple(const char *format)
{
	while ((format = strchr(format, '%'))) {
		if (format[1] == 's' || format[1] == '%')
			format += 2;
		else if (!strncmp(format, "%zu", 3))
			format += 3;
		else if (!strncmp(format, "%.*s", 4))
			format += 4;
		else
			return false;
	}
	return true;
}

static size_t length_of(const char *text, int most)
{
	return most < 0 ? strlen(text) : strnlen(text, (size_t)most);
}

int format_text(char *out, size_t room, const char *format, va_list args)
{
	struct writer w = { out, room, 0 };

	if (!is_simple(format))
		return vsnprintf(out, room, format, args);
	while (*format) {
		const size_t plain = strcspn(format, "%");
		const char *conversion = format + plain;
		const char *text;
		int most = -1;

		put(&w, format, plain);
		format = conversion;
		if (!*conversion)
			break;
		switch (conversion[1]) {
		case '%':
			put(&w, "%", 1);
			format += 2;
			break;
		case 'z':
			put_count(&w, va_arg(args, size_t));
			format += 3;
			break;
		default: /* %s, %.*s */
			if (conversion[1] == '.')
				most = va_arg(args, int);
			text = va_arg(args, const char *);
			put(&w, text, length_of(text, most));
			format += conversion[1] == '.' ? 4 : 2;
		}
	}
	if (room)
		out[w.len < room ? w.len : room - 1] = '\0';
	return w.len > INT_MAX ? -1 : (int)w.len;
}
