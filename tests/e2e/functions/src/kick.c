/* SPDX-License-Identifier: MIT */
/* A function whose route declares `closes`. */
#include "room.h"

enum wsg_result on_kick(struct room_kick_call *call, const struct two_to *msg,
			struct two_result *reply)
{
	reply->result = (int32_t)room_close(
		call->closes,
		msg->has_to ? msg->to : wsg_connection_id(call->event));
	return WSG_OK;
}
