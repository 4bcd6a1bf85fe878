/* SPDX-License-Identifier: MIT */
/*
 * table.h - rows of named texts, for people as columns and for programs as
 * JSON. A cell that nothing was set in is empty, and left out of the JSON.
 */
#ifndef WSGEN_CLI_TABLE_H
#define WSGEN_CLI_TABLE_H

#include "../base/arena.h"
#include "../doc.h"

#include <stdio.h>

#define TABLE_COLUMNS 10

struct table_row {
	struct doc *cells[TABLE_COLUMNS]; /* strings, numbers or lists */
};

struct table {
	struct arena *arena;
	const char *name;			/* "routes": the JSON's key */
	const char *columns[TABLE_COLUMNS + 1]; /* ends with NULL */
	LIST(struct table_row) rows;
};

/* columns: "key function handler". */
struct table *table_new(struct arena *arena, const char *name,
			const char *columns);
struct table_row *table_row(struct table *table);

/* Asserts that there is such a column. NULL leaves the cell empty. */
void table_text(struct table *table, struct table_row *row, const char *column,
		const char *text);
void table_int(struct table *table, struct table_row *row, const char *column,
	       long long value);
/* One more item of a cell that is a list. */
void table_item(struct table *table, struct table_row *row, const char *column,
		const char *text);

/* Columns that are empty in every row are left out. */
void table_print(const struct table *table, FILE *out);

/* A list of maps. */
struct doc *table_doc(const struct table *table);

#endif
