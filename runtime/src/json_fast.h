/* SPDX-License-Identifier: MIT */
/*
 * json_fast.h - the reader's calls for JSON without white space, as AWS sends
 * it, and for strings that are plain: short enough to be inlined. They do what
 * their namesakes do, and leave all that is not as expected to them.
 */
#ifndef WSGEN_JSON_FAST_H
#define WSGEN_JSON_FAST_H

#include "scan.h"

#include <wsgen/json.h>
#include <wsgen/runtime.h>

/*
 * From p on, the next character that ends the plain part of a string, or one
 * that scan_ascii stops at. p lies behind whatever was asked for before.
 */
static inline char *json_stop(struct wsg_json *json, char *p)
{
	const uint32_t *mark = json->marks;

	if (!mark)
		return scan_ascii(p, json->end);
	while (*mark < (size_t)(p - json->start))
		mark++;
	json->marks = mark;
	if (*mark != WSG_JSON_UNMARKED)
		return json->start + *mark;
	json->marks = NULL;
	return scan_ascii(p, json->end);
}

/* Whether a string comes next; now and then a false no. */
static inline bool json_at_string(const struct wsg_json *json)
{
	return *json->pos == '"' && !json->error;
}

static inline bool json_at_object(struct wsg_json *json)
{
	return (*json->pos == '{' && !json->error) ||
	       wsg_json_peek(json) == WSG_JSON_OBJECT;
}

static inline bool json_string(struct wsg_json *json, struct wsg_str *value)
{
	char *start = json->pos + 1, *end;

	if (!json_at_string(json))
		return wsg_json_string(json, value);
	end = json_stop(json, start);
	if (*end != '"')
		return wsg_json_string(json, value);
	*value = (struct wsg_str){ start, (size_t)(end - start) };
	json->pos = end + 1;
	return true;
}

/* So many digits fit into an int64_t whatever they are. */
#define JSON_DIGITS_MAX 18

/*
 * Read a positive whole number if the next value is a plain one: also as the
 * text that it stands as. If not, nothing is read.
 */
static inline bool json_digits(struct wsg_json *json, struct wsg_str *text,
			       int64_t *value)
{
	char *start = json->pos, *p = start;
	uint64_t sum = 0;

	if (json->error || *p == '0')
		return false;
	for (; *p >= '0' && *p <= '9'; p++)
		sum = sum * 10 + (uint64_t)(*p - '0');
	if (p == start || p - start > JSON_DIGITS_MAX ||
	    (*p != ',' && *p != '}'))
		return false;
	*text = (struct wsg_str){ start, (size_t)(p - start) };
	*value = (int64_t)sum;
	json->pos = p;
	return true;
}

/* Whether null comes next. */
static inline bool json_at_null(struct wsg_json *json)
{
	return (*json->pos == 'n' || *json->pos <= ' ') &&
	       wsg_json_peek(json) == WSG_JSON_NULL;
}

static inline bool json_bool(struct wsg_json *json, bool *value)
{
	/* No more is looked at than the NUL behind the text allows. */
	if (json->error || strncmp(json->pos, "false", 5) != 0)
		return wsg_json_bool(json, value);
	json->pos += 5;
	*value = false;
	return true;
}

static inline bool json_key(struct wsg_json *json, struct wsg_str *key)
{
	char *start = json->pos, *end;

	/* The second byte is there only if the first one is no NUL. */
	if (json->error ||
	    (json->first ? *start != '"' : *start != ',' || *++start != '"'))
		return wsg_json_key(json, key);
	start++;
	end = json_stop(json, start);
	if (*end != '"' || end[1] != ':')
		return wsg_json_key(json, key);
	*key = (struct wsg_str){ start, (size_t)(end - start) };
	json->first = false;
	json->pos = end + 2;
	return true;
}

/*
 * Whether the next key is the one expected, which is given as it stands in the
 * text: `,"name":`. Nothing has to be searched then. If not, nothing is read.
 */
static inline bool json_key_is(struct wsg_json *json, struct wsg_str expected,
			       struct wsg_str *key)
{
	char *start = json->pos;

	if (json->error || json->first ||
	    (size_t)(json->end - start) < expected.len ||
	    !wsg_key_is(start, expected.ptr, expected.len))
		return false;
	*key = (struct wsg_str){ start + 2, expected.len - 4 };
	json->pos = start + expected.len;
	return true;
}

#endif
