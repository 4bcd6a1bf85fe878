/* SPDX-License-Identifier: MIT */
/*
 * make.c - wsgen.mk: which functions there are and what each is built from;
 * and wsgen-rules.mk, which it includes: the same for every spec.
 */
#include "make.h"

#include "emit.h"

#include "../plan/names.h"

#include <string.h>

/* Once for each thing that is wrong: functions may share a file. */
static void check_word(const struct emit *emit, struct map *seen,
		       struct loc loc, const char *what, const char *text)
{
	const char *bad = text + strcspn(text, MAKE_HOSTILE);

	if (!*bad || map_put(seen, text, (void *)text))
		return;
	diag_error(emit->diag, loc,
		   "%s '%s' has a '%c' in it, which make cannot handle", what,
		   text, *bad);
}

static struct loc file_loc(const struct plan_function *function,
			   const char *file)
{
	for (size_t i = 0; i < function->routes.count; i++) {
		const struct plan_handler *handler =
			&function->routes.items[i]->handler;

		if (handler->file && !strcmp(handler->file, file))
			return handler->loc;
	}
	return function->loc;
}

static void check_function(const struct emit *emit, struct map *seen,
			   const struct plan_function *function)
{
	const struct function *props = function->props;

	for (size_t i = 0; i < function->files.count; i++)
		check_word(emit, seen,
			   file_loc(function, function->files.items[i]),
			   "the path", function->files.items[i]);
	if (!props)
		return;
	for (size_t i = 0; i < props->sources.count; i++)
		check_word(emit, seen, props->sources.items[i].loc, "the path",
			   props->sources.items[i].s);
	for (size_t i = 0; i < props->libraries.count; i++)
		check_word(emit, seen, props->libraries.items[i].loc,
			   "the library", props->libraries.items[i].s);
}

static void path_value(struct values *values, const char *list,
		       const char *path)
{
	values_text(values_item(values, list), "path", path);
}

/* The generated sources, under the names that emit/c gives them. Each
 * function gets all: the linker drops what it does not call. */
static void made_values(const struct emit *emit, struct values *values)
{
	const struct plan *plan = emit->plan;

	values_list(values, "made");
	if (plan->spec->has_apis || !plan->apis.count)
		path_value(values, "made",
			   arena_printf(emit->arena, "%s-shared.c",
					name_snake(emit->arena, plan->name)));
	for (size_t i = 0; i < plan->apis.count; i++)
		path_value(values, "made",
			   arena_printf(emit->arena, "%s.c",
					plan->apis.items[i].prefix));
}

static void function_values(const struct emit *emit,
			    const struct plan_function *function,
			    struct values *values)
{
	const struct function *props = function->props;

	values_text(values, "name", function->name);
	values_text(values, "architecture", props->architecture.s);
	made_values(emit, values);
	values_list(values, "files");
	for (size_t i = 0; i < function->files.count; i++)
		path_value(values, "files", function->files.items[i]);
	values_list(values, "sources");
	values_list(values, "libraries");
	for (size_t i = 0; i < props->sources.count; i++)
		path_value(values, "sources", props->sources.items[i].s);
	for (size_t i = 0; i < props->libraries.count; i++)
		path_value(values, "libraries", props->libraries.items[i].s);
}

void emit_make(const struct emit *emit)
{
	const struct plan *plan = emit->plan;
	struct values *values = values_new(emit->arena);
	struct map seen = { .arena = emit->arena };

	for (size_t i = 0; i < plan->functions.count; i++)
		check_function(emit, &seen, plan->functions.items[i]);
	check_word(emit, &seen, plan->spec->loc,
		   "the way from the output to the spec", emit->source_dir);
	if (emit->diag->errors)
		return;
	values_text(values, "source_dir", emit->source_dir);
	values_list(values, "functions");
	for (size_t i = 0; i < plan->functions.count; i++)
		function_values(emit, plan->functions.items[i],
				values_item(values, "functions"));
	emit_render(emit, "make/wsgen.mk.tmpl", values, "wsgen.mk");
	emit_copy(emit, "make/wsgen-rules.mk", "wsgen-rules.mk");
}
