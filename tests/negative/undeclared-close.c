// SPDX-License-Identifier: MIT
// compile: no member named 'closes'
#include "room.h"

enum wsg_result on_say(struct room_say_call *call, const struct room_say *msg)
{
	(void)msg;
	room_close(call->closes, wsg_connection_id(call->event));
	return WSG_OK;
}
