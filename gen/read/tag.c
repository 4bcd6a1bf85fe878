/* SPDX-License-Identifier: MIT */
#include "read/tag.h"

#include "read/intrinsic.h"

#include <string.h>

/* !!str and the like say what a node is; read_scalar made it that if it can. */
static void check_core(struct diag *diag, const char *tag, struct loc loc,
		       const struct doc *doc)
{
	static const struct {
		const char *name;
		enum doc_kind kind;
	} tags[] = {
		{ "bool", DOC_BOOL },  { "float", DOC_NUMBER },
		{ "int", DOC_NUMBER }, { "map", DOC_MAP },
		{ "null", DOC_NULL },  { "seq", DOC_LIST },
		{ "str", DOC_STRING },
	};
	size_t prefix = strlen(TAG_CORE);
	const char *name = tag + prefix;

	if (strncmp(tag, TAG_CORE, prefix) != 0) {
		diag_error(diag, loc,
			   "unknown tag '%s': tags are CloudFormation's (!Ref, "
			   "!Sub) or YAML's (!!str)",
			   tag);
		return;
	}
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		if (strcmp(tags[i].name, name) != 0)
			continue;
		if (tags[i].kind != doc->kind ||
		    (*name == 'i' && strpbrk(doc->text, ".eE")))
			diag_error(diag, doc->loc, "tagged '!!%s', and is none",
				   name);
		return;
	}
	diag_error(diag, loc, "unknown tag '!!%s'", name);
}

struct doc *tag_apply(struct arena *arena, struct diag *diag, const char *tag,
		      struct loc loc, struct doc *doc)
{
	const struct intrinsic *intrinsic = intrinsic_find(tag);
	struct doc *made;

	if (!intrinsic) {
		check_core(diag, tag, loc, doc);
		return doc;
	}
	made = intrinsic_make(arena, diag, intrinsic, loc, doc);
	return made ? made : doc;
}
