/* SPDX-License-Identifier: MIT */
#include "override.h"

#include <string.h>

static const struct loc nowhere;

static void unknown(struct arena *arena, struct diag *diag,
		    const struct doc *parameters, const char *name)
{
	LIST(const char *) names = { 0 };
	const char *nearest;

	for (size_t i = 0; parameters && i < parameters->count; i++)
		*LIST_ADD(arena, &names) = parameters->members[i].key;
	diag_error(diag, nowhere, "the spec has no parameter '%s' to set",
		   name);
	nearest = diag_nearest(name, names.items, names.count);
	if (nearest)
		diag_note(diag, nowhere, "did you mean '%s'?", nearest);
}

/* map with value under key, in the old one's place if there is one. */
static struct doc *with_member(struct arena *arena, const struct doc *map,
			       const char *key, struct doc *value)
{
	struct doc *copy = doc_map(arena);
	bool found = false;

	copy->loc = map->loc;
	for (size_t i = 0; i < map->count; i++) {
		const struct doc_member *member = &map->members[i];
		bool same = !strcmp(member->key, key);

		doc_set(arena, copy, member->key, same ? value : member->value);
		copy->members[i].key_loc = member->key_loc;
		found |= same;
	}
	if (!found)
		doc_set(arena, copy, key, value);
	return copy;
}

static bool set(struct arena *arena, struct diag *diag, struct spec *spec,
		const char *param)
{
	size_t len = strcspn(param, "=");
	const char *name = arena_strndup(arena, param, len);
	struct doc *old = doc_get(spec->parameters, name);
	struct doc *value = doc_string(arena, param + len + 1);

	if (!old) {
		unknown(arena, diag, spec->parameters, name);
		return false;
	}
	/* Left for check to refuse. */
	if (old->kind != DOC_MAP)
		return true;
	spec->parameters =
		with_member(arena, spec->parameters, name,
			    with_member(arena, old, "Default", value));
	return true;
}

bool override_parameters(struct arena *arena, struct diag *diag,
			 struct spec *spec, const char *const *params,
			 size_t count)
{
	bool good = true;

	for (size_t i = 0; i < count; i++)
		good &= set(arena, diag, spec, params[i]);
	return good;
}

bool override_stage(struct diag *diag, const struct spec *spec,
		    const char *stage)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_";
	bool open = false;

	if (!stage)
		return true;
	if (!*stage || stage[strspn(stage, allowed)]) {
		diag_error(diag, nowhere,
			   "'--stage' is letters, digits, '-' and '_', not "
			   "'%.60s'",
			   stage);
		return false;
	}
	for (size_t i = 0; i < spec->apis.count; i++) {
		const struct api *api = &spec->apis.items[i];

		open |= !api->no_stages && !api->stages.count &&
			!(api->stage && api->stage->name.s);
	}
	if (!open)
		diag_error(diag, nowhere,
			   "'--stage %s' names no stage: the spec names its "
			   "own, or has none",
			   stage);
	return open;
}
