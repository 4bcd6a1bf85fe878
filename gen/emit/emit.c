/* SPDX-License-Identifier: MIT */
#include "emit.h"

#include "../doc.h"

#include <assert.h>
#include <string.h>

/* What comes out, in the order of `--emit`'s help. */
const struct emitter emitters[] = {
	{ "c", "C: types, codecs and a main.c for each function", emit_c },
	{ "stubs", "C: a stub for each handler", emit_stubs },
	{ "iam", "iam/: policies and trust, for each function", emit_iam },
	{ "cfn", "template.yaml, nested/, account.yaml: CloudFormation",
	  emit_cfn },
	{ "gateway", "gateway.json: what the local gateway reads",
	  emit_gateway },
	{ "make", "wsgen.mk, wsgen-rules.mk", emit_make },
	{ NULL, NULL, NULL },
};
const size_t emitter_count = sizeof(emitters) / sizeof(emitters[0]) - 1;

void emit_render(const struct emit *emit, const char *template_name,
		 const struct values *values, const char *path)
{
	struct buf text;

	buf_init(&text, emit->arena);
	render(emit->render, template_name, values, &text);
	output_add(emit->output, path, text.text, text.len);
}

void emit_copy(const struct emit *emit, const char *template_name,
	       const char *path)
{
	size_t len = 0;
	const char *text = template_text(emit->render, template_name, &len);

	assert(text);
	output_add(emit->output, path, text, len);
}

void emit_doc(const struct emit *emit, const struct doc *doc, const char *path)
{
	const char *dot = strrchr(path, '.');
	struct buf text;

	buf_init(&text, emit->arena);
	if (dot && !strcmp(dot, ".json")) {
		doc_print_json(&text, doc);
		buf_char(&text, '\n');
	} else {
		doc_print_yaml(&text, doc);
	}
	output_add(emit->output, path, text.text, text.len);
}

/* Whether list, "c,iam", has name; NULL has all. */
static bool is_wanted(const char *list, const char *name)
{
	size_t len = strlen(name);

	if (!list)
		return true;
	while (*list) {
		size_t item = strcspn(list, ",");

		if (item == len && !strncmp(list, name, len))
			return true;
		list += item + (list[item] == ',');
	}
	return false;
}

void emit_all(const struct emit *emit, const char *names)
{
	for (size_t i = 0; i < emitter_count; i++)
		if (is_wanted(names, emitters[i].name))
			emitters[i].emit(emit);
}
