/* SPDX-License-Identifier: MIT */
#include "read/intrinsic.h"

#include <string.h>

#define SCALAR (1u << DOC_STRING)
#define SEQUENCE (1u << DOC_LIST)
#define MAPPING (1u << DOC_MAP)

static const struct intrinsic intrinsics[] = {
	{ "!And", "Fn::And", SEQUENCE },
	{ "!Base64", "Fn::Base64", SCALAR | MAPPING },
	{ "!Cidr", "Fn::Cidr", SEQUENCE },
	{ "!Condition", "Condition", SCALAR },
	{ "!Equals", "Fn::Equals", SEQUENCE },
	{ "!FindInMap", "Fn::FindInMap", SEQUENCE },
	{ "!GetAZs", "Fn::GetAZs", SCALAR | MAPPING },
	{ "!GetAtt", "Fn::GetAtt", SCALAR | SEQUENCE },
	{ "!If", "Fn::If", SEQUENCE },
	{ "!ImportValue", "Fn::ImportValue", SCALAR | MAPPING },
	{ "!Join", "Fn::Join", SEQUENCE },
	{ "!Length", "Fn::Length", SEQUENCE | MAPPING },
	{ "!Not", "Fn::Not", SEQUENCE },
	{ "!Or", "Fn::Or", SEQUENCE },
	{ "!Ref", "Ref", SCALAR },
	{ "!Select", "Fn::Select", SEQUENCE },
	{ "!Split", "Fn::Split", SEQUENCE },
	{ "!Sub", "Fn::Sub", SCALAR | SEQUENCE },
	{ "!ToJsonString", "Fn::ToJsonString", SEQUENCE | MAPPING },
	{ "!Transform", "Fn::Transform", MAPPING },
};

const struct intrinsic *intrinsic_find(const char *tag)
{
	for (size_t i = 0; i < sizeof(intrinsics) / sizeof(*intrinsics); i++)
		if (!strcmp(intrinsics[i].tag, tag))
			return &intrinsics[i];
	return NULL;
}

static const char *takes(const struct intrinsic *intrinsic)
{
	switch (intrinsic->takes) {
	case SCALAR:
		return "a text";
	case SEQUENCE:
		return "a list";
	case MAPPING:
		return "a mapping";
	case SCALAR | SEQUENCE:
		return "a text or a list";
	case SCALAR | MAPPING:
		return "a text or a mapping";
	}
	return "a list or a mapping";
}

static struct doc *copy(struct arena *arena, const struct doc *value)
{
	struct doc *same = ARENA_NEW(arena, struct doc);

	*same = *value;
	return same;
}

struct doc *intrinsic_sub(struct arena *arena, const struct doc *value)
{
	struct doc *sub = copy(arena, value);

	if (sub->kind == DOC_STRING)
		sub->literal = true;
	if (sub->kind != DOC_LIST || !sub->count ||
	    sub->items[0]->kind != DOC_STRING)
		return sub;
	sub->items = NULL;
	for (sub->count = 0; sub->count < value->count;)
		doc_add(arena, sub, copy(arena, value->items[sub->count]));
	sub->items[0]->literal = true;
	return sub;
}

/* A.B.C names the attribute B.C of A. */
static struct doc *split_attribute(struct arena *arena, struct diag *diag,
				   struct doc *value)
{
	const char *dot = strchr(value->text, '.');
	struct doc *list = doc_list(arena), *id, *attribute;

	if (!dot || dot == value->text || !dot[1]) {
		diag_error(diag, value->loc,
			   "'!GetAtt' takes Id.Attribute, not '%s'",
			   value->text);
		return NULL;
	}
	id = doc_add(arena, list, copy(arena, value));
	id->text =
		arena_strndup(arena, value->text, (size_t)(dot - value->text));
	attribute = doc_add(arena, list, copy(arena, value));
	attribute->text = dot + 1;
	list->literal = false;
	list->loc = value->loc;
	return list;
}

bool intrinsic_is(const struct doc *value)
{
	if (value->kind != DOC_MAP || value->count != 1)
		return false;
	return !strcmp(value->members[0].key, "Ref") ||
	       !strncmp(value->members[0].key, "Fn::", 4);
}

struct doc *intrinsic_make(struct arena *arena, struct diag *diag,
			   const struct intrinsic *intrinsic, struct loc loc,
			   struct doc *value)
{
	struct doc *made = doc_map(arena);

	if (!(intrinsic->takes & 1u << value->kind)) {
		diag_error(diag, value->loc, "'%s' takes %s", intrinsic->tag,
			   takes(intrinsic));
		return NULL;
	}
	if (!strcmp(intrinsic->tag, "!GetAtt") && value->kind == DOC_STRING)
		value = split_attribute(arena, diag, value);
	else if (!strcmp(intrinsic->tag, "!Sub"))
		value = intrinsic_sub(arena, value);
	if (!value)
		return NULL;
	doc_set(arena, made, intrinsic->key, value);
	made->members[0].key_loc = loc;
	made->literal = false;
	made->loc = loc;
	return made;
}
