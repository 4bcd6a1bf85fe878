/* SPDX-License-Identifier: MIT */
/* emitted.h - what the emitters make of a spec in a test's own text. */
#ifndef WSGEN_EMITTED_H
#define WSGEN_EMITTED_H

#include "compile.h"
#include "diag_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* False after an error, which is printed. Released by the caller either way. */
static inline bool emitted_compile(struct compile *c, const char *text,
				   const char *emit)
{
	char path[] = "/tmp/wsgen-test-XXXXXX";
	const char *specs[] = { path };
	const struct compile_options options = {
		.specs = specs,
		.spec_count = 1,
		.until = COMPILE_EMIT,
		.emit = emit,
		.source_dir = "..",
	};
	FILE *file = fdopen(mkstemp(path), "w");
	enum compile_result result;

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	result = compile(c, &options);
	unlink(path);
	if (result != COMPILE_OK)
		diag_print(&c->diag, stderr, DIAG_TEXT, false);
	return result == COMPILE_OK;
}

/* The text of one file, or NULL. */
static inline const char *emitted_file(const struct compile *c,
				       const char *path)
{
	for (size_t i = 0; i < c->output.files.count; i++)
		if (!strcmp(c->output.files.items[i].path, path))
			return c->output.files.items[i].text;
	return NULL;
}

#endif
