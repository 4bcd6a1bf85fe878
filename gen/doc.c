/* SPDX-License-Identifier: MIT */
/* Building documents and looking into them; doc_json.c and doc_yaml.c print. */
#include "doc.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Maps to this size are watched for keys that are set twice. */
#define WATCHED_MEMBERS 32

static struct doc *make(struct arena *arena, enum doc_kind kind,
			const char *text)
{
	struct doc *doc = ARENA_NEW(arena, struct doc);

	doc->kind = kind;
	doc->literal = true;
	doc->text = text;
	return doc;
}

struct doc *doc_null(struct arena *arena)
{
	return make(arena, DOC_NULL, NULL);
}

struct doc *doc_bool(struct arena *arena, bool value)
{
	return make(arena, DOC_BOOL, value ? "true" : "false");
}

struct doc *doc_int(struct arena *arena, long long value)
{
	return make(arena, DOC_NUMBER, arena_printf(arena, "%lld", value));
}

/* The fewest digits that read back as the same value. */
struct doc *doc_number(struct arena *arena, double value)
{
	char text[40];

	assert(value - value == 0); /* JSON has no NaN and no infinity */
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	return make(arena, DOC_NUMBER, arena_strdup(arena, text));
}

struct doc *doc_string(struct arena *arena, const char *text)
{
	return make(arena, DOC_STRING, text);
}

struct doc *doc_printf(struct arena *arena, const char *format, ...)
{
	struct buf buf;
	va_list args;

	buf_init(&buf, arena);
	va_start(args, format);
	buf_vprintf(&buf, format, args);
	va_end(args);
	return make(arena, DOC_STRING, buf.text);
}

struct doc *doc_list(struct arena *arena)
{
	return make(arena, DOC_LIST, NULL);
}

struct doc *doc_map(struct arena *arena)
{
	return make(arena, DOC_MAP, NULL);
}

struct doc *doc_add(struct arena *arena, struct doc *list, struct doc *item)
{
	assert(list->kind == DOC_LIST);
	list->items = arena_grow(arena, list->items, list->count,
				 sizeof(*list->items));
	list->items[list->count++] = item;
	return item;
}

void doc_add_member(struct arena *arena, struct doc *map,
		    const struct doc_member *member)
{
	map->members = arena_grow(arena, map->members, map->count,
				  sizeof(*map->members));
	map->members[map->count++] = *member;
}

struct doc *doc_set(struct arena *arena, struct doc *map, const char *key,
		    struct doc *value)
{
	assert(map->kind == DOC_MAP);
	assert(map->count > WATCHED_MEMBERS || !doc_get(map, key));
	doc_add_member(arena, map,
		       &(struct doc_member){ .key = key, .value = value });
	return value;
}

void doc_set_string(struct arena *arena, struct doc *map, const char *key,
		    const char *text)
{
	if (text)
		doc_set(arena, map, key, doc_string(arena, text));
}

struct doc *doc_get(const struct doc *map, const char *key)
{
	if (!map || map->kind != DOC_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (*map->members[i].key == *key &&
		    !strcmp(map->members[i].key, key))
			return map->members[i].value;
	return NULL;
}

bool doc_equal(const struct doc *a, const struct doc *b)
{
	if (a == b)
		return true;
	if (a->kind != b->kind || a->count != b->count)
		return false;
	switch (a->kind) {
	case DOC_NULL:
		return true;
	case DOC_BOOL:
	case DOC_NUMBER:
	case DOC_STRING:
		return !strcmp(a->text, b->text);
	case DOC_LIST:
		for (size_t i = 0; i < a->count; i++)
			if (!doc_equal(a->items[i], b->items[i]))
				return false;
		return true;
	case DOC_MAP:
		for (size_t i = 0; i < a->count; i++)
			if (strcmp(a->members[i].key, b->members[i].key) != 0 ||
			    !doc_equal(a->members[i].value,
				       b->members[i].value))
				return false;
		return true;
	}
	return false;
}
