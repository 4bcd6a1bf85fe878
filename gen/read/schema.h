/* SPDX-License-Identifier: MIT */
/*
 * schema.h - JSON Schema, the part of draft-07 that a message can say. What it
 * cannot say is an error that names the keyword, never dropped.
 */
#ifndef WSGEN_SCHEMA_H
#define WSGEN_SCHEMA_H

#include "../base/map.h"
#include "message_reader.h"

/* What a schema describes, as bits: which keywords go with it. */
enum {
	SCHEMA_OBJECT = 1,
	SCHEMA_ARRAY = 2,
	SCHEMA_STRING = 4,
	SCHEMA_INTEGER = 8,
	SCHEMA_NUMBER = 16,
	SCHEMA_BOOLEAN = 32,
	SCHEMA_ANY = 64,
	SCHEMA_ALL = 127,
};

/* One JSON Schema with its definitions, on its way into messages. */
struct schema {
	struct message_reader *r;
	struct message *top;	 /* the message that the schema is for */
	const struct doc *root;	 /* what "#" means */
	const struct doc *start; /* what top is made from */
	struct map made;	 /* "#/definitions/X" to its message */
	unsigned depth;
};

/* A place in it that a type is wanted for. */
struct place {
	const char *name;    /* of a message made here: Import.author */
	struct field *field; /* takes doc, default and pattern; or NULL */
	bool nullable;	     /* out: "null" is among its types */
};

/* A bound as the schema has it; true also when it has none. */
bool schema_bound(struct schema *s, const struct doc *schema, const char *key,
		  enum type_kind kind, struct bound *bound);
bool schema_bounds_fit(struct schema *s, const struct doc *schema,
		       const struct type *type);

/* Fill in type and return it; NULL after an error. */
struct type *schema_string(struct schema *s, const struct doc *schema,
			   struct type *type, struct place *place);
struct type *schema_number(struct schema *s, const struct doc *schema,
			   struct type *type, unsigned kind);

#endif
