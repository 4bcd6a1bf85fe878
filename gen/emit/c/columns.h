/* SPDX-License-Identifier: MIT */
/*
 * columns.h - a list of initialisers as clang-format lays it out: from five
 * items on, in columns, where they are of similar widths.
 */
#ifndef WSGEN_COLUMNS_H
#define WSGEN_COLUMNS_H

#include "../../render.h"

/* One initialiser, as it is to stand there, without its comma. */
struct column_item {
	const char *text; /* what the template's hole gets, before quoting */
	size_t len;	  /* of text, for a second hole */
	size_t width;	  /* columns that the whole initialiser takes */
};

/*
 * A list "rows" of lists "items" with "text", "len" and "pad", the white
 * space that goes behind an item's comma; "" at the end of a row.
 */
void put_columns(struct arena *arena, const struct column_item *items,
		 size_t count, struct values *values);

#endif
