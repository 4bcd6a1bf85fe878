/* SPDX-License-Identifier: MIT */
/* names.c - names cut into words, and words put together again. */
#include "names.h"

#include "../base/buf.h"
#include "../base/map.h"
#include "../base/utf8.h"

#include <string.h>

enum style { SNAKE, SHOUT, PASCAL };

/* <ctype.h> asks the locale, and is undefined for plain chars below zero. */
static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static char upper(char c)
{
	return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

/* Does a word start at this letter or digit? before is NUL at the start. */
static bool starts_word(char before, const char *at)
{
	if (!is_lower(before) && !is_upper(before) && !is_digit(before))
		return true;
	if (!is_upper(*at))
		return false;
	return !is_upper(before) || is_lower(at[1]);
}

static const char *spell(struct arena *arena, const char *name,
			 enum style style)
{
	struct buf out;

	buf_init(&out, arena);
	for (const char *at = name; *at; at++) {
		bool first;

		if (!is_lower(*at) && !is_upper(*at) && !is_digit(*at))
			continue;
		first = starts_word(at > name ? at[-1] : '\0', at);
		if (first && style != PASCAL && (out.len || is_digit(*at)))
			buf_char(&out, '_');
		if (style == SHOUT || (style == PASCAL && first))
			buf_char(&out, upper(*at));
		else
			buf_char(&out, lower(*at));
	}
	return out.text;
}

const char *name_snake(struct arena *arena, const char *name)
{
	return spell(arena, name, SNAKE);
}

const char *name_shout(struct arena *arena, const char *name)
{
	return spell(arena, name, SHOUT);
}

const char *name_pascal(struct arena *arena, const char *name)
{
	return spell(arena, name, PASCAL);
}

static bool among(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

const char *name_constant(struct arena *arena, const char *value)
{
	const char *shout = name_shout(arena, value);
	struct buf out;

	if (*shout)
		return shout;
	buf_init(&out, arena);
	while (*value) {
		uint32_t code = (unsigned char)*value;
		size_t len = utf8_decode(value, strlen(value), &code);

		buf_printf(&out, "%sU%04X", out.len ? "_" : "",
			   (unsigned int)code);
		value += len ? len : 1;
	}
	return out.text;
}

const char **name_constants(struct arena *arena, const struct texts *values)
{
	const char **names =
		arena_alloc(arena, (values->count + 1) * sizeof(*names));
	struct map first = { .arena = arena }; /* name -> how many so far */
	size_t *seen = arena_alloc(arena, (values->count + 1) * sizeof(*seen));

	for (size_t i = 0; i < values->count; i++) {
		names[i] = name_constant(arena, values->items[i].s);
		if (!map_put(&first, names[i], &seen[i]))
			seen[i] = 1;
	}
	for (size_t i = 0; i < values->count; i++) {
		const char *plain = names[i];
		size_t *count = map_get(&first, plain);

		if (seen[i])
			continue;
		do
			names[i] =
				arena_printf(arena, "%s_%zu", plain, ++*count);
		while (map_get(&first, names[i]));
		map_put(&first, names[i], &seen[i]);
	}
	return names;
}

const char *name_member(struct arena *arena, const char *name)
{
	const char *snake = name_snake(arena, name);

	return *snake && *snake != '_' && name_why_not_c(snake)
		       ? arena_printf(arena, "%s_", snake)
		       : snake;
}

const char *name_why_not_c(const char *name)
{
	static const char *const c_words[] = {
		"alignas",	 "alignof",  "auto",
		"bool",		 "break",    "case",
		"char",		 "const",    "constexpr",
		"continue",	 "default",  "do",
		"double",	 "else",     "enum",
		"extern",	 "false",    "float",
		"for",		 "goto",     "if",
		"inline",	 "int",	     "long",
		"nullptr",	 "register", "restrict",
		"return",	 "short",    "signed",
		"sizeof",	 "static",   "static_assert",
		"struct",	 "switch",   "thread_local",
		"true",		 "typedef",  "typeof",
		"typeof_unqual", "union",    "unsigned",
		"void",		 "volatile", "while",
		"asm",		 NULL,
	};
	static const char *const macros[] = {
		"errno", "linux", "stderr", "stdin", "stdout", "unix", NULL,
	};

	if (among(name, c_words))
		return "is a keyword of C";
	if (among(name, macros))
		return "is taken in C";
	if (!*name)
		return "has no letter";
	if (is_digit(*name))
		return "starts with a digit";
	if (*name == '_' && !is_digit(name[1]))
		return "starts with '_'";
	for (; *name; name++)
		if (!is_lower(*name) && !is_upper(*name) && !is_digit(*name) &&
		    *name != '_')
			return "is no name in C";
	return NULL;
}
