/* SPDX-License-Identifier: MIT */
/* cfn_text.h - a spec in a test's own text, to its templates. */
#ifndef WSGEN_CFN_TEXT_H
#define WSGEN_CFN_TEXT_H

#include "check/check.h"
#include "emit/cfn/split.h"
#include "read/messages.h"
#include "spec_text.h"

#include <stdlib.h>

struct cfn_text {
	struct spec_text spec;
	struct cfn cfn;
	struct split split; /* root is NULL after an error */
};

static inline void cfn_text_make(struct cfn_text *c, const char *text)
{
	static const struct message_files none;
	struct spec_text *s = &c->spec;

	*c = (struct cfn_text){ 0 };
	spec_text_read(s, text);
	if (!s->spec || !read_messages(&s->arena, &s->diag, &none, s->spec) ||
	    !check_spec(&s->arena, &s->diag, s->spec))
		return;
	s->plan = plan_spec(&s->arena, &s->diag, s->spec, NULL);
	if (!s->plan)
		return;
	cfn_build(&c->cfn, &s->arena, s->plan, &s->diag);
	split_template(&c->split, &c->cfn, NULL, "yaml");
}

static inline void cfn_text_release(struct cfn_text *c)
{
	arena_release(&c->spec.arena);
}

/* What diag has to say: "line:column: error: text" a line. */
static inline const char *cfn_text_said(struct cfn_text *c)
{
	static const char *const levels[] = { "error", "warning", "note" };
	struct buf text;

	buf_init(&text, &c->spec.arena);
	for (size_t i = 0; i < c->spec.diag.entries.count; i++) {
		const struct diag_entry *e = &c->spec.diag.entries.items[i];

		buf_printf(&text, "%s%u:%u: %s: %s", i ? "\n" : "", e->loc.line,
			   e->loc.column, levels[e->level], e->text);
	}
	return text.text;
}

/* Compact JSON with ' for ", which a C string shows as it is. */
static inline const char *compact_text(struct cfn_text *c,
				       const struct doc *doc)
{
	struct buf text;

	if (!doc)
		return "(none)";
	buf_init(&text, &c->spec.arena);
	doc_print_compact(&text, doc);
	for (char *quote = text.text; (quote = strchr(quote, '"'));)
		*quote = '\'';
	return text.text;
}

static inline struct doc *resource_of(struct cfn_text *c, const char *id)
{
	return doc_get(doc_get(c->split.root, "Resources"), id);
}

static inline struct doc *properties_of(struct cfn_text *c, const char *id)
{
	return doc_get(resource_of(c, id), "Properties");
}

/* --- whether all that a template names is in it -----------------------------
 */

struct walk {
	struct cfn_text *c;
	const struct doc *template;
	const char *name; /* of the case */
	size_t found;
};

static inline void walk_name(void *data, const char *id, size_t len)
{
	struct walk *walk = data;
	const char *name = arena_strndup(&walk->c->spec.arena, id, len);

	walk->found++;
	if (strncmp(name, "AWS::", 5) != 0 &&
	    !doc_get(doc_get(walk->template, "Resources"), name) &&
	    !doc_get(doc_get(walk->template, "Parameters"), name))
		fail_msg("%s: '%s' is named and not there", walk->name, name);
}

/* Returns how many names there were. */
static inline size_t check_references(struct cfn_text *c, const char *name,
				      const struct doc *template)
{
	const struct doc *resources = doc_get(template, "Resources");
	struct walk walk = { c, template, name, 0 };

	value_each_name(template, walk_name, &walk);
	for (size_t i = 0; i < resources->count; i++) {
		const struct doc *depends =
			doc_get(resources->members[i].value, "DependsOn");

		for (size_t k = 0; depends && k < depends->count; k++)
			if (!doc_get(resources, depends->items[k]->text))
				fail_msg("%s: %s depends on '%s'", name,
					 resources->members[i].key,
					 depends->items[k]->text);
	}
	return walk.found;
}

#endif
