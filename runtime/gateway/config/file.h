/* SPDX-License-Identifier: MIT */
/* file.h - a whole file, as long as it is not too large. */
#ifndef GATEWAY_FILE_H
#define GATEWAY_FILE_H

#include <wsgen/str.h>

enum file_result { FILE_READ, FILE_ABSENT, FILE_FAILED };

/*
 * Add what the file holds to text. FILE_FAILED: a line about it is in why.
 * FILE_ABSENT is no error yet, and adds nothing.
 */
enum file_result file_read(const char *path, size_t max, struct wsg_buf *text,
			   struct wsg_buf *why);

#endif
