/* SPDX-License-Identifier: MIT */
/*
 * ready.h - where the APIs and the console are, told to people on standard
 * error and to the parent, once they can be talked to.
 */
#ifndef GATEWAY_READY_H
#define GATEWAY_READY_H

#include "config/config.h"
#include "control.h"

/* reach is the host that clients use; control NULL: there is no parent. */
void ready_say(const struct config *config, const char *reach, bool quiet,
	       struct control *control);

#endif
