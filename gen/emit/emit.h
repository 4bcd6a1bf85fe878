/* SPDX-License-Identifier: MIT */
/*
 * emit.h - what an emitter is: a pure function of the plan that adds files to
 * the output. One file of emit/ each, and one row in emit.c.
 */
#ifndef WSGEN_EMIT_H
#define WSGEN_EMIT_H

#include "../output.h"
#include "../plan.h"
#include "../render.h"

struct emit {
	struct arena *arena;
	const struct plan *plan;
	const struct render *render;
	struct output *output;
	struct diag *diag; /* for what shows only when all is there: sizes */
	bool template_json;
	const char *source_dir;
};

struct emitter {
	const char *name; /* as in --emit */
	const char *doc;
	void (*emit)(const struct emit *emit);
};

extern const struct emitter emitters[];
extern const size_t emitter_count;

/* Run those that names lists, "c,iam"; NULL runs all. */
void emit_all(const struct emit *emit, const char *names);

/* Render one template to one output file. */
void emit_render(const struct emit *emit, const char *template_name,
		 const struct values *values, const char *path);

/* One output file that is a template's very text. */
void emit_copy(const struct emit *emit, const char *template_name,
	       const char *path);

/* Print one document to one output file, as JSON or YAML by its name. */
void emit_doc(const struct emit *emit, const struct doc *doc, const char *path);

void emit_c(const struct emit *emit);	    /* chat.h, chat.c, functions/ */
void emit_stubs(const struct emit *emit);   /* stubs/ */
void emit_iam(const struct emit *emit);	    /* iam/ */
void emit_cfn(const struct emit *emit);	    /* template.yaml, account.yaml */
void emit_make(const struct emit *emit);    /* wsgen.mk and its rules */
void emit_gateway(const struct emit *emit); /* gateway.json */

#endif
