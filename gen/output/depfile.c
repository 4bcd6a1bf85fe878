/* SPDX-License-Identifier: MIT */
#include "depfile.h"

#include "../render/quote.h"

void depfile_print(struct buf *out, const char *const *targets,
		   size_t target_count, const char *const *prerequisites,
		   size_t prerequisite_count)
{
	for (size_t i = 0; i < target_count; i++) {
		if (i)
			buf_char(out, ' ');
		quote_make_target(out, targets[i]);
	}
	buf_char(out, ':');
	for (size_t i = 0; i < prerequisite_count; i++) {
		buf_add(out, " \\\n ");
		quote_make(out, prerequisites[i]);
	}
	buf_char(out, '\n');
	for (size_t i = 0; i < prerequisite_count; i++) {
		buf_char(out, '\n');
		quote_make_target(out, prerequisites[i]);
		buf_add(out, ":\n");
	}
}
