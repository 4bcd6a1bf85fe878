/* SPDX-License-Identifier: MIT */
/* type_text.h - types and errors as text, for tests to compare. */
#ifndef WSGEN_TYPE_TEXT_H
#define WSGEN_TYPE_TEXT_H

#include "base/diag.h"
#include "read/type.h"

/* Every part of a type, from the outside in, so that its shape shows. */
void print_type(struct buf *out, const struct type *type);

/* "7+3: text; ...", column and length; with lines, "1:7+3: text". */
void print_diag(struct buf *out, const struct diag *diag, bool lines);

#endif
