/* SPDX-License-Identifier: MIT */
/* values.h - checks of values that stand under several keys. */
#ifndef WSGEN_CHECK_VALUES_H
#define WSGEN_CHECK_VALUES_H

#include "check.h"

/* An ARN as far as one can see: a reference may be anything. */
void check_arn(struct check *c, const char *key, const struct doc *value);

/* One of CloudWatch's words or numbers of days; text may be not given. */
void check_retention(struct check *c, const char *key, struct text text);

/* Names to values, as AWS has tags; NULL is fine. */
void check_tags(struct check *c, const struct doc *tags);

/*
 * The CloudFormation properties that a resource has beside those that a key of
 * the section stands for, and those that are ours: "ProtocolType|ApiId".
 */
struct lang_section;
void check_properties(struct check *c, const struct lang_section *section,
		      const struct doc *properties, const char *ours,
		      const char *others);

#endif
