/* SPDX-License-Identifier: MIT */
/* defines.h - which functions a C file defines, told from its text. */
#ifndef WSGEN_CLI_DEFINES_H
#define WSGEN_CLI_DEFINES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether text, C source as people write it, has a body for the function
 * called symbol: the name outside of any braces, comment, string or
 * directive, its parentheses, then a brace.
 */
bool defines_function(const char *text, size_t len, const char *symbol);

#endif
