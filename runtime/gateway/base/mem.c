/* SPDX-License-Identifier: MIT */
/* mem.c - memory, or the end. */
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void mem_exhausted(void)
{
	fputs("wsgen-gateway: out of memory\n", stderr);
	exit(3);
}

void *mem_alloc(size_t size)
{
	void *made = calloc(1, size ? size : 1);

	if (!made)
		mem_exhausted();
	return made;
}

void *mem_resize(void *old, size_t size)
{
	void *made = realloc(old, size ? size : 1);

	if (!made)
		mem_exhausted();
	return made;
}

char *mem_copy(struct wsg_str text)
{
	char *copy = mem_alloc(text.len + 1);

	if (text.len)
		memcpy(copy, text.ptr, text.len);
	return copy;
}

void *mem_in(struct wsg_arena *arena, size_t size)
{
	void *made = wsg_arena_alloc(arena, size ? size : 1);

	if (!made)
		mem_exhausted();
	return made;
}

struct wsg_str mem_copy_in(struct wsg_arena *arena, struct wsg_str text)
{
	char *copy = mem_in(arena, text.len + 1);

	if (text.len)
		memcpy(copy, text.ptr, text.len);
	return (struct wsg_str){ copy, text.len };
}
