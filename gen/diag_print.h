/* SPDX-License-Identifier: MIT */
/* diag_print.h - what diag.h kept, for people, for editors and for CI. */
#ifndef WSGEN_DIAG_PRINT_H
#define WSGEN_DIAG_PRINT_H

#include "base/diag.h"

#include <stdio.h>

enum diag_format {
	DIAG_TEXT,  /* file:line:column, the line and a marker below it */
	DIAG_JSON,  /* one list of {level, file, line, column, length, message,
		     * notes}; columns and lengths are bytes, from 1 */
	DIAG_SARIF, /* 2.1.0; columns are Unicode code points, from 1 */
};

/*
 * Print all entries; JSON and SARIF print a whole document, also for none.
 * Colour is for text alone. Nothing of a spec reaches a terminal that is not
 * visible text: the rest is shown as \u{1b}, and "?" where it is no UTF-8.
 */
void diag_print(const struct diag *diag, FILE *out, enum diag_format format,
		bool color);

#endif
