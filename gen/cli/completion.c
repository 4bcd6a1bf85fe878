/* SPDX-License-Identifier: MIT */
/*
 * completion.c - wsgen completion SHELL. The scripts are short tables in the
 * shell's own words; what they hold is all from commands.c.
 */
#include "cli.h"

#include "../base/buf.h"

#include <string.h>

static bool takes(const struct cli_command *command, size_t option)
{
	return command->options & CLI_BIT(option);
}

/* "a|b|c" as "a b c". */
static void choices(FILE *out, const char *allowed)
{
	for (; *allowed; allowed++)
		fputc(*allowed == '|' ? ' ' : *allowed, out);
}

static bool is_path(const struct cli_option *option)
{
	return option->argument && (!strcmp(option->argument, "DIR") ||
				    !strcmp(option->argument, "FILE"));
}

static void bash_options(FILE *out, const struct cli_command *command)
{
	for (size_t i = 0; i < CLI_OPTION_COUNT; i++)
		if (takes(command, i))
			fprintf(out, " --%s", cli_options[i].name);
}

static void bash(FILE *out)
{
	fputs("# bash completion for wsgen\n_wsgen()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} "
	      "prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	      "\tlocal command=${COMP_WORDS[1]} words=\n"
	      "\tcompopt -o default\n\tCOMPREPLY=()\n"
	      "\tcase $prev in\n",
	      out);
	for (size_t i = 0; i < CLI_OPTION_COUNT; i++) {
		if (!cli_options[i].argument)
			continue;
		fprintf(out, "\t--%s)\n\t\twords='", cli_options[i].name);
		if (cli_options[i].allowed)
			choices(out, cli_options[i].allowed);
		fputs("'\n\t\tCOMPREPLY=($(compgen -W \"$words\" -- "
		      "\"$cur\"))\n\t\treturn\n\t\t;;\n",
		      out);
	}
	fputs("\tesac\n\tcase $command in\n", out);
	for (size_t i = 1; i < cli_command_count; i++) {
		if (cli_commands[i].hidden)
			continue;
		fprintf(out, "\t%s) words='", cli_commands[i].name);
		bash_options(out, &cli_commands[i]);
		fputs("' ;;\n", out);
	}
	fputs("\t*) words='", out);
	bash_options(out, cli_commands);
	fputs("' ;;\n\tesac\n"
	      "\tif [[ $command == completion && $cur != -* ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W 'bash zsh fish' -- \"$cur\"))\n"
	      "\telif [[ $cur == -* ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	      "\telif ((COMP_CWORD == 1)); then\n"
	      "\t\tCOMPREPLY=($(compgen -W '",
	      out);
	for (size_t i = 0; i < cli_command_count; i++)
		if (!cli_commands[i].hidden)
			fprintf(out, " %s", cli_commands[i].name);
	fputs("' -- \"$cur\")\n\t\t\t   $(compgen -f -- \"$cur\"))\n\tfi\n}\n"
	      "complete -F _wsgen wsgen\n",
	      out);
}

/* A text inside single quotes that also has no brackets and colons. */
static const char *zsh_words(struct arena *arena, const char *text)
{
	struct buf out;

	buf_init(&out, arena);
	for (; *text; text++) {
		if (*text == '\'')
			buf_add(&out, "'\\''");
		else if (strchr("[]:", *text))
			buf_printf(&out, "\\%c", *text);
		else
			buf_char(&out, *text);
	}
	return out.text;
}

static void zsh_option(struct cli *cli, const struct cli_option *option)
{
	fprintf(cli->out, "\t\t\t'--%s%s[%s]", option->name,
		option->argument ? "=" : "",
		zsh_words(cli->arena, option->doc));
	if (option->allowed) {
		fprintf(cli->out, ":%s:(", option->argument);
		choices(cli->out, option->allowed);
		fputc(')', cli->out);
	} else if (option->argument) {
		fprintf(cli->out, ":%s:%s", option->argument,
			is_path(option) ? "_files" : "");
	}
	fputs("' \\\n", cli->out);
}

static void zsh(struct cli *cli)
{
	fputs("#compdef wsgen\n_wsgen() {\n\tlocal -a commands\n"
	      "\tcommands=(\n",
	      cli->out);
	for (size_t i = 0; i < cli_command_count; i++)
		if (!cli_commands[i].hidden)
			fprintf(cli->out, "\t\t'%s:%s'\n", cli_commands[i].name,
				zsh_words(cli->arena, cli_commands[i].doc));
	fputs("\t)\n\tif ((CURRENT == 2)) && [[ $PREFIX != -* ]]; then\n"
	      "\t\t_describe command commands\n\t\t_files\n\t\treturn\n\tfi\n"
	      "\tcase ${words[2]} in\n",
	      cli->out);
	for (size_t i = cli_command_count; i-- > 0;) {
		const struct cli_command *command = &cli_commands[i];

		if (command->hidden)
			continue;
		fprintf(cli->out, "\t%s)\n\t\t_arguments \\\n",
			i ? command->name : "*");
		for (size_t o = 0; o < CLI_OPTION_COUNT; o++)
			if (takes(command, o))
				zsh_option(cli, &cli_options[o]);
		fputs(!strcmp(command->name, "completion")
			      ? "\t\t\t'*:shell:(bash zsh fish)'\n\t\t;;\n"
			      : "\t\t\t'*:file:_files'\n\t\t;;\n",
		      cli->out);
	}
	fputs("\tesac\n}\n"
	      "if [[ $funcstack[1] == _wsgen ]]; then\n\t_wsgen \"$@\"\n"
	      "else\n\tcompdef _wsgen wsgen\nfi\n",
	      cli->out);
}

static const char *fish_words(struct arena *arena, const char *text)
{
	struct buf out;

	buf_init(&out, arena);
	for (; *text; text++) {
		if (strchr("'\\", *text))
			buf_char(&out, '\\');
		buf_char(&out, *text);
	}
	return out.text;
}

static void fish_option(struct cli *cli, const struct cli_command *command,
			const struct cli_option *option)
{
	if (command == cli_commands)
		fputs("complete -c wsgen -n 'not __fish_seen_subcommand_from "
		      "$wsgen_commands'",
		      cli->out);
	else
		fprintf(cli->out,
			"complete -c wsgen -n '__fish_seen_subcommand_from "
			"%s'",
			command->name);
	if (option->letter)
		fprintf(cli->out, " -s %c", option->letter);
	fprintf(cli->out, " -l %s", option->name);
	if (option->allowed) {
		fputs(" -x -a '", cli->out);
		choices(cli->out, option->allowed);
		fputc('\'', cli->out);
	} else if (option->argument) {
		fputs(is_path(option) ? " -r" : " -x", cli->out);
	}
	fprintf(cli->out, " -d '%s'\n", fish_words(cli->arena, option->doc));
}

static void fish(struct cli *cli)
{
	fputs("# fish completion for wsgen\nset -g wsgen_commands", cli->out);
	for (size_t i = 1; i < cli_command_count; i++)
		if (!cli_commands[i].hidden)
			fprintf(cli->out, " %s", cli_commands[i].name);
	fputc('\n', cli->out);
	for (size_t i = 0; i < cli_command_count; i++) {
		const struct cli_command *command = &cli_commands[i];

		if (command->hidden)
			continue;
		fprintf(cli->out,
			"complete -c wsgen -n __fish_use_subcommand -a %s "
			"-d '%s'\n",
			command->name, fish_words(cli->arena, command->doc));
		for (size_t o = 0; o < CLI_OPTION_COUNT; o++)
			if (takes(command, o))
				fish_option(cli, command, &cli_options[o]);
	}
	fputs("complete -c wsgen -n '__fish_seen_subcommand_from completion' "
	      "-f -a 'bash zsh fish'\n",
	      cli->out);
}

int cli_completion(struct cli *cli)
{
	static const char *const shells[] = { "bash", "zsh", "fish" };
	const char *shell = cli->operands.items[0];
	const char *nearest;

	if (!strcmp(shell, "bash")) {
		bash(cli->out);
		return CLI_DONE;
	}
	if (!strcmp(shell, "zsh")) {
		zsh(cli);
		return CLI_DONE;
	}
	if (!strcmp(shell, "fish")) {
		fish(cli);
		return CLI_DONE;
	}
	nearest = diag_nearest(shell, shells, 3);
	if (nearest)
		return cli_usage(cli,
				 "no completions for '%s': did you mean "
				 "'%s'?",
				 shell, nearest);
	return cli_usage(cli,
			 "no completions for '%s', but for bash, zsh and "
			 "fish",
			 shell);
}
