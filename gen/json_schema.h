/* SPDX-License-Identifier: MIT */
/*
 * json_schema.h - a message as a JSON Schema, draft-04: what API Gateway's
 * models are written in. It refuses nothing that the generated decoder would
 * take; where the two count differently (characters and bytes, times, messages
 * that hold themselves) the decoder is the stricter one.
 */
#ifndef WSGEN_JSON_SCHEMA_H
#define WSGEN_JSON_SCHEMA_H

#include "model.h"

/* Past these many properties, messages inside are only said to be objects. */
#define JSON_SCHEMA_MAX_PROPERTIES 2000

/* Messages inside are written out in place. */
struct doc *message_json_schema(struct arena *arena,
				const struct message *message);

#endif
