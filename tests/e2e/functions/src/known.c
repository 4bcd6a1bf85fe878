/* SPDX-License-Identifier: MIT */
/* Callers that are known by a token, which no gateway has looked at. */
#include "known.h"

enum wsg_result on_known_connect(struct wsg_connect *client)
{
	struct known_session session;

	if (!known_session(wsg_connect_event(client), &session))
		return wsg_connect_reject(client, 401);
	return WSG_OK;
}

enum wsg_result on_me(struct known_me_call *call,
		      struct two_known_me_reply *reply)
{
	struct known_session session;

	if (!known_session(call->event, &session))
		return WSG_REFUSED;
	reply->admin = session.role == KNOWN_SESSION_ROLE_ADMIN;
	reply->key = wsg_identity(call->event, "apiKeyId");
	return WSG_OK;
}
