/* SPDX-License-Identifier: MIT */
/* spec_text.h - a spec in a test's own text, as far as it has to be compiled.
 */
#ifndef WSGEN_SPEC_TEXT_H
#define WSGEN_SPEC_TEXT_H

#include "diag_print.h"
#include "plan/make.h"
#include "read/model.h"
#include "read/yaml.h"

#include <stdio.h>

struct spec_text {
	struct arena arena;
	struct diag diag;
	struct spec *spec;	 /* NULL after an error */
	const struct plan *plan; /* NULL after an error */
};

/* Say what went wrong, so that a failing case explains itself. */
static inline void spec_text_say(const struct spec_text *s)
{
	diag_print(&s->diag, stderr, DIAG_TEXT, false);
}

static inline void spec_text_read(struct spec_text *s, const char *text)
{
	const struct doc *doc;
	uint16_t source;

	*s = (struct spec_text){ 0 };
	diag_init(&s->diag, &s->arena);
	source = diag_source(&s->diag, "spec.yaml", text, strlen(text));
	doc = read_yaml(&s->arena, &s->diag, source);
	if (doc)
		s->spec = read_model(&s->arena, &s->diag, doc);
}

static inline void spec_text_plan(struct spec_text *s, const char *text)
{
	spec_text_read(s, text);
	if (s->spec)
		s->plan = plan_spec(&s->arena, &s->diag, s->spec, NULL);
}

static inline void spec_text_release(struct spec_text *s)
{
	arena_release(&s->arena);
}

#endif
