/* SPDX-License-Identifier: MIT */
/* support.h - what the tests of gen/ share; include it after cmocka.h. */
#ifndef WSGEN_TEST_SUPPORT_H
#define WSGEN_TEST_SUPPORT_H

#include "diag_print.h"
#include "doc.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Fails with the name of the case and both texts. */
static inline void expect_text(const char *name, const char *got,
			       const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s:\ngot:  %s\nwant: %s", name, got, want);
}

/* What diag has to say, in the arena. */
static inline const char *diag_text(struct arena *arena,
				    const struct diag *diag,
				    enum diag_format format, bool color)
{
	char *text = NULL, *copy;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	diag_print(diag, out, format, color);
	fclose(out);
	copy = arena_strndup(arena, text, len);
	free(text);
	return copy;
}

static inline const char *compact(struct arena *arena, const struct doc *doc)
{
	struct buf out;

	buf_init(&out, arena);
	doc_print_compact(&out, doc);
	return out.text;
}

#endif
