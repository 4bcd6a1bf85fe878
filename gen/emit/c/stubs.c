/* SPDX-License-Identifier: MIT */
#include "stubs.h"

#include "stub_fill.h"

#include <stdlib.h>
#include <string.h>

/* --- files ---------------------------------------------------------------- */

static bool comes_before(struct loc a, struct loc b)
{
	if (a.source != b.source)
		return a.source < b.source;
	if (a.line != b.line)
		return a.line < b.line;
	return a.column < b.column;
}

static int compare_handlers(const void *a, const void *b)
{
	const struct c_handler *const *left = a, *const *right = b;
	int order = strcmp((*left)->file, (*right)->file);

	if (order)
		return order;
	if (comes_before((*left)->loc, (*right)->loc))
		return -1;
	if (comes_before((*right)->loc, (*left)->loc))
		return 1;
	return strcmp((*left)->symbol, (*right)->symbol);
}

struct stubs emit_stub_files(const struct emit *emit)
{
	const struct c_code *code = c_code(emit);
	LIST(const struct c_handler *) sorted = { 0 };
	LIST(struct stub_file) files = { 0 };
	struct stub_file *file = NULL;

	for (size_t i = 0; i < code->handlers.count; i++)
		*LIST_ADD(code->arena, &sorted) = code->handlers.items[i];
	if (sorted.count)
		qsort(sorted.items, sorted.count, sizeof(*sorted.items),
		      compare_handlers);
	for (size_t i = 0; i < sorted.count; i++) {
		if (!file || strcmp(file->path, sorted.items[i]->file) != 0) {
			file = LIST_ADD(code->arena, &files);
			file->path = sorted.items[i]->file;
		}
		*LIST_ADD(code->arena, &file->symbols) =
			sorted.items[i]->symbol;
	}
	return (struct stubs){ code, files.items, files.count };
}

/* The headers of all handlers in a file, by name. */
static int compare_texts(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

static void put_includes(const struct c_code *code,
			 const struct stub_file *file, struct values *values)
{
	LIST(const char *) bases = { 0 };

	for (size_t i = 0; i < file->symbols.count; i++) {
		const struct c_handler *handler =
			c_handler(code, file->path, file->symbols.items[i]);
		const struct plan_api *api =
			handler->is_shared ? NULL : handler->apis.items[0];

		*LIST_ADD(code->arena, &bases) = c_unit(code, api)->base;
	}
	qsort(bases.items, bases.count, sizeof(*bases.items), compare_texts);
	for (size_t i = 0; i < bases.count; i++)
		if (!i || strcmp(bases.items[i], bases.items[i - 1]) != 0)
			values_text(values_item(values, "includes"), "base",
				    bases.items[i]);
}

/* --- one handler ------------------------------------------------------ */

static void put_unused(struct values *values, const char *name)
{
	values_text(values_item(values, "unused"), "name", name);
}

static void put_route_body(const struct c_code *code,
			   const struct plan_route *route,
			   struct values *values)
{
	put_unused(values, "call");
	if (route->message)
		put_unused(values, "msg");
	if (route->message && route->on_invalid == INVALID_HANDLER)
		put_unused(values, "invalid");
	if (route->reply &&
	    !stub_fill(code, c_message(code, route->reply->message), values))
		put_unused(values, "reply");
}

static void put_stub(const struct c_code *code, const struct c_handler *handler,
		     struct values *values)
{
	const struct plan_route *route =
		handler->kind == C_CALL ? handler->routes.items[0] : NULL;

	c_values_prototype(code, handler, values);
	values_list(values, "arrays");
	values_list(values, "unused");
	values_list(values, "fills");
	values_flag(values, "is_raw", handler->kind == C_RAW);
	values_flag(values, "is_untyped",
		    route && route->two_way && !route->reply);
	values_flag(values, "is_authorizer", handler->kind == C_AUTHORIZE);
	values_flag(values, "is_ok",
		    handler->kind != C_AUTHORIZE &&
			    handler->kind != C_SHUTDOWN);
	switch (handler->kind) {
	case C_CONNECT:
	case C_DISCONNECT:
		put_unused(values, "client");
		break;
	case C_CALL:
		put_route_body(code, route, values);
		break;
	case C_RAW:
		put_unused(values, "event");
		break;
	case C_AUTHORIZE:
	case C_INIT:
	case C_SHUTDOWN:
		break;
	}
}

/* --- all of them ---------------------------------------------------------- */

void emit_stub_text(const struct stubs *stubs, const struct stub_file *file,
		    const char *symbol, struct buf *out)
{
	const struct c_code *code = stubs->code;
	struct values *values = values_new(code->arena);

	put_stub(code, c_handler(code, file->path, symbol), values);
	render(code->emit->render, "c/stub.c.tmpl", values, out);
}

void emit_stub_head(const struct stubs *stubs, const struct stub_file *file,
		    struct buf *out)
{
	const struct c_code *code = stubs->code;
	struct values *values = values_new(code->arena);

	values_printf(values, "head",
		      "Started by wsgen from %s. Yours now: wsgen never writes "
		      "it again.",
		      code->source);
	put_includes(code, file, values);
	values_list(values, "stubs");
	render(code->emit->render, "c/stubs.c.tmpl", values, out);
}

void emit_stubs(const struct emit *emit)
{
	const struct stubs stubs = emit_stub_files(emit);
	const struct c_code *code = stubs.code;

	for (size_t i = 0; i < stubs.count; i++) {
		const struct stub_file *file = &stubs.items[i];
		struct values *values = values_new(emit->arena);

		values_printf(values, "head",
			      "Generated by wsgen from %s: stands in until %s "
			      "is there.",
			      code->source, file->path);
		put_includes(code, file, values);
		values_list(values, "stubs");
		for (size_t j = 0; j < file->symbols.count; j++) {
			struct buf text;

			buf_init(&text, emit->arena);
			emit_stub_text(&stubs, file, file->symbols.items[j],
				       &text);
			values_text(values_item(values, "stubs"), "text",
				    text.text);
		}
		emit_render(emit, "c/stubs.c.tmpl", values,
			    arena_printf(emit->arena, "stubs/%s", file->path));
	}
}
