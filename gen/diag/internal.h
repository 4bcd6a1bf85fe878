/* SPDX-License-Identifier: MIT */
/* diag_internal.h - shared by the printers of diagnostics, no one else. */
#ifndef WSGEN_DIAG_INTERNAL_H
#define WSGEN_DIAG_INTERNAL_H

#include "../base/buf.h"
#include "../base/diag.h"

/* One line of a source: without its end, and without a byte order mark. */
struct diag_line {
	const char *text;
	size_t len;
};

struct diag_line diag_line(const struct source *source, uint32_t number);

/* NULL when the entry is about no place. */
const struct source *diag_source_of(const struct diag *diag, struct loc loc);

/* "2 more errors", or NULL when all were kept. */
const char *diag_uncounted(struct arena *arena, size_t count, size_t max,
			   const char *what);

void diag_print_json(const struct diag *diag, struct buf *out);
void diag_print_sarif(const struct diag *diag, struct buf *out);

#endif
