/* SPDX-License-Identifier: MIT */
/* gateway.c - wsgen-gateway as the child of wsgen dev. */
#include "dev.h"

#include "../path.h"

#include "../../doc.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool dev_gateway_start(struct dev_gateway *gateway, struct cli *cli,
		       const char *program, const char *spec_dir,
		       const char *dir)
{
	struct arena *arena = cli->arena;
	const char *env = path_join(arena, spec_dir, ".env");
	LIST(char *) argv = { 0 };

	*LIST_ADD(arena, &argv) = arena_strdup(arena, program);
	*LIST_ADD(arena, &argv) = "--control";
	if (cli->given[CLI_QUIET])
		*LIST_ADD(arena, &argv) = "--quiet";
	if (cli->given[CLI_VERBOSE])
		*LIST_ADD(arena, &argv) = "--verbose";
	if (cli->given[CLI_COLOR]) {
		*LIST_ADD(arena, &argv) = "--color";
		*LIST_ADD(arena, &argv) =
			arena_strdup(arena, cli->values[CLI_COLOR]);
	}
	if (!access(env, R_OK)) {
		*LIST_ADD(arena, &argv) = "--env-file";
		*LIST_ADD(arena, &argv) = arena_strdup(arena, env);
	}
	for (size_t i = 0; i < cli->gateway.count; i++)
		*LIST_ADD(arena, &argv) =
			arena_strdup(arena, cli->gateway.items[i]);
	*LIST_ADD(arena, &argv) = "--";
	*LIST_ADD(arena, &argv) = arena_strdup(arena, dir);
	*LIST_ADD(arena, &argv) = NULL;
	*gateway = (struct dev_gateway){ .err = cli->err };
	return child_start(&gateway->child, argv.items, CHILD_IN | CHILD_OUT);
}

static void one_line(struct dev_gateway *gateway)
{
	const struct {
		const char *start;
		bool *flag;
	} events[] = {
		{ "{\"event\":\"ready\"", &gateway->ready },
		{ "{\"event\":\"reloaded\"", &gateway->reloaded },
		{ "{\"event\":\"refused\"", &gateway->refused },
	};

	/* What went wrong the gateway itself says on standard error. */
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		if (!strncmp(gateway->line, events[i].start,
			     strlen(events[i].start)))
			*events[i].flag = true;
}

bool dev_gateway_read(struct dev_gateway *gateway)
{
	char bytes[4096];
	ssize_t got = read(gateway->child.out, bytes, sizeof(bytes));

	if (got < 0)
		return errno == EINTR || errno == EAGAIN;
	for (ssize_t i = 0; i < got; i++) {
		if (bytes[i] == '\n') {
			gateway->line[gateway->len] = '\0';
			one_line(gateway);
			gateway->len = 0;
		} else if (gateway->len + 1 < sizeof(gateway->line)) {
			gateway->line[gateway->len++] = bytes[i];
		}
	}
	return got > 0;
}

/* A gateway that has gone is told of by its pipe for output. */
static void say(struct dev_gateway *gateway, struct arena *arena,
		const struct doc *what)
{
	struct buf line;
	const char *at;
	size_t left;

	buf_init(&line, arena);
	doc_print_compact(&line, what);
	buf_char(&line, '\n');
	at = line.text;
	left = line.len;
	while (gateway->child.in >= 0 && left) {
		ssize_t put = write(gateway->child.in, at, left);

		if (put < 0 && errno != EINTR)
			return;
		if (put > 0) {
			at += put;
			left -= (size_t)put;
		}
	}
}

void dev_gateway_reload(struct dev_gateway *gateway, struct arena *arena,
			const char *const *functions, size_t count)
{
	struct doc *what = doc_map(arena), *names;

	doc_set_string(arena, what, "do", "reload");
	names = doc_set(arena, what, "functions", doc_list(arena));
	for (size_t i = 0; i < count; i++)
		doc_add(arena, names, doc_string(arena, functions[i]));
	say(gateway, arena, what);
}

void dev_gateway_tell(struct dev_gateway *gateway, struct arena *arena,
		      const char *text, bool ok)
{
	struct doc *what = doc_map(arena);

	doc_set_string(arena, what, "do", "build");
	doc_set_string(arena, what, "text", text);
	doc_set(arena, what, "ok", doc_bool(arena, ok));
	say(gateway, arena, what);
}
