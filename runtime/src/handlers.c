/* SPDX-License-Identifier: MIT */
/*
 * Handlers of routes that nobody wrote. What happens there all the same (the
 * connection recorded or forgotten, a subprotocol chosen) is done around them.
 */
#include "internal.h"

enum wsg_result wsg_accept(struct wsg_connect *client)
{
	(void)client;
	return WSG_OK;
}

enum wsg_result wsg_ignore(struct wsg_disconnect *client)
{
	(void)client;
	return WSG_OK;
}
