/* SPDX-License-Identifier: MIT */
/*
 * Compiles every spec of a folder and prints what wsgen says about it, all in
 * one process: errors.py compares that with the .err files.
 *
 *	test-errors spec.yaml...	"== spec.yaml RESULT" and the text, each
 */
#include "compile.h"
#include "diag_print.h"

#include <stdio.h>

static void show(const char *path)
{
	const struct compile_options options = {
		.specs = &path,
		.spec_count = 1,
		.until = COMPILE_EMIT,
		.source_dir = "..",
	};
	struct compile c;
	enum compile_result result = compile(&c, &options);

	printf("== %s %d\n", path, (int)result);
	diag_print(&c.diag, stdout, DIAG_TEXT, false);
	compile_release(&c);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		show(argv[i]);
	return 0;
}
