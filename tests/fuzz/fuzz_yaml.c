/* SPDX-License-Identifier: MIT */
/*
 * fuzz_yaml.c - any bytes as a spec: read or refused in words, and what was
 * read, printed and read once more is the same.
 */
#include "diag_print.h"
#include "doc.h"
#include "read/yaml.h"

#include <stdlib.h>
#include <string.h>

#define PRINTED_MAX (1024 * 1024) /* aliases may stand for much more */

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

static struct doc *read_bytes(struct arena *arena, const char *bytes,
			      size_t len, struct diag *diag)
{
	diag_init(diag, arena);
	return read_yaml(arena, diag, diag_source(diag, "fuzz", bytes, len));
}

/* Long forms nest deeper than the tags they came from. */
static bool is_too_deep(const struct diag *diag)
{
	return strstr(diag->entries.items[0].text, "nested") != NULL;
}

static void print_and_read(struct arena *arena, const struct doc *doc)
{
	struct buf json, yaml, again;
	struct doc *same;
	struct diag diag;

	buf_init(&json, arena);
	doc_print_compact(&json, doc);
	if (json.len > PRINTED_MAX)
		return;
	buf_init(&yaml, arena);
	doc_print_yaml(&yaml, doc);
	same = read_bytes(arena, yaml.text, yaml.len, &diag);
	if (!same) {
		if (!is_too_deep(&diag))
			abort();
		return;
	}
	buf_init(&again, arena);
	doc_print_yaml(&again, same);
	if (strcmp(yaml.text, again.text) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena arena = { 0 };
	struct diag diag;
	const char *text = arena_strndup(&arena, (const char *)bytes, len);
	struct doc *doc = read_bytes(&arena, text, len, &diag);

	if (!doc != (diag.errors > 0))
		abort();
	print_diagnostics(&diag);
	if (doc)
		print_and_read(&arena, doc);
	arena_release(&arena);
	return 0;
}
