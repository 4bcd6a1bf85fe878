/* SPDX-License-Identifier: MIT */
/* json.c - a JSON text as a tree, read by libwsgen's reader. */
#include "json.h"
#include "map.h"
#include "mem.h"

/* Objects with more members find a repeated key by hashing. */
#define FEW 16

/* No whole number of 64 bits is as long. */
#define SHORT 64

static struct json *read_value(struct wsg_arena *arena, struct wsg_json *json);

static bool member_is_new(const struct json *node, struct map *seen,
			  struct json *member)
{
	if (node->count < FEW)
		return !json_find(node, member->key);
	if (node->count == FEW) {
		for (const struct json *at = node->first; at; at = at->next)
			map_put(seen, at->key, (void *)(uintptr_t)at);
	}
	if (map_get(seen, member->key))
		return false;
	map_put(seen, member->key, member);
	return true;
}

static void read_object(struct wsg_arena *arena, struct wsg_json *json,
			struct json *node)
{
	const struct json **end = &node->first;
	struct map seen = { 0 };
	struct wsg_str key;

	wsg_json_object(json);
	while (wsg_json_key(json, &key)) {
		struct json *member = read_value(arena, json);

		if (!member)
			break;
		member->key = key;
		if (!member_is_new(node, &seen, member)) {
			wsg_json_fail(json, "a key comes twice");
			break;
		}
		*end = member;
		end = &member->next;
		node->count++;
	}
	map_release(&seen);
}

static void read_array(struct wsg_arena *arena, struct wsg_json *json,
		       struct json *node)
{
	const struct json **end = &node->first;

	wsg_json_array(json);
	while (wsg_json_item(json)) {
		struct json *item = read_value(arena, json);

		if (!item)
			break;
		*end = item;
		end = &item->next;
		node->count++;
	}
}

/* Calls itself no deeper than the reader nests. */
static struct json *read_value(struct wsg_arena *arena, struct wsg_json *json)
{
	struct json *node = wsg_arena_alloc(arena, sizeof(*node));

	if (!node) {
		wsg_json_fail(json, "too much of it");
		return NULL;
	}
	node->type = wsg_json_peek(json);
	switch (node->type) {
	case WSG_JSON_NULL:
		wsg_json_null(json);
		break;
	case WSG_JSON_BOOL:
		wsg_json_bool(json, &node->truth);
		break;
	case WSG_JSON_NUMBER:
		wsg_json_raw(json, &node->text);
		break;
	case WSG_JSON_STRING:
		wsg_json_string(json, &node->text);
		break;
	case WSG_JSON_ARRAY:
		read_array(arena, json, node);
		break;
	case WSG_JSON_OBJECT:
		read_object(arena, json, node);
		break;
	case WSG_JSON_NONE:
		wsg_json_skip(json); /* which says what is wrong */
		break;
	}
	return json->error ? NULL : node;
}

const struct json *json_parse(struct wsg_arena *arena, struct wsg_str text,
			      const char **error)
{
	char *copy = wsg_arena_alloc(arena, text.len + 1);
	struct wsg_json json;
	struct json *node;

	if (!copy) {
		*error = "too much of it";
		return NULL;
	}
	if (text.len)
		memcpy(copy, text.ptr, text.len);
	wsg_json_init(&json, copy, text.len);
	node = read_value(arena, &json);
	if (!node || !wsg_json_end(&json)) {
		*error = json.error;
		return NULL;
	}
	return node;
}

const struct json *json_find(const struct json *node, struct wsg_str key)
{
	if (!node || node->type != WSG_JSON_OBJECT)
		return NULL;
	for (node = node->first; node; node = node->next) {
		if (wsg_str_equal(node->key, key))
			return node;
	}
	return NULL;
}

const struct json *json_get(const struct json *node, const char *key)
{
	return json_find(node, wsg_str(key));
}

struct wsg_str json_text(const struct json *node)
{
	if (!node || node->type != WSG_JSON_STRING)
		return (struct wsg_str){ NULL, 0 };
	return node->text;
}

int64_t json_int(const struct json *node, int64_t otherwise)
{
	char text[SHORT] = "";
	struct wsg_json json;
	int64_t value;

	if (!node || node->type != WSG_JSON_NUMBER || node->text.len >= SHORT)
		return otherwise;
	memcpy(text, node->text.ptr, node->text.len);
	wsg_json_init(&json, text, node->text.len);
	return wsg_json_int64(&json, &value) ? value : otherwise;
}

double json_number(const struct json *node, double otherwise)
{
	struct wsg_buf text = { 0 };
	struct wsg_json json;
	double value;

	if (!node || node->type != WSG_JSON_NUMBER)
		return otherwise;
	wsg_buf_str(&text, node->text);
	if (text.failed)
		mem_exhausted();
	wsg_json_init(&json, text.ptr, text.len);
	if (!wsg_json_number(&json, &value))
		value = otherwise;
	wsg_buf_release(&text);
	return value;
}

bool json_bool(const struct json *node, bool otherwise)
{
	return node && node->type == WSG_JSON_BOOL ? node->truth : otherwise;
}

static void put_object(struct wsg_buf *out, const struct json *node)
{
	wsg_json_put_object(out);
	for (node = node->first; node; node = node->next) {
		wsg_json_put_key(out, node->key);
		json_put(out, node);
	}
	wsg_json_put_object_end(out);
}

static void put_array(struct wsg_buf *out, const struct json *node)
{
	wsg_json_put_array(out);
	for (node = node->first; node; node = node->next)
		json_put(out, node);
	wsg_json_put_array_end(out);
}

void json_put(struct wsg_buf *out, const struct json *node)
{
	switch (node->type) {
	case WSG_JSON_NONE: /* no node of a tree is of that type */
	case WSG_JSON_NULL:
		wsg_json_put_null(out);
		break;
	case WSG_JSON_BOOL:
		wsg_json_put_bool(out, node->truth);
		break;
	case WSG_JSON_NUMBER:
		wsg_json_put_raw(out, node->text);
		break;
	case WSG_JSON_STRING:
		wsg_json_put_string(out, node->text);
		break;
	case WSG_JSON_ARRAY:
		put_array(out, node);
		break;
	case WSG_JSON_OBJECT:
		put_object(out, node);
		break;
	}
}

bool json_same(const struct json *a, const struct json *b)
{
	const struct json *beside = b->first; /* of arrays: at the same place */

	if (a->type != b->type || a->count != b->count ||
	    a->truth != b->truth || !wsg_str_equal(a->text, b->text))
		return false;
	for (const struct json *at = a->first; at; at = at->next) {
		const struct json *other = a->type == WSG_JSON_OBJECT
						   ? json_find(b, at->key)
						   : beside;

		if (!other || !json_same(at, other))
			return false;
		beside = beside ? beside->next : NULL;
	}
	return true;
}
