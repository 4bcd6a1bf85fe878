// SPDX-License-Identifier: MIT
// ok
// What a route declares, it may do.
#include "room.h"

enum wsg_result on_leave(struct room_leave_call *call)
{
	struct room_left left = { .by = wsg_str("ada") };

	room_send_left(call->sends.left, wsg_connection_id(call->event), &left);
	room_close(call->closes, wsg_connection_id(call->event));
	return WSG_OK;
}
