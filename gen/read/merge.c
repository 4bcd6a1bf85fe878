/* SPDX-License-Identifier: MIT */
#include "read/merge.h"

#include <string.h>

/* One key at the top. Its value is shared until something joins it. */
struct merge_section {
	size_t at;	  /* of the member in the root */
	bool is_own;	  /* the value is our copy */
	struct map names; /* of its members, when it is our copy */
};

void merge_init(struct merge *merge, struct arena *arena, struct diag *diag)
{
	*merge = (struct merge){ .arena = arena,
				 .diag = diag,
				 .root = doc_map(arena),
				 .sections = { .arena = arena } };
	merge->root->literal = false;
}

static void repeated(struct merge *merge, const char *key, struct loc again,
		     struct loc first)
{
	diag_error(merge->diag, again, "'%s' is here twice", key);
	diag_note(merge->diag, first, "the first one");
}

static void join_maps(struct merge *merge, struct merge_section *section,
		      struct doc *into, const struct doc *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct doc_member *member = &from->members[i];
		const struct loc *first = map_get(&section->names, member->key);
		struct loc *place;

		if (first) {
			repeated(merge, member->key, member->key_loc, *first);
			continue;
		}
		place = ARENA_NEW(merge->arena, struct loc);
		*place = member->key_loc;
		map_put(&section->names, member->key, place);
		doc_add_member(merge->arena, into, member);
	}
}

static void join(struct merge *merge, struct merge_section *section,
		 struct doc *into, const struct doc *from)
{
	if (from->kind == DOC_MAP)
		join_maps(merge, section, into, from);
	else
		for (size_t i = 0; i < from->count; i++)
			doc_add(merge->arena, into, from->items[i]);
}

/* An empty value of the same kind and place, to fill with both. */
static struct doc *own_copy(struct merge *merge, struct merge_section *section,
			    const struct doc *value)
{
	struct doc *copy = ARENA_NEW(merge->arena, struct doc);

	copy->kind = value->kind;
	copy->loc = value->loc;
	section->is_own = true;
	section->names.arena = merge->arena;
	join(merge, section, copy, value);
	return copy;
}

void merge_member(struct merge *merge, const struct doc_member *member)
{
	struct merge_section *section = map_get(&merge->sections, member->key);
	struct doc_member *first;
	enum doc_kind kind;

	if (!section) {
		section = ARENA_NEW(merge->arena, struct merge_section);
		section->at = merge->root->count;
		map_put(&merge->sections, member->key, section);
		doc_add_member(merge->arena, merge->root, member);
		return;
	}
	first = &merge->root->members[section->at];
	kind = first->value->kind;
	if (member->value->kind == DOC_NULL)
		return;
	if (kind == DOC_NULL) {
		*first = *member;
	} else if (kind == member->value->kind &&
		   (kind == DOC_MAP || kind == DOC_LIST)) {
		if (!section->is_own)
			first->value = own_copy(merge, section, first->value);
		join(merge, section, first->value, member->value);
	} else {
		repeated(merge, member->key, member->key_loc, first->key_loc);
	}
}
