/* SPDX-License-Identifier: MIT */
/* page.h - the console's files, made into C by embed.py. */
#ifndef GATEWAY_PAGE_H
#define GATEWAY_PAGE_H

#include <stddef.h>

struct page_file {
	const char *name; /* below /_wsgen: "/page.js"; "" is the page itself */
	const char *type;
	const unsigned char *bytes;
	size_t len;
};

extern const struct page_file page_files[];
extern const size_t page_files_count;

#endif
