/* SPDX-License-Identifier: MIT */
#include "columns.h"

#include "../../render/wrap.h"

#include <stdint.h>

#define FEWEST 5 /* items that are laid out in columns */
#define ROOM (WRAP_COLUMNS - WRAP_TAB)
#define MOST (WRAP_COLUMNS / 3) /* columns */
#define MOST_UNLIKE 10		/* widths in one column */

struct layout {
	size_t columns, lines;
	size_t widths[MOST];
};

/* Items side by side in that many columns; false when they are no sight. */
static bool lay_out(const struct column_item *items, size_t count,
		    size_t columns, struct layout *layout)
{
	size_t narrowest[MOST], total = columns - 1;

	*layout = (struct layout){ .columns = columns };
	layout->lines = (count + columns - 1) / columns;
	for (size_t i = 0; i < columns; i++)
		narrowest[i] = SIZE_MAX;
	for (size_t i = 0; i < count; i++) {
		size_t column = i % columns, width = items[i].width + 1;

		if (width > layout->widths[column])
			layout->widths[column] = width;
		if (width < narrowest[column])
			narrowest[column] = width;
	}
	for (size_t i = 0; i < columns; i++) {
		total += layout->widths[i];
		if (i + 1 < columns &&
		    layout->widths[i] - narrowest[i] > MOST_UNLIKE)
			return false;
	}
	return columns == 1 || total <= ROOM;
}

/* As few lines as possible, in as few columns as these need. */
static struct layout best_layout(const struct column_item *items, size_t count)
{
	struct layout best, next;
	size_t most = count < MOST ? count : MOST;

	lay_out(items, count, 1, &best);
	if (count < FEWEST)
		return best;
	for (size_t columns = 2; columns <= most; columns++)
		if (lay_out(items, count, columns, &next) &&
		    next.lines < best.lines)
			best = next;
	return best;
}

void put_columns(struct arena *arena, const struct column_item *items,
		 size_t count, struct values *values)
{
	const struct layout layout = best_layout(items, count);
	size_t at = WRAP_TAB;
	struct values *row = NULL;

	values_list(values, "rows");
	for (size_t i = 0; i < count; i++) {
		size_t column = i % layout.columns;
		struct values *item;

		if (!column) {
			row = values_item(values, "rows");
			at = WRAP_TAB;
		}
		item = values_item(row, "items");
		values_text(item, "text", items[i].text);
		values_printf(item, "len", "%zu", items[i].len);
		if (column + 1 == layout.columns || i + 1 == count) {
			values_text(item, "pad", "");
			continue;
		}
		values_text(item, "pad",
			    wrap_padding(arena, at + items[i].width + 1,
					 at + layout.widths[column] + 1));
		at += layout.widths[column] + 1;
	}
}
