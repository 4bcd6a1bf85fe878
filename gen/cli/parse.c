/* SPDX-License-Identifier: MIT */
/* parse.c - argv to struct cli: options anywhere, --name=value, -qv, --. */
#include "cli.h"

#include "../base/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#define VERSION_LINE "wsgen " WSGEN_VERSION "\n"

/* Announced, but not built: told apart from a typing mistake. */
static const char *const planned[] = { "diff", "import", "package", "deploy" };

int cli_usage(struct cli *cli, const char *format, ...)
{
	va_list args;

	fputs("wsgen: ", cli->err);
	va_start(args, format);
	vfprintf(cli->err, format, args);
	va_end(args);
	if (cli->command && cli->command != cli_commands)
		fprintf(cli->err, "\ntry 'wsgen %s --help'\n",
			cli->command->name);
	else
		fputs("\ntry 'wsgen --help'\n", cli->err);
	return CLI_USAGE;
}

int cli_failed(struct cli *cli, const char *path)
{
	fprintf(cli->err, "wsgen: %s: %s\n", path, strerror(errno));
	return CLI_FAILED;
}

int cli_flush(struct cli *cli, int exit_code)
{
	if (!fflush(cli->out) && !ferror(cli->out))
		return exit_code;
	return cli_failed(cli, "standard output");
}

static bool option_by_name(const char *name, size_t len, size_t *id)
{
	for (*id = 0; *id < CLI_OPTION_COUNT; ++*id)
		if (strlen(cli_options[*id].name) == len &&
		    !memcmp(cli_options[*id].name, name, len))
			return true;
	return false;
}

static bool option_by_letter(char letter, size_t *id)
{
	for (*id = 0; *id < CLI_OPTION_COUNT; ++*id)
		if (cli_options[*id].letter == letter)
			return true;
	return false;
}

/* "a|b|c" as the names in it. */
static size_t split(struct arena *arena, const char *allowed,
		    const char *const **names)
{
	LIST(const char *) list = { 0 };

	while (*allowed) {
		size_t len = strcspn(allowed, "|");

		*LIST_ADD(arena, &list) = arena_strndup(arena, allowed, len);
		allowed += len + (allowed[len] == '|');
	}
	*names = list.items;
	return list.count;
}

static bool is_allowed(struct cli *cli, const struct cli_option *option,
		       const char *value)
{
	const char *const *names;
	const char *nearest;
	size_t count;

	if (!option->allowed)
		return true;
	count = split(cli->arena, option->allowed, &names);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], value))
			return true;
	nearest = diag_nearest(value, names, count);
	if (nearest)
		cli_usage(cli, "'--%s' cannot be '%s': did you mean '%s'?",
			  option->name, value, nearest);
	else
		cli_usage(cli, "'--%s' cannot be '%s': it is one of %s",
			  option->name, value, option->allowed);
	return false;
}

static bool take(struct cli *cli, size_t id, const char *value)
{
	const struct cli_option *option = &cli_options[id];

	if (value && !is_allowed(cli, option, value))
		return false;
	if ((id == CLI_PARAM || id == CLI_ENV) &&
	    (*value == '=' || !strchr(value, '='))) {
		cli_usage(cli, "'--%s' is %s, not '%s'", option->name,
			  option->argument, value);
		return false;
	}
	cli->given[id] = true;
	cli->values[id] = value;
	if (id == CLI_PARAM)
		*LIST_ADD(cli->arena, &cli->params) = value;
	if (id >= CLI_GATEWAY_FIRST && id <= CLI_GATEWAY_LAST) {
		*LIST_ADD(cli->arena, &cli->gateway) =
			arena_printf(cli->arena, "--%s", option->name);
		if (value)
			*LIST_ADD(cli->arena, &cli->gateway) = value;
	}
	return true;
}

static void unknown_option(struct cli *cli, const char *name, size_t len)
{
	const char *names[CLI_OPTION_COUNT];
	const char *wrong = arena_strndup(cli->arena, name, len);
	const char *nearest;

	for (size_t i = 0; i < CLI_OPTION_COUNT; i++)
		names[i] = cli_options[i].name;
	nearest = diag_nearest(wrong, names, CLI_OPTION_COUNT);
	if (nearest)
		cli_usage(cli, "unknown option '--%s': did you mean '--%s'?",
			  wrong, nearest);
	else
		cli_usage(cli, "unknown option '--%s'", wrong);
}

/* --name, --name=value, --name value. */
static bool parse_long(struct cli *cli, int argc, char **argv, int *at)
{
	const char *name = argv[*at] + 2;
	size_t len = strcspn(name, "=");
	const char *value = name[len] ? name + len + 1 : NULL;
	size_t id;

	if (!option_by_name(name, len, &id)) {
		unknown_option(cli, name, len);
		return false;
	}
	if (!cli_options[id].argument && value) {
		cli_usage(cli, "'--%s' takes no value", cli_options[id].name);
		return false;
	}
	if (cli_options[id].argument && !value) {
		if (*at + 1 == argc) {
			cli_usage(cli, "'--%s' needs a value: %s",
				  cli_options[id].name,
				  cli_options[id].argument);
			return false;
		}
		value = argv[++*at];
	}
	return take(cli, id, value);
}

/* -q, -qv, -oDIR, -o DIR. */
static bool parse_short(struct cli *cli, int argc, char **argv, int *at)
{
	for (const char *p = argv[*at] + 1; *p; p++) {
		size_t id;

		if (!option_by_letter(*p, &id)) {
			cli_usage(cli, "unknown option '-%c'", *p);
			return false;
		}
		if (!cli_options[id].argument) {
			if (!take(cli, id, NULL))
				return false;
			continue;
		}
		if (p[1])
			return take(cli, id, p + 1);
		if (*at + 1 == argc) {
			cli_usage(cli, "'-%c' needs a value: %s", *p,
				  cli_options[id].argument);
			return false;
		}
		return take(cli, id, argv[++*at]);
	}
	return true;
}

/* A word that is no command: is it a spec's path, or a mistake? */
static bool looks_like_a_path(const char *word)
{
	return !strcmp(word, "-") || strpbrk(word, "./\\");
}

static bool unknown_command(struct cli *cli, const char *word)
{
	const char *names[64];
	const char *nearest;
	size_t count = 0;

	for (size_t i = 0; i < sizeof(planned) / sizeof(*planned); i++) {
		if (strcmp(planned[i], word))
			continue;
		cli_usage(cli, "'%s' is not built yet", word);
		return false;
	}
	for (size_t i = 0; i < cli_command_count; i++)
		if (!cli_commands[i].hidden)
			names[count++] = cli_commands[i].name;
	nearest = diag_nearest(word, names, count);
	if (nearest)
		cli_usage(cli, "unknown command '%s': did you mean '%s'?", word,
			  nearest);
	else
		cli_usage(cli,
			  "unknown command '%s' (a spec is a path such as "
			  "%s.yaml or ./%s)",
			  word, word, word);
	return false;
}

static bool operand(struct cli *cli, const char *word)
{
	if (!cli->command) {
		cli->command = cli_find(word);
		if (cli->command)
			return true;
		if (!looks_like_a_path(word))
			return unknown_command(cli, word);
		cli->command = cli_commands;
	}
	*LIST_ADD(cli->arena, &cli->operands) = word;
	return true;
}

static bool parse_all(struct cli *cli, int argc, char **argv)
{
	bool options = true;

	for (int at = 1; at < argc; at++) {
		const char *word = argv[at];
		bool good;

		if (options && !strcmp(word, "--")) {
			options = false;
			continue;
		}
		if (!options || word[0] != '-' || !word[1])
			good = operand(cli, word);
		else if (word[1] == '-')
			good = parse_long(cli, argc, argv, &at);
		else
			good = parse_short(cli, argc, argv, &at);
		if (!good)
			return false;
	}
	return true;
}

static bool fits_command(struct cli *cli)
{
	const struct cli_command *command = cli->command;

	for (size_t i = 0; i < CLI_OPTION_COUNT; i++) {
		if (!cli->given[i] || command->options & CLI_BIT(i))
			continue;
		cli_usage(cli, "'wsgen %s' does not take '--%s'", command->name,
			  cli_options[i].name);
		return false;
	}
	if (cli->operands.count < command->min) {
		cli_usage(cli, "'wsgen %s' needs %s", command->name,
			  command->operands);
		return false;
	}
	if (cli->operands.count > command->max) {
		cli_usage(cli, "'wsgen %s' does not take '%s'", command->name,
			  cli->operands.items[command->max]);
		return false;
	}
	return true;
}

bool cli_parse(struct cli *cli, int argc, char **argv, int *exit_code)
{
	*exit_code = CLI_USAGE;
	if (!parse_all(cli, argc, argv))
		return false;
	if (cli->given[CLI_HELP]) {
		if (cli->command)
			cli_help(cli->out, cli->command);
		else
			cli_overview(cli->out);
		*exit_code = cli_flush(cli, CLI_DONE);
		return false;
	}
	if (cli->given[CLI_VERSION]) {
		fputs(VERSION_LINE, cli->out);
		*exit_code = cli_flush(cli, CLI_DONE);
		return false;
	}
	if (!cli->command) {
		cli_usage(cli, "what is to be done? wsgen SPEC... -o DIR");
		return false;
	}
	return fits_command(cli);
}

int cli_main(int argc, char **argv, FILE *out, FILE *err)
{
	struct arena arena = { 0 };
	struct cli cli = { .arena = &arena, .out = out, .err = err };
	int exit_code;

	if (cli_parse(&cli, argc, argv, &exit_code))
		exit_code = cli_flush(&cli, cli.command->run(&cli));
	arena_release(&arena);
	return exit_code;
}
