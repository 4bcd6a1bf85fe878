/* SPDX-License-Identifier: MIT */
/*
 * fuzz_type.c - any text as a type expression and as a pattern: read, or
 * refused at a place inside of it.
 */
#include "read/pattern.h"
#include "read/type.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_bound(const struct bound *bound)
{
	if (bound->text && !*bound->text)
		abort();
}

/* What holds of every type that was read. */
static void check_type(const struct type *type)
{
	unsigned depth = 0;

	for (; type; type = type->item, depth++) {
		check_bound(&type->min);
		check_bound(&type->max);
		if (!type->loc.line || !type->loc.len)
			abort();
		if ((type->kind == TYPE_LIST || type->kind == TYPE_MAP) !=
		    (type->item != NULL))
			abort();
		if ((type->kind == TYPE_ENUM) != (type->values.count > 0))
			abort();
		if ((type->kind == TYPE_MESSAGE) !=
		    (type->message_name.s != NULL))
			abort();
	}
	if (depth > 2 * TYPE_DEPTH_MAX)
		abort();
}

static void read_as_type(struct arena *arena, const char *text)
{
	struct diag diag;
	struct doc *scalar = doc_string(arena, text);
	size_t len = strlen(text);
	const struct type *type;
	bool optional;

	diag_init(&diag, arena);
	scalar->loc =
		(struct loc){ 1, (uint16_t)(len && len < UINT16_MAX ? len : 1),
			      1, 1 };
	type = read_type(arena, &diag, scalar, &optional);
	if (!type != (diag.errors > 0))
		abort();
	for (size_t i = 0; i < diag.entries.count; i++) {
		const struct loc *loc = &diag.entries.items[i].loc;

		if (loc->line != 1 || !loc->len || !loc->column ||
		    loc->column > len + 1)
			abort();
	}
	check_type(type);
}

static void read_as_pattern(struct arena *arena, const char *text)
{
	size_t at = 0, len = 0;
	const char *why = NULL;
	const struct pattern *pattern =
		pattern_read(arena, text, &at, &len, &why);

	if (!pattern != (why != NULL) || at > strlen(text))
		abort();
	/* Any answer is right that comes soon. */
	if (pattern && strlen(text) < 100)
		pattern_matches(pattern, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena arena = { 0 };
	const char *text = arena_strndup(&arena, (const char *)bytes, len);

	read_as_type(&arena, text);
	read_as_pattern(&arena, text);
	arena_release(&arena);
	return 0;
}
