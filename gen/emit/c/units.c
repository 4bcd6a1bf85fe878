/* SPDX-License-Identifier: MIT */
#include "c.h"

#include "../../plan/names.h"

/* Where a thing of that API stands; NULL: of none, or of several. */
static struct c_unit *unit_of(struct c_code *code, const struct plan_api *api)
{
	for (size_t i = 0; i < code->units.count; i++)
		if (code->units.items[i].api == api)
			return &code->units.items[i];
	return &code->units.items[0];
}

static void add_unit(struct c_code *code, const struct plan_api *api,
		     const char *prefix, const char *base)
{
	struct c_unit *unit = LIST_ADD(code->arena, &code->units);

	unit->code = code;
	unit->api = api;
	unit->prefix = prefix;
	unit->shout = name_shout(code->arena, prefix);
	unit->base = base;
}

static void add_own(struct c_code *code, const struct plan_api *api,
		    enum c_message_kind kind, const struct message *message,
		    const char *snake)
{
	if (message)
		*LIST_ADD(code->arena, &unit_of(code, api)->messages) =
			c_new_message(code, kind, message, api->prefix, snake);
}

/* What an authorizer says stands with its API; all other messages are shared.
 */
static void share_out_messages(struct c_code *code)
{
	const struct plan *plan = code->plan;

	for (size_t i = 0; i < plan->messages.count; i++) {
		const struct c_message *message =
			c_message(code, plan->messages.items[i].message);

		if (message->kind == C_BODY)
			*LIST_ADD(code->arena, &unit_of(code, NULL)->messages) =
				message;
	}
	for (size_t i = 0; i < plan->apis.count; i++) {
		const struct plan_api *api = &plan->apis.items[i];
		const struct authorizer *authorizer =
			api->authorizers.count
				? api->authorizers.items[0]->authorizer
				: NULL;

		/* A websocket API has one authorizer, that of $connect. */
		if (authorizer)
			add_own(code, api, C_CALLER,
				authorizer->context_fields
					? authorizer->context_fields
					: authorizer->claims_fields,
				"caller");
		if (api->session)
			add_own(code, api, C_SESSION,
				api->session->claims_fields, "session");
	}
}

void c_add_units(struct c_code *code)
{
	const struct plan *plan = code->plan;

	if (code->is_split) {
		const char *prefix = name_snake(code->arena, plan->name);

		/* No API's files can be called so: theirs have no dash. */
		add_unit(code, NULL, prefix,
			 arena_printf(code->arena, "%s-shared", prefix));
	}
	for (size_t i = 0; i < plan->apis.count; i++)
		add_unit(code, &plan->apis.items[i], plan->apis.items[i].prefix,
			 plan->apis.items[i].prefix);
	share_out_messages(code);
	for (size_t i = 0; i < code->handlers.count; i++) {
		const struct c_handler *handler = code->handlers.items[i];

		if (handler->is_shared)
			*LIST_ADD(code->arena, &unit_of(code, NULL)->handlers) =
				handler;
		for (size_t j = 0;
		     j < handler->apis.count && !handler->is_shared; j++)
			*LIST_ADD(code->arena,
				  &unit_of(code, handler->apis.items[j])
					   ->handlers) = handler;
	}
}

const struct c_unit *c_unit(const struct c_code *code,
			    const struct plan_api *api)
{
	for (size_t i = 0; i < code->units.count; i++)
		if (code->units.items[i].api == api)
			return &code->units.items[i];
	return &code->units.items[0];
}
