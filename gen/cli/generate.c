/* SPDX-License-Identifier: MIT */
/* generate.c - wsgen SPEC... -o DIR: everything, or nothing. */
#include "cli.h"

#include "file.h"
#include "path.h"

#include "../emit/emit.h"
#include "../emit/make.h"
#include "../output/depfile.h"
#include "../render.h"

#include <string.h>
#include <time.h>

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The file at path, seen from the folder of the spec. */
static const char *from_spec(struct cli *cli, const char *spec_dir,
			     const char *path)
{
	const char *dir =
		path_from(cli->arena, spec_dir, path_folder(cli->arena, path));

	return dir ? path_join(cli->arena, dir, path_leaf(cli->arena, path))
		   : path;
}

/* What was read, for wsgen.mk: globs see new files by their folder. */
static void add_inputs(struct cli *cli, struct compile *compile,
		       const char *templates)
{
	const struct read_inputs *inputs = &compile->inputs;
	const char *spec_dir = path_folder(cli->arena, cli->operands.items[0]);
	struct values *values = values_new(&compile->arena);
	struct render render_state;
	struct buf text;

	render_init(&render_state, &compile->arena, templates);
	values_list(values, "inputs");
	for (size_t i = 0; i < inputs->files.count; i++)
		values_text(values_item(values, "inputs"), "path",
			    from_spec(cli, spec_dir, inputs->files.items[i]));
	for (size_t i = 0; i < inputs->dirs.count; i++)
		values_text(values_item(values, "inputs"), "path",
			    from_spec(cli, spec_dir, inputs->dirs.items[i]));
	buf_init(&text, &compile->arena);
	render(&render_state, "make/inputs.mk.tmpl", values, &text);
	output_add(&compile->output, "inputs.mk", text.text, text.len);
}

static bool has_output(const struct compile *compile, const char *path)
{
	for (size_t i = 0; i < compile->output.files.count; i++)
		if (!strcmp(compile->output.files.items[i].path, path))
			return true;
	return false;
}

/* The stamp is the target: every successful run touches it. */
static bool write_depfile(struct cli *cli, const struct compile *compile,
			  const char *dir)
{
	const char *stamp = path_join(cli->arena, dir, ".wsgen/stamp");
	const struct read_inputs *inputs = &compile->inputs;
	LIST(const char *) read = { 0 };
	struct buf text;

	for (size_t i = 0; i < inputs->files.count; i++)
		*LIST_ADD(cli->arena, &read) = inputs->files.items[i];
	for (size_t i = 0; i < inputs->dirs.count; i++)
		*LIST_ADD(cli->arena, &read) = inputs->dirs.items[i];
	buf_init(&text, cli->arena);
	depfile_print(&text, &stamp, 1, read.items, read.count);
	return file_replace(cli, cli->values[CLI_DEPFILE], text.text, text.len);
}

static int finish(struct cli *cli, struct compile *compile, const char *dir)
{
	if (has_output(compile, "wsgen.mk"))
		add_inputs(cli, compile, cli->values[CLI_TEMPLATES]);
	if (cli->given[CLI_LIST_OUTPUTS]) {
		output_list(&compile->output, dir, cli->out);
		return CLI_DONE;
	}
	if (cli->given[CLI_CHECK])
		return output_is_current(&compile->output, dir, cli->out)
			       ? CLI_DONE
			       : CLI_WRONG;
	if (!output_write(&compile->output, dir, cli->err))
		return CLI_FAILED;
	if (cli->given[CLI_DEPFILE] && !write_depfile(cli, compile, dir))
		return CLI_FAILED;
	return CLI_DONE;
}

/* Every name in "c,iam" is one that there is. */
static bool check_emit(struct cli *cli, const char *list)
{
	LIST(const char *) names = { 0 };

	for (size_t i = 0; i < emitter_count; i++)
		*LIST_ADD(cli->arena, &names) = emitters[i].name;
	for (; list; list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL) {
		const char *name =
			arena_strndup(cli->arena, list, strcspn(list, ","));
		const char *nearest;
		size_t i = 0;

		while (i < names.count && strcmp(names.items[i], name) != 0)
			i++;
		if (i < names.count)
			continue;
		nearest = diag_nearest(name, names.items, names.count);
		cli_usage(cli, "'--emit' knows no '%s'%s%s%s", name,
			  nearest ? ": did you mean '" : "",
			  nearest ? nearest : "", nearest ? "'?" : "");
		return false;
	}
	return true;
}

/* wsgen.mk would be of no use in a folder that make has no way to name. */
static bool check_output_dir(struct cli *cli, const char *dir)
{
	const char *bad = dir + strcspn(dir, MAKE_HOSTILE);

	if (!*dir)
		cli_usage(cli, "'--output' cannot be empty");
	else if (*bad)
		cli_usage(cli,
			  "'--output' has a '%c' in it, which make cannot "
			  "handle",
			  *bad);
	return *dir && !*bad;
}

int cli_generate_to(struct cli *cli, struct compile *compile, const char *dir)
{
	const char *format = cli->values[CLI_FORMAT];
	struct compile_options options = { .until = COMPILE_EMIT };
	int exit_code;

	if (!check_output_dir(cli, dir) ||
	    !check_emit(cli, cli->values[CLI_EMIT]))
		return CLI_USAGE;
	options.emit = cli->values[CLI_EMIT];
	options.template_json = format && !strcmp(format, "json");
	options.source_dir =
		path_from(cli->arena, dir,
			  path_folder(cli->arena, cli->operands.items[0]));
	if (!options.source_dir)
		return cli_failed(cli, ".");
	exit_code = cli_compile(cli, compile, &options);
	return exit_code == CLI_DONE ? finish(cli, compile, dir) : exit_code;
}

int cli_generate(struct cli *cli)
{
	const char *dir = cli->values[CLI_OUTPUT];
	struct compile compile = { 0 };
	double start = seconds();
	int exit_code;

	if (!dir)
		dir = CLI_OUTPUT_DIR;
	exit_code = cli_generate_to(cli, &compile, dir);
	if (exit_code == CLI_DONE && cli->given[CLI_VERBOSE])
		fprintf(cli->err, "wsgen: %s: %zu files in %.1f ms\n", dir,
			compile.output.files.count, (seconds() - start) * 1000);
	compile_release(&compile);
	return exit_code;
}
