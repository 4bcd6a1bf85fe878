/* Who gets in: whoever shows a ticket that is on the list. */
#include "lambda_auth.h"

struct ticket {
	const char *text, *user;
	bool admin;
};

/* A real door would look them up, or check a signature. */
static const struct ticket tickets[] = {
	{ "blue-7", "ada", false },
	{ "gold-1", "grace", true },
};

enum wsg_result on_authorize(struct wsg_authorize *client)
{
	const struct wsg_event *event = wsg_authorize_event(client);
	struct wsg_str shown = wsg_query(event, "ticket");

	for (size_t i = 0; i < sizeof(tickets) / sizeof(tickets[0]); i++) {
		const struct ticket *ticket = &tickets[i];
		const struct lambda_auth_caller caller = {
			.user = wsg_str(ticket->user),
			.admin = ticket->admin,
		};

		if (!wsg_str_is(shown, ticket->text))
			continue;
		if (!lambda_auth_write_caller(client, &caller))
			return WSG_FAILED;
		return wsg_allow(client, caller.user);
	}
	return wsg_deny(client);
}
