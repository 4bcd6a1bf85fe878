/* SPDX-License-Identifier: MIT */
/* message_work.h - a spec's messages read and checked, for tests. */
#ifndef WSGEN_MESSAGE_WORK_H
#define WSGEN_MESSAGE_WORK_H

#include "check/messages.h"
#include "read/messages.h"
#include "read/model.h"
#include "read/yaml.h"
#include "type_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct work {
	struct arena arena;
	struct diag diag;
	struct spec *spec;
	const char *file; /* what any `$ref` reads */
};

/* As far as it goes without an error; any `$ref` is to a.json, which is file.
 */
void compile_text(struct work *w, const char *text, const char *file);

/* "M!: a string<1,2>? / N: ...", ! for strict. */
void print_messages(struct buf *out, const struct spec *spec);

#endif
