/* SPDX-License-Identifier: MIT */
/*
 * depfile.h - which files a run read and which it wrote, as a make rule:
 * what --depfile writes, and make and ninja read.
 */
#ifndef WSGEN_DEPFILE_H
#define WSGEN_DEPFILE_H

#include "../base/buf.h"

/*
 * One rule, a prerequisite a line, then an empty rule for each prerequisite,
 * so that make goes on when one has been deleted. Paths hold no newline.
 */
void depfile_print(struct buf *out, const char *const *targets,
		   size_t target_count, const char *const *prerequisites,
		   size_t prerequisite_count);

#endif
