/* SPDX-License-Identifier: MIT */
/* options.c - the command line of wsgen-gateway. */
#include "options.h"

#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define EXIT_USAGE 2

struct parsing {
	struct options *options;
	const struct option *option;
	const char *value;
	struct config_variable *given;
	struct api_key *keys;
};

struct option {
	const char *name;
	char letter;
	const char *value; /* what it takes, or NULL */
	const char *help;
	/* False: the value is none, and it has been said. */
	bool (*set)(struct parsing *parsing);
};

static bool wrong(const struct parsing *parsing, const char *what)
{
	fprintf(stderr, "wsgen-gateway: --%s: '%s' is %s\n",
		parsing->option->name, parsing->value, what);
	return false;
}

static bool number(const struct parsing *parsing, long min, long max,
		   long *value)
{
	char *end;

	errno = 0;
	*value = strtol(parsing->value, &end, 10);
	return !errno && *end == '\0' && end != parsing->value &&
	       *value >= min && *value <= max;
}

static bool set_host(struct parsing *parsing)
{
	parsing->options->host = parsing->value;
	return true;
}

static bool set_port(struct parsing *parsing)
{
	long port;

	if (!number(parsing, 0, 65535, &port))
		return wrong(parsing, "no port");
	parsing->options->port = (int)port;
	return true;
}

static bool set_env(struct parsing *parsing)
{
	struct options *options = parsing->options;
	const char *equals = strchr(parsing->value, '=');

	if (!equals || equals == parsing->value)
		return wrong(parsing, "not NAME=VALUE");
	parsing->given[options->given_count++] = (struct config_variable){
		{ parsing->value, (size_t)(equals - parsing->value) },
		wsg_str(equals + 1),
	};
	return true;
}

static bool set_env_file(struct parsing *parsing)
{
	parsing->options->env_file = parsing->value;
	return true;
}

static bool set_api_key(struct parsing *parsing)
{
	struct options *options = parsing->options;

	if (!key_parse(&parsing->keys[options->api_keys_count],
		       wsg_str(parsing->value)))
		return wrong(parsing, "neither VALUE nor ID=VALUE");
	options->api_keys_count++;
	return true;
}

static bool set_max_instances(struct parsing *parsing)
{
	long count;

	if (!number(parsing, 1, 1000, &count))
		return wrong(parsing, "no number from 1 to 1000");
	parsing->options->max_instances = (unsigned)count;
	return true;
}

static bool set_clock(struct parsing *parsing)
{
	if (strcmp(parsing->value, "manual") && strcmp(parsing->value, "real"))
		return wrong(parsing, "neither real nor manual");
	parsing->options->clock_manual = !strcmp(parsing->value, "manual");
	return true;
}

static bool set_fault(struct parsing *parsing)
{
	struct wsg_buf error = { 0 };

	parsing->options->has_fault = fault_parse(
		&parsing->options->fault, wsg_str(parsing->value), &error);
	if (!parsing->options->has_fault)
		fprintf(stderr, "wsgen-gateway: --fault: %s\n",
			error.ptr ? error.ptr : "no fault");
	wsg_buf_release(&error);
	return parsing->options->has_fault;
}

static bool set_debug(struct parsing *parsing)
{
	parsing->options->debug = wsg_str(parsing->value);
	return true;
}

static bool set_record(struct parsing *parsing)
{
	parsing->options->record = parsing->value;
	return true;
}

static bool set_store(struct parsing *parsing)
{
	if (strcmp(parsing->value, "memory") && strcmp(parsing->value, "file"))
		return wrong(parsing, "neither file nor memory");
	parsing->options->memory_store = !strcmp(parsing->value, "memory");
	return true;
}

static bool set_color(struct parsing *parsing)
{
	if (!strcmp(parsing->value, "always"))
		parsing->options->color = true;
	else if (!strcmp(parsing->value, "never"))
		parsing->options->color = false;
	else if (strcmp(parsing->value, "auto"))
		return wrong(parsing, "none of auto, always and never");
	return true;
}

static bool set_no_sign_check(struct parsing *parsing)
{
	parsing->options->sign_check = false;
	return true;
}

static bool set_serial(struct parsing *parsing)
{
	parsing->options->serial = true;
	return true;
}

static bool set_no_account_limits(struct parsing *parsing)
{
	parsing->options->no_account_limits = true;
	return true;
}

static bool set_control(struct parsing *parsing)
{
	parsing->options->control = true;
	return true;
}

static bool set_quiet(struct parsing *parsing)
{
	parsing->options->quiet = true;
	return true;
}

static bool set_verbose(struct parsing *parsing)
{
	parsing->options->verbose = true;
	return true;
}

/* Those without a `set` print something and end. */
static const struct option options_all[] = {
	{ "host", 0, "ADDRESS", "where to listen (default: 127.0.0.1)",
	  set_host },
	{ "port", 0, "PORT",
	  "of the first API, the next ones follow (default: 3001)", set_port },
	{ "env", 0, "NAME=VALUE", "a value that the spec refers to", set_env },
	{ "env-file", 0, "FILE",
	  "more of them (default: .env beside the folder)", set_env_file },
	{ "api-key", 0, "[ID=]VALUE", "a key for routes that require one",
	  set_api_key },
	{ "max-instances", 0, "COUNT",
	  "processes of each function (default: 8)", set_max_instances },
	{ "clock", 0, "real|manual",
	  "manual: limits go by POST /_wsgen/clock (default: real)",
	  set_clock },
	{ "fault", 0, "LIST",
	  "throttle=5%,gone=1%,latency=50ms..2s,crash=1%,drop=1%,seed=7",
	  set_fault },
	{ "debug", 0, "FUNCTION", "its calls wait until gdb is attached",
	  set_debug },
	{ "record", 0, "FILE", "write down what happens, for replay",
	  set_record },
	{ "store", 0, "file|memory",
	  "where connections are kept (default: file)", set_store },
	{ "serial", 0, NULL, "a connection's messages one after another",
	  set_serial },
	{ "no-sign-check", 0, NULL, "take @connections calls unsigned",
	  set_no_sign_check },
	{ "no-account-limits", 0, NULL,
	  "no quota of requests and new connections a second",
	  set_no_account_limits },
	{ "control", 0, NULL, "take JSON lines from a parent on stdin",
	  set_control },
	{ "color", 0, "auto|always|never",
	  "colour what is said (default: auto; NO_COLOR is honoured)",
	  set_color },
	{ "quiet", 'q', NULL, "say nothing but what is wrong", set_quiet },
	{ "verbose", 'v', NULL, "say everything, events included",
	  set_verbose },
	{ "help", 'h', NULL, "print this", NULL },
	{ "version", 0, NULL, "print the version", NULL },
};

#define COUNT (sizeof(options_all) / sizeof(*options_all))

static void print_help(void)
{
	puts("usage: wsgen-gateway [options] DIR\n"
	     "       wsgen-gateway [options] replay FILE [DIR]\n\n"
	     "Serve what wsgen wrote to DIR as AWS would: its WebSocket APIs,\n"
	     "their @connections, and the functions, which make has built.\n"
	     "replay makes the calls of a recording again, and fails when a\n"
	     "function answers anything else; DIR is build by default.\n");
	for (size_t i = 0; i < COUNT; i++) {
		char left[40];

		snprintf(left, sizeof(left), "%s%c%s--%s%s%s",
			 options_all[i].letter ? "-" : " ",
			 options_all[i].letter ? options_all[i].letter : ' ',
			 options_all[i].letter ? ", " : "  ",
			 options_all[i].name, options_all[i].value ? " " : "",
			 options_all[i].value ? options_all[i].value : "");
		printf("  %-30s %s\n", left, options_all[i].help);
	}
}

/* The option that a word begins with; *value is what is behind its `=`. */
static const struct option *find(const char *word, const char **value)
{
	size_t len = strcspn(word, "=");

	*value = word[len] ? word + len + 1 : NULL;
	for (size_t i = 0; i < COUNT; i++) {
		const struct option *option = &options_all[i];

		if (word[0] == '-' && word[1] == '-' &&
		    strlen(option->name) == len - 2 &&
		    !strncmp(option->name, word + 2, len - 2))
			return option;
		if (option->letter && word[1] == option->letter && !word[2])
			return option;
	}
	return NULL;
}

static bool usage(const char *format, const char *word)
{
	fputs("wsgen-gateway: ", stderr);
	fprintf(stderr, format, word);
	fputs("; try wsgen-gateway --help\n", stderr);
	return false;
}

/* One option, with its value in the same word or in the next. False: *exit_code
 * says how to end. */
static bool take(struct parsing *parsing, char ***words, int *exit_code)
{
	const char *word = **words;
	const struct option *option = find(word, &parsing->value);

	*exit_code = EXIT_USAGE;
	if (!option)
		return usage("there is no option '%s'", word);
	parsing->option = option;
	if (!option->value && parsing->value)
		return usage("--%s takes no value", option->name);
	if (option->value && !parsing->value) {
		parsing->value = *++*words;
		if (!parsing->value)
			return usage("--%s needs a value", option->name);
	}
	if (option->set)
		return option->set(parsing);
	if (!strcmp(option->name, "help"))
		print_help();
	else
		puts("wsgen-gateway " WSGEN_VERSION);
	*exit_code = 0;
	return false;
}

static void set_defaults(struct parsing *parsing, struct options *options,
			 int argc)
{
	const char *no_color = getenv("NO_COLOR");

	*options = (struct options){
		.host = OPTIONS_HOST,
		.port = OPTIONS_PORT,
		.sign_check = true,
		.max_instances = OPTIONS_INSTANCES,
		.color = isatty(STDERR_FILENO) && !(no_color && *no_color),
		.arena = wsg_arena_new(),
	};
	if (!options->arena)
		mem_exhausted();
	/* No more than there are words. */
	parsing->options = options;
	parsing->given =
		mem_in(options->arena, (size_t)argc * sizeof(*parsing->given));
	parsing->keys =
		mem_in(options->arena, (size_t)argc * sizeof(*parsing->keys));
	options->given = parsing->given;
	options->api_keys = parsing->keys;
}

/* Words that are no options: DIR, or replay FILE [DIR]. */
static bool take_word(struct options *options, const char *const *words,
		      size_t count)
{
	size_t first = count && !strcmp(words[0], "replay") ? 1 : 0;

	if (first) {
		options->build = "build";
		if (count == first)
			return usage("replay what? %s", "give it a FILE");
		options->replay = words[first++];
	}
	if (count > first + 1)
		return usage("one folder at a time, not '%s' too",
			     words[first + 1]);
	if (count > first)
		options->build = words[first];
	if (!options->build)
		return usage("which folder? %s", "give it a DIR");
	return true;
}

bool options_parse(struct options *options, int argc, char **argv,
		   int *exit_code)
{
	struct parsing parsing = { 0 };
	const char **rest;
	size_t count = 0;
	bool only_words = false;

	set_defaults(&parsing, options, argc);
	rest = mem_in(options->arena, (size_t)argc * sizeof(*rest));
	*exit_code = EXIT_USAGE;
	for (char **words = argv + 1; *words; words++) {
		if (!only_words && !strcmp(*words, "--")) {
			only_words = true;
		} else if (!only_words && **words == '-' && (*words)[1]) {
			if (!take(&parsing, &words, exit_code))
				return false;
		} else {
			rest[count++] = *words;
		}
	}
	*exit_code = EXIT_USAGE;
	return take_word(options, rest, count);
}
