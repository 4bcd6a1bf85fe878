/* SPDX-License-Identifier: MIT */
/* commands.c - the commands and options, as data. */
#include "cli.h"

#include <string.h>

const struct cli_option cli_options[CLI_OPTION_COUNT] = {
	[CLI_OUTPUT] = { "output", 'o', "DIR", NULL,
			 "write to this folder (default: build)" },
	[CLI_EMIT] = { "emit", 0, "LIST", NULL,
		       "only these, of: c,stubs,iam,cfn,make,gateway" },
	[CLI_FORMAT] = { "format", 0, "FORMAT", "yaml|json",
			 "of the CloudFormation template (default: yaml)" },
	[CLI_STAGE] = { "stage", 0, "NAME", NULL,
			"the default of the stage's parameter" },
	[CLI_PARAM] = { "param", 0, "NAME=VALUE", NULL,
			"the default of one of the spec's parameters" },
	[CLI_TEMPLATES] = { "templates", 0, "DIR", NULL,
			    "use the templates in DIR before the built-in" },
	[CLI_DEPFILE] = { "depfile", 0, "FILE", NULL,
			  "write what was read as a make rule" },
	[CLI_LIST_OUTPUTS] = { "list-outputs", 0, NULL, NULL,
			       "print what would be written; write nothing" },
	[CLI_CHECK] = { "check", 0, NULL, NULL,
			"write nothing; exit 1 when the output is stale" },
	[CLI_SAMPLE] = { "sample", 0, "NAME", NULL,
			 "copy this sample instead of the smallest project" },
	[CLI_JSON] = { "json", 0, NULL, NULL, "print JSON for programs" },
	[CLI_BUDGET] = { "budget", 0, NULL, NULL,
			 "what is used of the service's limits" },
	[CLI_GRAPH] = { "graph", 0, "KIND", "mermaid|dot",
			"draw routes, functions and permissions" },
	[CLI_DIAGNOSTICS] = { "diagnostics", 0, "KIND", "text|json|sarif",
			      "how to report (json, sarif: on stdout)" },
	[CLI_COLOR] = { "color", 0, "WHEN", "auto|always|never",
			"colour errors (default: auto; NO_COLOR is honoured)" },
	[CLI_QUIET] = { "quiet", 'q', NULL, NULL, "say nothing but errors" },
	[CLI_VERBOSE] = { "verbose", 'v', NULL, NULL,
			  "say what was written and how long it took" },
	[CLI_HELP] = { "help", 'h', NULL, NULL, "print this" },
	[CLI_VERSION] = { "version", 0, NULL, NULL, "print the version" },
	[CLI_HOST] = { "host", 0, "ADDRESS", NULL,
		       "listen on this address (default: 127.0.0.1)" },
	[CLI_PORT] = { "port", 0, "PORT", NULL,
		       "of the first API; others follow (default: 3001)" },
	[CLI_ENV] = { "env", 0, "NAME=VALUE", NULL,
		      "what ${NAME} and the variable NAME are here" },
	[CLI_API_KEY] = { "api-key", 0, "[ID=]VALUE", NULL,
			  "a key that routes with apiKey take" },
	[CLI_MAX_INSTANCES] = { "max-instances", 0, "COUNT", NULL,
				"of each function (default: 8)" },
	[CLI_CLOCK] = { "clock", 0, "KIND", "real|manual",
			"manual: stands still until a test moves it" },
	[CLI_FAULT] = { "fault", 0, "LIST", NULL,
			"throttle=5%,gone=1%,latency=50ms..2s,crash=1%,..." },
	[CLI_DEBUG] = { "debug", 0, "FUNCTION", NULL,
			"its calls wait until gdb is attached" },
	[CLI_RECORD] = { "record", 0, "FILE", NULL,
			 "write down what happens, for replay" },
	[CLI_STORE] = { "store", 0, "KIND", "file|memory",
			"where connections are kept (default: file)" },
	[CLI_SERIAL] = { "serial", 0, NULL, NULL,
			 "a connection's messages one after another" },
	[CLI_NO_SIGN_CHECK] = { "no-sign-check", 0, NULL, NULL,
				"take @connections calls unsigned" },
	[CLI_NO_ACCOUNT_LIMITS] = { "no-account-limits", 0, NULL, NULL,
				    "no quota of requests a second" },
};

#define COMMON (CLI_BIT(CLI_HELP) | CLI_BIT(CLI_VERSION))
#define SAYS                                                      \
	(COMMON | CLI_BIT(CLI_DIAGNOSTICS) | CLI_BIT(CLI_COLOR) | \
	 CLI_BIT(CLI_QUIET) | CLI_BIT(CLI_VERBOSE))

#define GATEWAY                                                           \
	(CLI_BIT(CLI_HOST) | CLI_BIT(CLI_PORT) | CLI_BIT(CLI_ENV) |       \
	 CLI_BIT(CLI_API_KEY) | CLI_BIT(CLI_MAX_INSTANCES) |              \
	 CLI_BIT(CLI_CLOCK) | CLI_BIT(CLI_FAULT) | CLI_BIT(CLI_DEBUG) |   \
	 CLI_BIT(CLI_RECORD) | CLI_BIT(CLI_STORE) | CLI_BIT(CLI_SERIAL) | \
	 CLI_BIT(CLI_NO_SIGN_CHECK) | CLI_BIT(CLI_NO_ACCOUNT_LIMITS))

const struct cli_command cli_commands[] = {
	{ "generate", "SPEC...", "write everything the spec asks for",
	  "The command's name may be left out: wsgen chat.yaml -o build/\n"
	  "SPEC is a YAML file, or - for standard input. All is written or\n"
	  "nothing; unchanged files are left alone, and those that an\n"
	  "earlier run wrote and this one does not are removed.",
	  SAYS | CLI_BIT(CLI_OUTPUT) | CLI_BIT(CLI_EMIT) | CLI_BIT(CLI_FORMAT) |
		  CLI_BIT(CLI_STAGE) | CLI_BIT(CLI_PARAM) |
		  CLI_BIT(CLI_TEMPLATES) | CLI_BIT(CLI_DEPFILE) |
		  CLI_BIT(CLI_LIST_OUTPUTS) | CLI_BIT(CLI_CHECK),
	  1, SIZE_MAX, false, cli_generate },
	{ "new", "DIR", "start a project: spec, handlers, Makefile",
	  "DIR is made when it is not there. Nothing in it is overwritten.",
	  COMMON | CLI_BIT(CLI_SAMPLE) | CLI_BIT(CLI_QUIET), 1, 1, false,
	  cli_new },
	{ "check", "SPEC...", "say what is wrong with a spec, write nothing",
	  "Does all that generating does, short of writing.",
	  SAYS | CLI_BIT(CLI_STAGE), 1, SIZE_MAX, false, cli_check },
	{ "dev", "SPEC...", "build, serve locally, rebuild what changes",
	  "Writes the output, runs make, and serves it as AWS would, with a\n"
	  "console at http://127.0.0.1:3001/_wsgen. Values come from --env "
	  "and\n"
	  "from .env beside the spec. Mistakes are printed, and the last good\n"
	  "build is served on.",
	  SAYS | CLI_BIT(CLI_OUTPUT) | CLI_BIT(CLI_STAGE) | CLI_BIT(CLI_PARAM) |
		  CLI_BIT(CLI_TEMPLATES) | GATEWAY,
	  1, SIZE_MAX, false, cli_dev },
	{ "stub", "SPEC...", "write the handlers that are not there yet",
	  "A handler file that does not exist is made; a file that lacks a\n"
	  "handler gets it appended. Nothing else in it is touched.",
	  SAYS | CLI_BIT(CLI_TEMPLATES), 1, SIZE_MAX, false, cli_stub },
	{ "show", "SPEC... [THING]",
	  "print what a spec comes to: names, ids, rights",
	  "THING is one of routes, functions, messages, permissions, ids and\n"
	  "arns; without it, the first two are shown.",
	  SAYS | CLI_BIT(CLI_JSON) | CLI_BIT(CLI_BUDGET) | CLI_BIT(CLI_GRAPH) |
		  CLI_BIT(CLI_STAGE),
	  1, SIZE_MAX, false, cli_show },
	{ "schema", "", "print the JSON Schema of the spec language",
	  "For editors: # yaml-language-server: $schema=wsgen.schema.json",
	  COMMON, 0, 0, false, cli_schema },
	{ "explain", "[KEY]", "print what a key of the spec means",
	  "KEY is a key (throttle), a section (route) or both\n"
	  "(route.handler). Without it, the sections are listed.",
	  COMMON, 0, 1, false, cli_explain },
	{ "completion", "SHELL", "print completions for bash, zsh or fish",
	  "For bash: source <(wsgen completion bash)", COMMON, 1, 1, false,
	  cli_completion },
	{ "man", "", "print the man page", NULL, COMMON, 0, 0, true, cli_man },
};

const size_t cli_command_count = sizeof(cli_commands) / sizeof(*cli_commands);

const struct cli_command *cli_find(const char *name)
{
	for (size_t i = 0; i < cli_command_count; i++)
		if (!strcmp(cli_commands[i].name, name))
			return &cli_commands[i];
	return NULL;
}
