/* SPDX-License-Identifier: MIT */
/* The same code as a role that may do nothing to connections has it. */
#include "room.h"

#include <wsgen/connections.h>

enum wsg_result on_none(struct room_none_call *call, const struct two_to *msg,
			struct two_result *reply)
{
	struct wsg_str whom =
		msg->has_to ? msg->to : wsg_connection_id(call->event);

	reply->result = (int32_t)wsg_close(call->event, whom);
	return WSG_OK;
}
