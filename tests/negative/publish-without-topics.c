// SPDX-License-Identifier: MIT
// compile: implicit declaration of function '?theirs_publish_said
// golden: connections-table
#include "theirs.h"

enum wsg_result on_say(struct theirs_say_call *call)
{
	struct rooms_said said = { { WSG_LIT("hi") } };

	if (!theirs_broadcast_said(call->sends.said, &said, NULL) ||
	    !theirs_publish_said(call->sends.said, wsg_str("a"), &said, NULL))
		return WSG_FAILED;
	return WSG_OK;
}
