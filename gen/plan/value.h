/* SPDX-License-Identifier: MIT */
/*
 * value.h - CloudFormation values: Ref, Fn::GetAtt, Fn::Sub, and texts with
 * such values in them. Whatever mixes text and values comes out as Fn::Sub,
 * in its plain form when all values can be named inside the text.
 */
#ifndef WSGEN_VALUE_H
#define WSGEN_VALUE_H

#include "../doc.h"

/* {Ref: id} */
struct doc *value_ref(struct arena *arena, const char *id);

/* {Fn::GetAtt: [id, attribute]} */
struct doc *value_att(struct arena *arena, const char *id,
		      const char *attribute);

/*
 * A text whose ${...} are references already. In it, {d} stands for the next
 * argument, a struct doc * that is a string or gives one, and {s} for a const
 * char * taken literally.
 */
struct doc *value_build(struct arena *arena, const char *format, ...);

/* A text that grows out of literal parts and values. */
struct value_mix {
	struct arena *arena;
	struct buf plain; /* the text while it is only text */
	struct buf sub;	  /* the same for Fn::Sub */
	struct doc *only; /* the value, when it is the only part */
	struct doc *variables;
	size_t parts;
	bool has_values;
};

void value_mix_init(struct value_mix *mix, struct arena *arena);
void value_mix_text(struct value_mix *mix, const char *text, size_t len);
void value_mix_add(struct value_mix *mix, struct doc *value);
/* The text of a Fn::Sub, as it is. */
void value_mix_sub(struct value_mix *mix, const char *text, size_t len);
/* A string, the only value, or Fn::Sub. */
struct doc *value_mix_end(struct value_mix *mix);

/* Call see for every id that a Ref, Fn::GetAtt or Fn::Sub in doc names. */
void value_each_name(const struct doc *doc,
		     void (*see)(void *data, const char *id, size_t len),
		     void *data);

/* The name of the function that doc calls ("Ref", "Fn::Sub"), or NULL. */
const char *value_function(const struct doc *doc);

#endif
