/* SPDX-License-Identifier: MIT */
#include "sections.h"

#include "../base/buf.h"

#include <stdbool.h>
#include <string.h>

static void add(struct arena *arena, struct sections *sections,
		const struct lang_section *section)
{
	for (size_t i = 0; i < sections->all.count; i++)
		if (sections->all.items[i] == section)
			return;
	*LIST_ADD(arena, &sections->all) = section;
}

/* The list grows while it is walked: breadth first, the top's order. */
void sections_collect(struct arena *arena, struct sections *sections)
{
	*sections = (struct sections){ 0 };
	add(arena, sections, &lang_spec);
	for (size_t i = 0; i < sections->all.count; i++) {
		const struct lang_section *section = sections->all.items[i];

		for (size_t k = 0; k < section->count; k++) {
			const struct lang_key *key = &section->keys[k];

			if (key->section)
				add(arena, sections, key->section);
			if (key->kind == LANG_PERMISSIONS)
				add(arena, sections, &lang_statement);
			if (key->kind == LANG_TYPE)
				add(arena, sections, &lang_field);
		}
		if (section->also)
			add(arena, sections, section->also);
	}
}

const struct lang_section *sections_find(const struct sections *sections,
					 const char *name)
{
	for (size_t i = 0; i < sections->all.count; i++)
		if (!strcmp(sections->all.items[i]->name, name))
			return sections->all.items[i];
	return NULL;
}

size_t sections_key_count(const struct lang_section *section)
{
	return section->count + (section->also ? section->also->count : 0);
}

const struct lang_key *sections_key(const struct lang_section *section,
				    size_t i)
{
	if (i < section->count)
		return &section->keys[i];
	return &section->also->keys[i - section->count];
}

static void duration(struct buf *out, double ms)
{
	static const struct {
		double ms;
		const char *unit;
	} units[] = { { 86400000, "d" },
		      { 3600000, "h" },
		      { 60000, "m" },
		      { 1000, "s" } };

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		double count = ms / units[i].ms;

		if (ms < units[i].ms || count != (double)(long long)count)
			continue;
		buf_printf(out, "%.0f%s", count, units[i].unit);
		return;
	}
	buf_printf(out, "%.0fms", ms);
}

static void bounds(struct buf *out, const struct lang_key *key)
{
	if (key->min == 0 && key->max == 0)
		return;
	if (key->kind == LANG_DURATION) {
		buf_add(out, ", from ");
		duration(out, key->min);
		buf_add(out, " to ");
		duration(out, key->max);
		return;
	}
	buf_printf(out, ", from %.15g to %.15g", key->min, key->max);
	if (key->kind == LANG_SIZE && key->unit)
		buf_printf(out, " %s", key->unit);
}

static const char *choices(struct arena *arena, const char *allowed)
{
	struct buf out;

	buf_init(&out, arena);
	for (; *allowed; allowed++) {
		if (*allowed == '|')
			buf_add(&out, ", ");
		else
			buf_char(&out, *allowed);
	}
	return arena_printf(arena, "one of %s", out.text);
}

static const char *words(struct arena *arena, const struct lang_key *key,
			 enum lang_kind kind)
{
	switch (kind) {
	case LANG_TEXT:
		return "a text";
	case LANG_CHOICE:
		return choices(arena, key->allowed);
	case LANG_NAME:
		return arena_printf(arena, "the name of a %s",
				    key->of ? key->of : "thing");
	case LANG_HANDLER:
		return "a C function, as path/file.symbol";
	case LANG_BOOL:
		return "true or false";
	case LANG_INT:
		return "a whole number";
	case LANG_NUMBER:
		return "a number";
	case LANG_DURATION:
		return "a duration such as 50ms, 10s, 5m, 2h or 7d";
	case LANG_SIZE:
		return "a size such as 512 MB";
	case LANG_VALUE:
		return "a value, which may hold references";
	case LANG_TREE:
		return key->of ? key->of
			       : "anything, which may hold references";
	case LANG_RAW:
		return key->of ? key->of : "anything, taken literally";
	case LANG_TYPE:
		return "a type, the name of a message, or fields";
	case LANG_SECTION:
		return arena_printf(arena, "a mapping: see '%s'",
				    key->section->name);
	case LANG_NAMED:
		return arena_printf(arena,
				    "names, each with a mapping: see "
				    "'%s'",
				    key->section->name);
	case LANG_LIST:
		return arena_printf(arena, "a list; each item is %s",
				    words(arena, key, key->item));
	case LANG_STAGES:
		return "true, false, or the names of stages";
	case LANG_PERMISSIONS:
		return "a list of permissions, or \"*\"";
	}
	return "";
}

const char *sections_kind(struct arena *arena, const struct lang_key *key)
{
	struct buf out;

	buf_init(&out, arena);
	buf_add(&out, words(arena, key, key->kind));
	bounds(&out, key);
	return out.text;
}
