// SPDX-License-Identifier: MIT
// compile: no member named 'left'
#include "room.h"

enum wsg_result on_say(struct room_say_call *call, const struct room_say *msg)
{
	struct room_left left = { .by = msg->text };

	room_send_left(call->sends.left, wsg_connection_id(call->event), &left);
	return WSG_OK;
}
