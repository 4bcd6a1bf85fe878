/* SPDX-License-Identifier: MIT */
/* A function that declares nothing, and may do anything. */
#include "room.h"

#include <wsgen/connections.h>

enum wsg_result on_free(struct room_free_call *call, const struct two_to *msg,
			struct two_result *reply)
{
	struct wsg_str whom =
		msg->has_to ? msg->to : wsg_connection_id(call->event);

	reply->result =
		(int32_t)wsg_send(call->event, whom, wsg_str("farewell"));
	if (reply->result == WSG_SENT)
		reply->result = (int32_t)wsg_close(call->event, whom);
	return WSG_OK;
}
