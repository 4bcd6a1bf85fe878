/* SPDX-License-Identifier: MIT */
/* date.h - Unix time as the texts that AWS and HTTP write. All are UTC. */
#ifndef GATEWAY_DATE_H
#define GATEWAY_DATE_H

#include <stdint.h>

struct date {
	char text[32];
};

struct date date_iso(int64_t unix_ms);	/* 2026-11-21T16:04:05.678Z */
struct date date_log(int64_t unix_ms);	/* 21/Nov/2026:16:04:05 +0000 */
struct date date_http(int64_t unix_ms); /* Sat, 21 Nov 2026 16:04:05 GMT */

#endif
