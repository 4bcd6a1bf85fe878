/* SPDX-License-Identifier: MIT */
/* nest.h - templates of nested stacks; inside split only. */
#ifndef WSGEN_CFN_NEST_H
#define WSGEN_CFN_NEST_H

#include "split.h"

enum split_layer { LAYER_TOP, LAYER_FUNCTIONS, LAYER_ROUTES };

struct any_texts {
	const char **items;
	size_t count;
};

struct split_stack {
	const char *id;
	struct doc *parameters; /* declared in the nested template */
	struct doc *arguments;	/* given by the stack's resource */
	struct doc *outputs;	/* of the nested template */
	struct doc *resources;
	struct any_texts depends; /* of its resource, at the top */
};

struct split_item;

/* What one owner has, in one stack. */
struct split_unit {
	const char *owner;
	enum split_layer layer;
	LIST(struct split_item *) items;
	struct split_stack *stack;
};

struct split_item {
	struct cfn_resource *resource;
	struct split_unit *unit;   /* NULL: of nobody, stays at the top */
	struct split_stack *stack; /* NULL: at the top */
	unsigned reached;	   /* bits 1 << enum split_layer */
	bool wanted_elsewhere;	   /* by another unit: an output of its stack */
};

struct splitter {
	struct arena *arena;
	struct cfn *cfn;
	struct split_item *items; /* by the number of the resource */
	size_t count;
	LIST(struct split_unit *) units;
	LIST(struct split_stack *) stacks;
	const char *description, *suffix;
};

/* The resource with that id, or NULL. */
struct split_item *nest_item(const struct splitter *s, const char *id);

/* Everything in one template, whatever its size. */
struct doc *nest_root(struct splitter *s);

/* The top and the stacks that the items were given. */
void nest(struct splitter *s, struct split *out);

#endif
