/* SPDX-License-Identifier: MIT */
/*
 * mem.h - memory for the gateway. What is asked for here is bounded by what a
 * client may send, so running out is no client's doing: one line, and exit.
 */
#ifndef GATEWAY_MEM_H
#define GATEWAY_MEM_H

#include <wsgen/message.h>
#include <wsgen/str.h>

/* Zeroed, and never NULL; free() gives it back. */
void *mem_alloc(size_t size);

/* As realloc, and never NULL. */
void *mem_resize(void *old, size_t size);

/* A copy with a NUL behind it. */
char *mem_copy(struct wsg_str text);

/* The same from an arena, which gives it back. */
void *mem_in(struct wsg_arena *arena, size_t size);
struct wsg_str mem_copy_in(struct wsg_arena *arena, struct wsg_str text);

/* What a failed wsg_buf stands for as well. */
_Noreturn void mem_exhausted(void);

#endif
