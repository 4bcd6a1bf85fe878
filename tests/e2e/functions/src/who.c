/* SPDX-License-Identifier: MIT */
/* A function whose route declares `inspects`. */
#include "room.h"

enum wsg_result on_who(struct room_who_call *call, const struct two_to *msg,
		       struct two_room_who_reply *reply)
{
	struct wsg_peer peer = { 0 };

	reply->result = (int32_t)room_inspect(
		call->inspects,
		msg->has_to ? msg->to : wsg_connection_id(call->event), &peer);
	reply->since = peer.connected_at_ms;
	reply->ip = peer.source_ip;
	reply->agent = peer.user_agent;
	return WSG_OK;
}
