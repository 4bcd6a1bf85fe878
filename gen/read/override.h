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

#endif
