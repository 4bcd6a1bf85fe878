/* Those who came in, and what is known of them. */
#include "lambda_auth.h"

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

/* What the authorizer said comes with every event of the connection. */
enum wsg_result on_who_am_i(struct lambda_auth_who_am_i_call *call,
			    struct lambda_auth_me *reply)
{
	struct lambda_auth_caller caller;

	if (!lambda_auth_read_caller(call->event, &caller))
		return WSG_REFUSED;
	reply->user = caller.user;
	reply->admin = caller.admin;
	return WSG_OK;
}
