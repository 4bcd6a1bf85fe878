// SPDX-License-Identifier: MIT
// ok
// golden: connections
// What a route declares, it may send to many.
#include "room.h"

enum wsg_result on_say(struct room_say_call *call, const struct room_say *msg)
{
	struct room_said said = { msg->text };
	struct wsg_tally tally;

	if (!room_publish_said(call->sends.said, msg->room, &said, &tally) ||
	    !room_broadcast_said(call->sends.said, &said, NULL))
		return WSG_FAILED;
	return tally.sent ? WSG_OK : WSG_REFUSED;
}
