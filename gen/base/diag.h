/* SPDX-License-Identifier: MIT */
/*
 * diag.h - what wsgen has to say about a spec: errors, warnings and notes,
 * each at its place. They are kept in the order of discovery, which is the
 * order of reading; diag_print.h prints them.
 */
#ifndef WSGEN_DIAG_H
#define WSGEN_DIAG_H

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

#define DIAG_MAX_ERRORS 50   /* past these, one line says how many more; */
#define DIAG_MAX_WARNINGS 50 /* likewise */

/* One text that was read. Sources are numbered from 1; 0 is no place. */
struct source {
	const char *path; /* as the user wrote it; "<stdin>" for "-" */
	const char *text;
	size_t len;
};

/* A place in a source; line and column start at 1, column counts bytes. */
struct loc {
	uint16_t source;
	uint16_t len; /* bytes to underline; at least the one at column */
	uint32_t line, column;
};

enum diag_level { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

struct diag_entry {
	enum diag_level level;
	struct loc loc; /* source 0: about the command, not a place */
	const char *text;
};

struct diag {
	struct arena *arena;
	LIST(struct source) sources;
	LIST(struct diag_entry) entries;
	size_t errors, warnings; /* all there were, kept or not */
	bool mute_notes;	 /* the last one went past the cap */
};

void diag_init(struct diag *diag, struct arena *arena);

/* Path and text are borrowed. Returns the number for loc.source. */
uint16_t diag_source(struct diag *diag, const char *path, const char *text,
		     size_t len);

void diag_error(struct diag *diag, struct loc loc, const char *format, ...)
	PRINTF_LIKE(3, 4);
void diag_warning(struct diag *diag, struct loc loc, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* Belongs to the error or warning before it. */
void diag_note(struct diag *diag, struct loc loc, const char *format, ...)
	PRINTF_LIKE(3, 4);

/*
 * Which of the names is closest to the mistyped one, or NULL when none is
 * close enough to be what was meant. Upper and lower case count as the same.
 */
const char *diag_nearest(const char *name, const char *const *names,
			 size_t count);

#endif
