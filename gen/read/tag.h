/* SPDX-License-Identifier: MIT */
/* tag.h - YAML's own tags and CloudFormation's. */
#ifndef WSGEN_READ_TAG_H
#define WSGEN_READ_TAG_H

#include "doc.h"

#define TAG_CORE "tag:yaml.org,2002:" /* what "!!" stands for */

/*
 * The node as its tag, written at loc, wants it. A tag that is unknown or
 * does not fit is an error; doc comes back then, so that reading goes on.
 */
struct doc *tag_apply(struct arena *arena, struct diag *diag, const char *tag,
		      struct loc loc, struct doc *doc);

#endif
