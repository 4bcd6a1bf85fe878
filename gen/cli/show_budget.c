/* SPDX-License-Identifier: MIT */
/* show_budget.c - wsgen show --budget: what is used of AWS's quotas. */
#include "show.h"

#include "../emit/cfn/budget.h"

struct table *show_budget(struct arena *arena, const struct plan *plan)
{
	struct table *table = table_new(
		arena, "budget", "what where used limit percent quota raise");
	struct budget budget = { 0 };

	budget_compute(&budget, arena, plan);
	for (size_t i = 0; i < budget.rows.count; i++) {
		const struct budget_row *use = &budget.rows.items[i];
		struct table_row *row = table_row(table);
		const char *what = use->what;

		if (*use->unit)
			what = arena_printf(arena, "%s (%s)", what, use->unit);
		table_text(table, row, "what", what);
		table_text(table, row, "where", use->where);
		table_int(table, row, "used", (long long)use->used);
		table_int(table, row, "limit", (long long)use->limit);
		table_int(table, row, "percent",
			  (long long)(use->used * 100 / use->limit));
		table_text(table, row, "quota", use->quota);
		table_text(table, row, "raise",
			   use->kind == BUDGET_QUOTA ? "on request" : "never");
	}
	return table;
}
