/* SPDX-License-Identifier: MIT */
/*
 * template.h - the inside of render: where template texts come from, and
 * templates parsed into steps. Only render.c, template.c and the file that
 * templates/embed.py makes include this.
 */
#ifndef WSGEN_TEMPLATE_H
#define WSGEN_TEMPLATE_H

#include "../base/arena.h"

/* What templates/embed.py makes: sorted by name, text NUL-terminated. */
struct template_file {
	const char *name;
	const unsigned char *text;
	size_t len;
};

extern const struct template_file template_files[];
extern const size_t template_file_count;

enum step_kind {
	STEP_TEXT,
	STEP_HOLE,
	STEP_COMMA, /* text, unless this is the last element */
	STEP_FOR,
	STEP_IF,
	STEP_ELSE,
	STEP_END,
};

enum quoting {
	QUOTE_RAW,
	QUOTE_C,
	QUOTE_COMMENT,
	QUOTE_BLOCK,
	QUOTE_JSON,
	QUOTE_YAML,
	QUOTE_MAKE,
	QUOTE_RECIPE,
	QUOTE_SHELL,
	QUOTE_TARGET,
};

struct step {
	enum step_kind kind;
	enum quoting quoting; /* STEP_HOLE */
	size_t line;
	const char *text; /* STEP_TEXT, STEP_COMMA; a block's indentation */
	size_t text_len;
	const char *name; /* STEP_HOLE, STEP_FOR, STEP_IF */
	size_t name_len;
	size_t next; /* STEP_FOR, STEP_IF, STEP_ELSE: where it ends */
};

struct template
{
	const char *name;
	LIST(struct step) steps;
};

/*
 * text is borrowed. A template that is wrong stops the run, as it is our
 * bug or that of whoever passed --templates.
 */
struct template *template_parse(struct arena *arena, const char *name,
				const char *text, size_t len);

/* Print "wsgen: template NAME:LINE: why" and exit. */
_Noreturn void template_fail(const char *name, size_t line, const char *format,
			     ...) PRINTF_LIKE(3, 4);

#endif
