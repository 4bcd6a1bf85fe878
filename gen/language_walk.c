/* SPDX-License-Identifier: MIT */
#include "language_walk.h"

#include "model.h"

#include <string.h>

struct walk {
	void (*visit)(void *context, const struct lang_key *key,
		      const struct doc *value);
	void *context;
};

/* Any LIST(...) looks like this one, but for the type of its items. */
struct any_list {
	const char *items;
	size_t count;
};

static const void *at(const struct lang_key *key, const void *section)
{
	return (const char *)section + key->offset;
}

static const void *pointer_at(const void *where)
{
	const void *pointer;

	memcpy(&pointer, where, sizeof(pointer));
	return pointer;
}

static struct any_list list_at(const void *where)
{
	struct any_list list;

	memcpy(&list, where, sizeof(list));
	return list;
}

bool lang_is_set(const struct lang_key *key, const void *section)
{
	const void *where = at(key, section);

	if (key->offset == LANG_NOWHERE)
		return false;
	switch (key->kind) {
	case LANG_TEXT:
	case LANG_CHOICE:
	case LANG_NAME:
	case LANG_HANDLER:
		return ((const struct text *)where)->s != NULL;
	case LANG_BOOL:
		return ((const struct flag *)where)->is != FLAG_UNSET;
	case LANG_NUMBER:
		return ((const struct real *)where)->set;
	case LANG_INT:
	case LANG_DURATION:
	case LANG_SIZE:
		return ((const struct number *)where)->set;
	case LANG_VALUE:
	case LANG_TREE:
	case LANG_RAW:
	case LANG_TYPE:
	case LANG_SECTION:
		return pointer_at(where) != NULL;
	case LANG_NAMED:
	case LANG_LIST:
		return list_at(where).count > 0;
	case LANG_STAGES:
		return ((const struct stage_choice *)where)->loc.line > 0;
	case LANG_PERMISSIONS:
		return ((const struct permissions *)where)->loc.line > 0;
	}
	return false;
}

static struct loc list_loc(const struct lang_key *key, struct any_list list)
{
	struct loc loc = { 0 };
	const struct doc *value;

	if (!list.count)
		return loc;
	if (key->kind == LANG_NAMED || key->item == LANG_SECTION) {
		memcpy(&loc, list.items, sizeof(loc));
	} else if (key->item == LANG_VALUE) {
		value = pointer_at(list.items);
		loc = value ? value->loc : loc;
	} else {
		loc = ((const struct text *)(const void *)list.items)->loc;
	}
	return loc;
}

struct loc lang_loc(const struct lang_key *key, const void *section)
{
	const void *where = at(key, section);
	struct loc loc = { 0 };

	if (!lang_is_set(key, section))
		return loc;
	switch (key->kind) {
	case LANG_TEXT:
	case LANG_CHOICE:
	case LANG_NAME:
	case LANG_HANDLER:
		return ((const struct text *)where)->loc;
	case LANG_BOOL:
		return ((const struct flag *)where)->loc;
	case LANG_NUMBER:
		return ((const struct real *)where)->loc;
	case LANG_INT:
	case LANG_DURATION:
	case LANG_SIZE:
		return ((const struct number *)where)->loc;
	case LANG_VALUE:
	case LANG_TREE:
	case LANG_RAW:
	case LANG_TYPE:
		return ((const struct doc *)pointer_at(where))->loc;
	case LANG_SECTION:
		memcpy(&loc, pointer_at(where), sizeof(loc));
		return loc;
	case LANG_NAMED:
	case LANG_LIST:
		return list_loc(key, list_at(where));
	case LANG_STAGES:
		return ((const struct stage_choice *)where)->loc;
	case LANG_PERMISSIONS:
		return ((const struct permissions *)where)->loc;
	}
	return loc;
}

static void walk_section(const struct walk *walk,
			 const struct lang_section *section, const void *from);

static void walk_list(const struct walk *walk, const struct lang_key *key,
		      struct any_list list)
{
	bool sections = key->kind == LANG_NAMED || key->item == LANG_SECTION;

	if (!sections && key->item != LANG_VALUE)
		return;
	for (size_t i = 0; i < list.count; i++) {
		if (sections)
			walk_section(walk, key->section,
				     list.items + i * key->section->size);
		else
			walk->visit(walk->context, key,
				    pointer_at(list.items +
					       i * sizeof(struct doc *)));
	}
}

static void walk_permissions(const struct walk *walk,
			     const struct permissions *permissions)
{
	for (size_t i = 0; i < permissions->count; i++)
		if (permissions->items[i].statement)
			walk_section(walk, &lang_statement,
				     permissions->items[i].statement);
}

static void walk_section(const struct walk *walk,
			 const struct lang_section *section, const void *from)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct lang_key *key = &section->keys[i];

		if (!lang_is_set(key, from))
			continue;
		if (key->kind == LANG_VALUE || key->kind == LANG_TREE)
			walk->visit(walk->context, key,
				    pointer_at(at(key, from)));
		else if (key->kind == LANG_SECTION)
			walk_section(walk, key->section,
				     pointer_at(at(key, from)));
		else if (key->kind == LANG_NAMED || key->kind == LANG_LIST)
			walk_list(walk, key, list_at(at(key, from)));
		else if (key->kind == LANG_PERMISSIONS)
			walk_permissions(walk, at(key, from));
	}
}

void lang_walk(const struct lang_section *section, const void *from,
	       void (*visit)(void *context, const struct lang_key *key,
			     const struct doc *value),
	       void *context)
{
	walk_section(&(struct walk){ visit, context }, section, from);
}
