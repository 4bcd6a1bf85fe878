/* SPDX-License-Identifier: MIT */
/* type_words.c - what the words of a type mean, and the numbers in bounds. */
#include "type.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *lowest, *highest;
} kinds[] = {
	[TYPE_STRING] = { "string", NULL, NULL },
	[TYPE_BOOL] = { "bool", NULL, NULL },
	[TYPE_INT32] = { "int32", "-2147483648", "2147483647" },
	[TYPE_INT64] = { "int64", "-9223372036854775808",
			 "9223372036854775807" },
	[TYPE_UINT32] = { "uint32", "0", "4294967295" },
	[TYPE_UINT64] = { "uint64", "0", "18446744073709551615" },
	[TYPE_NUMBER] = { "number", NULL, NULL },
	[TYPE_BYTES] = { "bytes", NULL, NULL },
	[TYPE_TIMESTAMP] = { "timestamp", NULL, NULL },
	[TYPE_JSON] = { "json", NULL, NULL },
	[TYPE_ENUM] = { "enum", NULL, NULL },
	[TYPE_MESSAGE] = { "message", NULL, NULL },
	[TYPE_LIST] = { "list", NULL, NULL },
	[TYPE_MAP] = { "map", NULL, NULL },
};

const char *type_name(enum type_kind kind)
{
	return kinds[kind].name;
}

const char *type_lowest(enum type_kind kind)
{
	return kinds[kind].lowest;
}

const char *type_highest(enum type_kind kind)
{
	return kinds[kind].highest;
}

const char *const *type_words(size_t *count)
{
	static const char *const words[] = {
		"string", "bool",   "int32", "int64",	  "uint32",
		"uint64", "number", "bytes", "timestamp", "json",
	};

	*count = sizeof(words) / sizeof(words[0]);
	return words;
}

bool type_is_word(const char *name)
{
	size_t count;
	const char *const *words = type_words(&count);

	for (size_t i = 0; i < count; i++)
		if (!strcmp(words[i], name))
			return true;
	return !strcmp(name, "enum") || !strcmp(name, "map");
}

const char *type_alias(const char *name)
{
	static const struct {
		const char *name, *here;
	} aliases[] = {
		{ "any", "json" },	  { "array", "json[]" },
		{ "base64", "bytes" },	  { "binary", "bytes" },
		{ "boolean", "bool" },	  { "char", "string" },
		{ "date", "timestamp" },  { "datetime", "timestamp" },
		{ "double", "number" },	  { "float", "number" },
		{ "int", "int32" },	  { "integer", "int64" },
		{ "long", "int64" },	  { "object", "json" },
		{ "short", "int32" },	  { "str", "string" },
		{ "text", "string" },	  { "time", "timestamp" },
		{ "uint", "uint32" },	  { "uuid", "string(36..36)" },
		{ "float64", "number" },  { "float32", "number" },
		{ "varchar", "string" },  { "list", "json[]" },
		{ "unsigned", "uint32" }, { "blob", "bytes" },
	};

	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (!strcmp(aliases[i].name, name))
			return aliases[i].here;
	return NULL;
}

int type_compare(const char *a, const char *b)
{
	bool a_below = *a == '-', b_below = *b == '-';
	size_t a_len = strlen(a), b_len = strlen(b);
	int order;

	if (a_below != b_below)
		return a_below ? -1 : 1;
	if (a_len != b_len)
		order = a_len < b_len ? -1 : 1;
	else
		order = strcmp(a, b);
	order = (order > 0) - (order < 0);
	return a_below ? -order : order;
}

static size_t digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* -0 | -?[1-9][0-9]* */
static bool is_whole(const char *text)
{
	size_t count;

	text += *text == '-';
	count = digits(text);
	return count && !text[count] && (*text != '0' || count == 1);
}

/* As JSON has numbers. */
static bool is_number(const char *text)
{
	size_t count;

	text += *text == '-';
	count = digits(text);
	if (!count || (*text == '0' && count > 1))
		return false;
	text += count;
	if (*text == '.') {
		count = digits(++text);
		if (!count)
			return false;
		text += count;
	}
	if (*text == 'e' || *text == 'E') {
		text++;
		text += *text == '-' || *text == '+';
		count = digits(text);
		if (!count)
			return false;
		text += count;
	}
	return !*text;
}

bool type_bound(struct arena *arena, enum type_kind kind, const char *text,
		struct bound *bound, const char **why)
{
	const char *lowest = kinds[kind].lowest;
	const char *highest = kinds[kind].highest;

	if (kind == TYPE_NUMBER) {
		bound->value = is_number(text) ? strtod(text, NULL) : 0;
		bound->text = text;
		*why = !is_number(text) ? "is not a number"
					: "is too large for a number";
		return is_number(text) && isfinite(bound->value);
	}
	*why = "is not a whole number";
	if (!is_whole(text))
		return false;
	if (!strcmp(text, "-0"))
		text = "0";
	if (!lowest) { /* a length */
		lowest = "0";
		highest = TYPE_LEN_MAX_TEXT;
		*why = "is no length: lengths go from 0 to " TYPE_LEN_MAX_TEXT;
	} else {
		*why = arena_printf(arena,
				    "does not fit %s: that goes from %s "
				    "to %s",
				    kinds[kind].name, lowest, highest);
	}
	if (type_compare(text, lowest) < 0 || type_compare(text, highest) > 0)
		return false;
	bound->text = text;
	bound->value = strtod(text, NULL);
	return true;
}

static bool is_unsigned(enum type_kind kind)
{
	return kind == TYPE_UINT32 || kind == TYPE_UINT64;
}

const char *type_bounds_wrong(struct arena *arena, const struct type *type)
{
	const struct bound *min = &type->min, *max = &type->max;
	bool counted = type->kind != TYPE_NUMBER;
	bool length = counted && !kinds[type->kind].lowest;

	if (length && max->text && max->value < 1)
		return type->kind == TYPE_LIST
			       ? "a list of at most 0 items is always empty"
			       : "what has at most 0 bytes is always empty";
	/* Both 0 mean no bounds to the runtime; and who would want them? */
	if (max->text && max->value == 0 &&
	    (min->text ? min->value == 0 : is_unsigned(type->kind)))
		return "a number that is always 0 needs no field";
	if (!min->text || !max->text)
		return NULL;
	if (counted ? type_compare(min->text, max->text) <= 0
		    : min->value <= max->value)
		return NULL;
	return arena_printf(arena,
			    "bounds are the wrong way round: %s is more "
			    "than %s",
			    min->text, max->text);
}
