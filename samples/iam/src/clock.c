/* The time, for whoever has signed. */
#include "iam.h"

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

enum wsg_result on_now(struct iam_now_call *call, struct iam_now *reply)
{
	reply->at = wsg_request_time_ms(call->event);
	reply->caller = wsg_identity(call->event, "userArn");
	reply->has_caller = reply->caller.len > 0;
	return WSG_OK;
}
