/* SPDX-License-Identifier: MIT */
#include "circle.h"

enum state { NEW, OPEN, DONE };

struct node {
	struct cfn_resource *resource;
	enum state state;
};

struct walk {
	struct cfn *cfn;
	struct diag *diag;
	struct node *nodes; /* by the number of the resource */
	LIST(struct node *) path;
	bool found;
};

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

static void visit(struct walk *walk, struct node *node)
{
	const struct cfn_resource *resource = node->resource;

	if (node->state == DONE)
		return;
	node->state = OPEN;
	*LIST_ADD(walk->cfn->arena, &walk->path) = node;
	for (size_t i = 0; i < resource->needs.count; i++) {
		struct node *to =
			&walk->nodes[resource->needs.items[i]->number];

		if (to->state == OPEN)
			report(walk, to);
		else
			visit(walk, to);
	}
	walk->path.count--;
	node->state = DONE;
}

bool circle_check(struct cfn *cfn, struct diag *diag)
{
	const size_t count = cfn->resources.count;
	struct walk walk = { .cfn = cfn, .diag = diag };

	walk.nodes = arena_alloc(cfn->arena, (count + 1) * sizeof(*walk.nodes));
	for (size_t i = 0; i < count; i++)
		walk.nodes[i].resource = cfn->resources.items[i];
	for (size_t i = 0; i < count; i++)
		visit(&walk, &walk.nodes[i]);
	return !walk.found;
}
