/* SPDX-License-Identifier: MIT */
/*
 * format.h - printf into memory. Nearly all that wsgen prints is texts and
 * counts put together, which need little of what the library's can do.
 */
#ifndef WSGEN_FORMAT_H
#define WSGEN_FORMAT_H

#include "arena.h"

#include <stdarg.h>

/*
 * The same as vsnprintf: any format, the length of the whole whether or not
 * there was room for it, and a negative number when it cannot be printed.
 */
int format_text(char *out, size_t room, const char *format, va_list args)
	PRINTF_LIKE(3, 0);

#endif
