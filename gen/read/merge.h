/* SPDX-License-Identifier: MIT */
/* merge.h - several documents to one, by the keys at their top. */
#ifndef WSGEN_READ_MERGE_H
#define WSGEN_READ_MERGE_H

#include "base/map.h"
#include "doc.h"

struct merge {
	struct arena *arena;
	struct diag *diag;
	struct doc *root;    /* what came together so far */
	struct map sections; /* key to struct merge_section */
};

void merge_init(struct merge *merge, struct arena *arena, struct diag *diag);

/*
 * Mappings are merged member by member, lists come one after the other, and
 * a key without a value gives way. Anything else that is there twice, members
 * of those mappings included, is an error at the second with a note at the
 * first. No document that is handed in changes.
 */
void merge_member(struct merge *merge, const struct doc_member *member);

#endif
