/* SPDX-License-Identifier: MIT */
/*
 * path.h - where in a message something is wrong, and which bound it breaks;
 * the decoder and the encoder say it in the same words.
 */
#ifndef WSGEN_PATH_H
#define WSGEN_PATH_H

#include "internal.h"

/* One step down from `$`, on the stack of who went it. NULL is `$`. */
struct path {
	const struct path *up;
	struct wsg_str key; /* ptr NULL: index counts */
	size_t index;
};

/* `$.tags[3]`, in the arena. */
struct wsg_str wsg_path_text(const struct path *path, struct wsg_arena *arena);

/* Which bound of the field is broken; empty if none is. */
struct wsg_str wsg_bound_len(struct wsg_arena *arena,
			     const struct wsg_field *field, size_t len);
struct wsg_str wsg_bound_count(struct wsg_arena *arena,
			       const struct wsg_field *field, size_t count);
struct wsg_str wsg_bound_int(struct wsg_arena *arena,
			     const struct wsg_field *field, int64_t number);
struct wsg_str wsg_bound_uint(struct wsg_arena *arena,
			      const struct wsg_field *field, uint64_t number);
struct wsg_str wsg_bound_number(struct wsg_arena *arena,
				const struct wsg_field *field, double number);

/* What an enum may be. */
struct wsg_str wsg_bound_enum(struct wsg_arena *arena,
			      const struct wsg_field *field);

#endif
