/* SPDX-License-Identifier: MIT */
/*
 * stub.c - wsgen stub: the handlers that are not written yet. The texts are
 * those that build/stubs/ holds until then; here they become the user's.
 */
#include "cli.h"

#include "defines.h"
#include "file.h"
#include "path.h"

#include "../emit/c/stubs.h"

#include <errno.h>
#include <string.h>

/* One handler after another, an empty line before each. */
static void add_handler(const struct stubs *stubs, const struct stub_file *stub,
			const char *symbol, struct buf *text)
{
	buf_char(text, '\n');
	emit_stub_text(stubs, stub, symbol, text);
}

static int make_file(struct cli *cli, const struct stubs *stubs,
		     const char *path, const struct stub_file *stub)
{
	struct buf text;

	buf_init(&text, cli->arena);
	emit_stub_head(stubs, stub, &text);
	for (size_t i = 0; i < stub->symbols.count; i++)
		add_handler(stubs, stub, stub->symbols.items[i], &text);
	if (!file_create(cli, path, text.text, text.len))
		return CLI_FAILED;
	if (!cli->given[CLI_QUIET])
		fprintf(cli->out, "%s\n", path);
	return CLI_DONE;
}

/* The handlers that the user's file has no body for. */
static int add_to_file(struct cli *cli, const struct stubs *stubs,
		       const char *path, const struct file *file,
		       const struct stub_file *stub)
{
	struct buf text;

	buf_init(&text, cli->arena);
	if (file->len && file->text[file->len - 1] != '\n')
		buf_char(&text, '\n');
	for (size_t i = 0; i < stub->symbols.count; i++) {
		const char *symbol = stub->symbols.items[i];

		if (defines_function(file->text, file->len, symbol))
			continue;
		add_handler(stubs, stub, symbol, &text);
		if (!cli->given[CLI_QUIET])
			fprintf(cli->out, "%s: %s\n", path, symbol);
	}
	if (text.len < 2 || file_append(cli, path, text.text))
		return CLI_DONE;
	return CLI_FAILED;
}

static int write_stub(struct cli *cli, const struct stubs *stubs,
		      const struct stub_file *stub)
{
	const char *dir = path_folder(cli->arena, cli->operands.items[0]);
	const char *path = path_join(cli->arena, dir, stub->path);
	struct file file;

	if (file_read(cli->arena, path, &file))
		return add_to_file(cli, stubs, path, &file, stub);
	if (errno == ENOENT)
		return make_file(cli, stubs, path, stub);
	return cli_failed(cli, path);
}

static int write_stubs(struct cli *cli, struct compile *compile)
{
	struct render render_state;
	const struct emit emit = {
		.arena = &compile->arena,
		.plan = compile->plan,
		.render = &render_state,
		.diag = &compile->diag,
	};
	struct stubs stubs;
	int exit_code = CLI_DONE;

	render_init(&render_state, &compile->arena, cli->values[CLI_TEMPLATES]);
	stubs = emit_stub_files(&emit);
	for (size_t i = 0; i < stubs.count && exit_code == CLI_DONE; i++)
		exit_code = write_stub(cli, &stubs, &stubs.items[i]);
	return exit_code;
}

int cli_stub(struct cli *cli)
{
	struct compile compile = { 0 };
	struct compile_options options = { .until = COMPILE_EMIT,
					   .emit = "stubs",
					   .source_dir = "." };
	int exit_code = cli_compile(cli, &compile, &options);

	if (exit_code == CLI_DONE)
		exit_code = write_stubs(cli, &compile);
	compile_release(&compile);
	return exit_code;
}
