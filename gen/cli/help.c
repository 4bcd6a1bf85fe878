/* SPDX-License-Identifier: MIT */
/* help.c - --help, from the tables. The overview has to fit a screen. */
#include "cli.h"

#include <string.h>

#define OPTION_COLUMN 26

static void option_line(FILE *out, const struct cli_option *option)
{
	char left[64];
	int len;

	len = snprintf(left, sizeof(left), "  %c%c%s --%s%s%s",
		       option->letter ? '-' : ' ',
		       option->letter ? option->letter : ' ',
		       option->letter ? "," : " ", option->name,
		       option->argument ? " " : "",
		       option->argument ? option->argument : "");
	fprintf(out, "%-*s", OPTION_COLUMN, left);
	if (len >= OPTION_COLUMN)
		fprintf(out, "\n%*s", OPTION_COLUMN, "");
	fputs(option->doc, out);
	if (option->allowed && !strstr(option->doc, option->allowed) &&
	    strlen(option->doc) + strlen(option->allowed) < 50)
		fprintf(out, ": %s", option->allowed);
	fputc('\n', out);
}

void cli_help(FILE *out, const struct cli_command *command)
{
	fprintf(out, "wsgen %s%s%s [OPTIONS]\n%s\n", command->name,
		*command->operands ? " " : "", command->operands, command->doc);
	if (command->more)
		fprintf(out, "\n%s\n", command->more);
	fputs("\nOptions:\n", out);
	for (size_t i = 0; i < CLI_OPTION_COUNT; i++)
		if (command->options & CLI_BIT(i))
			option_line(out, &cli_options[i]);
}

/* What most people use; a command's own --help has the rest. */
static const enum cli_option_id overview[] = {
	CLI_OUTPUT,	  CLI_EMIT,  CLI_FORMAT,      CLI_DEPFILE,
	CLI_LIST_OUTPUTS, CLI_CHECK, CLI_DIAGNOSTICS,
};

void cli_overview(FILE *out)
{
	fputs("wsgen SPEC... [-o DIR]: one YAML spec to C, IAM, "
	      "CloudFormation and make rules\n\nCommands:\n",
	      out);
	for (size_t i = 0; i < cli_command_count; i++) {
		const struct cli_command *command = &cli_commands[i];
		char left[64];

		if (command->hidden)
			continue;
		snprintf(left, sizeof(left), "  %s %s", command->name,
			 command->operands);
		fprintf(out, "%-*s%s\n", OPTION_COLUMN, left, command->doc);
	}
	fputs("\nOptions of generate, which runs when no command is named:\n",
	      out);
	for (size_t i = 0; i < sizeof(overview) / sizeof(*overview); i++)
		option_line(out, &cli_options[overview[i]]);
	fputs("\n'wsgen COMMAND --help' has all options, 'wsgen explain' the "
	      "spec's keys.\nExit codes: 0 done, 1 the spec is wrong, "
	      "2 usage, 3 the system failed.\n",
	      out);
}
