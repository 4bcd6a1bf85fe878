/* SPDX-License-Identifier: MIT */
/*
 * Escapes in JSON strings. Apart from json.c, so that the many strings without
 * one are read by a small function.
 */
#include "internal.h"
#include "json_fast.h"

/* Four hex digits at p; -1 if they are not. */
static int32_t hex4(const char *p)
{
	int32_t value = 0;
	int i;

	for (i = 0; i < 4; i++) {
		int32_t digit;

		if (p[i] >= '0' && p[i] <= '9')
			digit = p[i] - '0';
		else if (p[i] >= 'a' && p[i] <= 'f')
			digit = p[i] - 'a' + 10;
		else if (p[i] >= 'A' && p[i] <= 'F')
			digit = p[i] - 'A' + 10;
		else
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/*
 * Step over the `\uXXXX` at *at, and over the second one of a pair. False: it
 * is no code point.
 */
static bool escaped_code(char **at, uint32_t *code)
{
	char *p = *at;
	int32_t high = hex4(p + 2), low;

	if (high < 0 || (high >= 0xdc00 && high <= 0xdfff))
		return false;
	p += 6;
	*code = (uint32_t)high;
	if (high >= 0xd800 && high <= 0xdbff) {
		if (p[0] != '\\' || p[1] != 'u')
			return false;
		low = hex4(p + 2);
		if (low < 0xdc00 || low > 0xdfff)
			return false;
		p += 6;
		*code = 0x10000 + (((uint32_t)high & 0x3ff) << 10 |
				   ((uint32_t)low & 0x3ff));
	}
	*at = p;
	return true;
}

/* What the character behind a backslash stands for; 0 if for nothing. */
static const char escapes[256] = {
	['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
	['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

static char escaped_char(char c)
{
	return escapes[(unsigned char)c];
}

/* Not an escape, unless the text ends in it. */
static char *refuse(struct wsg_json *json, char *p)
{
	json->pos = p;
	wsg_json_fail(json, json->end - p < 2 ? "ends in the middle"
					      : "not an escape");
	return NULL;
}

/* As scan_move, by the marks if there are any. */
static inline char *move_plain(struct wsg_json *json, char *p, char **to,
			       uint32_t *high)
{
	char *stop;
	size_t len;

	if (json->marks) {
		stop = json_stop(json, p);
		len = (size_t)(stop - p);
		if (len < 16)
			scan_copy(*to, p, len);
		else
			memmove(*to, p, len);
		*to += len;
		p = stop;
		/* Not everything that is marked ends the plain part. */
		if (scan_special((unsigned char)*p))
			return p;
	}
	return scan_move(p, json->end, to, high);
}

char *wsg_json_unescape(struct wsg_json *json, char *p, char **to,
			uint32_t *high, struct wsg_marks *marks)
{
	uint32_t *mark = marks ? marks->next : NULL;
	uint32_t *last = marks ? marks->last : NULL;
	const char *base = marks ? marks->base : NULL;
	uint32_t any_high = 0;
	char *out = p;

	while (*p == '\\') {
		char c = escaped_char(p[1]);
		uint32_t code;

		if (mark != last)
			*mark++ = (uint32_t)(out - base);
		if (c) {
			*out++ = c;
			p += 2;
			/* As JSON in JSON has it: `\",\"` and `\\\"`. */
			if ((*p == ',' || *p == ':') && p[1] == '\\')
				*out++ = *p++;
			if (*p == '\\')
				continue;
		} else if (p[1] == 'u' && escaped_code(&p, &code)) {
			out += wsg_utf8_put(out, code);
		} else {
			return refuse(json, p);
		}
		p = move_plain(json, p, &out, &any_high);
	}
	if (marks)
		marks->next = mark;
	*high |= any_high;
	*to = out;
	return p;
}

char *wsg_json_skip_escapes(struct wsg_json *json, char *p, uint32_t *high)
{
	uint32_t code;

	while (*p == '\\') {
		if (escaped_char(p[1]))
			p += 2;
		else if (p[1] != 'u' || !escaped_code(&p, &code))
			return refuse(json, p);
		p = scan_plain(p, json->end, high);
	}
	return p;
}
