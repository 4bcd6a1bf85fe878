/* Clients come and go. */
#include "chat.h"

enum wsg_result on_connect(struct wsg_connect *client)
{
	(void)client;
	return WSG_OK;
}

enum wsg_result on_disconnect(struct wsg_disconnect *client)
{
	(void)client;
	return WSG_OK;
}
