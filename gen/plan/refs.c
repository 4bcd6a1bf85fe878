/* SPDX-License-Identifier: MIT */
/* References: user's values to CloudFormation's, and what dangles. */
#include "refs.h"

#include "refs_names.h"

#include <string.h>

/* --- texts ---------------------------------------------------------------- */

/* Where text[at..at+len] stands, as well as it can be told. */
static struct loc inside(const struct doc *doc, size_t at, size_t len)
{
	struct loc loc = doc->loc;
	const size_t size = strlen(doc->text);

	if (loc.len != size + (doc->quoted ? 2 : 0))
		return loc; /* a block, or a text with escapes */
	loc.column += (uint32_t)at + (doc->quoted ? 1 : 0);
	loc.len = (uint16_t)len;
	return loc;
}

/* One reference in the text of a value. */
struct found {
	size_t at, len; /* of "${...}" */
	const char *name;
	bool escaped; /* "${!...}" */
};

static bool find_reference(struct arena *arena, const char *text, size_t from,
			   struct found *found)
{
	const char *start = strstr(text + from, "${");
	const char *end = start ? strchr(start, '}') : NULL;
	const char *name, *last;

	if (!end)
		return false;
	found->at = (size_t)(start - text);
	found->len = (size_t)(end - start) + 1;
	found->escaped = start[2] == '!';
	name = start + 2 + found->escaped;
	last = end;
	while (name < last && *name == ' ')
		name++;
	while (last > name && last[-1] == ' ')
		last--;
	found->name = arena_strndup(arena, name, (size_t)(last - name));
	return true;
}

/* Nothing from here on is a reference, or looks like one. */
static void check_closed(struct refs *refs, const struct doc *doc, size_t from)
{
	const char *open = strstr(doc->text + from, "${");
	struct loc loc;

	if (!open || !refs->diag)
		return;
	loc = inside(doc, (size_t)(open - doc->text), 2);
	diag_error(refs->diag, loc, "'${' starts a reference that no '}' ends");
	diag_note(refs->diag, loc,
		  "for the text itself write !Join [\"\", [$, \"{...\"]]");
}

/*
 * A text with its references. hidden: Fn::Sub's own variables, or NULL; in
 * Fn::Sub (is_sub) an unknown name stays, to be CloudFormation's to judge.
 */
static struct doc *convert_text(struct refs *refs, const struct doc *doc,
				const struct doc *hidden, bool is_sub)
{
	struct arena *arena = refs->arena;
	const char *text = doc->text;
	struct value_mix mix;
	struct found found;
	size_t from = 0;

	value_mix_init(&mix, arena);
	while (find_reference(arena, text, from, &found)) {
		struct doc *value = NULL;

		value_mix_text(&mix, text + from, found.at - from);
		from = found.at + found.len;
		if (found.escaped) {
			const char *plain =
				arena_printf(arena, "${%s}", found.name);

			value_mix_text(&mix, plain, strlen(plain));
			continue;
		}
		if (is_sub && hidden && doc_get(hidden, found.name)) {
			value_mix_sub(&mix, text + found.at, found.len);
			continue;
		}
		value = refs_find(refs, inside(doc, found.at, found.len),
				  found.name);
		if (value)
			value_mix_add(&mix, value);
		else
			value_mix_text(&mix, text + found.at, found.len);
	}
	value_mix_text(&mix, text + from, strlen(text + from));
	if (!is_sub)
		check_closed(refs, doc, from);
	if (is_sub)
		mix.only = NULL; /* stays Fn::Sub, as it was written */
	return value_mix_end(&mix);
}

struct doc *refs_literal(const struct plan *plan, const char *text)
{
	struct arena *arena = plan->arena;
	struct value_mix mix;
	struct found found;
	size_t from = 0;
	bool known = false;

	while (find_reference(arena, text, from, &found)) {
		const char *root = arena_strndup(arena, found.name,
						 strcspn(found.name, "."));

		known |= !found.escaped && refs_is_id(plan, root);
		from = found.at + 2;
	}
	if (!known)
		return doc_string(arena, text);
	value_mix_init(&mix, arena);
	value_mix_text(&mix, text, strlen(text));
	mix.has_values = true;
	return value_mix_end(&mix);
}

/* --- CloudFormation's functions ------------------------------------------- */

static struct doc *convert(struct refs *refs, const struct doc *doc);

static struct doc *one(struct arena *arena, const char *key, struct doc *value)
{
	struct doc *map = doc_map(arena);

	doc_set(arena, map, key, value);
	return map;
}

static struct doc *as_is(struct arena *arena, const struct doc *doc)
{
	struct doc *copy = ARENA_NEW(arena, struct doc);

	*copy = *doc;
	return copy;
}

/* Fn::GetAtt: "Id.Attribute" or [Id, Attribute]. */
static struct doc *convert_att(struct refs *refs, const struct doc *of)
{
	const char *name;
	struct doc *value;

	if (of->kind == DOC_STRING) {
		name = of->text;
	} else if (of->kind == DOC_LIST && of->count == 2 &&
		   of->items[0]->kind == DOC_STRING) {
		if (of->items[1]->kind != DOC_STRING) {
			refs_find(refs, of->items[0]->loc, of->items[0]->text);
			return NULL;
		}
		name = arena_printf(refs->arena, "%s.%s", of->items[0]->text,
				    of->items[1]->text);
	} else {
		return NULL;
	}
	value = refs_find(refs, of->loc, name);
	return value;
}

/* Fn::Sub: a text, or [text, variables]. */
static struct doc *convert_sub(struct refs *refs, const struct doc *of)
{
	struct arena *arena = refs->arena;
	struct doc *text, *list, *more;
	const struct doc *inner;

	if (of->kind == DOC_STRING)
		return convert_text(refs, of, NULL, true);
	if (of->kind != DOC_LIST || of->count != 2 ||
	    of->items[0]->kind != DOC_STRING || of->items[1]->kind != DOC_MAP)
		return NULL;
	text = convert_text(refs, of->items[0], of->items[1], true);
	inner = doc_get(text, "Fn::Sub");
	list = doc_list(arena);
	if (!inner || inner->kind == DOC_STRING) {
		doc_add(arena, list,
			inner ? as_is(arena, inner) : as_is(arena, text));
		doc_add(arena, list, convert(refs, of->items[1]));
		return one(arena, "Fn::Sub", list);
	}
	more = convert(refs, of->items[1]);
	for (size_t i = 0; i < inner->items[1]->count; i++)
		doc_set(arena, more, inner->items[1]->members[i].key,
			inner->items[1]->members[i].value);
	doc_add(arena, list, inner->items[0]);
	doc_add(arena, list, more);
	return one(arena, "Fn::Sub", list);
}

/* NULL when the function has nothing to look up but its arguments. */
static struct doc *convert_function(struct refs *refs, const struct doc *doc,
				    const char *function)
{
	const struct doc *of = doc->members[0].value;

	if (!strcmp(function, "Ref") && of->kind == DOC_STRING)
		return refs_find(refs, of->loc, of->text);
	if (!strcmp(function, "Fn::GetAtt"))
		return convert_att(refs, of);
	if (!strcmp(function, "Fn::Sub"))
		return convert_sub(refs, of);
	if (!strcmp(function, "Condition") && of->kind == DOC_STRING)
		refs_declared(refs, of, "condition");
	if (!strcmp(function, "Fn::If") && of->kind == DOC_LIST && of->count &&
	    of->items[0]->kind == DOC_STRING)
		refs_declared(refs, of->items[0], "condition");
	if (!strcmp(function, "Fn::FindInMap") && of->kind == DOC_LIST &&
	    of->count && of->items[0]->kind == DOC_STRING)
		refs_declared(refs, of->items[0], "mapping");
	return NULL;
}

static struct doc *convert(struct refs *refs, const struct doc *doc)
{
	struct arena *arena = refs->arena;
	const char *function = value_function(doc);
	struct doc *out;

	switch (doc->kind) {
	case DOC_NULL:
	case DOC_BOOL:
	case DOC_NUMBER:
		return as_is(arena, doc);
	case DOC_STRING:
		if (!strstr(doc->text, "${"))
			return as_is(arena, doc);
		if (doc->literal)
			return refs_literal(refs->plan, doc->text);
		return convert_text(refs, doc, NULL, false);
	case DOC_LIST:
		out = doc_list(arena);
		for (size_t i = 0; i < doc->count; i++)
			doc_add(arena, out, convert(refs, doc->items[i]));
		return out;
	case DOC_MAP:
		break;
	}
	out = function ? convert_function(refs, doc, function) : NULL;
	if (out)
		return out;
	if (function &&
	    (!strcmp(function, "Ref") || !strcmp(function, "Fn::GetAtt")))
		return as_is(arena, doc);
	out = doc_map(arena);
	for (size_t i = 0; i < doc->count; i++)
		doc_set(arena, out, doc->members[i].key,
			convert(refs, doc->members[i].value));
	return out;
}

struct doc *refs_value(const struct plan *plan, const struct doc *value)
{
	struct refs refs = { .arena = plan->arena, .plan = plan };

	return convert(&refs, value);
}

/* --- what dangles ----------------------------------------------------------
 */

static void check_section(struct refs *refs, const struct lang_section *section,
			  const char *at);

static void check_value(struct refs *refs, const struct doc *value)
{
	if (value)
		convert(refs, value);
}

static void check_list(struct refs *refs, const struct lang_key *key,
		       const struct lang_list *list)
{
	const struct doc *const *values = (const void *)list->items;

	if (key->kind == LANG_LIST && key->item == LANG_VALUE) {
		for (size_t i = 0; i < list->count; i++)
			check_value(refs, values[i]);
		return;
	}
	if (!key->section)
		return;
	for (size_t i = 0; i < list->count; i++)
		check_section(refs, key->section,
			      list->items + i * key->section->size);
}

static void check_permissions(struct refs *refs,
			      const struct permissions *permissions)
{
	for (size_t i = 0; i < permissions->count; i++)
		if (permissions->items[i].statement)
			check_section(
				refs, &lang_statement,
				(const char *)permissions->items[i].statement);
}

static void check_key(struct refs *refs, const struct lang_key *key,
		      const char *at)
{
	struct lang_list list;
	struct permissions permissions;
	const void *pointer;

	switch (key->kind) {
	case LANG_VALUE:
	case LANG_TREE:
	case LANG_RAW:
		memcpy(&pointer, at, sizeof(pointer));
		check_value(refs, pointer);
		break;
	case LANG_SECTION:
		memcpy(&pointer, at, sizeof(pointer));
		if (pointer)
			check_section(refs, key->section, pointer);
		break;
	case LANG_NAMED:
	case LANG_LIST:
		memcpy(&list, at, sizeof(list));
		check_list(refs, key, &list);
		break;
	case LANG_PERMISSIONS:
		memcpy(&permissions, at, sizeof(permissions));
		check_permissions(refs, &permissions);
		break;
	case LANG_TEXT:
	case LANG_CHOICE:
	case LANG_NAME:
	case LANG_HANDLER:
	case LANG_BOOL:
	case LANG_INT:
	case LANG_NUMBER:
	case LANG_DURATION:
	case LANG_SIZE:
	case LANG_TYPE:
	case LANG_STAGES:
		break;
	}
}

static void check_section(struct refs *refs, const struct lang_section *section,
			  const char *at)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct lang_key *key = &section->keys[i];

		if (key->offset == LANG_NOWHERE ||
		    !strcmp(key->name, "resources") ||
		    !strcmp(key->name, "parameters"))
			if (section == &lang_spec ||
			    key->offset == LANG_NOWHERE)
				continue;
		check_key(refs, key, at + key->offset);
	}
}

static void check_depends(struct refs *refs, const struct doc *target)
{
	if (target->kind == DOC_LIST) {
		for (size_t i = 0; i < target->count; i++)
			check_depends(refs, target->items[i]);
		return;
	}
	if (target->kind != DOC_STRING) {
		diag_error(refs->diag, target->loc,
			   "DependsOn must be a logical id or a list of them");
		return;
	}
	refs_resource(refs, target);
}

static void check_resource(struct refs *refs, const struct doc_member *member)
{
	const struct doc *resource = member->value;

	for (size_t i = 0; i < resource->count; i++) {
		const char *key = resource->members[i].key;
		const struct doc *value = resource->members[i].value;

		if (!strcmp(key, "DependsOn"))
			check_depends(refs, value);
		else if (!strcmp(key, "Condition") && value->kind == DOC_STRING)
			refs_declared(refs, value, "condition");
		else if (strcmp(key, "Type") != 0)
			check_value(refs, value);
	}
}

bool refs_check(const struct plan *plan, struct diag *diag)
{
	struct refs refs = { .arena = plan->arena, .plan = plan, .diag = diag };
	const struct doc *resources = plan->spec->resources;
	const size_t errors = diag->errors;

	check_section(&refs, &lang_spec, (const char *)plan->spec);
	for (size_t i = 0; resources && i < resources->count; i++)
		check_resource(&refs, &resources->members[i]);
	return diag->errors == errors;
}
