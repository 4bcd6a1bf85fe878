/* The claims of a token that was verified, typed. */
#include "jwt.h"

enum wsg_result on_who_am_i(struct jwt_who_am_i_call *call,
			    struct jwt_me *reply)
{
	struct jwt_caller caller;

	if (!jwt_read_caller(call->event, &caller))
		return WSG_REFUSED;
	reply->sub = caller.sub;
	reply->admin = caller.role == JWT_CALLER_ROLE_ADMIN;
	return WSG_OK;
}

enum wsg_result on_ring(struct jwt_ring_call *call, struct jwt_rung *reply)
{
	struct jwt_caller caller;

	if (!jwt_read_caller(call->event, &caller))
		return WSG_REFUSED;
	if (caller.role != JWT_CALLER_ROLE_ADMIN)
		return WSG_REFUSED;
	reply->text = wsg_str("ding");
	return WSG_OK;
}
