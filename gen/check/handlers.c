/* SPDX-License-Identifier: MIT */
/*
 * Handlers: whether each can be a C function in a C file, and whether those
 * that share a name can be one function.
 */
#include "check.h"

#include "../base/buf.h"
#include "../plan/names.h"

#include <string.h>

#define HANDLER_MAX_LEN 200 /* bytes of path and symbol; files have 255 */

/*
 * Who uses a symbol. An API's header declares the handlers of its routes, and
 * all see those that belong to no API: within these a symbol is one function.
 */
struct use {
	const char *who;  /* "route 'send'" */
	const char *type; /* uses with equal texts have equal prototypes */
	const char *file;
	const char *link;      /* the function that it is linked into, or "" */
	const struct api *api; /* NULL: belongs to none */
	struct loc loc;
};

struct uses {
	LIST(struct use) list;
};

struct handlers {
	struct check *c;
	struct map symbols; /* symbol -> struct uses */
};

/* --- one handler ---------------------------------------------------------- */

/*
 * What generated main.c and chat.c define, and what is linked into every
 * program: a handler of that name would stand in its place.
 */
static const char *const reserved[] = {
	"abort",       "abs",	    "accept",	"access",     "alarm",
	"atexit",      "atof",	    "atoi",	"atol",	      "authorize",
	"bind",	       "bsearch",   "calloc",	"chdir",      "chmod",
	"clock",       "close",	    "closedir", "connect",    "dprintf",
	"dup",	       "dup2",	    "environ",	"exec",	      "execv",
	"execve",      "exit",	    "exp",	"fclose",     "fdopen",
	"feof",	       "ferror",    "fflush",	"fgetc",      "fgets",
	"fileno",      "find",	    "floor",	"fopen",      "fork",
	"fprintf",     "fputc",	    "fputs",	"fread",      "free",
	"fseek",       "fstat",	    "ftell",	"function",   "fwrite",
	"getaddrinfo", "getc",	    "getchar",	"getenv",     "getline",
	"getopt",      "getpid",    "gets",	"getsockopt", "gmtime",
	"index",       "ioctl",	    "isatty",	"isalpha",    "isdigit",
	"isspace",     "jwt",	    "kill",	"link",	      "listen",
	"localtime",   "log",	    "longjmp",	"lseek",      "malloc",
	"memccpy",     "memchr",    "memcmp",	"memcpy",     "memmem",
	"memmove",     "memset",    "mkdir",	"mktime",     "mmap",
	"munmap",      "nanosleep", "open",	"opendir",    "pause",
	"perror",      "pipe",	    "poll",	"pow",	      "printf",
	"putc",	       "putchar",   "puts",	"qsort",      "raise",
	"rand",	       "random",    "read",	"readdir",    "readv",
	"realloc",     "recv",	    "recvfrom", "recvmsg",    "remove",
	"rename",      "rewind",    "rindex",	"rmdir",      "round",
	"routes",      "scanf",	    "select",	"send",	      "sendmsg",
	"sendto",      "session",   "setenv",	"setjmp",     "setsockopt",
	"shutdown",    "sigaction", "signal",	"sleep",      "slots",
	"snprintf",    "socket",    "sprintf",	"sqrt",	      "srand",
	"sscanf",      "stat",	    "steps",	"strcat",     "strchr",
	"strcmp",      "strcpy",    "strcspn",	"strdup",     "strerror",
	"strftime",    "strlen",    "strncat",	"strncmp",    "strncpy",
	"strndup",     "strnlen",   "strpbrk",	"strrchr",    "strspn",
	"strstr",      "strtod",    "strtok",	"strtol",     "strtoll",
	"strtoul",     "strtoull",  "symlink",	"sync",	      "syscall",
	"system",      "time",	    "timer",	"tolower",    "toupper",
	"truncate",    "umask",	    "uname",	"ungetc",     "unlink",
	"usleep",      "vfprintf",  "vprintf",	"vsnprintf",  "vsprintf",
	"wait",	       "waitpid",   "write",	"writev",
};

/* With the API's prefix in front of them. */
static const char *const generated[] = {
	"read_",   "write_",  "reply_", "send_", "shape_",   "close",
	"inspect", "session", "caller", "key_",	 "publish_", "broadcast_",
};

static const char *const generated_alone[] = {
	"wsg_", "WSG_", "route_", "fields_", "values_", "item_", "items_",
};

static bool starts_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

/* Why C cannot have a handler of that name, to end a sentence; or NULL. */
static const char *why_not_symbol(struct check *c, const char *symbol)
{
	const char *why = name_why_not_c(symbol);

	if (!strcmp(symbol, "main"))
		return "is C's entry point, which wsgen writes";
	if (why)
		return why;
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (!strcmp(reserved[i], symbol))
			return "is a name that every program has already";
	for (size_t i = 0;
	     i < sizeof(generated_alone) / sizeof(generated_alone[0]); i++)
		if (starts_with(symbol, generated_alone[i]))
			return arena_printf(c->arena,
					    "starts with '%s', as generated "
					    "code and the runtime do",
					    generated_alone[i]);
	for (size_t i = 0; i < c->spec->apis.count; i++) {
		const char *prefix = arena_printf(
			c->arena, "%s_",
			name_snake(c->arena, c->spec->apis.items[i].name.s));

		if (!starts_with(symbol, prefix))
			continue;
		for (size_t k = 0; k < sizeof(generated) / sizeof(generated[0]);
		     k++)
			if (starts_with(symbol + strlen(prefix), generated[k]))
				return arena_printf(c->arena,
						    "starts with '%s%s', as "
						    "generated code does",
						    prefix, generated[k]);
	}
	return NULL;
}

/* Why path cannot be that of a file of the user's; or NULL. */
static const char *why_not_path(const char *path)
{
	if (*path == '/')
		return "is absolute; write it relative to the spec";
	if (strchr(path, '\\'))
		return "has a '\\'; folders are parted by '/'";
	if (strchr(path, ' '))
		return "has a space, which make cannot take";
	if (!check_only(path, "_-+./"))
		return "must be letters, digits and '_', '-', '+', '.', '/' "
		       "for make and C to take it";
	for (const char *part = path;; part++) {
		size_t len = strcspn(part, "/");

		if (len == 2 && !strncmp(part, "..", 2))
			return "leaves the spec's folder";
		if (!len || (len == 1 && *part == '.'))
			return "has a part that is empty or '.'";
		if (*part == '-')
			return "has a part that starts with '-'";
		part += len;
		if (!*part)
			return NULL;
	}
}

static const char *shown(struct check *c, const char *text)
{
	if (strlen(text) <= 60)
		return text;
	return arena_printf(c->arena, "%.57s...", text);
}

/* False, after an error, when the text is not path/file.symbol. */
static bool split(struct check *c, struct text handler, const char **path,
		  const char **symbol)
{
	const char *slash = strrchr(handler.s, '/');
	const char *dot = strrchr(slash ? slash : handler.s, '.');
	const char *why;

	if (check_hidden(c, handler.loc, "a handler", handler.s))
		return false;
	if (strlen(handler.s) > HANDLER_MAX_LEN) {
		diag_error(c->diag, handler.loc,
			   "'%s' has %zu bytes; a handler has at most %d",
			   shown(c, handler.s), strlen(handler.s),
			   HANDLER_MAX_LEN);
		return false;
	}
	if (!dot || dot == handler.s || dot[-1] == '/' || !dot[1]) {
		diag_error(c->diag, handler.loc,
			   "'%s' is not path/file.symbol, such as "
			   "src/send.on_send",
			   handler.s);
		return false;
	}
	if (!strcmp(dot, ".c") || !strcmp(dot, ".h")) {
		diag_error(c->diag, handler.loc,
			   "'%s' names a file but no function in it: write "
			   "'%.*s.on_...'",
			   handler.s, (int)(dot - handler.s), handler.s);
		return false;
	}
	*path = arena_strndup(c->arena, handler.s, (size_t)(dot - handler.s));
	*symbol = dot + 1;
	if (strlen(*path) > 2 && !strcmp(*path + strlen(*path) - 2, ".c")) {
		diag_error(c->diag, handler.loc,
			   "'%s' is written without '.c': '%.*s.%s'", handler.s,
			   (int)strlen(*path) - 2, *path, *symbol);
		return false;
	}
	why = why_not_path(*path);
	if (why) {
		diag_error(c->diag, handler.loc, "the path of '%s' %s",
			   handler.s, why);
		return false;
	}
	why = why_not_symbol(c, *symbol);
	if (why) {
		diag_error(c->diag, handler.loc,
			   "'%s' cannot be a handler: it %s", *symbol, why);
		return false;
	}
	return true;
}

/* --- handlers that share a name ---------------------------------------------
 */

static bool meet(const struct use *a, const struct use *b)
{
	return !strcmp(a->file, b->file) || !a->api || !b->api ||
	       a->api == b->api || (*a->link && !strcmp(a->link, b->link));
}

/* False after an error: the two cannot be one C function. */
static bool agree(struct check *c, const char *symbol, const struct use *mine,
		  const struct use *other)
{
	if (!meet(mine, other))
		return true;
	if (strcmp(other->type, mine->type) != 0) {
		diag_error(c->diag, mine->loc,
			   "'%s' cannot handle %s: it handles %s, and the two "
			   "have different parameters in C",
			   symbol, mine->who, other->who);
		diag_note(c->diag, other->loc, "'%s' handles %s here", symbol,
			  other->who);
		return false;
	}
	if (strcmp(other->file, mine->file) != 0) {
		diag_error(c->diag, mine->loc,
			   "'%s' is in '%s.c' here and in '%s.c' elsewhere; a "
			   "name in C has one place",
			   symbol, mine->file, other->file);
		diag_note(c->diag, other->loc, "'%s.c' is named here",
			  other->file);
		return false;
	}
	return true;
}

static void use_symbol(struct handlers *h, const char *symbol,
		       const struct use *mine)
{
	struct uses *uses = map_get(&h->symbols, symbol);

	if (!uses) {
		uses = ARENA_NEW(h->c->arena, struct uses);
		map_put(&h->symbols, symbol, uses);
	}
	for (size_t i = 0; i < uses->list.count; i++) {
		const struct use *other = &uses->list.items[i];

		if (!agree(h->c, symbol, mine, other))
			return;
		if (other->api == mine->api &&
		    !strcmp(other->file, mine->file) &&
		    !strcmp(other->link, mine->link))
			return; /* the same again */
	}
	*LIST_ADD(h->c->arena, &uses->list) = *mine;
}

static void use(struct handlers *h, struct text handler, const char *who,
		const char *type)
{
	struct use mine = {
		.who = who, .type = type, .link = "", .loc = handler.loc
	};
	const char *symbol;

	if (handler.s && split(h->c, handler, &mine.file, &symbol))
		use_symbol(h, symbol, &mine);
}

static const char *message_name(const struct type *type)
{
	return type && type->message_name.s ? type->message_name.s : "";
}

/*
 * Routes for which this is equal can have one handler: it gets the type of
 * call that the first of them has, and may do what all of them may.
 */
static const char *parameters_of(struct arena *arena, const struct api *api,
				 const struct route *route)
{
	const char *on_invalid = route->on_invalid.s;
	const char *key = route->key.s;
	struct buf text;

	if (!strcmp(key, "$connect") || !strcmp(key, "$disconnect"))
		return key;
	buf_init(&text, arena);
	buf_printf(&text, "%s: %s, %s%s%s%s%s", api->name.s,
		   message_name(route->message_type),
		   message_name(route->reply_type),
		   route->reply_any ? " reply" : "",
		   on_invalid && !strcmp(on_invalid, "handler") ? " invalid"
								: "",
		   route->closes.is == FLAG_ON ? " closes" : "",
		   route->inspects.is == FLAG_ON ? " inspects" : "");
	for (size_t i = 0; i < route->sends.count; i++)
		buf_printf(&text, " %s", route->sends.items[i].s);
	return text.text;
}

static void use_route(struct handlers *h, const struct api *api,
		      const struct route *route)
{
	struct check *c = h->c;
	struct text handler = check_route_handler(route);
	const char *snake = name_snake(c->arena, route->key.s);
	struct use mine = {
		.who = check_route_text(c, route),
		.type = parameters_of(c->arena, api, route),
		.api = api,
		.link = route->function && route->function->use.s
				? route->function->use.s
				: "",
		.loc = handler.s ? handler.loc : route->key.loc,
	};
	const char *symbol, *why;

	if (check_in_place(route))
		return;
	if (handler.s) {
		if (split(c, handler, &mine.file, &symbol))
			use_symbol(h, symbol, &mine);
		return;
	}
	if (!*snake)
		return;
	symbol = arena_printf(c->arena, "on_%s", snake);
	mine.file = arena_printf(c->arena, "src/%s", api->name.s);
	why = why_not_symbol(c, symbol);
	if (why)
		diag_error(c->diag, route->key.loc,
			   "%s needs a 'handler': the usual '%s' %s", mine.who,
			   symbol, why);
	else
		use_symbol(h, symbol, &mine);
}

static void use_authorizer(struct handlers *h, const struct authorizer *found)
{
	if (found)
		use(h, found->handler, "an authorizer", "authorize");
}

static void use_hooks(struct handlers *h, const struct function *function)
{
	if (!function)
		return;
	use(h, function->init, "a cold start", "init");
	use(h, function->shutdown, "SIGTERM", "shutdown");
}

static void use_api(struct handlers *h, const struct api *api)
{
	for (size_t i = 0; i < api->routes.count; i++) {
		const struct route *route = &api->routes.items[i];

		use_route(h, api, route);
		use_authorizer(h, route->authorizer);
		use_hooks(h, route->function);
		if (route->authorizer)
			use_hooks(h, route->authorizer->function);
	}
	use_authorizer(h, api->authorizer);
	if (api->authorizer)
		use_hooks(h, api->authorizer->function);
	if (api->defaults)
		use_hooks(h, api->defaults->function);
}

/* --- more files -------------------------------------------------------------
 */

static void check_sources(struct check *c, const struct function *function,
			  enum check_function_place place)
{
	(void)place;
	for (size_t i = 0; i < function->sources.count; i++) {
		struct text file = function->sources.items[i];
		const char *why = why_not_path(file.s);
		size_t len = strlen(file.s);

		if (check_hidden(c, file.loc, "a path", file.s))
			continue;
		if (why)
			diag_error(c->diag, file.loc, "the path '%s' %s",
				   shown(c, file.s), why);
		else if (len < 3 || strcmp(file.s + len - 2, ".c") != 0)
			diag_error(c->diag, file.loc,
				   "'%s' among 'sources' is not a .c file",
				   shown(c, file.s));
	}
	for (size_t i = 0; i < function->libraries.count; i++) {
		struct text name = function->libraries.items[i];

		if (!*name.s || *name.s == '-' || !check_only(name.s, "_-+."))
			diag_error(c->diag, name.loc,
				   "'%s' among 'libraries' is no name that "
				   "pkg-config knows",
				   shown(c, name.s));
	}
}

void check_handlers(struct check *c)
{
	const struct spec *spec = c->spec;
	struct handlers h = { .c = c, .symbols = { .arena = c->arena } };

	for (size_t i = 0; i < spec->apis.count; i++)
		if (check_is_websocket(&spec->apis.items[i]))
			use_api(&h, &spec->apis.items[i]);
	if (spec->defaults)
		use_hooks(&h, spec->defaults->function);
	for (size_t i = 0; i < spec->functions.count; i++) {
		const struct function *function = &spec->functions.items[i];

		use(&h, function->handler,
		    arena_printf(c->arena, "function '%s'", function->name.s),
		    "raw");
		use_hooks(&h, function);
	}
	for (size_t i = 0; i < spec->authorizers.count; i++) {
		use_authorizer(&h, &spec->authorizers.items[i]);
		use_hooks(&h, spec->authorizers.items[i].function);
	}
	check_each_function(c, check_sources);
}
