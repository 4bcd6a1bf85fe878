/* SPDX-License-Identifier: MIT */
/* JSON as a tree: what is read, written and read again is the same. */
#include "base/json.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct json *parse(struct wsg_arena *arena, struct wsg_str text)
{
	const char *error = NULL;
	const struct json *tree = json_parse(arena, text, &error);

	if (!tree != !!error)
		abort();
	return tree;
}

/* Each member is the one that its key finds. */
static void look(const struct json *node)
{
	size_t count = 0;

	json_int(node, 0);
	json_number(node, 0);
	for (const struct json *at = node->first; at; at = at->next, count++) {
		if (node->type == WSG_JSON_OBJECT &&
		    json_find(node, at->key) != at)
			abort();
		look(at);
	}
	if (count != node->count)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wsg_arena *arena = wsg_arena_new();
	struct wsg_buf once = { 0 }, twice = { 0 };
	const struct json *tree;

	tree = parse(arena, (struct wsg_str){ (const char *)data, size });
	if (tree) {
		look(tree);
		json_put(&once, tree);
		tree = parse(arena, (struct wsg_str){ once.ptr, once.len });
		if (once.failed || !tree)
			abort();
		json_put(&twice, tree);
		if (twice.len != once.len ||
		    memcmp(once.ptr, twice.ptr, once.len))
			abort();
	}
	wsg_buf_release(&once);
	wsg_buf_release(&twice);
	wsg_arena_free(arena);
	return 0;
}
