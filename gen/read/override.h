/* SPDX-License-Identifier: MIT */
/* override.h - what the command line says in place of the spec. */
#ifndef WSGEN_READ_OVERRIDE_H
#define WSGEN_READ_OVERRIDE_H

#include "../model.h"

/*
 * Each of params is NAME=VALUE: the default of that one of the spec's
 * parameters becomes VALUE. False when the spec has no such parameter.
 */
bool override_parameters(struct arena *arena, struct diag *diag,
			 struct spec *spec, const char *const *params,
			 size_t count);

/*
 * stage is what an API's stage is called by default, or NULL. False when no
 * stage can be called that, or when all have names already.
 */
bool override_stage(struct diag *diag, const struct spec *spec,
		    const char *stage);

#endif
