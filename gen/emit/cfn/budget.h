/* SPDX-License-Identifier: MIT */
/*
 * budget.h - what AWS's quotas count, and how much of each a spec uses.
 * `wsgen show --budget` prints the rows; a run reports those that are over.
 */
#ifndef WSGEN_BUDGET_H
#define WSGEN_BUDGET_H

#include "../../plan.h"

enum budget_kind {
	BUDGET_FIXED, /* AWS refuses more: an error */
	BUDGET_QUOTA, /* can be raised on request: a warning */
};

struct budget_row {
	const char *what;  /* "routes" */
	const char *where; /* "API chat" */
	const char *unit;  /* "" counts, "bytes" */
	size_t used, limit;
	enum budget_kind kind;
	const char *quota; /* the quota's name in AWS's words */
	struct loc loc;
};

struct budget {
	LIST(struct budget_row) rows;
};

void budget_compute(struct budget *budget, struct arena *arena,
		    const struct plan *plan);

struct split;

/* An error or a warning for each row that is over. */
void budget_report(struct arena *arena, const struct plan *plan,
		   const struct split *split, struct diag *diag);

#endif
