/* SPDX-License-Identifier: MIT */
/* run.c - what the commands that read a spec have in common. */
#include "cli.h"

#include "../diag_print.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool wants_color(const struct cli *cli)
{
	const char *when = cli->values[CLI_COLOR];
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (when && strcmp(when, "auto") != 0)
		return !strcmp(when, "always");
	if (no_color && *no_color)
		return false;
	if (term && !strcmp(term, "dumb"))
		return false;
	return isatty(fileno(cli->err));
}

static void print_diagnostics(struct cli *cli, const struct diag *diag)
{
	const char *format = cli->values[CLI_DIAGNOSTICS];

	if (format && !strcmp(format, "json"))
		diag_print(diag, cli->out, DIAG_JSON, false);
	else if (format && !strcmp(format, "sarif"))
		diag_print(diag, cli->out, DIAG_SARIF, false);
	else if (diag->errors || !cli->given[CLI_QUIET])
		diag_print(diag, cli->err, DIAG_TEXT, wants_color(cli));
}

int cli_compile(struct cli *cli, struct compile *compile_state,
		struct compile_options *options)
{
	enum compile_result result;

	options->specs = cli->operands.items;
	options->spec_count = cli->operands.count;
	options->stage = cli->values[CLI_STAGE];
	options->params = cli->params.items;
	options->param_count = cli->params.count;
	options->templates = cli->values[CLI_TEMPLATES];
	result = compile(compile_state, options);
	print_diagnostics(cli, &compile_state->diag);
	return (int)result;
}
