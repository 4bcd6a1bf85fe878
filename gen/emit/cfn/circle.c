/* SPDX-License-Identifier: MIT */
#include "circle.h"

#include <string.h>

enum state { NEW, OPEN, DONE };

struct node {
	struct cfn_resource *resource;
	enum state state;
};

struct walk {
	struct cfn *cfn;
	struct diag *diag;
	struct map nodes; /* id -> struct node */
	LIST(struct node *) path;
	bool found;
};

static void visit(struct walk *walk, struct node *node);

/* From the resource that is reached again, through the others, to itself. */
static void report(struct walk *walk, const struct node *again)
{
	const struct loc *loc =
		map_get(&walk->cfn->plan->ids, again->resource->id);
	struct buf text;
	bool inside = false;

	buf_init(&text, walk->cfn->arena);
	for (size_t i = 0; i < walk->path.count; i++) {
		inside |= walk->path.items[i] == again;
		if (inside)
			buf_printf(&text, "%s, ",
				   walk->path.items[i]->resource->id);
	}
	diag_error(walk->diag, loc ? *loc : walk->cfn->plan->spec->name.loc,
		   "resources that wait for one another in a circle: %s%s",
		   text.text, again->resource->id);
	walk->found = true;
}

static void follow(void *data, const char *id, size_t len)
{
	struct walk *walk = data;
	struct node *node = map_get_n(&walk->nodes, id, len);

	if (!node)
		return;
	if (node->state == OPEN)
		report(walk, node);
	else
		visit(walk, node);
}

static void visit(struct walk *walk, struct node *node)
{
	const struct cfn_resource *resource = node->resource;

	if (node->state == DONE)
		return;
	node->state = OPEN;
	*LIST_ADD(walk->cfn->arena, &walk->path) = node;
	value_each_name(resource->properties, follow, walk);
	for (size_t i = 0; i < resource->depends.count; i++)
		follow(walk, resource->depends.items[i],
		       strlen(resource->depends.items[i]));
	walk->path.count--;
	node->state = DONE;
}

bool circle_check(struct cfn *cfn, struct diag *diag)
{
	struct walk walk = { .cfn = cfn,
			     .diag = diag,
			     .nodes = { .arena = cfn->arena } };
	const size_t count = cfn->resources.count;
	struct node *nodes =
		arena_alloc(cfn->arena, (count + 1) * sizeof(*nodes));

	for (size_t i = 0; i < count; i++) {
		nodes[i].resource = cfn->resources.items[i];
		map_put(&walk.nodes, nodes[i].resource->id, &nodes[i]);
	}
	for (size_t i = 0; i < count; i++)
		visit(&walk, &nodes[i]);
	return !walk.found;
}
