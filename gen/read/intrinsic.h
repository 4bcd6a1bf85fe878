/* SPDX-License-Identifier: MIT */
/* intrinsic.h - CloudFormation's short forms, !Ref and its like. */
#ifndef WSGEN_READ_INTRINSIC_H
#define WSGEN_READ_INTRINSIC_H

#include "doc.h"

struct intrinsic {
	const char *tag; /* "!GetAtt" */
	const char *key; /* "Fn::GetAtt" */
	unsigned takes;	 /* bits 1 << enum doc_kind; strings for scalars */
};

/* NULL for a tag that CloudFormation does not know. */
const struct intrinsic *intrinsic_find(const char *tag);

/* {Ref: X}, {Fn::GetAtt: ...}: what CloudFormation works out. */
bool intrinsic_is(const struct doc *value);

/*
 * The long form with value inside, at loc. NULL, with an error, when value
 * is not what the tag takes.
 */
struct doc *intrinsic_make(struct arena *arena, struct diag *diag,
			   const struct intrinsic *intrinsic, struct loc loc,
			   struct doc *value);

/*
 * What stands under Fn::Sub: its text is literal, since CloudFormation itself
 * resolves ${...} there. Returns a copy; value may be shared.
 */
struct doc *intrinsic_sub(struct arena *arena, const struct doc *value);

#endif
