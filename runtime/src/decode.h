/* SPDX-License-Identifier: MIT */
/*
 * decode.h - what the parts of the decoder share. decode.c walks messages,
 * lists and maps, decode_scalar.c reads what they hold, decode_refuse.c says
 * what is wrong. Functions that return bool are false after a refusal.
 */
#ifndef WSGEN_DECODE_H
#define WSGEN_DECODE_H

#include "internal.h"
#include "path.h"

struct decoder {
	struct wsg_json json;
	struct wsg_arena *arena;
	struct wsg_invalid *why;
	bool lenient; /* scalars may be quoted, and strings not */
};

/* Read a value of that type into its member of base. */
bool wsg_decode_string(struct decoder *d, const struct wsg_field *field,
		       char *base, const struct path *path);
bool wsg_decode_bytes(struct decoder *d, const struct wsg_field *field,
		      char *base, const struct path *path);
bool wsg_decode_timestamp(struct decoder *d, const struct wsg_field *field,
			  char *base, const struct path *path);
bool wsg_decode_enumeration(struct decoder *d, const struct wsg_field *field,
			    char *base, const struct path *path);
bool wsg_decode_boolean(struct decoder *d, const struct wsg_field *field,
			char *base, const struct path *path);
bool wsg_decode_whole(struct decoder *d, const struct wsg_field *field,
		      char *base, const struct path *path);
bool wsg_decode_natural(struct decoder *d, const struct wsg_field *field,
			char *base, const struct path *path);
bool wsg_decode_real(struct decoder *d, const struct wsg_field *field,
		     char *base, const struct path *path);
bool wsg_decode_json(struct decoder *d, const struct wsg_field *field,
		     char *base, const struct path *path);

/* Refuse what stands at `at`. The first refusal is the one that counts. */
bool wsg_decode_refuse(struct decoder *d, const struct path *path, char *at,
		       struct wsg_str reason);

/* The text itself is no JSON. */
bool wsg_decode_refuse_json(struct decoder *d, const struct path *path);

/* The next value is of another type than the wanted one. */
bool wsg_decode_refuse_type(struct decoder *d, const struct path *path,
			    enum wsg_json_type wanted);

/* The next value has to be of that type; *at is where it starts. */
static inline bool decode_expect(struct decoder *d, const struct path *path,
				 enum wsg_json_type type, char **at)
{
	enum wsg_json_type found = wsg_json_peek(&d->json);

	*at = d->json.pos;
	return found == type || wsg_decode_refuse_type(d, path, type);
}

#endif
