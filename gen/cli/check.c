/* SPDX-License-Identifier: MIT */
/* check.c - wsgen check: all that generating does, short of writing. */
#include "cli.h"

int cli_check(struct cli *cli)
{
	struct compile compile = { 0 };
	struct compile_options options = { .until = COMPILE_EMIT };
	int exit_code;

	options.source_dir = "..";
	exit_code = cli_compile(cli, &compile, &options);
	compile_release(&compile);
	return exit_code;
}
