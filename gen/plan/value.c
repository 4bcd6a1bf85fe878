/* SPDX-License-Identifier: MIT */
/* CloudFormation values, made and put together. */
#include "value.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

struct doc *value_ref(struct arena *arena, const char *id)
{
	struct doc *map = doc_map(arena);

	doc_set_string(arena, map, "Ref", id);
	return map;
}

struct doc *value_att(struct arena *arena, const char *id,
		      const char *attribute)
{
	struct doc *map = doc_map(arena);
	struct doc *list = doc_set(arena, map, "Fn::GetAtt", doc_list(arena));

	doc_add(arena, list, doc_string(arena, id));
	doc_add(arena, list, doc_string(arena, attribute));
	return map;
}

const char *value_function(const struct doc *doc)
{
	const char *key;

	if (!doc || doc->kind != DOC_MAP || doc->count != 1)
		return NULL;
	key = doc->members[0].key;
	if (!strcmp(key, "Ref") || !strcmp(key, "Condition") ||
	    !strncmp(key, "Fn::", 4))
		return key;
	return NULL;
}

void value_mix_init(struct value_mix *mix, struct arena *arena)
{
	*mix = (struct value_mix){ .arena = arena };
	buf_init(&mix->plain, arena);
	buf_init(&mix->sub, arena);
}

void value_mix_text(struct value_mix *mix, const char *text, size_t len)
{
	if (!len)
		return;
	mix->parts++;
	buf_add_n(&mix->plain, text, len);
	for (size_t i = 0; i < len; i++) {
		buf_char(&mix->sub, text[i]);
		if (text[i] == '$' && i + 1 < len && text[i + 1] == '{') {
			buf_add(&mix->sub, "{!");
			i++;
		}
	}
}

void value_mix_sub(struct value_mix *mix, const char *text, size_t len)
{
	if (!len)
		return;
	mix->parts++;
	buf_add_n(&mix->plain, text, len);
	buf_add_n(&mix->sub, text, len);
	for (size_t i = 0; i + 1 < len; i++)
		if (text[i] == '$' && text[i + 1] == '{')
			mix->has_values = true;
}

/* What stands in the text of a Fn::Sub for value, or NULL. */
static const char *named(struct value_mix *mix, const struct doc *value)
{
	const char *function = value_function(value);
	const struct doc *of;

	if (!function)
		return NULL;
	of = value->members[0].value;
	if (!strcmp(function, "Ref") && of->kind == DOC_STRING)
		return arena_printf(mix->arena, "${%s}", of->text);
	if (!strcmp(function, "Fn::GetAtt") && of->kind == DOC_LIST &&
	    of->count == 2 && of->items[1]->kind == DOC_STRING)
		return arena_printf(mix->arena, "${%s.%s}", of->items[0]->text,
				    of->items[1]->text);
	if (!strcmp(function, "Fn::Sub") && of->kind == DOC_STRING)
		return of->text;
	return NULL;
}

void value_mix_add(struct value_mix *mix, struct doc *value)
{
	const char *text;

	if (value->kind != DOC_MAP) {
		assert(value->text); /* a scalar */
		value_mix_text(mix, value->text, strlen(value->text));
		return;
	}
	text = named(mix, value);
	if (!text) {
		if (!mix->variables)
			mix->variables = doc_map(mix->arena);
		text = arena_printf(mix->arena, "Value%zu",
				    mix->variables->count + 1);
		doc_set(mix->arena, mix->variables, text, value);
		text = arena_printf(mix->arena, "${%s}", text);
	}
	mix->only = value;
	mix->parts++;
	mix->has_values = true;
	buf_add(&mix->sub, text);
}

struct doc *value_mix_end(struct value_mix *mix)
{
	struct arena *arena = mix->arena;
	struct doc *map, *list;

	if (!mix->has_values)
		return doc_string(arena, mix->plain.text);
	if (mix->parts == 1 && mix->only)
		return mix->only;
	map = doc_map(arena);
	if (!mix->variables) {
		doc_set_string(arena, map, "Fn::Sub", mix->sub.text);
		return map;
	}
	list = doc_set(arena, map, "Fn::Sub", doc_list(arena));
	doc_add(arena, list, doc_string(arena, mix->sub.text));
	doc_add(arena, list, mix->variables);
	return map;
}

struct doc *value_build(struct arena *arena, const char *format, ...)
{
	struct value_mix mix;
	const char *text = format, *from = format;
	va_list args;

	value_mix_init(&mix, arena);
	va_start(args, format);
	while (*text) {
		const bool is_doc = !strncmp(text, "{d}", 3);

		if (!is_doc && strncmp(text, "{s}", 3) != 0) {
			text++;
			continue;
		}
		value_mix_sub(&mix, from, (size_t)(text - from));
		if (is_doc) {
			value_mix_add(&mix, va_arg(args, struct doc *));
		} else {
			const char *literal = va_arg(args, const char *);

			value_mix_text(&mix, literal, strlen(literal));
		}
		text += 3;
		from = text;
	}
	va_end(args);
	value_mix_sub(&mix, from, (size_t)(text - from));
	return value_mix_end(&mix);
}

static void sub_names(const char *text, const struct doc *variables,
		      void (*see)(void *data, const char *id, size_t len),
		      void *data)
{
	const char *start;

	while ((start = strstr(text, "${"))) {
		const char *name = start + 2;
		const size_t len = strcspn(name, ".}");
		const size_t whole = strcspn(name, "}");
		bool own = false;

		for (size_t i = 0; variables && i < variables->count; i++) {
			const char *key = variables->members[i].key;

			own |= strlen(key) == whole &&
			       !strncmp(key, name, whole);
		}
		if (*name != '!' && !own)
			see(data, name, len);
		text = name;
	}
}

void value_each_name(const struct doc *doc,
		     void (*see)(void *data, const char *id, size_t len),
		     void *data)
{
	const char *function = value_function(doc);
	const struct doc *of = function ? doc->members[0].value : NULL;

	if (function && !strcmp(function, "Ref") && of->kind == DOC_STRING)
		see(data, of->text, strlen(of->text));
	if (function && !strcmp(function, "Fn::GetAtt")) {
		if (of->kind == DOC_LIST && of->count &&
		    of->items[0]->kind == DOC_STRING)
			see(data, of->items[0]->text,
			    strlen(of->items[0]->text));
		else if (of->kind == DOC_STRING)
			see(data, of->text, strcspn(of->text, "."));
	}
	if (function && !strcmp(function, "Fn::Sub")) {
		if (of->kind == DOC_STRING)
			sub_names(of->text, NULL, see, data);
		else if (of->kind == DOC_LIST && of->count == 2 &&
			 of->items[0]->kind == DOC_STRING)
			sub_names(of->items[0]->text, of->items[1], see, data);
	}
	for (size_t i = 0; i < doc->count; i++)
		value_each_name(doc->kind == DOC_LIST ? doc->items[i]
						      : doc->members[i].value,
				see, data);
}
