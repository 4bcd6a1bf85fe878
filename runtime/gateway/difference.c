/* SPDX-License-Identifier: MIT */
/* difference.c - down two trees, to the first leaf that is another one. */
#include "difference.h"

struct search {
	struct difference *found;
	struct wsg_arena *arena;
};

static bool descend(struct search *search, const struct json *a,
		    const struct json *b);

static bool found(struct search *search, const struct json *a,
		  const struct json *b)
{
	search->found->a = a;
	search->found->b = b;
	return true;
}

/* One step down, and up again if there is nothing. */
static bool look(struct search *search, struct wsg_str key, size_t place,
		 const struct json *a, const struct json *b)
{
	struct wsg_buf *path = &search->found->path;
	size_t len = path->len;

	if (key.ptr)
		wsg_buf_printf(path, ".%.*s", WSG_FMT(key));
	else
		wsg_buf_printf(path, "[%zu]", place);
	if (a && b ? descend(search, a, b) : found(search, a, b))
		return true;
	path->len = len;
	return false;
}

static bool look_into_objects(struct search *search, const struct json *a,
			      const struct json *b)
{
	const struct json *each;

	for (each = a->first; each; each = each->next)
		if (look(search, each->key, 0, each, json_find(b, each->key)))
			return true;
	for (each = b->first; each; each = each->next)
		if (!json_find(a, each->key))
			return look(search, each->key, 0, NULL, each);
	return false;
}

static bool look_into_arrays(struct search *search, const struct json *a,
			     const struct json *b)
{
	const struct json *x = a->first, *y = b->first;
	const struct wsg_str none = { NULL, 0 };

	for (size_t i = 0; x || y; i++) {
		if (look(search, none, i, x, y))
			return true;
		x = x->next;
		y = y->next;
	}
	return false;
}

static const struct json *tree_in(struct search *search,
				  const struct json *text)
{
	const char *error;
	const struct json *tree = json_parse(search->arena, text->text, &error);

	return tree && (tree->type == WSG_JSON_OBJECT ||
			tree->type == WSG_JSON_ARRAY)
		       ? tree
		       : NULL;
}

static bool look_into_texts(struct search *search, const struct json *a,
			    const struct json *b)
{
	const struct json *x = tree_in(search, a), *y = tree_in(search, b);

	/* Texts of the same trees differ in their spaces. */
	if (x && y && descend(search, x, y))
		return true;
	return found(search, a, b);
}

static bool descend(struct search *search, const struct json *a,
		    const struct json *b)
{
	if (json_same(a, b))
		return false;
	if (a->type == WSG_JSON_OBJECT && b->type == WSG_JSON_OBJECT)
		return look_into_objects(search, a, b);
	if (a->type == WSG_JSON_ARRAY && b->type == WSG_JSON_ARRAY)
		return look_into_arrays(search, a, b);
	if (a->type == WSG_JSON_STRING && b->type == WSG_JSON_STRING)
		return look_into_texts(search, a, b);
	return found(search, a, b);
}

bool difference_find(struct difference *difference, struct wsg_arena *arena,
		     const struct json *a, const struct json *b)
{
	struct search search = { difference, arena };

	wsg_buf_text(&difference->path, "$");
	return descend(&search, a, b);
}
