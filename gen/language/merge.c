/* SPDX-License-Identifier: MIT */
/*
 * Merging and defaults, by the tables alone: what the reader stored at a
 * key's offset is copied, united or filled in from the key's own default.
 */
#include "../language.h"
#include "../model.h"
#include "given.h"

#include <string.h>

/* How much a key of this kind takes in its section's struct. */
static size_t kind_size(enum lang_kind kind)
{
	switch (kind) {
	case LANG_TEXT:
	case LANG_CHOICE:
	case LANG_NAME:
	case LANG_HANDLER:
		return sizeof(struct text);
	case LANG_BOOL:
		return sizeof(struct flag);
	case LANG_NUMBER:
		return sizeof(struct real);
	case LANG_INT:
	case LANG_DURATION:
	case LANG_SIZE:
		return sizeof(struct number);
	case LANG_VALUE:
	case LANG_TREE:
	case LANG_RAW:
	case LANG_TYPE:
	case LANG_SECTION:
		return sizeof(void *);
	case LANG_NAMED:
	case LANG_LIST:
		return sizeof(struct lang_list);
	case LANG_STAGES:
		return sizeof(struct stage_choice);
	case LANG_PERMISSIONS:
		return sizeof(struct permissions);
	}
	return 0;
}

static size_t item_size(const struct lang_key *key)
{
	if (key->kind == LANG_PERMISSIONS)
		return sizeof(struct permission);
	if (key->kind == LANG_NAMED || key->item == LANG_SECTION)
		return key->section->size;
	return kind_size(key->item);
}

/* Lists and permissions start with the same two members. */
static void unite_lists(struct arena *arena, const struct lang_key *key,
			char *out, const char *base, const char *over)
{
	struct lang_list first, second, both;
	size_t size = item_size(key);
	char *items;

	memcpy(&first, base, sizeof(first));
	memcpy(&second, over, sizeof(second));
	both.count = first.count + second.count;
	items = arena_alloc(arena, both.count * size + 1);
	if (first.count)
		memcpy(items, first.items, first.count * size);
	if (second.count)
		memcpy(items + first.count * size, second.items,
		       second.count * size);
	both.items = items;
	memcpy(out, over, kind_size(key->kind));
	memcpy(out, &both, sizeof(both));
}

static void unite_maps(struct arena *arena, char *out, const char *base,
		       const char *over)
{
	const struct doc *first, *second;
	struct doc *both = doc_map(arena);

	memcpy(&first, base, sizeof(first));
	memcpy(&second, over, sizeof(second));
	both->loc = second->loc;
	for (size_t i = 0; i < first->count; i++)
		if (!doc_get(second, first->members[i].key))
			doc_set(arena, both, first->members[i].key,
				first->members[i].value);
	for (size_t i = 0; i < second->count; i++)
		doc_set(arena, both, second->members[i].key,
			second->members[i].value);
	memcpy(out, &both, sizeof(both));
}

void lang_merge(struct arena *arena, const struct lang_section *section,
		void *out, const void *base, const void *over)
{
	char *to = out;
	const char *low = base, *high = over;

	memcpy(out, over, section->size);
	for (size_t i = 0; i < section->count; i++) {
		const struct lang_key *key = &section->keys[i];
		size_t at = (size_t)key->offset;

		if (!lang_is_set(key, base))
			continue;
		if (!lang_is_set(key, over))
			memcpy(to + at, low + at, kind_size(key->kind));
		else if (key->merged && key->kind == LANG_TREE)
			unite_maps(arena, to + at, low + at, high + at);
		else if (key->merged)
			unite_lists(arena, key, to + at, low + at, high + at);
	}
}

void lang_defaults_into(struct arena *arena, const struct lang_section *section,
			void *out)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct lang_key *key = &section->keys[i];
		const char *why;
		struct doc *value;

		if (key->offset == LANG_NOWHERE || !key->fallback ||
		    lang_is_set(key, out))
			continue;
		value = doc_string(arena, key->fallback);
		if (key->kind == LANG_BOOL)
			value->kind = DOC_BOOL;
		else if (key->kind == LANG_INT || key->kind == LANG_NUMBER)
			value->kind = DOC_NUMBER;
		lang_scalar(arena, key, value, (char *)out + key->offset, &why);
	}
}
