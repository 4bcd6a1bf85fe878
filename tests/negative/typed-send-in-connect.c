// SPDX-License-Identifier: MIT
// compile: incompatible type|discards
#include "room.h"

enum wsg_result on_connect(struct wsg_connect *client)
{
	struct room_left left = { .by = wsg_str("ada") };

	room_send_left(client, wsg_str("c"), &left);
	return WSG_OK;
}
