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

/* Whether a string comes next; now and then a false no. */
static inline bool json_at_string(const struct wsg_json *json)
{
	return *json->pos == '"' && !json->error;
}

static inline bool json_string(struct wsg_json *json, struct wsg_str *value)
{
	char *start = json->pos + 1, *end;

	if (!json_at_string(json))
		return wsg_json_string(json, value);
	end = scan_ascii(start, json->end);
	if (*end != '"')
		return wsg_json_string(json, value);
	*value = (struct wsg_str){ start, (size_t)(end - start) };
	json->pos = end + 1;
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
	end = scan_ascii(start, json->end);
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
