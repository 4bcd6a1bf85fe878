// SPDX-License-Identifier: MIT
// compile: no member named '?sends
// golden: connections
#include "room.h"

enum wsg_result on_plain(struct room_plain_call *call)
{
	struct room_said said = { { WSG_LIT("hi") } };

	if (!room_publish_said(call->sends.said, wsg_str("room"), &said, NULL))
		return WSG_FAILED;
	return WSG_OK;
}
