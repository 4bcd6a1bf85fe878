/* SPDX-License-Identifier: MIT */
/* scalar.h - what an unquoted text means: YAML 1.2, and less where we can. */
#ifndef WSGEN_READ_SCALAR_H
#define WSGEN_READ_SCALAR_H

#include "doc.h"

/*
 * "true" and "false" alone are booleans, "null", "~" and nothing are null,
 * and a number is one that JSON could have, or 0x and 0o with digits. All else
 * is a string: no, 012, 1_000, 12:30. *text becomes what doc.h wants of it.
 */
enum doc_kind scalar_kind(struct arena *arena, const char **text);

#endif
