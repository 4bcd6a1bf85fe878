// SPDX-License-Identifier: MIT
// compile: conflicting types for 'on_quiet'
// Without reply in the spec there is no way to return a body.
#include "room.h"

enum wsg_result on_quiet(struct room_quiet_call *call, struct wsg_buf *reply)
{
	(void)call;
	wsg_buf_text(reply, "{}");
	return WSG_OK;
}
