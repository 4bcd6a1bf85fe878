/* SPDX-License-Identifier: MIT */
/*
 * stub_fill.h - a reply that its own bounds allow, for the stub of a two-way
 * route: zero where that will do, else the least that does.
 */
#ifndef WSGEN_STUB_FILL_H
#define WSGEN_STUB_FILL_H

#include "c.h"

/*
 * Fill the lists "arrays" (type, name, count) and "fills" (path, value,
 * is_text) with what makes *reply valid. False when nothing has to be set.
 */
bool stub_fill(const struct c_code *code, const struct c_message *reply,
	       struct values *values);

#endif
