/* SPDX-License-Identifier: MIT */
/*
 * fuzz_compile.c - any bytes as a spec, all the way: either something is wrong
 * and said, or there are files, and each of them is what its name says.
 */
#include "base/utf8.h"
#include "compile.h"
#include "diag_print.h"
#include "read/yaml.h"

#include <stdlib.h>
#include <string.h>

#define READ_AGAIN_MAX (256 * 1024) /* bytes of one file */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void print_diagnostics(const struct diag *diag)
{
	for (int format = DIAG_TEXT; format <= DIAG_SARIF; format++) {
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);

		if (!out)
			abort();
		diag_print(diag, out, (enum diag_format)format, false);
		fclose(out);
		free(text);
	}
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

static void check_text(const struct output_file *file)
{
	uint32_t code;

	for (size_t at = 0, size; at < file->len; at += size) {
		size = utf8_decode(file->text + at, file->len - at, &code);
		if (!size || !code)
			abort();
	}
}

/* JSON is YAML, so that one reader serves both. */
static void check_document(struct arena *arena, const struct output_file *file)
{
	struct diag diag;

	diag_init(&diag, arena);
	if (!read_yaml(arena, &diag,
		       diag_source(&diag, file->path, file->text, file->len))) {
		diag_print(&diag, stderr, DIAG_TEXT, false);
		abort();
	}
}

static void check_files(struct compile *c)
{
	for (size_t i = 0; i < c->output.files.count; i++) {
		const struct output_file *file = &c->output.files.items[i];

		check_text(file);
		if (file->len <= READ_AGAIN_MAX &&
		    (ends_with(file->path, ".json") ||
		     ends_with(file->path, ".yaml")))
			check_document(&c->arena, file);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct compile_options options = {
		.text = (const char *)bytes,
		.text_len = len,
		.until = COMPILE_EMIT,
		.template_json = len % 2,
		.source_dir = "..",
	};
	struct compile c;

	if (!len)
		return 0;
	switch (compile(&c, &options)) {
	case COMPILE_OK:
		if (c.diag.errors)
			abort();
		check_files(&c);
		break;
	case COMPILE_WRONG:
		if (!c.diag.errors)
			abort();
		break;
	case COMPILE_FAILED:
		abort();
	}
	print_diagnostics(&c.diag);
	compile_release(&c);
	return 0;
}
