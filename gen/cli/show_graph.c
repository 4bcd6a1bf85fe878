/* SPDX-License-Identifier: MIT */
/* show_graph.c - wsgen show --graph: routes, functions, what these may do. */
#include "show.h"

#include "../base/buf.h"

#include <string.h>

/* Inside of a label in double quotes, as the one or the other reads it. */
static const char *label(struct arena *arena, const char *text, bool mermaid)
{
	struct buf out;

	buf_init(&out, arena);
	for (; *text; text++) {
		if (!mermaid && strchr("\"\\", *text))
			buf_printf(&out, "\\%c", *text);
		else if (mermaid && strchr("\"#<>&`", *text))
			buf_printf(&out, "#%d;", *text);
		else
			buf_char(&out, *text);
	}
	return out.text;
}

struct graph {
	struct arena *arena;
	FILE *out;
	bool mermaid;
};

static void node(struct graph *graph, const char *kind, size_t number,
		 const char *text, const char *open, const char *close,
		 const char *shape)
{
	text = label(graph->arena, text, graph->mermaid);
	if (graph->mermaid)
		fprintf(graph->out, "    %s%zu%s\"%s\"%s\n", kind, number, open,
			text, close);
	else
		fprintf(graph->out, "    %s%zu [label=\"%s\", shape=%s];\n",
			kind, number, text, shape);
}

static void edge(struct graph *graph, const char *from, size_t a,
		 const char *to, size_t b)
{
	fprintf(graph->out, "    %s%zu %s %s%zu%s\n", from, a,
		graph->mermaid ? "-->" : "->", to, b,
		graph->mermaid ? "" : ";");
}

static const char *statement_text(struct arena *arena,
				  const struct plan_statement *statement)
{
	struct buf out;

	buf_init(&out, arena);
	for (size_t i = 0; i < statement->actions.count; i++)
		buf_printf(&out, "%s%s", i ? ", " : "",
			   statement->actions.items[i]);
	for (size_t i = 0; i < statement->resources.count; i++)
		buf_printf(&out, "%s%s", i ? ", " : " on ",
			   show_value(arena, statement->resources.items[i]));
	return out.text;
}

static size_t function_number(const struct plan *plan,
			      const struct plan_function *function)
{
	size_t i = 0;

	while (plan->functions.items[i] != function)
		i++;
	return i;
}

static void draw(struct graph *graph, const struct plan *plan)
{
	size_t routes = 0, statements = 0;

	for (size_t i = 0; i < plan->functions.count; i++) {
		const struct plan_function *function = plan->functions.items[i];

		node(graph, "f", i, function->name, "[", "]", "box");
		for (size_t s = 0; s < function->statements.count; s++) {
			node(graph, "p", statements,
			     statement_text(graph->arena,
					    &function->statements.items[s]),
			     "[/", "/]", "note");
			edge(graph, "f", i, "p", statements++);
		}
	}
	for (size_t a = 0; a < plan->apis.count; a++)
		for (size_t r = 0; r < plan->apis.items[a].routes.count; r++) {
			const struct plan_route *route =
				&plan->apis.items[a].routes.items[r];

			node(graph, "r", routes, route->key, "([", "])",
			     "oval");
			if (route->function)
				edge(graph, "r", routes, "f",
				     function_number(plan, route->function));
			routes++;
		}
}

void show_mermaid(struct arena *arena, const struct plan *plan, FILE *out)
{
	struct graph graph = { arena, out, true };

	fputs("flowchart LR\n", out);
	draw(&graph, plan);
}

void show_dot(struct arena *arena, const struct plan *plan, FILE *out)
{
	struct graph graph = { arena, out, false };

	fputs("digraph wsgen {\n    rankdir=LR;\n", out);
	draw(&graph, plan);
	fputs("}\n", out);
}
