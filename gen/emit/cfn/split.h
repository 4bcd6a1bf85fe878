/* SPDX-License-Identifier: MIT */
/*
 * split.h - one template, or a template and nested stacks when it would pass
 * 500 resources or 1 MB. Which stack a function or a route is in depends on
 * its own name alone, so that adding one moves no other: a route that moved
 * would be made in its new stack before the old one lets go of it, which API
 * Gateway refuses.
 *
 * Functions with what is theirs go to stacks Functions0 to Functions7, routes
 * to Routes0 to Routes7, by a hash of the owner; one that overflows is cut in
 * eight again (Functions30 to Functions37), which leaves the others alone.
 * What crosses is a Parameter one way and an Output the other. Function stacks
 * come before the top's other resources, route stacks after; whatever would
 * make a circle of stacks (a function that another one names) stays at the
 * top.
 */
#ifndef WSGEN_CFN_SPLIT_H
#define WSGEN_CFN_SPLIT_H

#include "cfn.h"

#define SPLIT_MAX_RESOURCES 500u
#define SPLIT_MAX_BYTES 1000000u

struct split_nested {
	const char *id;	  /* of the stack: Functions3 */
	const char *path; /* nested/Functions3.yaml */
	struct doc *template;
};

struct split {
	struct doc *root;
	LIST(struct split_nested) nested; /* none: all fits in one */
};

void split_template(struct split *out, struct cfn *cfn, const char *description,
		    const char *suffix);

#endif
