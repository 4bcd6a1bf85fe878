/* SPDX-License-Identifier: MIT */
#include "table.h"

#include "../base/buf.h"

#include <assert.h>
#include <string.h>

struct table *table_new(struct arena *arena, const char *name,
			const char *columns)
{
	struct table *table = ARENA_NEW(arena, struct table);
	size_t count = 0;

	table->arena = arena;
	table->name = name;
	while (*columns) {
		size_t len = strcspn(columns, " ");

		assert(count < TABLE_COLUMNS);
		table->columns[count++] = arena_strndup(arena, columns, len);
		columns += len + (columns[len] == ' ');
	}
	return table;
}

struct table_row *table_row(struct table *table)
{
	return LIST_ADD(table->arena, &table->rows);
}

static struct doc **cell(struct table *table, struct table_row *row,
			 const char *column)
{
	size_t i = 0;

	while (table->columns[i] && strcmp(table->columns[i], column) != 0)
		i++;
	assert(table->columns[i]);
	return &row->cells[i];
}

void table_text(struct table *table, struct table_row *row, const char *column,
		const char *text)
{
	if (text)
		*cell(table, row, column) = doc_string(table->arena, text);
}

void table_int(struct table *table, struct table_row *row, const char *column,
	       long long value)
{
	*cell(table, row, column) = doc_int(table->arena, value);
}

void table_item(struct table *table, struct table_row *row, const char *column,
		const char *text)
{
	struct doc **list = cell(table, row, column);

	if (!*list)
		*list = doc_list(table->arena);
	doc_add(table->arena, *list, doc_string(table->arena, text));
}

static const char *cell_text(struct arena *arena, const struct doc *cell)
{
	struct buf out;

	if (!cell)
		return "";
	if (cell->kind != DOC_LIST)
		return cell->text;
	buf_init(&out, arena);
	for (size_t i = 0; i < cell->count; i++)
		buf_printf(&out, "%s%s", i ? ", " : "", cell->items[i]->text);
	return out.text;
}

/* Characters, so that names beyond ASCII line up too. */
static size_t width(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static size_t column_width(const struct table *table, size_t column)
{
	size_t widest = 0;

	for (size_t i = 0; i < table->rows.count; i++) {
		const char *text = cell_text(
			table->arena, table->rows.items[i].cells[column]);
		size_t own = width(text);

		widest = own > widest ? own : widest;
	}
	return widest;
}

static void print_cell(FILE *out, const char *text, size_t room, bool first,
		       bool last)
{
	if (!first)
		fputs("  ", out);
	fputs(text, out);
	for (size_t i = width(text); i < room && !last; i++)
		fputc(' ', out);
}

void table_print(const struct table *table, FILE *out)
{
	size_t widths[TABLE_COLUMNS];
	size_t last = 0;

	for (size_t i = 0; table->columns[i]; i++) {
		size_t head = strlen(table->columns[i]);

		widths[i] = column_width(table, i);
		if (!widths[i])
			continue;
		last = i;
		widths[i] = widths[i] > head ? widths[i] : head;
	}
	fprintf(out, "%s:%s\n", table->name, table->rows.count ? "" : " none");
	if (!table->rows.count)
		return;
	for (size_t r = 0; r <= table->rows.count; r++) {
		bool first = true;

		fputs("  ", out);
		for (size_t i = 0; table->columns[i]; i++) {
			const char *text = table->columns[i];

			if (!widths[i])
				continue;
			if (r)
				text = cell_text(
					table->arena,
					table->rows.items[r - 1].cells[i]);
			print_cell(out, text, widths[i], first, i == last);
			first = false;
		}
		fputc('\n', out);
	}
}

struct doc *table_doc(const struct table *table)
{
	struct doc *list = doc_list(table->arena);

	for (size_t r = 0; r < table->rows.count; r++) {
		struct doc *map =
			doc_add(table->arena, list, doc_map(table->arena));

		for (size_t i = 0; table->columns[i]; i++)
			if (table->rows.items[r].cells[i])
				doc_set(table->arena, map, table->columns[i],
					table->rows.items[r].cells[i]);
	}
	return list;
}
