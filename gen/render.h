/* SPDX-License-Identifier: MIT */
/*
 * render.h - a template and values to text. All quoting happens here.
 *
 * templates/x.tmpl is the text that it makes, with
 *
 *     @name@            the value, as it is: only for what wsgen made itself
 *     @name:c@          as the inside of a C string literal
 *     @name:block@      as a whole C comment, alone on its line: one line
 *                       when it fits, else the form with a star on each; no
 *                       line at all when the value is absent or empty
 *     @name:comment@    as words in a comment that the template starts: a
 *                       line that begins with " * ", "# " or "// " is
 *                       wrapped at 80 columns, its beginning repeated
 *     @name:json@       as the inside of a JSON string
 *     @name:yaml@       as a YAML scalar on its line, quoted when it has to be
 *     @name:make@       as a prerequisite in a make rule
 *     @name:target@     as a target of one
 *     @name:recipe@     as one word of a shell command in a make recipe
 *     @name:shell@      as one word of a shell command
 *     @for items@ ... @end@      once for each element of a list
 *     @,@  @, @         in a loop: a comma, but not after the last element
 *     @if name@ ... @else@ ... @end@   when there is a value: a text that is
 *                       not empty, a flag that is on, a list with elements
 *     @@                an at sign, where one alone would start a hole
 *
 * Names are made of a-z, 0-9 and '_'. What does not look like one of these
 * in full is text: "$@", "@echo", "x@y.z". A line that holds nothing but
 * @for, @if, @else and @end vanishes whole. Inside @for the element's own
 * names come first, then those around it; first and last are flags that
 * every element has. Templates say nothing about how text is broken into
 * lines: each declaration, statement and initialiser of a .c.tmpl or .h.tmpl
 * stands on one line, and what comes out too long is wrapped as clang-format
 * would.
 *
 * A hole without a value is our own bug: it prints the template and line,
 * and stops the run.
 */
#ifndef WSGEN_RENDER_H
#define WSGEN_RENDER_H

#include "base/buf.h"

#include <stdbool.h>

/* Values by name: texts, flags and lists of more values. Names are borrowed
 * and set once. */
struct values;

struct values *values_new(struct arena *arena);
/* text is borrowed. NULL is for @if and :block: there is none. */
void values_text(struct values *values, const char *name, const char *text);
void values_printf(struct values *values, const char *name, const char *format,
		   ...) PRINTF_LIKE(3, 4);
/* For @if alone. */
void values_flag(struct values *values, const char *name, bool on);
/* One more element of the list called name. */
struct values *values_item(struct values *values, const char *name);
/* An empty list, so that @for over it is no bug. */
void values_list(struct values *values, const char *name);

/* Where templates come from: those built in, or a folder that goes first. */
struct render {
	struct arena *arena;
	const char *dir;    /* --templates DIR, or NULL */
	struct map *parsed; /* by name: each template is parsed once */
	struct wrapper *wrapper;
};

/* dir is borrowed, and may be NULL. */
void render_init(struct render *render, struct arena *arena, const char *dir);

/* Render templates/<name>, say "c/api.h.tmpl", to the end of out. */
void render(const struct render *render, const char *name,
	    const struct values *values, struct buf *out);

/*
 * The very text of a file below templates/, also NUL-terminated; NULL when
 * there is none. It lives as long as the arena.
 */
const char *template_text(const struct render *render, const char *name,
			  size_t *len);

/*
 * The first name after previous that starts with prefix, in byte order, or
 * NULL. Start with previous NULL. Lists what is built in: --templates puts
 * other texts in place of these, and adds none.
 */
const char *template_next(const char *prefix, const char *previous);

#endif
