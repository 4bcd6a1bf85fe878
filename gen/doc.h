/* SPDX-License-Identifier: MIT */
/*
 * doc.h - a document: null, scalars, lists and maps with their order kept.
 * The reader turns YAML into one, the CloudFormation and IAM emitters build
 * them, and one printer writes any of them as JSON or YAML. Documents live in
 * an arena and may share parts; nothing changes a part once it is shared.
 */
#ifndef WSGEN_DOC_H
#define WSGEN_DOC_H

#include "base/buf.h"
#include "base/diag.h"

enum doc_kind {
	DOC_NULL,
	DOC_BOOL,
	DOC_NUMBER,
	DOC_STRING,
	DOC_LIST,
	DOC_MAP,
};

struct doc_member {
	const char *key;
	struct loc key_loc;
	struct doc *value;
};

struct doc {
	enum doc_kind kind;
	/*
	 * DOC_STRING: ${...} inside is text, never a reference. Set for what
	 * emitters make; cleared by the reader on what a user wrote.
	 */
	bool literal;
	bool quoted; /* read: was in quotes or a block; print: no influence */
	struct loc loc;
	const char *text; /* BOOL "true", NUMBER as JSON has it, STRING, and
			   * for read scalars the very text; else NULL */
	union {
		struct doc **items;	    /* DOC_LIST */
		struct doc_member *members; /* DOC_MAP */
	};
	size_t count; /* of items or members */
};

struct doc *doc_null(struct arena *arena);
struct doc *doc_bool(struct arena *arena, bool value);
struct doc *doc_int(struct arena *arena, long long value);
struct doc *doc_number(struct arena *arena, double value);
struct doc *doc_string(struct arena *arena, const char *text);
struct doc *doc_printf(struct arena *arena, const char *format, ...)
	PRINTF_LIKE(2, 3);
struct doc *doc_list(struct arena *arena);
struct doc *doc_map(struct arena *arena);

/*
 * Both return what was added, so that trees read from the outside in. No key
 * may be set twice.
 */
struct doc *doc_add(struct arena *arena, struct doc *list, struct doc *item);
struct doc *doc_set(struct arena *arena, struct doc *map, const char *key,
		    struct doc *value);

/* doc_set with the place of the key. */
void doc_add_member(struct arena *arena, struct doc *map,
		    const struct doc_member *member);

/* doc_set for a string; does nothing when text is NULL. */
void doc_set_string(struct arena *arena, struct doc *map, const char *key,
		    const char *text);

/* The value under key, or NULL (also when map is no map, or NULL). */
struct doc *doc_get(const struct doc *map, const char *key);

/* The same kind, scalars and members, in the same order. */
bool doc_equal(const struct doc *a, const struct doc *b);

/* Two spaces of indentation, one member a line, no newline at the end. */
void doc_print_json(struct buf *out, const struct doc *doc);

/* How many bytes that makes; arena is for work on the way. */
size_t doc_json_size(struct arena *arena, const struct doc *doc);

/* No white space at all: what IAM's and Lambda's limits count. */
void doc_print_compact(struct buf *out, const struct doc *doc);

/*
 * Block style, with a newline at the end; a string is quoted when any YAML 1.1
 * or 1.2 reader might take it for something else. Long Fn:: and Ref forms, as
 * in JSON.
 */
void doc_print_yaml(struct buf *out, const struct doc *doc);

/* A string as the inside of a JSON string. Invalid UTF-8 becomes U+FFFD. */
void doc_json_inside(struct buf *out, const char *text);

/* A string as a YAML scalar on one line, in quotes when it needs them. */
void doc_yaml_scalar(struct buf *out, const char *text);

#endif
