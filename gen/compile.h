/* SPDX-License-Identifier: MIT */
/*
 * compile.h - the whole way of a spec: read, check, plan, emit. The command
 * line calls it, and so do the tests; writing the output is the caller's.
 */
#ifndef WSGEN_COMPILE_H
#define WSGEN_COMPILE_H

#include "output.h"
#include "plan.h"
#include "read/files.h"

enum compile_until { COMPILE_READ, COMPILE_CHECK, COMPILE_PLAN, COMPILE_EMIT };

struct compile_options {
	const char *const *specs; /* paths; "-" is standard input */
	size_t spec_count;
	/*
	 * Instead of paths, for tests: the spec itself. It has no files: an
	 * `include` in it is not followed, a `$ref` is an error.
	 */
	const char *text;
	size_t text_len;
	enum compile_until until;
	const char *emit;	   /* "c,iam,cfn,make", or NULL: everything */
	bool template_json;	   /* template.json instead of template.yaml */
	const char *templates;	   /* --templates DIR, or NULL */
	const char *stage;	   /* --stage, or NULL */
	const char *const *params; /* each --param, NAME=VALUE */
	size_t param_count;
	const char *source_dir; /* of the main spec, seen from the output
				 * folder, for wsgen.mk and the stubs */
};

enum compile_result {
	COMPILE_OK = 0,
	COMPILE_WRONG = 1,  /* the spec is; diag says how */
	COMPILE_FAILED = 3, /* the system did; diag says how */
};

struct compile {
	struct arena arena;
	struct diag diag;
	struct read_inputs inputs;
	struct spec *spec;	 /* after COMPILE_READ */
	const struct plan *plan; /* after COMPILE_PLAN */
	struct output output;	 /* after COMPILE_EMIT */
};

/* Also when it fails, diag holds what to print and the caller releases. */
enum compile_result compile(struct compile *c,
			    const struct compile_options *options);
void compile_release(struct compile *c);

#endif
