/* SPDX-License-Identifier: MIT */
/*
 * plan/make.h - a checked spec to the plan of what will be built.
 */
#ifndef WSGEN_PLAN_MAKE_H
#define WSGEN_PLAN_MAKE_H

#include "../plan.h"

/*
 * NULL after errors: what shows only once all names are made, such as two
 * things with one logical id. stage is --stage, or NULL.
 */
const struct plan *plan_spec(struct arena *arena, struct diag *diag,
			     const struct spec *spec, const char *stage);

#endif
