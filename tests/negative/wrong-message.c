// SPDX-License-Identifier: MIT
// compile: incompatible pointer type
#include "room.h"

enum wsg_result on_say(struct room_say_call *call, const struct room_say *msg)
{
	room_send_said(call->sends.said, wsg_connection_id(call->event), msg);
	return WSG_OK;
}
