// SPDX-License-Identifier: MIT
// compile: incompatible type
// The right to send one message is none to send another.
#include "room.h"

enum wsg_result on_say(struct room_say_call *call, const struct room_say *msg)
{
	struct room_left left = { .by = msg->text };
	struct wsg_str id = wsg_connection_id(call->event);
	enum wsg_sent result;

	room_send_left_all(call->sends.said, &id, 1, &left, &result);
	return WSG_OK;
}
