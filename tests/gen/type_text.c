/* SPDX-License-Identifier: MIT */
#include "type_text.h"

void print_type(struct buf *out, const struct type *type)
{
	buf_add(out, type->kind == TYPE_MESSAGE ? type->message_name.s
						: type_name(type->kind));
	if (type->min.text || type->max.text)
		buf_printf(out, "<%s,%s>", type->min.text ? type->min.text : "",
			   type->max.text ? type->max.text : "");
	for (size_t i = 0; i < type->values.count; i++)
		buf_printf(out, "'%s'", type->values.items[i].s);
	if (!type->item)
		return;
	buf_add(out, " of ");
	print_type(out, type->item);
}

void print_diag(struct buf *out, const struct diag *diag, bool lines)
{
	static const char *const levels[] = { "", "warning: ", "note: " };

	for (size_t i = 0; i < diag->entries.count; i++) {
		const struct diag_entry *entry = &diag->entries.items[i];

		buf_add(out, out->len ? "; " : "");
		if (lines)
			buf_printf(out, "%u:", entry->loc.line);
		buf_printf(out, "%u+%u: %s%s", entry->loc.column,
			   entry->loc.len, levels[entry->level], entry->text);
	}
}
