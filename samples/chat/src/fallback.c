/* What no route takes: an action that is mistyped, or no JSON at all. */
#include "chat.h"

enum wsg_result on_default(struct chat_default_call *call,
			   struct chat_problem *reply)
{
	static const struct wsg_str routes[] = {
		{ WSG_LIT("join") },
		{ WSG_LIT("leave") },
		{ WSG_LIT("sendMessage") },
	};

	(void)call;
	reply->error = wsg_str("no such action");
	reply->routes = routes;
	reply->routes_count = sizeof(routes) / sizeof(routes[0]);
	return WSG_OK;
}
