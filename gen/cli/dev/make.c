/* SPDX-License-Identifier: MIT */
/* make.c - make, run for wsgen dev, and what it prints sorted. */
#include "dev.h"

#include "../file.h"
#include "../path.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Whether the Makefile there is one that wsgen's rules are included from. */
static bool has_makefile(struct cli *cli, const char *spec_dir, const char *dir)
{
	struct arena *arena = cli->arena;
	const char *build = path_from(arena, spec_dir, dir);
	struct file file;

	return build &&
	       file_read(arena, path_join(arena, spec_dir, "Makefile"),
			 &file) &&
	       strstr(file.text,
		      arena_printf(arena, "include %s/wsgen.mk", build));
}

bool dev_make_start(struct dev_make *make, struct cli *cli,
		    const char *spec_dir, const char *dir, const char *wsgen)
{
	struct arena *arena = cli->arena;
	char *with_makefile[] = { "make",  "--no-print-directory",
				  "-C",	   arena_strdup(arena, spec_dir),
				  NULL,	   NULL,
				  "local", NULL };
	char *without[] = {
		"make",	 "--no-print-directory",
		"-f",	 arena_strdup(arena, path_join(arena, dir, "wsgen.mk")),
		NULL,	 NULL,
		"local", NULL
	};
	char **argv =
		has_makefile(cli, spec_dir, dir) ? with_makefile : without;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	argv[4] = arena_printf(arena, "-j%ld", cpus > 0 ? cpus : 1);
	argv[5] = arena_printf(arena, "WSGEN=%s", wsgen);
	make->err = cli->err;
	make->terminal = isatty(fileno(cli->err)) && !cli->given[CLI_QUIET];
	make->verbose = cli->given[CLI_VERBOSE];
	make->len = 0;
	make->shown = false;
	buf_init(&make->said, arena);
	return child_start(&make->child, argv, CHILD_OUT | CHILD_ERR);
}

/* A command as wsgen.mk announces it: "  cc    src/room.c". */
static bool is_progress(const char *line)
{
	return !strncmp(line, "  cc ", 5) || !strncmp(line, "  link ", 7) ||
	       !strncmp(line, "  ar ", 5);
}

/* "make: Nothing to be done", which is no news; its errors are. */
static bool is_chatter(const char *line)
{
	return !strncmp(line, "make: ", 6) && !strstr(line, "***");
}

static void erase_progress(struct dev_make *make)
{
	if (make->shown)
		fputs("\r\033[K", make->err);
	make->shown = false;
}

static void one_line(struct dev_make *make)
{
	const char *line = make->line;

	if (is_progress(line) && !make->verbose) {
		erase_progress(make);
		make->shown = make->terminal;
		if (make->terminal)
			fprintf(make->err, "%.78s", line);
	} else if (!is_chatter(line) || make->verbose) {
		erase_progress(make);
		fprintf(make->err, "%s\n", line);
		buf_printf(&make->said, "%s\n", line);
	}
	fflush(make->err);
}

bool dev_make_read(struct dev_make *make)
{
	char bytes[4096];
	ssize_t got = read(make->child.out, bytes, sizeof(bytes));

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	for (ssize_t i = 0; i < got; i++) {
		/* A longer line comes out in pieces. */
		if (bytes[i] != '\n' && make->len + 1 < sizeof(make->line)) {
			make->line[make->len++] = bytes[i] ? bytes[i] : '?';
			continue;
		}
		make->line[make->len] = '\0';
		one_line(make);
		make->len = 0;
		if (bytes[i] != '\n')
			make->line[make->len++] = bytes[i];
	}
	return got > 0;
}

void dev_make_end(struct dev_make *make)
{
	if (make->len) {
		make->line[make->len] = '\0';
		one_line(make);
	}
	make->len = 0;
	erase_progress(make);
	fflush(make->err);
}
