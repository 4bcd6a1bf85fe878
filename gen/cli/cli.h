/* SPDX-License-Identifier: MIT */
/*
 * cli.h - the command line: argv in, exit code out. Commands and options are
 * data; parsing, --help, the completions and the man page all come from it.
 * Nothing outside cli/ reads the environment, the clock or the terminal.
 *
 * A new command is one file and one row in commands.c; a new option is one
 * row there and one bit in the commands that take it.
 */
#ifndef WSGEN_CLI_H
#define WSGEN_CLI_H

#include "../base/buf.h"
#include "../compile.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum cli_exit {
	CLI_DONE = 0,
	CLI_WRONG = 1,	/* the spec is, or the outputs are stale */
	CLI_USAGE = 2,	/* the command line is */
	CLI_FAILED = 3, /* the system did: disk full, unreadable */
};

enum cli_option_id {
	CLI_OUTPUT,
	CLI_EMIT,
	CLI_FORMAT,
	CLI_STAGE,
	CLI_PARAM,
	CLI_TEMPLATES,
	CLI_DEPFILE,
	CLI_LIST_OUTPUTS,
	CLI_CHECK,
	CLI_SAMPLE,
	CLI_JSON,
	CLI_BUDGET,
	CLI_GRAPH,
	CLI_DIAGNOSTICS,
	CLI_COLOR,
	CLI_QUIET,
	CLI_VERBOSE,
	CLI_HELP,
	CLI_VERSION,
	/* What wsgen dev hands on to the gateway, as it was given. */
	CLI_HOST,
	CLI_PORT,
	CLI_ENV,
	CLI_API_KEY,
	CLI_MAX_INSTANCES,
	CLI_CLOCK,
	CLI_FAULT,
	CLI_DEBUG,
	CLI_RECORD,
	CLI_STORE,
	CLI_SERIAL,
	CLI_NO_SIGN_CHECK,
	CLI_NO_ACCOUNT_LIMITS,
	CLI_OPTION_COUNT,
};

#define CLI_GATEWAY_FIRST CLI_HOST
#define CLI_GATEWAY_LAST CLI_NO_ACCOUNT_LIMITS

#define CLI_BIT(id) ((uint64_t)1 << (id))

#define CLI_OUTPUT_DIR "build" /* without -o */

struct cli_option {
	const char *name;     /* without its dashes */
	char letter;	      /* or 0 */
	const char *argument; /* what --help calls it; NULL: takes none */
	const char *allowed;  /* "json|yaml", or NULL: anything */
	const char *doc;
};

struct cli;

struct cli_command {
	const char *name;
	const char *operands; /* "SPEC... [THING]", as --help shows them */
	const char *doc;      /* one line */
	const char *more;     /* what else its own --help says */
	uint64_t options;     /* CLI_BIT of each that it takes */
	size_t min, max;      /* operands; max 0: none */
	bool hidden;	      /* works, but is for our own build */
	int (*run)(struct cli *cli);
};

extern const struct cli_option cli_options[CLI_OPTION_COUNT];

/* The first is what runs when no command is named. */
extern const struct cli_command cli_commands[];
extern const size_t cli_command_count;

/* The command called name, or NULL. */
const struct cli_command *cli_find(const char *name);

/* What the user asked for. */
struct cli {
	struct arena *arena;
	FILE *out, *err;
	const struct cli_command *command;
	bool given[CLI_OPTION_COUNT];
	const char *values[CLI_OPTION_COUNT]; /* the last one given, or NULL */
	LIST(const char *) params;	      /* each --param */
	LIST(const char *) gateway;	      /* words for the gateway */
	LIST(const char *) operands;
};

/*
 * Read argv into *cli. On false *exit_code is set and all is said: a mistake,
 * or --help and --version, which end the run too.
 */
bool cli_parse(struct cli *cli, int argc, char **argv, int *exit_code);

/* The whole program, after argv; prints to out and err. */
int cli_main(int argc, char **argv, FILE *out, FILE *err);

/* Say "wsgen: ..." on err, with a hint at --help. Returns CLI_USAGE. */
int cli_usage(struct cli *cli, const char *format, ...) PRINTF_LIKE(2, 3);

/* Say "wsgen: PATH: why" for errno on err. Returns CLI_FAILED. */
int cli_failed(struct cli *cli, const char *path);

/* Flush out; a full disk or a closed pipe makes exit_code CLI_FAILED. */
int cli_flush(struct cli *cli, int exit_code);

void cli_help(FILE *out, const struct cli_command *command);
void cli_overview(FILE *out);

/* Compile the specs among the operands and print what there is to say. */
int cli_compile(struct cli *cli, struct compile *compile,
		struct compile_options *options);

/* The same, and write everything to dir. The caller releases compile. */
int cli_generate_to(struct cli *cli, struct compile *compile, const char *dir);

/* One file per command. */
int cli_generate(struct cli *cli);
int cli_dev(struct cli *cli);
int cli_new(struct cli *cli);
int cli_check(struct cli *cli);
int cli_stub(struct cli *cli);
int cli_show(struct cli *cli);
int cli_schema(struct cli *cli);
int cli_explain(struct cli *cli);
int cli_completion(struct cli *cli);
int cli_man(struct cli *cli);

#endif
