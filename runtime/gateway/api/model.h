/* SPDX-License-Identifier: MIT */
/*
 * model.h - whether a body fits a Model, as API Gateway checks it before it
 * calls anything: the part of JSON Schema draft-04 that wsgen writes.
 */
#ifndef GATEWAY_MODEL_H
#define GATEWAY_MODEL_H

#include "../base/json.h"

/* False: why says what does not fit, a phrase for people. Patterns are tried
 * with memory of the arena. */
bool model_fits(const struct json *model, const struct json *value,
		struct wsg_arena *arena, struct wsg_buf *why);

#endif
