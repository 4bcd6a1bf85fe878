// SPDX-License-Identifier: MIT
// compile: no member named 'sends'
#include "room.h"

enum wsg_result on_quiet(struct room_quiet_call *call)
{
	const struct wsg_str ids[] = { wsg_str("a"), wsg_str("b") };
	struct room_left left = { .by = wsg_str("ada") };
	enum wsg_sent results[2];

	room_send_left_all(call->sends.left, ids, 2, &left, results);
	return WSG_OK;
}
