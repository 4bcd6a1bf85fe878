/* SPDX-License-Identifier: MIT */
/* new.c - wsgen new DIR: a project that builds and answers at once. */
#include "cli.h"

#include "file.h"
#include "path.h"
#include "schema.h"

#include "../plan/names.h"
#include "../render.h"
#include "../render/template.h"

#include <string.h>
#include <sys/stat.h>

#define NAME_MAX_LEN 32 /* of a spec */
#define SAMPLES "samples/"

struct new_file {
	const char *path; /* below DIR */
	const char *text;
	size_t len;
};

struct project {
	struct cli *cli;
	const char *dir;
	LIST(struct new_file) files;
};

/* Templates and where they go; '*' is the project's name. */
static const struct {
	const char *template_name, *path;
} scaffold[] = {
	{ "project/Makefile.tmpl", "Makefile" },
	{ "project/README.md.tmpl", "README.md" },
	{ "project/gitignore.tmpl", ".gitignore" },
	{ "project/vscode-settings.json.tmpl", ".vscode/settings.json" },
	{ "project/spec.yaml.tmpl", "*.yaml" },
	{ "project/connect.c.tmpl", "src/connect.c" },
	{ "project/hello.c.tmpl", "src/hello.c" },
	{ "project/hello.json.tmpl", "events/hello.json" },
};

static void add_file(struct project *project, const char *path,
		     const char *text, size_t len)
{
	*LIST_ADD(project->cli->arena, &project->files) =
		(struct new_file){ path, text, len };
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A spec's name out of a folder's: "my chat!" to "my-chat". */
static const char *project_name(struct arena *arena, const char *leaf)
{
	char *name = arena_alloc(arena, NAME_MAX_LEN + 1);
	size_t len = 0;

	for (; *leaf && len < NAME_MAX_LEN; leaf++) {
		if (is_letter(*leaf) || (len && *leaf >= '0' && *leaf <= '9'))
			name[len++] = *leaf;
		else if (len && name[len - 1] != '-')
			name[len++] = '-';
	}
	while (len && name[len - 1] == '-')
		name[--len] = '\0';
	return len ? name : "hello";
}

static void add_scaffold(struct project *project, const char *name)
{
	struct arena *arena = project->cli->arena;
	struct values *values = values_new(arena);
	struct render render_state;
	const char *schema = schema_text(arena);

	render_init(&render_state, arena, NULL);
	values_text(values, "name", name);
	values_text(values, "prefix", name_snake(arena, name));
	for (size_t i = 0; i < sizeof(scaffold) / sizeof(*scaffold); i++) {
		const char *path = scaffold[i].path;
		struct buf text;

		buf_init(&text, arena);
		render(&render_state, scaffold[i].template_name, values, &text);
		if (*path == '*')
			path = arena_printf(arena, "%s%s", name, path + 1);
		add_file(project, path, text.text, text.len);
	}
	add_file(project, ".vscode/wsgen.schema.json", schema, strlen(schema));
}

/* The part between "samples/" and the next slash, or NULL. */
static const char *sample_of(struct arena *arena, const char *name)
{
	if (strncmp(name, SAMPLES, strlen(SAMPLES)) != 0)
		return NULL;
	name += strlen(SAMPLES);
	return arena_strndup(arena, name, strcspn(name, "/"));
}

static int unknown_sample(struct cli *cli, const char *wrong)
{
	LIST(const char *) names = { 0 };
	const char *nearest;
	struct buf all;

	buf_init(&all, cli->arena);
	for (size_t i = 0; i < template_file_count; i++) {
		const char *name =
			sample_of(cli->arena, template_files[i].name);

		if (!name || (names.count &&
			      !strcmp(names.items[names.count - 1], name)))
			continue;
		*LIST_ADD(cli->arena, &names) = name;
		buf_printf(&all, "%s%s", all.len ? ", " : "", name);
	}
	nearest = diag_nearest(wrong, names.items, names.count);
	if (nearest)
		return cli_usage(cli, "no sample '%s': did you mean '%s'?",
				 wrong, nearest);
	return cli_usage(cli, "no sample '%s': there are %s", wrong, all.text);
}

static int add_sample(struct project *project, const char *sample)
{
	struct cli *cli = project->cli;
	const char *prefix = arena_printf(cli->arena, SAMPLES "%s/", sample);

	for (size_t i = 0; i < template_file_count; i++) {
		const struct template_file *file = &template_files[i];

		if (!strncmp(file->name, prefix, strlen(prefix)))
			add_file(project, file->name + strlen(prefix),
				 (const char *)file->text, file->len);
	}
	return project->files.count ? CLI_DONE : unknown_sample(cli, sample);
}

/* All that is in the way is said before anything is written. */
static bool is_free(struct project *project)
{
	struct cli *cli = project->cli;
	bool free = true;

	for (size_t i = 0; i < project->files.count; i++) {
		const char *path = path_join(cli->arena, project->dir,
					     project->files.items[i].path);
		struct stat info;

		if (lstat(path, &info))
			continue;
		fprintf(cli->err, "wsgen: %s: is there already\n", path);
		free = false;
	}
	return free;
}

static int write_project(struct project *project)
{
	struct cli *cli = project->cli;

	if (!is_free(project)) {
		fputs("wsgen: nothing was written\n", cli->err);
		return CLI_FAILED;
	}
	for (size_t i = 0; i < project->files.count; i++) {
		const struct new_file *file = &project->files.items[i];
		const char *path =
			path_join(cli->arena, project->dir, file->path);

		if (!file_create(cli, path, file->text, file->len))
			return CLI_FAILED;
		if (!cli->given[CLI_QUIET])
			fprintf(cli->out, "%s\n", path);
	}
	if (!cli->given[CLI_QUIET])
		fprintf(cli->out, "\nnow: make -C %s dev\n", project->dir);
	return CLI_DONE;
}

int cli_new(struct cli *cli)
{
	struct project project = { .cli = cli, .dir = cli->operands.items[0] };
	const char *sample = cli->values[CLI_SAMPLE];
	const char *full;
	int exit_code = CLI_DONE;

	if (!*project.dir)
		return cli_usage(cli, "the folder's name cannot be empty");
	full = path_absolute(cli->arena, project.dir);
	if (!full)
		return cli_failed(cli, ".");
	if (sample)
		exit_code = add_sample(&project, sample);
	else
		add_scaffold(
			&project,
			project_name(cli->arena, path_leaf(cli->arena, full)));
	return exit_code == CLI_DONE ? write_project(&project) : exit_code;
}
