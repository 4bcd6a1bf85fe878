/* SPDX-License-Identifier: MIT */
/*
 * render.h - a template and values to text. All quoting happens here.
 *
 * A template is the text it makes, with
 *
 *     @name@            the value, as it is: only for what wsgen made itself
 *     @name:c@          as the inside of a C string literal
 *     @name:comment@    as the inside of a C comment, wrapped at 80 columns
 *                       with the line's own indentation
 *     @name:json@       as the inside of a JSON string
 *     @name:yaml@       as a YAML scalar, quoted when it has to be
 *     @name:make@       as a word in a make rule
 *     @name:shell@      as one word of a shell command
 *     @for items@ ... @end@      once for each element of a list
 *     @if name@ ... @else@ ... @end@   when there is a value, or not
 *     @@                an at sign
 *
 * A line that holds nothing but a @for, @if, @else or @end vanishes whole.
 * Inside @for the element's own names come first, then those around it. A
 * hole without a value is our own bug: it prints the template and line, and
 * stops the run.
 */
#ifndef WSGEN_RENDER_H
#define WSGEN_RENDER_H

#include "base/buf.h"

#include <stdbool.h>

/* Values by name: texts, flags and lists of more values. */
struct values;

struct values *values_new(struct arena *arena);
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
	const char *dir; /* --templates DIR, or NULL */
};

/*
 * Render templates/<name> into out. Lines that come out longer than 80
 * columns and hold a parameter list "(a, b)" in a .c or .h template are
 * wrapped as clang-format would.
 */
void render(const struct render *render, const char *name,
	    const struct values *values, struct buf *out);

#endif
