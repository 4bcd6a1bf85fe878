/* SPDX-License-Identifier: MIT */
/* A function whose routes declare `sends`, and one that would close, too. */
#include "room.h"

/* Whom a message is about: whoever sent it, unless it says another. */
static struct wsg_str whom(const struct wsg_event *event,
			   const struct two_to *msg)
{
	return msg->has_to ? msg->to : wsg_connection_id(event);
}

enum wsg_result on_connect(struct wsg_connect *client)
{
	if (wsg_connect_offers(client, "room.v1"))
		wsg_connect_subprotocol(client, "room.v1");
	return WSG_OK;
}

enum wsg_result on_say(struct room_say_call *call, const struct two_to *msg,
		       struct two_result *reply)
{
	const struct two_said said = {
		.text = wsg_str("said"),
		.by = wsg_connection_id(call->event),
	};

	reply->result = (int32_t)room_send_said(call->sends.said,
						whom(call->event, msg), &said);
	return WSG_OK;
}

/* No type stands in the way of this; its role does. */
enum wsg_result on_sly(struct room_sly_call *call, const struct two_to *msg,
		       struct two_result *reply)
{
	reply->result =
		(int32_t)wsg_close_peer(call->event, whom(call->event, msg));
	return WSG_OK;
}
