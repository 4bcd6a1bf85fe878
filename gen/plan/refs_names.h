/* SPDX-License-Identifier: MIT */
/* refs_names.h - what references may name; inside refs only. */
#ifndef WSGEN_REFS_NAMES_H
#define WSGEN_REFS_NAMES_H

#include "../language.h"
#include "refs.h"

struct refs {
	struct arena *arena;
	const struct plan *plan;
	struct diag *diag; /* NULL: convert only */
};

/* What name ("Id", "Id.Attribute") stands for; NULL, with an error, if none. */
struct doc *refs_find(struct refs *refs, struct loc loc, const char *name);

/* Whether name is a logical id, a parameter or a pseudo parameter. */
bool refs_is_id(const struct plan *plan, const char *name);

/* An error unless name is a resource, theirs or ours. */
void refs_resource(struct refs *refs, const struct doc *name);

/* An error unless name is one of `conditions` or `mappings`; what is
 * "condition" or "mapping". */
void refs_declared(struct refs *refs, const struct doc *name, const char *what);

#endif
