/* SPDX-License-Identifier: MIT */
#include "read/scalar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static size_t digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* 0x1F and 0o17, to 64 bits. */
static const char *based_number(struct arena *arena, const char *text)
{
	bool is_hex = text[1] == 'x';
	const char *allowed = is_hex ? "0123456789abcdefABCDEF" : "01234567";
	unsigned long long value;

	if (!text[2] || text[2 + strspn(text + 2, allowed)])
		return NULL;
	errno = 0;
	value = strtoull(text + 2, NULL, is_hex ? 16 : 8);
	return errno ? NULL : arena_printf(arena, "%llu", value);
}

/* The number as JSON has it, or NULL. YAML also takes +1, .5 and 1. for one. */
static const char *number(struct arena *arena, const char *text)
{
	const char *at = text, *whole, *fraction;
	size_t whole_len, fraction_len;
	bool has_dot;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'o'))
		return based_number(arena, text);
	at += *at == '-' || *at == '+';
	whole = at;
	whole_len = digits(whole);
	at += whole_len;
	has_dot = *at == '.';
	fraction = at += has_dot;
	fraction_len = has_dot ? digits(fraction) : 0;
	at += fraction_len;
	if (!(whole_len + fraction_len) || (whole_len > 1 && *whole == '0'))
		return NULL;
	if (*at == 'e' || *at == 'E') {
		at += 1 + (at[1] == '-' || at[1] == '+');
		if (!digits(at))
			return NULL;
		at += digits(at);
	}
	if (*at)
		return NULL;
	if (*text != '+' && whole_len && (fraction_len || !has_dot))
		return text;
	return arena_printf(arena, "%s%.*s%s%.*s%s", *text == '-' ? "-" : "",
			    whole_len ? (int)whole_len : 1,
			    whole_len ? whole : "0", fraction_len ? "." : "",
			    (int)fraction_len, fraction,
			    fraction + fraction_len);
}

/* Most scalars are plain words: one look at the first letter tells. */
enum doc_kind scalar_kind(struct arena *arena, const char **text)
{
	const char *as_json;
	char first = **text;

	if (!first || (first == '~' && !(*text)[1]) ||
	    (first == 'n' && !strcmp(*text, "null")))
		return DOC_NULL;
	if ((first == 't' && !strcmp(*text, "true")) ||
	    (first == 'f' && !strcmp(*text, "false")))
		return DOC_BOOL;
	if (!(first >= '0' && first <= '9') && first != '+' && first != '-' &&
	    first != '.')
		return DOC_STRING;
	as_json = number(arena, *text);
	if (!as_json)
		return DOC_STRING;
	*text = as_json;
	return DOC_NUMBER;
}
