/* SPDX-License-Identifier: MIT */
/*
 * read/model.h - a document to the model, by the tables of language.h alone.
 * Unknown, missing and wrongly made keys are reported here and nowhere else.
 */
#ifndef WSGEN_READ_MODEL_H
#define WSGEN_READ_MODEL_H

#include "../model.h"

/* NULL after errors; every error that can be found is reported. */
struct spec *read_model(struct arena *arena, struct diag *diag,
			const struct doc *doc);

#endif
