/* SPDX-License-Identifier: MIT */
/*
 * replay.h - `wsgen-gateway replay FILE [BUILD]`: a recording as a test. Each
 * invocation that it holds is made again, one after another, and has to come to
 * the same answer; each @connections call that functions made has to be made
 * again, and is answered as it was. Tables of connections begin empty, as they
 * were when the recording began with its first client.
 */
#ifndef GATEWAY_REPLAY_H
#define GATEWAY_REPLAY_H

#include "options.h"

#define REPLAY_MAX ((size_t)256 << 20) /* bytes of a recording */
#define REPLAY_SHOWN_MAX 2048	       /* of a text that differs */

/* The exit code: 1 if anything differs, 3 if it could not be run. */
int replay_run(const struct options *options);

#endif
