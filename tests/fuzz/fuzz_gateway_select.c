/* SPDX-License-Identifier: MIT */
/*
 * Route selection: an expression up to the first line feed, a body behind it.
 * A key must not depend on what another expression has in common with it, and
 * is only there for a body that is JSON.
 */
#include "api/select.h"

#include <wsgen/json.h>

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_json(struct wsg_str body)
{
	struct wsg_buf copy = { 0 };
	struct wsg_json json;
	bool is;

	wsg_buf_str(&copy, body);
	wsg_json_init(&json, copy.ptr, copy.len);
	wsg_json_skip(&json);
	is = wsg_json_end(&json);
	wsg_buf_release(&copy);
	return is;
}

/* `x` in front makes it go the long way, with a copy for each path. */
static void compare(struct wsg_str expression, struct wsg_str body,
		    enum selected selected, struct wsg_str key)
{
	struct wsg_buf text = { 0 }, out = { 0 };
	struct selection *other;
	struct wsg_str longer;
	const char *why;

	if (expression.ptr[0] != '$' || expression.ptr[1] == '{')
		return;
	wsg_buf_printf(&text, "x${%.*s}", (int)expression.len - 1,
		       expression.ptr + 1);
	other = selection_new((struct wsg_str){ text.ptr, text.len }, &why);
	if (!other ||
	    selection_evaluate(other, body, &out, &longer) != selected)
		abort();
	if (selected == SELECTED_KEY &&
	    (longer.len != key.len + 1 ||
	     (key.len && memcmp(longer.ptr + 1, key.ptr, key.len) != 0)))
		abort();
	selection_free(other);
	wsg_buf_release(&text);
	wsg_buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	struct wsg_str expression, body, key;
	struct selection *selection;
	struct wsg_buf out = { 0 };
	enum selected selected;
	const char *why;

	if (!end)
		return 0;
	expression.ptr = (const char *)data;
	expression.len = (size_t)(end - data);
	body.ptr = (const char *)end + 1;
	body.len = size - expression.len - 1;
	selection = selection_new(expression, &why);
	if (!selection)
		return 0;
	selected = selection_evaluate(selection, body, &out, &key);
	if ((selected == SELECTED_NOT_JSON) == is_json(body))
		abort();
	compare(expression, body, selected, key);
	selection_free(selection);
	wsg_buf_release(&out);
	return 0;
}
