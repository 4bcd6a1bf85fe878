/* SPDX-License-Identifier: MIT */
/*
 * arena.h - memory that lives as long as one compile. Nothing in it is freed
 * alone; arena_release takes everything. Out of memory prints one line and
 * exits, so that no caller checks for NULL.
 */
#ifndef WSGEN_ARENA_H
#define WSGEN_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__GNUC__)
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))
#else
#define PRINTF_LIKE(at, first)
#endif

struct arena_block;

/* Start with all zeroes: struct arena arena = { 0 }; */
struct arena {
	struct arena_block *blocks;
	char *next, *end;
	size_t used; /* bytes handed out, for the benchmarks */
};

/* size zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* The same for text: aligned for nothing. */
char *arena_text(struct arena *arena, size_t size);

/*
 * Make an allocation of size bytes larger by more, where it stands. Works for
 * the last one only, and while its block lasts: false otherwise.
 */
bool arena_extend(struct arena *arena, void *start, size_t size, size_t more);

/* Room for one more element at the end of an array that has count of them. */
void *arena_grow(struct arena *arena, void *items, size_t count,
		 size_t item_size);

char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_strdup(struct arena *arena, const char *text);
char *arena_printf(struct arena *arena, const char *format, ...)
	PRINTF_LIKE(2, 3);

void arena_release(struct arena *arena);

/* A zeroed struct: ARENA_NEW(arena, struct route). */
#define ARENA_NEW(arena, type) ((type *)arena_alloc(arena, sizeof(type)))

/*
 * A typed, growing list. LIST_ADD gives the address of a new zeroed element;
 * elements move when the list grows, so fill a list before pointing into it.
 */
#define LIST(type)            \
	struct {              \
		type *items;  \
		size_t count; \
	}
#define LIST_ADD(arena, list)                                              \
	((list)->items = arena_grow((arena), (list)->items, (list)->count, \
				    sizeof(*(list)->items)),               \
	 &(list)->items[(list)->count++])

#endif
