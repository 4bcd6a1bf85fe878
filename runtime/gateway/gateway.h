/* SPDX-License-Identifier: MIT */
/*
 * gateway.h - everything together: a port for each API, the functions, the
 * table store, the console and whoever listens to what happens.
 */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "options.h"

/* What the ports under /_wsgen serve, by prefix; see console/console.h. */
#define GATEWAY_PREFIX "/_wsgen"

/* Serve until SIGINT, SIGTERM or the parent's end. The exit code. */
int gateway_run(const struct options *options);

#endif
