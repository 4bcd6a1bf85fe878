/* SPDX-License-Identifier: MIT */
/* show.h - the views of a plan that `wsgen show` has. */
#ifndef WSGEN_CLI_SHOW_H
#define WSGEN_CLI_SHOW_H

#include "../plan.h"
#include "table.h"

struct table *show_routes(struct arena *arena, const struct plan *plan);
struct table *show_functions(struct arena *arena, const struct plan *plan);
struct table *show_messages(struct arena *arena, const struct plan *plan);
struct table *show_permissions(struct arena *arena, const struct plan *plan);
struct table *show_ids(struct arena *arena, const struct plan *plan);
struct table *show_arns(struct arena *arena, const struct plan *plan);
struct table *show_budget(struct arena *arena, const struct plan *plan);

/* Routes to functions to what these may do. */
void show_mermaid(struct arena *arena, const struct plan *plan, FILE *out);
void show_dot(struct arena *arena, const struct plan *plan, FILE *out);

/* A resource of a statement on one line: "${ChatApi}", "*". */
const char *show_value(struct arena *arena, const struct doc *value);

#endif
