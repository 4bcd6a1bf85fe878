/* SPDX-License-Identifier: MIT */
/* man.c - wsgen man: the man page, from the same tables as --help. */
#include "cli.h"

/* roff reads '-' as a hyphen, '\' as an escape, a leading '.' or ''' as a
 * request. */
static void roff(FILE *out, const char *text)
{
	bool at_start = true;

	for (; *text; text++) {
		if (at_start && (*text == '.' || *text == '\''))
			fputs("\\&", out);
		if (*text == '-')
			fputs("\\-", out);
		else if (*text == '\\')
			fputs("\\e", out);
		else
			fputc(*text, out);
		at_start = *text == '\n';
	}
}

static void option(FILE *out, const struct cli_option *option)
{
	fputs(".TP\n", out);
	if (option->letter)
		fprintf(out, "\\fB\\-%c\\fR, ", option->letter);
	fputs("\\fB\\-\\-", out);
	roff(out, option->name);
	fputs("\\fR", out);
	if (option->argument)
		fprintf(out, " \\fI%s\\fR", option->argument);
	fputc('\n', out);
	roff(out, option->doc);
	fputc('\n', out);
	if (option->allowed) {
		fputs("(", out);
		roff(out, option->allowed);
		fputs(")\n", out);
	}
}

static void command(FILE *out, const struct cli_command *command)
{
	fputs(".SS wsgen ", out);
	roff(out, command->name);
	fprintf(out, "%s", *command->operands ? " " : "");
	roff(out, command->operands);
	fputs("\n", out);
	roff(out, command->doc);
	fputs(".\n", out);
	if (command->more) {
		fputs(".PP\n", out);
		roff(out, command->more);
		fputs("\n", out);
	}
	for (size_t i = 0; i < CLI_OPTION_COUNT; i++)
		if (command->options & CLI_BIT(i))
			option(out, &cli_options[i]);
}

int cli_man(struct cli *cli)
{
	FILE *out = cli->out;

	fputs(".TH WSGEN 1 \"\" \"wsgen " WSGEN_VERSION "\"\n"
	      ".SH NAME\n"
	      "wsgen \\- one YAML spec of API Gateway routes to C, IAM and "
	      "CloudFormation\n"
	      ".SH SYNOPSIS\n"
	      ".B wsgen\n\\fISPEC\\fR... [\\fB\\-o\\fR \\fIDIR\\fR]\n.br\n"
	      ".B wsgen\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR] ...\n"
	      ".SH DESCRIPTION\n"
	      "wsgen reads a spec of WebSocket routes, checks it, and writes\n"
	      "the C that reads and answers their messages, the IAM policies\n"
	      "and the CloudFormation template that deploy it, and the make\n"
	      "rules that build it. Handlers are C functions of your own.\n"
	      ".PP\n"
	      "The language of the spec is explained by \\fBwsgen "
	      "explain\\fR.\n"
	      ".SH COMMANDS\n",
	      out);
	for (size_t i = 0; i < cli_command_count; i++)
		if (!cli_commands[i].hidden)
			command(out, &cli_commands[i]);
	fputs(".SH EXIT STATUS\n"
	      ".TP\n0\ndone\n"
	      ".TP\n1\nthe spec is wrong, or with \\fB\\-\\-check\\fR the "
	      "output is stale\n"
	      ".TP\n2\nthe command line is wrong\n"
	      ".TP\n3\nthe system failed: a full disk, an unreadable file\n"
	      ".SH ENVIRONMENT\n"
	      ".TP\nNO_COLOR\nwhen set, errors are not coloured\n"
	      ".SH EXAMPLES\n"
	      ".nf\nwsgen new hello && make \\-C hello\n"
	      "wsgen chat.yaml \\-o build/\n"
	      "wsgen explain route.handler\n.fi\n",
	      out);
	return CLI_DONE;
}
