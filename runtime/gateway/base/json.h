/* SPDX-License-Identifier: MIT */
/*
 * json.h - a JSON text as a tree, read by libwsgen's reader: what the gateway
 * looks into more than once. Nodes live in the arena they were parsed into.
 */
#ifndef GATEWAY_JSON_H
#define GATEWAY_JSON_H

#include <wsgen/json.h>
#include <wsgen/message.h>

struct json {
	enum wsg_json_type type;
	bool truth;	     /* of a WSG_JSON_BOOL */
	struct wsg_str text; /* a string unescaped, a number as it stands */
	struct wsg_str key;  /* of an object's member */
	const struct json *first; /* member or item */
	const struct json *next;  /* in the same object or array */
	size_t count;		  /* of members or items */
};

/*
 * Read text, which is copied; duplicate keys are an error. NULL, and *error a
 * phrase, if it is not JSON or nested deeper than WSG_JSON_DEPTH_MAX.
 */
const struct json *json_parse(struct wsg_arena *arena, struct wsg_str text,
			      const char **error);

/* The member; NULL if node is NULL, no object, or has none of that name. */
const struct json *json_get(const struct json *node, const char *key);
const struct json *json_find(const struct json *node, struct wsg_str key);

/* The value, or what it is otherwise: node may be NULL or of another type. */
struct wsg_str json_text(const struct json *node); /* a string; else empty */
int64_t json_int(const struct json *node, int64_t otherwise);
double json_number(const struct json *node, double otherwise);
bool json_bool(const struct json *node, bool otherwise);

/* Whether they are the same, in whichever order objects have their members. */
bool json_same(const struct json *a, const struct json *b);

/* Write the tree again, as compactly as it goes. */
void json_put(struct wsg_buf *out, const struct json *node);

#endif
