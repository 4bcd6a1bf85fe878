// SPDX-License-Identifier: MIT
// compile: no member named 'sends'
#include "room.h"

enum wsg_result on_quiet(struct room_quiet_call *call)
{
	struct room_left left = { .by = wsg_str("ada") };

	room_send_left(call->sends.left, wsg_connection_id(call->event), &left);
	return WSG_OK;
}
