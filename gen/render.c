/* SPDX-License-Identifier: MIT */
#include "render.h"

#include "base/format.h"
#include "base/map.h"
#include "doc.h"
#include "render/quote.h"
#include "render/template.h"
#include "render/wrap.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum value_kind { VALUE_TEXT, VALUE_FLAG, VALUE_LIST };

struct value {
	struct value *next;
	const char *name;
	size_t name_len;
	enum value_kind kind;
	bool on;
	const char *text; /* or NULL */
	LIST(struct values *) items;
};

struct values {
	struct arena *arena;
	struct value *first;
};

/* An element inside the values around it. */
struct scope {
	const struct scope *outer;
	const struct values *values;
	bool first, last;
};

struct run {
	const struct template *template;
	struct buf *out;
};

struct values *values_new(struct arena *arena)
{
	struct values *values = ARENA_NEW(arena, struct values);

	values->arena = arena;
	return values;
}

static struct value *find_value(const struct values *values, const char *name,
				size_t len)
{
	struct value *value = values->first;

	while (value &&
	       (value->name_len != len || memcmp(value->name, name, len)))
		value = value->next;
	return value;
}

static struct value *add_value(struct values *values, const char *name,
			       enum value_kind kind)
{
	struct value *value = ARENA_NEW(values->arena, struct value);

	assert(!find_value(values, name, strlen(name)));
	value->name = name;
	value->name_len = strlen(name);
	value->kind = kind;
	value->next = values->first;
	values->first = value;
	return value;
}

void values_text(struct values *values, const char *name, const char *text)
{
	add_value(values, name, VALUE_TEXT)->text = text;
}

void values_printf(struct values *values, const char *name, const char *format,
		   ...)
{
	va_list args, again;
	char *text;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = format_text(NULL, 0, format, args);
	va_end(args);
	assert(len >= 0);
	text = arena_alloc(values->arena, (size_t)len + 1);
	format_text(text, (size_t)len + 1, format, again);
	va_end(again);
	values_text(values, name, text);
}

void values_flag(struct values *values, const char *name, bool on)
{
	add_value(values, name, VALUE_FLAG)->on = on;
}

void values_list(struct values *values, const char *name)
{
	add_value(values, name, VALUE_LIST);
}

struct values *values_item(struct values *values, const char *name)
{
	struct value *list = find_value(values, name, strlen(name));
	struct values *item = values_new(values->arena);

	if (!list)
		list = add_value(values, name, VALUE_LIST);
	assert(list->kind == VALUE_LIST);
	*LIST_ADD(values->arena, &list->items) = item;
	return item;
}

void render_init(struct render *render, struct arena *arena, const char *dir)
{
	*render = (struct render){ .arena = arena, .dir = dir };
	render->parsed = ARENA_NEW(arena, struct map);
	render->parsed->arena = arena;
	render->wrapper = wrap_new(arena);
}

static int compare_names(const void *name, const void *file)
{
	return strcmp(name, ((const struct template_file *)file)->name);
}

/* DIR/name, or NULL when there is no such file. */
static const char *read_override(const struct render *render, const char *name,
				 size_t *len)
{
	const char *path =
		arena_printf(render->arena, "%s/%s", render->dir, name);
	FILE *file = fopen(path, "rb");
	struct buf text;
	char part[4096];
	size_t got;

	if (!file && (errno == ENOENT || errno == ENOTDIR))
		return NULL;
	buf_init(&text, render->arena);
	while (file && (got = fread(part, 1, sizeof(part), file)))
		buf_add_n(&text, part, got);
	if (!file || ferror(file)) {
		fprintf(stderr, "wsgen: %s: %s\n", path, strerror(errno));
		exit(3);
	}
	fclose(file);
	*len = text.len;
	return text.text;
}

const char *template_text(const struct render *render, const char *name,
			  size_t *len)
{
	const struct template_file *file;
	const char *text;

	if (render->dir && (text = read_override(render, name, len)))
		return text;
	file = bsearch(name, template_files, template_file_count,
		       sizeof(*template_files), compare_names);
	if (!file)
		return NULL;
	*len = file->len;
	return (const char *)file->text;
}

const char *template_next(const char *prefix, const char *previous)
{
	const char *after = previous ? previous : "";
	size_t low = 0, high = template_file_count;

	if (strcmp(prefix, after) > 0 && !previous)
		after = prefix;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(template_files[middle].name, after);

		if (order < 0 || (order == 0 && previous))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == template_file_count ||
	    strncmp(template_files[low].name, prefix, strlen(prefix)) != 0)
		return NULL;
	return template_files[low].name;
}

static const struct template *find_template(const struct render *render,
					    const char *name)
{
	struct template *template = map_get(render->parsed, name);
	const char *text;
	size_t len = 0;

	if (template)
		return template;
	text = template_text(render, name, &len);
	if (!text)
		template_fail(name, 0, "there is no such template");
	template = template_parse(render->arena, name, text, len);
	map_put(render->parsed, template->name, template);
	return template;
}

static bool is_named(const struct step *step, const char *name)
{
	return step->name_len == strlen(name) &&
	       !memcmp(step->name, name, step->name_len);
}

static const struct value *look_up(const struct run *run,
				   const struct step *step,
				   const struct scope *scope)
{
	for (; scope; scope = scope->outer) {
		const struct value *value =
			find_value(scope->values, step->name, step->name_len);

		if (value)
			return value;
	}
	template_fail(run->template->name, step->line, "no value for '%.*s'",
		      (int)step->name_len, step->name);
}

static bool is_on(const struct run *run, const struct step *step,
		  const struct scope *scope)
{
	const struct value *value;

	if (scope->outer && is_named(step, "first"))
		return scope->first;
	if (scope->outer && is_named(step, "last"))
		return scope->last;
	value = look_up(run, step, scope);
	switch (value->kind) {
	case VALUE_TEXT:
		return value->text && *value->text;
	case VALUE_FLAG:
		return value->on;
	case VALUE_LIST:
		return value->items.count;
	}
	return false;
}

static void fill_hole(const struct run *run, const struct step *step,
		      const struct scope *scope)
{
	const struct value *value = look_up(run, step, scope);
	const char *text = value->text;

	if (value->kind != VALUE_TEXT ||
	    (!text && step->quoting != QUOTE_BLOCK))
		template_fail(run->template->name, step->line,
			      "'%.*s' is no text", (int)step->name_len,
			      step->name);
	switch (step->quoting) {
	case QUOTE_RAW:
		buf_add(run->out, text);
		break;
	case QUOTE_C:
		quote_c(run->out, text);
		break;
	case QUOTE_COMMENT:
		wrap_comment(run->out, text);
		break;
	case QUOTE_BLOCK:
		if (text && text[strspn(text, " \t\r\n")])
			wrap_block(run->out, step->text, step->text_len, text);
		break;
	case QUOTE_JSON:
		doc_json_inside(run->out, text);
		break;
	case QUOTE_YAML:
		doc_yaml_scalar(run->out, text);
		break;
	case QUOTE_MAKE:
		quote_make(run->out, text);
		break;
	case QUOTE_RECIPE:
		quote_recipe(run->out, text);
		break;
	case QUOTE_SHELL:
		quote_shell(run->out, text);
		break;
	case QUOTE_TARGET:
		quote_make_target(run->out, text);
		break;
	}
}

static void run_steps(const struct run *run, size_t from, size_t to,
		      const struct scope *scope);

static void run_loop(const struct run *run, size_t at,
		     const struct scope *outer)
{
	const struct step *step = &run->template->steps.items[at];
	const struct value *list = look_up(run, step, outer);

	if (list->kind != VALUE_LIST)
		template_fail(run->template->name, step->line,
			      "'%.*s' is no list", (int)step->name_len,
			      step->name);
	for (size_t i = 0; i < list->items.count; i++) {
		struct scope scope = {
			.outer = outer,
			.values = list->items.items[i],
			.first = i == 0,
			.last = i + 1 == list->items.count,
		};

		run_steps(run, at + 1, step->next, &scope);
	}
}

static void run_steps(const struct run *run, size_t from, size_t to,
		      const struct scope *scope)
{
	for (size_t i = from; i < to; i++) {
		const struct step *step = &run->template->steps.items[i];

		switch (step->kind) {
		case STEP_TEXT:
			buf_add_n(run->out, step->text, step->text_len);
			break;
		case STEP_HOLE:
			fill_hole(run, step, scope);
			break;
		case STEP_COMMA:
			if (!scope->last)
				buf_add_n(run->out, step->text, step->text_len);
			break;
		case STEP_FOR:
			run_loop(run, i, scope);
			i = step->next;
			break;
		case STEP_IF:
			if (!is_on(run, step, scope))
				i = step->next;
			break;
		case STEP_ELSE: /* the end of what @if@ had on */
			i = step->next;
			break;
		case STEP_END:
			break;
		}
	}
}

static bool ends_with(const char *name, const char *end)
{
	size_t name_len = strlen(name), len = strlen(end);

	return name_len >= len && !strcmp(name + name_len - len, end);
}

void render(const struct render *render, const char *name,
	    const struct values *values, struct buf *out)
{
	const struct run run = { find_template(render, name), out };
	const struct scope scope = { .values = values };
	size_t from = out->len;

	run_steps(&run, 0, run.template->steps.count, &scope);
	if (ends_with(name, ".c.tmpl") || ends_with(name, ".h.tmpl"))
		wrap_c(render->wrapper, out, from);
}
