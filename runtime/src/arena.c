/* SPDX-License-Identifier: MIT */
/* Memory for one event, kept for the next: blocks that only ever grow. */
#include "internal.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_SIZE ((size_t)64 << 10)

struct block {
	struct block *next;
	size_t size;
	alignas(max_align_t) char bytes[];
};

struct wsg_arena {
	struct block *first;
	struct block *current; /* those after it are unused */
	size_t used;	       /* of current */
	size_t total;	       /* of all blocks up to current */
};

struct wsg_arena *wsg_arena_new(void)
{
	return calloc(1, sizeof(struct wsg_arena));
}

void wsg_arena_free(struct wsg_arena *arena)
{
	struct block *block, *next;

	if (!arena)
		return;
	for (block = arena->first; block; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
}

void wsg_arena_reset(struct wsg_arena *arena)
{
	arena->current = arena->first;
	arena->used = 0;
	arena->total = arena->first ? arena->first->size : 0;
}

/* Go on to a block with room: the next one, in place of those too small. */
static bool next_block(struct wsg_arena *arena, size_t size)
{
	struct block **at =
		arena->current ? &arena->current->next : &arena->first;
	size_t need = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	struct block *block;

	while ((block = *at) && block->size < size) {
		*at = block->next;
		free(block);
	}
	if (!block) {
		if (need > WSG_ARENA_MAX - arena->total)
			return false;
		block = malloc(sizeof(*block) + need);
		if (!block)
			return false;
		block->size = need;
		block->next = NULL;
		*at = block;
	}
	if (block->size > WSG_ARENA_MAX - arena->total)
		return false;
	arena->current = block;
	arena->used = 0;
	arena->total += block->size;
	return true;
}

void *wsg_arena_raw(struct wsg_arena *arena, size_t size)
{
	size_t align = alignof(max_align_t);
	char *memory;

	if (size > WSG_ARENA_MAX)
		return NULL;
	size = (size + align - 1) / align * align;
	if (!arena->current || arena->current->size - arena->used < size) {
		if (!next_block(arena, size))
			return NULL;
	}
	memory = arena->current->bytes + arena->used;
	arena->used += size;
	return memory;
}

void *wsg_arena_alloc(struct wsg_arena *arena, size_t size)
{
	void *memory = wsg_arena_raw(arena, size);

	if (memory)
		memset(memory, 0, size);
	return memory;
}

void *wsg_arena_grow(struct wsg_arena *arena, void *old, size_t old_size,
		     size_t size)
{
	size_t align = alignof(max_align_t);
	size_t rounded = (old_size + align - 1) / align * align;
	char *top = arena->current ? arena->current->bytes + arena->used : NULL;
	void *memory;

	/* The last thing allocated can grow where it is. */
	if (old && top && (char *)old + rounded == top &&
	    size <= WSG_ARENA_MAX &&
	    size <= arena->current->size - arena->used + rounded) {
		arena->used -= rounded;
		return wsg_arena_raw(arena, size);
	}
	memory = wsg_arena_raw(arena, size);
	if (memory && old_size)
		memcpy(memory, old, old_size);
	return memory;
}

struct wsg_str wsg_arena_copy(struct wsg_arena *arena, struct wsg_str str)
{
	char *copy = wsg_arena_raw(arena, str.len + 1);

	if (!copy)
		return (struct wsg_str){ NULL, 0 };
	if (str.len)
		memcpy(copy, str.ptr, str.len);
	copy[str.len] = '\0';
	return (struct wsg_str){ copy, str.len };
}

struct wsg_str wsg_arena_printf(struct wsg_arena *arena, const char *format,
				...)
{
	char text[512];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len < 0)
		len = 0;
	if ((size_t)len >= sizeof(text))
		len = (int)sizeof(text) - 1;
	return wsg_arena_copy(arena, (struct wsg_str){ text, (size_t)len });
}
