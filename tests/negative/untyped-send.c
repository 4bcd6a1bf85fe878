// SPDX-License-Identifier: MIT
// link: multiple definition of .wsg_untyped_send_in_a_function
// function: room-apart
#include "room.h"

#include <wsgen/connections.h>

enum wsg_result on_apart(struct room_apart_call *call)
{
	wsg_send(call->event, wsg_connection_id(call->event), wsg_str("x"));
	return WSG_OK;
}
