/* SPDX-License-Identifier: MIT */
/*
 * record.h - `--record FILE`: everything that happens, a JSON object a line, as
 * trace_put writes it. `wsgen-gateway replay FILE` reads it; see replay.h.
 */
#ifndef GATEWAY_RECORD_H
#define GATEWAY_RECORD_H

#include "trace.h"

/* The first line, so that a file says what it is. */
#define RECORD_HEAD "{\"recording\":\"wsgen-gateway\",\"version\":1}"

struct record;

/* A file that is there already is not written over: NULL, *why says so. */
struct record *record_new(struct trace *trace, const char *path,
			  struct wsg_buf *why);

/* False: not all could be written, and *why says why. */
bool record_end(struct record *record, struct wsg_buf *why);

#endif
