/* SPDX-License-Identifier: MIT */
#include "given.h"

#include "../model.h"

#include <string.h>

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

static struct lang_list list_at(const void *where)
{
	struct lang_list list;

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

static struct loc list_loc(const struct lang_key *key, struct lang_list list)
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
