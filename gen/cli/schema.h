/* SPDX-License-Identifier: MIT */
/* schema.h - the language as a JSON Schema, ready to be written. */
#ifndef WSGEN_CLI_SCHEMA_H
#define WSGEN_CLI_SCHEMA_H

#include "../base/arena.h"

const char *schema_text(struct arena *arena);

#endif
