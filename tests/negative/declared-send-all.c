// SPDX-License-Identifier: MIT
// ok
// To many as to one.
#include "room.h"

enum wsg_result on_leave(struct room_leave_call *call)
{
	const struct wsg_str ids[] = { wsg_str("a"), wsg_str("b") };
	struct room_left left = { .by = wsg_str("ada") };
	enum wsg_sent results[2];

	room_send_left_all(call->sends.left, ids, 2, &left, results);
	return results[0] == WSG_SENT ? WSG_OK : WSG_FAILED;
}
