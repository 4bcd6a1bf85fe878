/* SPDX-License-Identifier: MIT */
/* show.c - wsgen show SPEC... [THING]: what a spec comes to. */
#include "cli.h"

#include "show.h"

#include "../base/buf.h"

#include <string.h>

struct view {
	const char *name;
	struct table *(*make)(struct arena *arena, const struct plan *plan);
	bool usual; /* shown when nothing is asked for by name */
};

static const struct view views[] = {
	{ "routes", show_routes, true },
	{ "functions", show_functions, true },
	{ "messages", show_messages, false },
	{ "permissions", show_permissions, false },
	{ "ids", show_ids, false },
	{ "arns", show_arns, false },
};

#define VIEW_COUNT (sizeof(views) / sizeof(views[0]))

/* Asked for by an option, as it takes the emitters to work it out. */
static const struct view budget = { "budget", show_budget, false };

static const struct view *find_view(const char *name)
{
	for (size_t i = 0; i < VIEW_COUNT; i++)
		if (!strcmp(views[i].name, name))
			return &views[i];
	return NULL;
}

static void print_json(struct cli *cli, const struct doc *doc)
{
	struct buf text;

	buf_init(&text, cli->arena);
	doc_print_json(&text, doc);
	fprintf(cli->out, "%s\n", text.text);
}

/* One view, or NULL: as JSON all of them, for people the usual ones. */
static void print(struct cli *cli, const struct plan *plan,
		  const struct view *wanted)
{
	struct doc *doc = doc_map(cli->arena);
	bool json = cli->given[CLI_JSON];

	for (size_t i = 0; i < (wanted ? 1 : VIEW_COUNT); i++) {
		const struct view *view = wanted ? wanted : &views[i];
		struct table *table;

		if (!wanted && !json && !view->usual)
			continue;
		table = view->make(cli->arena, plan);
		if (!json && doc->count)
			fputc('\n', cli->out);
		if (!json)
			table_print(table, cli->out);
		doc_set(cli->arena, doc, table->name, table_doc(table));
	}
	if (json)
		print_json(cli, doc);
}

static int show(struct cli *cli, const struct compile *compile,
		const struct view *wanted)
{
	const char *graph = cli->values[CLI_GRAPH];

	if (graph && !strcmp(graph, "dot"))
		show_dot(cli->arena, compile->plan, cli->out);
	else if (graph)
		show_mermaid(cli->arena, compile->plan, cli->out);
	else if (cli->given[CLI_BUDGET])
		print(cli, compile->plan, &budget);
	else
		print(cli, compile->plan, wanted);
	return CLI_DONE;
}

/* The last operand may name a view; a spec is a path, so they differ. */
static int take_view(struct cli *cli, const struct view **wanted)
{
	const char *names[VIEW_COUNT];
	const char *last = cli->operands.items[cli->operands.count - 1];
	const char *nearest;

	if (cli->operands.count == 1 || strpbrk(last, "./") ||
	    !strcmp(last, "-"))
		return CLI_DONE;
	*wanted = find_view(last);
	if (*wanted) {
		cli->operands.count--;
		return CLI_DONE;
	}
	for (size_t i = 0; i < VIEW_COUNT; i++)
		names[i] = views[i].name;
	nearest = diag_nearest(last, names, VIEW_COUNT);
	if (nearest)
		return cli_usage(cli, "cannot show '%s': did you mean '%s'?",
				 last, nearest);
	return cli_usage(cli, "cannot show '%s'", last);
}

int cli_show(struct cli *cli)
{
	const struct view *wanted = NULL;
	struct compile compile = { 0 };
	struct compile_options options = { .until = COMPILE_PLAN };
	int exit_code = take_view(cli, &wanted);

	if (exit_code != CLI_DONE)
		return exit_code;
	exit_code = cli_compile(cli, &compile, &options);
	if (exit_code == CLI_DONE)
		exit_code = show(cli, &compile, wanted);
	compile_release(&compile);
	return exit_code;
}
