/* SPDX-License-Identifier: MIT */
/* permission_items.h - the items of `permissions`; inside permissions only. */
#ifndef WSGEN_PERMISSION_ITEMS_H
#define WSGEN_PERMISSION_ITEMS_H

#include "permissions.h"

/* Statements under way; equal ones share their actions. */
struct statements {
	struct plan_statement *items;
	size_t count;
	struct arena *arena;
	const struct plan *plan;
	struct diag *diag;	     /* NULL: reported already */
	struct map *seen;	     /* items that were reported, by place */
	const struct map *functions; /* of ours, by id; integrations: NULL */
};

void statements_add(struct statements *to,
		    const struct plan_statement *statement);
void statement_action(struct statements *to, struct plan_statement *statement,
		      const char *action);
/* "Get Put" of a service. */
void statement_actions(struct statements *to, struct plan_statement *statement,
		       const char *service, const char *actions);

void permission_items(struct statements *to, struct plan *plan,
		      const struct permissions *permissions);

/* A stage by name: its parameter where it is one. */
struct doc *permission_stage(const struct plan_api *api, const char *name);

#endif
