/* SPDX-License-Identifier: MIT */
/* Patterns and texts, with a NUL between the two; both have to be UTF-8. */
#include "internal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wsg_arena *arena;
	const char *end = size ? memchr(data, 0, size) : NULL;
	struct wsg_str text;
	char *pattern;
	size_t len;

	if (!arena)
		arena = wsg_arena_new();
	if (!arena)
		abort();
	if (!end)
		return 0;
	len = (size_t)(end - (const char *)data);
	text = (struct wsg_str){ end + 1, size - len - 1 };
	if (!wsg_utf8_valid((const char *)data, len) ||
	    !wsg_utf8_valid(text.ptr, text.len))
		return 0;
	pattern = malloc(len + 1);
	if (!pattern)
		abort();
	memcpy(pattern, data, len + 1);
	wsg_arena_reset(arena);
	wsg_pattern_matches(arena, pattern, text);
	free(pattern);
	return 0;
}
