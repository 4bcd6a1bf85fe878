/* SPDX-License-Identifier: MIT */
/*
 * wsgen/log.h - one line on standard error for each call, which Lambda hands to
 * CloudWatch. AWS_LAMBDA_LOG_FORMAT=JSON makes the line a JSON object with
 * timestamp, level, message and, while an event is being served, requestId,
 * connectionId and routeKey; otherwise it is text with the same in front.
 * Lines below AWS_LAMBDA_LOG_LEVEL (INFO by default) are not written.
 *
 * Nothing here writes an event, a body or a header by itself. Do not pass in
 * tokens or secrets.
 */
#ifndef WSGEN_LOG_H
#define WSGEN_LOG_H

#include <wsgen/str.h>

/* In the order of AWS_LAMBDA_LOG_LEVEL's words. */
enum wsg_level {
	WSG_TRACE,
	WSG_DEBUG,
	WSG_INFO,
	WSG_WARN,
	WSG_ERROR,
	WSG_FATAL,
};

/* A line longer than this is cut, and ends in "...". */
#define WSG_LOG_MAX 8192

void wsg_log(enum wsg_level level, const char *format, ...)
	WSG_PRINTF_LIKE(2, 3);

/* Whether a line of that level would be written. */
bool wsg_log_enabled(enum wsg_level level);

#endif
