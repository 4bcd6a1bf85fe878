/* SPDX-License-Identifier: MIT */
/*
 * wsgen/json.h - a JSON reader that is pulled, and a writer. Both are RFC 8259
 * to the letter: strict UTF-8, whole surrogate pairs, exact 64-bit integers,
 * no look at the locale. Neither allocates, apart from the writer's buffer.
 *
 *	wsg_json_init(&json, text, len);
 *	wsg_json_object(&json);
 *	while (wsg_json_key(&json, &key)) {
 *		if (wsg_str_is(key, "room"))
 *			wsg_json_string(&json, &room);
 *		else
 *			wsg_json_skip(&json);
 *	}
 *	if (!wsg_json_end(&json))
 *		puts(json.error);
 *
 * The first error stops the reader: from then on every call returns false.
 */
#ifndef WSGEN_JSON_H
#define WSGEN_JSON_H

#include <wsgen/str.h>

#include <stdint.h>

/* Nesting that the reader follows before it gives up. */
#define WSG_JSON_DEPTH_MAX 64

#define WSG_JSON_UNMARKED UINT32_MAX

/* What comes next. WSG_JSON_NONE: the end, or something that is no value. */
enum wsg_json_type {
	WSG_JSON_NONE,
	WSG_JSON_NULL,
	WSG_JSON_BOOL,
	WSG_JSON_NUMBER,
	WSG_JSON_STRING,
	WSG_JSON_ARRAY,
	WSG_JSON_OBJECT,
};

struct wsg_json {
	const char *error; /* NULL while all is well; a phrase, lower case */
	char *start;
	char *pos;
	char *end;
	unsigned depth;
	bool first;   /* nothing read yet in the innermost object or array */
	bool trusted; /* the text is known to be UTF-8: not checked again */

	/*
	 * Where characters stand that may end the plain part of a string, all
	 * of them and in order, up to a WSG_JSON_UNMARKED: behind the last one
	 * they are looked for. NULL: nothing is known.
	 */
	const uint32_t *marks;
};

/*
 * Start reading text, whose text[len] must be a NUL that the reader can see.
 * The text is changed as it is read: strings are unescaped where they stand.
 */
void wsg_json_init(struct wsg_json *json, char *text, size_t len);

/* What the next value is, without reading it. */
enum wsg_json_type wsg_json_peek(struct wsg_json *json);

/*
 * Read one value of the type that the name says; anything else is an error.
 * A string is a slice of the text, unescaped, and lives as long as the text.
 * An integer is exact: written without fraction or exponent, and in range.
 */
bool wsg_json_null(struct wsg_json *json);
bool wsg_json_bool(struct wsg_json *json, bool *value);
bool wsg_json_int64(struct wsg_json *json, int64_t *value);
bool wsg_json_uint64(struct wsg_json *json, uint64_t *value);
bool wsg_json_number(struct wsg_json *json, double *value);
bool wsg_json_string(struct wsg_json *json, struct wsg_str *value);

/* Any value, as the text that it stands as, checked but not changed. */
bool wsg_json_raw(struct wsg_json *json, struct wsg_str *value);

/* Any value, checked and thrown away. */
bool wsg_json_skip(struct wsg_json *json);

/*
 * Enter an object, then ask for key after key; each must be followed by reading
 * or skipping its value. The call that returns false has left the object, or
 * hit an error. Arrays likewise.
 */
bool wsg_json_object(struct wsg_json *json);
bool wsg_json_key(struct wsg_json *json, struct wsg_str *key);
bool wsg_json_array(struct wsg_json *json);
bool wsg_json_item(struct wsg_json *json);

/* True if all went well and nothing but white space is left. */
bool wsg_json_end(struct wsg_json *json);

/* Stop with an error of your own, a string that outlives json. */
bool wsg_json_fail(struct wsg_json *json, const char *error);

/* Where the reader stands: bytes from the start of the text. */
size_t wsg_json_offset(const struct wsg_json *json);

/*
 * Writing. Commas and colons come by themselves: a value after a value gets a
 * comma. Text that is not UTF-8, and numbers that JSON lacks, make out->failed.
 */
void wsg_json_put_object(struct wsg_buf *out);
void wsg_json_put_object_end(struct wsg_buf *out);
void wsg_json_put_array(struct wsg_buf *out);
void wsg_json_put_array_end(struct wsg_buf *out);
void wsg_json_put_key(struct wsg_buf *out, struct wsg_str key);
void wsg_json_put_null(struct wsg_buf *out);
void wsg_json_put_bool(struct wsg_buf *out, bool value);
void wsg_json_put_int64(struct wsg_buf *out, int64_t value);
void wsg_json_put_uint64(struct wsg_buf *out, uint64_t value);
void wsg_json_put_number(struct wsg_buf *out, double value);
void wsg_json_put_string(struct wsg_buf *out, struct wsg_str value);

/* JSON that already is JSON; checked, so that it cannot break the rest. */
void wsg_json_put_raw(struct wsg_buf *out, struct wsg_str json);

#endif
