/* SPDX-License-Identifier: MIT */
#include "model.h"

#include "../language.h"
#include "intrinsic.h"

#include <string.h>

struct reader {
	struct arena *arena;
	struct diag *diag;
};

static void read_key(struct reader *r, const struct lang_key *key,
		     const struct doc *value, void *out);

static const char *a_or_an(const char *noun)
{
	return strchr("aeiouAEIOU", noun[0]) ? "an" : "a";
}

static const char *noun_of(struct arena *arena,
			   const struct lang_section *section)
{
	if (section->noun)
		return section->noun;
	return arena_printf(arena, "%s %s", a_or_an(section->name),
			    section->name);
}

/* A key's doc behind a colon: its first word small, unless it is an ARN. */
static const char *in_sentence(struct arena *arena, const char *doc)
{
	if (doc[0] < 'A' || doc[0] > 'Z' || doc[1] < 'a' || doc[1] > 'z')
		return doc;
	return arena_printf(arena, "%c%s", doc[0] - 'A' + 'a', doc + 1);
}

static void read_scalar(struct reader *r, const struct lang_key *key,
			const struct doc *value, void *out)
{
	const char *why;

	if (!lang_scalar(r->arena, key, value, out, &why))
		diag_error(r->diag, value->loc, "'%s' %s", key->name, why);
}

/* --- values and trees ----------------------------------------------------- */

/* AWS takes text alone there: 5 and true are "5" and "true". NULL: it is. */
static struct doc *as_text(struct arena *arena, const struct doc *value)
{
	struct doc *copy;

	if (value->kind != DOC_NUMBER && value->kind != DOC_BOOL)
		return NULL;
	copy = doc_string(arena, value->text);
	copy->loc = value->loc;
	return copy;
}

static const struct doc *as_texts(struct arena *arena, const struct doc *map)
{
	struct doc *copy = doc_map(arena);

	copy->loc = map->loc;
	for (size_t i = 0; i < map->count; i++) {
		const struct doc_member *member = &map->members[i];
		struct doc *text = as_text(arena, member->value);

		doc_set(arena, copy, member->key, text ? text : member->value);
		copy->members[i].key_loc = member->key_loc;
	}
	return copy;
}

static void read_value(struct reader *r, const struct lang_key *key,
		       const struct doc *value, const struct doc **out)
{
	struct doc *text;

	if (value->kind == DOC_NULL || value->kind == DOC_LIST ||
	    (value->kind == DOC_MAP && !intrinsic_is(value))) {
		diag_error(r->diag, value->loc,
			   "'%s' must be text, a reference or a CloudFormation "
			   "function",
			   key->name);
		return;
	}
	text = as_text(r->arena, value);
	*out = text ? text : value;
}

/* The same document with every `${` in it meaning just that. */
static struct doc *literally(struct arena *arena, const struct doc *value)
{
	struct doc *copy = ARENA_NEW(arena, struct doc);

	*copy = *value;
	copy->literal = true;
	copy->items = NULL;
	copy->members = NULL;
	copy->count = 0;
	if (intrinsic_is(value)) {
		*copy = *value;
		return copy;
	}
	if (value->kind == DOC_LIST)
		for (size_t i = 0; i < value->count; i++)
			doc_add(arena, copy, literally(arena, value->items[i]));
	if (value->kind == DOC_MAP)
		for (size_t i = 0; i < value->count; i++) {
			doc_set(arena, copy, value->members[i].key,
				literally(arena, value->members[i].value));
			copy->members[i].key_loc = value->members[i].key_loc;
		}
	return copy;
}

static void read_tree(struct reader *r, const struct lang_key *key,
		      const struct doc *value, const struct doc **out)
{
	bool mapping = key->of && !strncmp(key->of, "a mapping", 9);

	if (mapping && value->kind == DOC_NULL)
		return;
	if (mapping && value->kind != DOC_MAP) {
		diag_error(r->diag, value->loc, "'%s' must be %s", key->name,
			   key->of);
		return;
	}
	if (key->of && !strcmp(key->of, "a mapping of names to values"))
		value = as_texts(r->arena, value);
	*out = key->kind == LANG_RAW ? literally(r->arena, value) : value;
}

static void read_stages(struct reader *r, const struct lang_key *key,
			const struct doc *value, struct stage_choice *out)
{
	const struct lang_key item = { .name = key->name, .kind = LANG_TEXT };

	out->loc = value->loc;
	if (value->kind == DOC_BOOL) {
		const struct lang_key all = { .name = key->name,
					      .kind = LANG_BOOL };

		read_scalar(r, &all, value, &out->all);
	} else if (value->kind == DOC_LIST) {
		for (size_t i = 0; i < value->count; i++)
			read_scalar(r, &item, value->items[i],
				    LIST_ADD(r->arena, &out->stages));
	} else {
		diag_error(r->diag, value->loc,
			   "'%s' must be true, false or a list of stage names",
			   key->name);
	}
}

/* --- sections ---------------------------------------------------------------
 */

static void unknown_key(struct reader *r, const struct lang_section *section,
			const struct doc_member *member)
{
	const char *hint = lang_hint(r->arena, section, member->key);

	diag_error(r->diag, member->key_loc, "%s has no key '%s'%s%s",
		   noun_of(r->arena, section), member->key, hint ? "; " : "",
		   hint ? hint : "");
}

static void read_member(struct reader *r, const struct lang_section *section,
			void *const *outs, const struct doc_member *member)
{
	const struct lang_section *s = section;

	for (size_t i = 0; s; s = s->also, i++) {
		for (size_t k = 0; k < s->count; k++) {
			const struct lang_key *key = &s->keys[k];

			if (strcmp(key->name, member->key))
				continue;
			if (key->offset == LANG_NOWHERE)
				diag_error(r->diag, member->key_loc,
					   "'%s' is not built yet", key->name);
			else
				read_key(r, key, member->value,
					 (char *)outs[i] + key->offset);
			return;
		}
	}
	unknown_key(r, section, member);
}

static void check_required(struct reader *r, const struct lang_section *section,
			   const struct doc *value)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct lang_key *key = &section->keys[i];

		if (key->required && !doc_get(value, key->name))
			diag_error(r->diag, value->loc, "%s needs %s '%s': %s",
				   noun_of(r->arena, section),
				   a_or_an(key->name), key->name,
				   in_sentence(r->arena, key->doc));
	}
}

/* The key that a lone scalar stands for, or NULL. */
static const char *shorthand(const struct lang_section *section,
			     const struct doc *value, bool named)
{
	if (value->kind == DOC_BOOL && section->bool_key)
		return section->bool_key;
	if (value->kind == DOC_LIST)
		return NULL;
	if (named && section->named_text_key)
		return section->named_text_key;
	if (intrinsic_is(value) || value->kind != DOC_MAP)
		return section->text_key;
	return NULL;
}

/* outs has a struct for the section and for each that it is `also`. */
static void read_section(struct reader *r, const struct lang_section *section,
			 const struct doc *value, bool named, void *const *outs)
{
	const char *lone = NULL;

	memcpy(outs[0], &value->loc, sizeof(value->loc));
	if (value->kind == DOC_NULL) {
		check_required(r, section, value);
		return;
	}
	if (value->kind != DOC_MAP || intrinsic_is(value))
		lone = shorthand(section, value, named);
	if (lone) {
		const struct lang_key *key = lang_find(section, lone);

		read_key(r, key, value, (char *)outs[0] + key->offset);
		return;
	}
	if (value->kind != DOC_MAP) {
		diag_error(r->diag, value->loc, "%s must be a mapping%s",
			   noun_of(r->arena, section),
			   section->text_key ? " or text" : "");
		return;
	}
	for (size_t i = 0; i < value->count; i++)
		read_member(r, section, outs, &value->members[i]);
	check_required(r, section, value);
}

static void *new_section(struct reader *r, const struct lang_section *section,
			 const struct doc *value)
{
	void *out = arena_alloc(r->arena, section->size);

	read_section(r, section, value, false, (void *[]){ out });
	return out;
}

/* --- lists ------------------------------------------------------------------
 */

static void *add_item(struct reader *r, struct lang_list *list, size_t size)
{
	list->items = arena_grow(r->arena, list->items, list->count, size);
	return list->items + list->count++ * size;
}

static void read_named(struct reader *r, const struct lang_key *key,
		       const struct doc *value, void *out)
{
	const struct lang_section *section = key->section;
	struct lang_list list = { 0 };

	if (value->kind == DOC_NULL)
		return;
	if (value->kind != DOC_MAP) {
		diag_error(r->diag, value->loc,
			   "'%s' must be a mapping of names to %s", key->name,
			   noun_of(r->arena, section));
		return;
	}
	for (size_t i = 0; i < value->count; i++) {
		const struct doc_member *member = &value->members[i];
		const struct text name = { member->key, member->key_loc };
		char *item = add_item(r, &list, section->size);

		memcpy(item + section->name_offset, &name, sizeof(name));
		read_section(r, section, member->value, true,
			     (void *[]){ item });
	}
	memcpy(out, &list, sizeof(list));
}

static void read_item(struct reader *r, const struct lang_key *key,
		      const struct doc *value, struct lang_list *list)
{
	struct lang_key item = *key;

	item.kind = key->item;
	if (item.kind == LANG_SECTION) {
		void *out = add_item(r, list, key->section->size);

		read_section(r, key->section, value, false, (void *[]){ out });
	} else if (item.kind == LANG_VALUE) {
		read_key(r, &item, value,
			 add_item(r, list, sizeof(const struct doc *)));
	} else {
		read_key(r, &item, value,
			 add_item(r, list, sizeof(struct text)));
	}
}

static void read_list(struct reader *r, const struct lang_key *key,
		      const struct doc *value, void *out)
{
	struct lang_list list = { 0 };

	if (value->kind == DOC_NULL)
		return;
	if (value->kind == DOC_LIST)
		for (size_t i = 0; i < value->count; i++)
			read_item(r, key, value->items[i], &list);
	else
		read_item(r, key, value, &list);
	memcpy(out, &list, sizeof(list));
}

/* --- permissions ------------------------------------------------------------
 */

static void read_pair(struct reader *r, const struct doc *value,
		      struct permission *out)
{
	const struct lang_key text = { .name = "permissions",
				       .kind = LANG_TEXT };

	if (value->count < 2) {
		diag_error(r->diag, value->loc,
			   "a list among 'permissions' is an id and what it "
			   "grants, such as [Notes, read]");
		return;
	}
	read_scalar(r, &text, value->items[0], &out->what);
	for (size_t i = 1; i < value->count; i++)
		read_scalar(r, &text, value->items[i],
			    LIST_ADD(r->arena, &out->grants));
}

static void read_permission(struct reader *r, const struct doc *value,
			    struct permission *out)
{
	const struct lang_key text = { .name = "permissions",
				       .kind = LANG_TEXT };

	out->loc = value->loc;
	if (value->kind == DOC_LIST)
		read_pair(r, value, out);
	else if (value->kind == DOC_MAP)
		out->statement = new_section(r, &lang_statement, value);
	else
		read_scalar(r, &text, value, &out->what);
}

static void read_permissions(struct reader *r, const struct doc *value,
			     struct permissions *out)
{
	out->loc = value->loc;
	if (value->kind == DOC_LIST) {
		for (size_t i = 0; i < value->count; i++)
			read_permission(r, value->items[i],
					LIST_ADD(r->arena, out));
		return;
	}
	if (value->kind == DOC_STRING && !strcmp(value->text, "*")) {
		read_permission(r, value, LIST_ADD(r->arena, out));
		return;
	}
	diag_error(r->diag, value->loc,
		   "'permissions' must be a list, such as [s3:GetObject, "
		   "[Notes, read]], or \"*\"");
}

/* --- keys -------------------------------------------------------------------
 */

static void read_key(struct reader *r, const struct lang_key *key,
		     const struct doc *value, void *out)
{
	void *section;

	switch (key->kind) {
	case LANG_TEXT:
	case LANG_CHOICE:
	case LANG_NAME:
	case LANG_HANDLER:
	case LANG_BOOL:
	case LANG_INT:
	case LANG_NUMBER:
	case LANG_DURATION:
	case LANG_SIZE:
		read_scalar(r, key, value, out);
		break;
	case LANG_VALUE:
		read_value(r, key, value, out);
		break;
	case LANG_TREE:
	case LANG_RAW:
	case LANG_TYPE:
		read_tree(r, key, value, out);
		break;
	case LANG_SECTION:
		section = new_section(r, key->section, value);
		memcpy(out, &section, sizeof(section));
		break;
	case LANG_NAMED:
		read_named(r, key, value, out);
		break;
	case LANG_LIST:
		read_list(r, key, value, out);
		break;
	case LANG_STAGES:
		read_stages(r, key, value, out);
		break;
	case LANG_PERMISSIONS:
		read_permissions(r, value, out);
		break;
	}
}

/* --- the whole ---------------------------------------------------------------
 */

/* An API's keys stand at the top, or in `apis`, never in both places. */
static void check_api_keys(struct reader *r, const struct doc *doc)
{
	for (size_t i = 0; i < doc->count; i++) {
		const struct doc_member *member = &doc->members[i];
		bool own = false;

		for (size_t k = 0; k < lang_spec.count; k++)
			if (!strcmp(lang_spec.keys[k].name, member->key))
				own = true;
		if (own || !lang_find(&lang_api, member->key) ||
		    !strcmp(member->key, "defaults") ||
		    !strcmp(member->key, "doc"))
			continue;
		diag_error(r->diag, member->key_loc,
			   "with 'apis', '%s' belongs to one of them",
			   member->key);
	}
}

static void check_stages(struct reader *r, const struct doc *doc,
			 struct api *api)
{
	const struct doc *stages = doc_get(doc, "stages");

	if (!stages)
		return;
	if (doc_get(doc, "stage"))
		diag_error(r->diag, stages->loc,
			   "'stages' beside 'stage': put all stages into one "
			   "list");
	api->no_stages = stages->kind == DOC_LIST && !stages->count;
}

static void imply_api(struct reader *r, const struct doc *doc,
		      struct spec *spec, struct api *top)
{
	top->name = spec->name;
	top->loc = spec->loc;
	check_stages(r, doc, top);
	*LIST_ADD(r->arena, &spec->apis) = *top;
}

struct spec *read_model(struct arena *arena, struct diag *diag,
			const struct doc *doc)
{
	struct reader r = { arena, diag };
	size_t errors = diag->errors;
	struct spec *spec = ARENA_NEW(arena, struct spec);
	struct api *top = ARENA_NEW(arena, struct api);
	const struct doc *apis;

	if (doc->kind == DOC_NULL)
		doc = doc_map(arena);
	read_section(&r, &lang_spec, doc, false, (void *[]){ spec, top });
	apis = doc_get(doc, "apis");
	if (apis) {
		spec->has_apis = true;
		spec->doc = top->doc;
		spec->defaults = top->defaults;
		check_api_keys(&r, doc);
		for (size_t i = 0; i < spec->apis.count; i++)
			check_stages(&r, apis->members[i].value,
				     &spec->apis.items[i]);
	} else if (doc->kind == DOC_MAP) {
		spec->doc = top->doc;
		imply_api(&r, doc, spec, top);
	}
	return diag->errors == errors ? spec : NULL;
}
