/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* for madvise, where there is one */
#include "arena.h"

#include "format.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FIRST_BLOCK (4 * 1024)
#define LARGE_BLOCK (512 * 1024) /* after it comes one of the largest */
#define LARGEST_BLOCK (32 * 1024 * 1024)
#define HUGE_PAGE (2 * 1024 * 1024)

struct arena_block {
	struct arena_block *older;
	size_t size;
	max_align_t start[];
};

static _Noreturn void out_of_memory(void)
{
	fputs("wsgen: out of memory\n", stderr);
	exit(3);
}

/*
 * Large blocks come in huge pages where the system has any: pages of the
 * usual size cost more to get than what is done with them. Returns where the
 * first of them starts; what is before it stays unused.
 */
static char *ask_for_huge_pages(struct arena_block *block)
{
	char *start = (char *)block->start;
	const size_t skip = HUGE_PAGE - (uintptr_t)start % HUGE_PAGE;

#ifdef MADV_HUGEPAGE
	if (madvise(start + skip, (block->size - skip) / HUGE_PAGE * HUGE_PAGE,
		    MADV_HUGEPAGE) == 0)
		return start + skip;
#endif
	(void)skip;
	return start;
}

static void add_block(struct arena *arena, size_t size)
{
	struct arena_block *block;
	size_t want = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK;

	if (want > LARGE_BLOCK)
		want = LARGEST_BLOCK;
	if (want < size)
		want = size;
	if (want > SIZE_MAX - sizeof(*block))
		out_of_memory();
	block = calloc(1, sizeof(*block) + want);
	if (!block)
		out_of_memory();
	block->older = arena->blocks;
	block->size = want;
	arena->blocks = block;
	arena->next = (char *)block->start;
	arena->end = arena->next + want;
	if (want == LARGEST_BLOCK && size <= want - HUGE_PAGE)
		arena->next = ask_for_huge_pages(block);
}

static void *take(struct arena *arena, size_t size, size_t align)
{
	size_t gap =
		(align - ((uintptr_t)arena->next & (align - 1))) & (align - 1);
	char *start;

	if (size > SIZE_MAX - alignof(max_align_t))
		out_of_memory();
	if ((size_t)(arena->end - arena->next) < size + gap || !arena->blocks) {
		add_block(arena, size);
		gap = 0;
	}
	start = arena->next + gap;
	arena->next = start + size;
	arena->used += size + gap;
	return start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return take(arena, size, alignof(max_align_t));
}

char *arena_text(struct arena *arena, size_t size)
{
	return take(arena, size, 1);
}

bool arena_extend(struct arena *arena, void *start, size_t size, size_t more)
{
	if ((char *)start + size != arena->next ||
	    (size_t)(arena->end - arena->next) < more)
		return false;
	arena->next += more;
	arena->used += more;
	return true;
}

/*
 * The room is always a power of two, so the count alone tells when it is
 * used up and no list has to keep a capacity.
 */
void *arena_grow(struct arena *arena, void *items, size_t count,
		 size_t item_size)
{
	void *more;

	if (count & (count - 1))
		return items;
	if (count > SIZE_MAX / 2 / item_size)
		out_of_memory();
	if (count &&
	    arena_extend(arena, items, count * item_size, count * item_size))
		return items;
	more = arena_alloc(arena, (count ? count * 2 : 1) * item_size);
	if (count)
		memcpy(more, items, count * item_size);
	return more;
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		out_of_memory();
	copy = arena_text(arena, len + 1);
	if (len)
		memcpy(copy, text, len);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

/* What fits into the block is printed once. */
char *arena_printf(struct arena *arena, const char *format, ...)
{
	const size_t room = (size_t)(arena->end - arena->next);
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = format_text(arena->next, room, format, args);
	va_end(args);
	if (len < 0)
		out_of_memory();
	text = arena_text(arena, (size_t)len + 1);
	if ((size_t)len < room)
		return text;
	va_start(args, format);
	format_text(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}

void arena_release(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	while (block) {
		struct arena_block *older = block->older;

		free(block);
		block = older;
	}
	*arena = (struct arena){ 0 };
}
