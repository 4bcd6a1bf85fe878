/* SPDX-License-Identifier: MIT */
/*
 * wsgen/message.h - messages as data. For each message of the spec, generated
 * code holds a struct and a wsg_shape that says where each JSON member goes in
 * it and what it may be; one decoder and one encoder work from the shapes.
 */
#ifndef WSGEN_MESSAGE_H
#define WSGEN_MESSAGE_H

#include <wsgen/str.h>

#include <stdint.h>

struct wsg_arena; /* memory that goes when its event is done; opaque */

/* What a field is in the spec, and the C type of the member that holds it. */
enum wsg_type {
	WSG_STRING,    /* struct wsg_str, UTF-8 */
	WSG_BOOL,      /* bool */
	WSG_INT32,     /* int32_t */
	WSG_INT64,     /* int64_t */
	WSG_UINT32,    /* uint32_t */
	WSG_UINT64,    /* uint64_t */
	WSG_NUMBER,    /* double */
	WSG_BYTES,     /* struct wsg_str, base64 in JSON and plain here */
	WSG_TIMESTAMP, /* int64_t, Unix milliseconds; RFC 3339 in JSON */
	WSG_JSON,      /* struct wsg_str, JSON passed through unparsed */
	WSG_ENUM,      /* an enum whose first value is 1; 0 is not set */
	WSG_MESSAGE,   /* another message's struct */
	WSG_ARRAY,     /* const T *x; size_t x_count; */
	WSG_MAP,       /* the same, where T starts with struct wsg_str key */
};

_Static_assert(sizeof(enum wsg_type) == sizeof(int),
	       "the codec stores an enum as an int: no -fshort-enums");

struct wsg_shape;

/*
 * One member of a message, or what the items of an array or a map are (then the
 * key is empty and the offsets count from the start of an item).
 */
struct wsg_field {
	struct wsg_str key; /* as JSON spells it */
	enum wsg_type type;
	size_t offset; /* of the member */

	/* A field with `?`: the offset of its bool has_<name>. */
	bool optional;
	size_t has;

	/* A field with a default: that, as JSON text. Never absent then. */
	struct wsg_str preset;

	/*
	 * Bounds, both ends included; both 0 for none. An open end is the
	 * type's own: SIZE_MAX, INT64_MIN, -INFINITY ...
	 */
	union {
		struct {
			size_t min, max;
		} len; /* bytes of strings (unescaped), of bytes (decoded) */
		struct {
			size_t min, max;
		} items; /* of arrays and maps */
		struct {
			int64_t min, max;
		} ints; /* WSG_INT32, WSG_INT64 */
		struct {
			uint64_t min, max;
		} uints; /* WSG_UINT32, WSG_UINT64 */
		struct {
			double min, max;
		} numbers;
	};

	/* WSG_STRING: a regular expression, see below; NULL for none. */
	const char *pattern;

	/* WSG_ENUM: the texts of the values 1, 2, ... */
	const struct wsg_str *values;
	size_t values_count;

	/* WSG_MESSAGE: of which kind. */
	const struct wsg_shape *shape;

	/* WSG_ARRAY, WSG_MAP: the offset of <name>_count, and the items. */
	size_t count;
	const struct wsg_field *item;
	size_t item_size;
};

struct wsg_shape {
	const char *name; /* as the spec spells it */
	const struct wsg_field *fields;
	size_t fields_count;
	size_t size; /* of the struct */
	bool strict; /* a member that is not in fields is an error */
	bool bare;   /* JSON has the one field's value itself: a list, a text */
};

/*
 * Patterns are the part of ECMA 262 that needs no backtracking, so that no text
 * takes longer than length times pattern: literals, `.`, `[a-z]`, `[^a-z]`,
 * `\d \w \s \D \W \S`, `\t \n \r \f \v`, `\xHH`, `\uHHHH`, a backslash before
 * punctuation, `(...)`, `(?:...)`, `|`, `* + ? {n} {n,} {n,m}`, `^` and `$`. As
 * in JSON Schema a pattern may match anywhere in the text unless `^` and `$`
 * say otherwise. Characters are code points.
 *
 * False if the pattern is none of these, or larger than WSG_PATTERN_MAX once
 * the counted repetitions are written out; wsgen checks that beforehand.
 */
#define WSG_PATTERN_MAX 2000
bool wsg_pattern_matches(struct wsg_arena *arena, const char *pattern,
			 struct wsg_str text);

/* What was wrong with a message. Borrowed from the event. */
struct wsg_invalid {
	struct wsg_str field;  /* `$.tags[3]`; `$` is the message itself */
	struct wsg_str reason; /* `longer than 32 bytes` */
	size_t offset;	       /* byte of the body where it showed */
};

/*
 * Read json, whose byte at json[len] is a NUL, into *msg, a struct of that
 * shape. The text is changed, and *msg points into it and into the arena:
 * both must outlive it. On false *why says what does not fit and *msg is not
 * to be read. Members that the shape does not know are skipped, unless it is
 * strict; null stands for absent; a member that comes twice is an error.
 */
bool wsg_decode(const struct wsg_shape *shape, char *json, size_t len,
		struct wsg_arena *arena, void *msg, struct wsg_invalid *why);

/*
 * Write *msg as JSON, after whatever out holds. What the shape forbids is not
 * written: false, *why says what, and out holds what it held before.
 */
bool wsg_encode(const struct wsg_shape *shape, const void *msg,
		struct wsg_arena *arena, struct wsg_buf *out,
		struct wsg_invalid *why);

/* Arenas, for programs that decode outside of an event. NULL: no memory. */
struct wsg_arena *wsg_arena_new(void);
void wsg_arena_free(struct wsg_arena *arena);

/* Forget everything that was allocated, and keep the memory for more. */
void wsg_arena_reset(struct wsg_arena *arena);

/* Zeroed memory, aligned for anything; NULL when there is none left. */
void *wsg_arena_alloc(struct wsg_arena *arena, size_t size);

#endif
