/* SPDX-License-Identifier: MIT */
/* state.h - what is being served, as JSON for the console. */
#ifndef GATEWAY_STATE_H
#define GATEWAY_STATE_H

#include "../config/config.h"
#include "../net/clock.h"

void state_put(struct wsg_buf *out, const struct config *config,
	       const struct clock *clock);

#endif
