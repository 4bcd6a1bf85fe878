/* SPDX-License-Identifier: MIT */
/* make.h - what no path in wsgen.mk may hold. */
#ifndef WSGEN_EMIT_MAKE_H
#define WSGEN_EMIT_MAKE_H

/* make splits at white space, and has no way to quote the rest in a rule
 * that works for targets, prerequisites and $(wildcard) alike. */
#define MAKE_HOSTILE " \t\n\r#:;%*?[]~|$\\\"'`&<>(){}=,!"

#endif
