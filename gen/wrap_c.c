/* SPDX-License-Identifier: MIT */
#include "wrap.h"

void wrap_c(struct buf *text, size_t from)
{
	(void)text;
	(void)from;
}
