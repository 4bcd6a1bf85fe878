/* SPDX-License-Identifier: MIT */
/* message_reader.h - what the files that read messages share. */
#ifndef WSGEN_MESSAGE_READER_H
#define WSGEN_MESSAGE_READER_H

#include "messages.h"

struct message_reader {
	struct arena *arena;
	struct diag *diag;
	const struct message_files *files;
	struct spec *spec;
};

/* A new message of the spec, still without fields. */
struct message *message_new(struct message_reader *r, const char *name,
			    struct loc loc, bool in_place);

/* The type that a message in place is. */
struct type *message_type(struct message_reader *r,
			  const struct message *message, struct loc loc);

/*
 * A JSON Schema to the message's fields. root is what "#" means in it. The
 * errors are reported.
 */
void read_schema(struct message_reader *r, struct message *message,
		 const struct doc *root, const struct doc *schema);

/* The part of root that "#/definitions/X" names, or NULL. */
const struct doc *schema_part(const struct doc *root, const char *pointer);

/* Give the field a pattern; what is wrong with it is reported. */
void read_pattern(struct message_reader *r, struct field *field,
		  const struct doc *pattern);

#endif
