// SPDX-License-Identifier: MIT
// compile: incompatible pointer type|discards 'const'|discards qualifiers
// A client at the door has only a const event, which nothing can send with.
#include "room.h"

#include <wsgen/connections.h>

enum wsg_result on_connect(struct wsg_connect *client)
{
	const struct wsg_event *event = wsg_connect_event(client);

	wsg_send(event, wsg_connection_id(event), wsg_str("hello"));
	return WSG_OK;
}
