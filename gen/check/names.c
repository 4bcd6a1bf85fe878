/* SPDX-License-Identifier: MIT */
/*
 * Names: of the spec, its APIs, functions and authorizers, and what becomes
 * of them and of routes in C, where two different names can end up the same.
 */
#include "check.h"

#include "../plan/names.h"

#include <string.h>

#define NAME_MAX_LEN 32	      /* SPEC.md section 2 */
#define THING_NAME_MAX_LEN 64 /* Lambda's limit on a function's name */
#define LOGICAL_ID_MAX_LEN 255

/* What a name was given for, so that the second one can point at it. */
struct taken {
	const char *what;
	struct loc loc;
};

/*
 * Headers that user's code includes with <>: an API's header of that name
 * would be found in their place.
 */
static const char *const headers[] = {
	"aio",	     "alloca",	 "assert",    "complex",     "cpio",
	"crypt",     "ctype",	 "dirent",    "dlfcn",	     "elf",
	"endian",    "err",	 "errno",     "error",	     "execinfo",
	"fcntl",     "features", "fenv",      "float",	     "fmtmsg",
	"fnmatch",   "fts",	 "ftw",	      "getopt",	     "glob",
	"grp",	     "iconv",	 "ifaddrs",   "inttypes",    "iso646",
	"langinfo",  "libgen",	 "limits",    "link",	     "locale",
	"malloc",    "math",	 "memory",    "monetary",    "mqueue",
	"ndbm",	     "netdb",	 "nl_types",  "paths",	     "poll",
	"pthread",   "pty",	 "pwd",	      "regex",	     "resolv",
	"sched",     "search",	 "semaphore", "setjmp",	     "shadow",
	"signal",    "spawn",	 "stab",      "stdalign",    "stdarg",
	"stdatomic", "stdbit",	 "stdbool",   "stdckdint",   "stddef",
	"stdint",    "stdio",	 "stdlib",    "stdnoreturn", "string",
	"strings",   "stropts",	 "sysexits",  "syslog",	     "tar",
	"termios",   "tgmath",	 "threads",   "time",	     "trace",
	"uchar",     "ucontext", "ulimit",    "unistd",	     "utime",
	"utmpx",     "values",	 "wchar",     "wctype",	     "wordexp",
};

static bool is_header(const char *snake)
{
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		if (!strcmp(headers[i], snake))
			return true;
	return false;
}

/* A letter, then letters, digits and what more has. */
static void check_name(struct check *c, const char *what, struct text name,
		       const char *more, size_t max)
{
	if (check_hidden(c, name.loc, "a name", name.s))
		return;
	if (!check_is_letter(*name.s))
		diag_error(c->diag, name.loc,
			   "%s must start with a letter, not with '%.1s'", what,
			   name.s);
	else if (!check_only(name.s, more))
		diag_error(c->diag, name.loc,
			   "%s must be letters, digits and %s, not '%.60s%s'",
			   what, strchr(more, '_') ? "'-' or '_'" : "'-'",
			   name.s, strlen(name.s) > 60 ? "..." : "");
	else if (strlen(name.s) > max)
		diag_error(c->diag, name.loc,
			   "%s has %zu characters; %zu are the most", what,
			   strlen(name.s), max);
}

/* What a C name is made from must be the only one that makes it. */
static void take(struct check *c, struct map *names, const char *made,
		 const char *what, struct loc loc)
{
	struct taken *mine = ARENA_NEW(c->arena, struct taken);
	const struct taken *other;

	*mine = (struct taken){ what, loc };
	other = map_put(names, made, mine);
	if (!other)
		return;
	diag_error(c->diag, loc, "%s is '%s' in C, and so is %s", what, made,
		   other->what);
	diag_note(c->diag, other->loc, "%s stands here", other->what);
}

/* The same for what becomes a folder or a logical id. */
static void take_pascal(struct check *c, struct map *names, const char *kind,
			struct text name)
{
	struct taken *mine = ARENA_NEW(c->arena, struct taken);
	const struct taken *other;

	*mine = (struct taken){ name.s, name.loc };
	other = map_put(names, name_pascal(c->arena, name.s), mine);
	if (!other)
		return;
	diag_error(c->diag, name.loc,
		   "the %s names '%s' and '%s' differ in nothing that a "
		   "logical id can show",
		   kind, name.s, other->what);
	diag_note(c->diag, other->loc, "'%s' stands here", other->what);
}

static void check_prefix(struct check *c, const char *what, struct text name)
{
	const char *snake = name_snake(c->arena, name.s);

	if (is_header(snake))
		diag_error(c->diag, name.loc,
			   "%s cannot be '%s': its %s.h would stand in front "
			   "of C's",
			   what, name.s, snake);
	else if (!strcmp(snake, "wsg") || !strncmp(snake, "wsg_", 4) ||
		 !strcmp(snake, "wsgen"))
		diag_error(c->diag, name.loc,
			   "%s cannot be '%s': names that start with 'wsg' "
			   "are the runtime's",
			   what, name.s);
}

static void check_route_names(struct check *c, const struct api *api)
{
	struct map names = { .arena = c->arena };

	for (size_t i = 0; i < api->routes.count; i++) {
		const struct route *route = &api->routes.items[i];
		const char *snake = name_snake(c->arena, route->key.s);

		if (!*route->key.s)
			continue; /* routes.c speaks of that */
		if (!strpbrk(route->key.s, "abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789"))
			diag_error(c->diag, route->key.loc,
				   "route '%s' has no letter or digit to make "
				   "a C name from",
				   route->key.s);
		else
			take(c, &names, snake, check_route_text(c, route),
			     route->key.loc);
	}
}

static void check_logical_id(struct check *c, struct text id)
{
	if (!id.s)
		return;
	if (!*id.s || !check_only(id.s, "") ||
	    strlen(id.s) > LOGICAL_ID_MAX_LEN)
		diag_error(c->diag, id.loc,
			   "a logical id is 1 to %d letters and digits, not "
			   "'%.60s%s'",
			   LOGICAL_ID_MAX_LEN, id.s,
			   strlen(id.s) > 60 ? "..." : "");
}

static void function_logical_id(struct check *c,
				const struct function *function,
				enum check_function_place place)
{
	if (place != CHECK_DEFAULTS) /* functions.c refuses it there */
		check_logical_id(c, function->logical_id);
}

static void authorizer_logical_id(struct check *c,
				  const struct authorizer *authorizer,
				  enum check_authorizer_place place)
{
	(void)place;
	check_logical_id(c, authorizer->logical_id);
}

static void check_logical_ids(struct check *c, const struct api *api)
{
	for (size_t i = 0; i < api->routes.count; i++) {
		const struct route *route = &api->routes.items[i];

		check_logical_id(c, route->logical_id);
		if (route->integration)
			check_logical_id(c, route->integration->logical_id);
	}
	for (size_t i = 0; i < api->stages.count; i++)
		check_logical_id(c, api->stages.items[i].logical_id);
	if (api->stage)
		check_logical_id(c, api->stage->logical_id);
	if (api->gateway)
		check_logical_id(c, api->gateway->logical_id);
}

static void check_api_name(struct check *c, struct map *prefixes,
			   const struct api *api)
{
	const char *what = arena_printf(c->arena, "API '%.60s'", api->name.s);
	const char *snake = name_snake(c->arena, api->name.s);

	if (!c->spec->has_apis)
		return;
	check_name(c, "an API's name", api->name, "-", NAME_MAX_LEN);
	check_prefix(c, "an API's name", api->name);
	if (*snake)
		take(c, prefixes, snake, what, api->name.loc);
}

void check_names(struct check *c)
{
	const struct spec *spec = c->spec;
	struct map prefixes = { .arena = c->arena };
	struct map functions = { .arena = c->arena };
	struct map authorizers = { .arena = c->arena };

	check_name(c, "'name'", spec->name, "-", NAME_MAX_LEN);
	if (!spec->has_apis)
		check_prefix(c, "'name'", spec->name);
	for (size_t i = 0; i < spec->apis.count; i++) {
		const struct api *api = &spec->apis.items[i];

		if (!check_is_websocket(api))
			continue;
		check_api_name(c, &prefixes, api);
		check_route_names(c, api);
		check_logical_ids(c, api);
	}
	for (size_t i = 0; i < spec->functions.count; i++) {
		struct text name = spec->functions.items[i].name;

		check_name(c, "a function's name", name, "-_",
			   THING_NAME_MAX_LEN);
		take_pascal(c, &functions, "function", name);
	}
	for (size_t i = 0; i < spec->authorizers.count; i++) {
		struct text name = spec->authorizers.items[i].name_key;

		check_name(c, "an authorizer's name", name, "-_",
			   THING_NAME_MAX_LEN);
		take_pascal(c, &authorizers, "authorizer", name);
	}
	check_each_function(c, function_logical_id);
	check_each_authorizer(c, authorizer_logical_id);
}
