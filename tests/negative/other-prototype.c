// SPDX-License-Identifier: MIT
// compile: conflicting types for 'on_say'
// A handler that the spec has outgrown does not build.
#include "room.h"

enum wsg_result on_say(struct room_say_call *call, const struct room_said *msg)
{
	(void)call;
	(void)msg;
	return WSG_OK;
}
