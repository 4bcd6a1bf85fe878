/* SPDX-License-Identifier: MIT */
/* Integrations: which kinds there are, and which keys belong to which. */
#include "check.h"

#include "../language/given.h"

#include <string.h>

#define WEBSOCKET_TIMEOUT_MAX_MS 29000

/* Beside a handler, and the types; "" stands for the first. */
static const struct {
	const char *key, *types;
} belongs[] = {
	{ "permission", "|" },
	{ "payloadFormat", "|" },
	{ "requestTemplates", "|mock|aws|" },
	{ "templateSelection", "|mock|aws|" },
	{ "requestParameters", "|http|aws|" },
	{ "passthrough", "|mock|aws|" },
	{ "url", "|http|" },
	{ "uri", "|aws|" },
	{ "action", "|aws|" },
	{ "method", "|http|aws|" },
	{ "role", "|aws|" },
	{ "permissions", "|aws|" },
};

/* "|mock|aws|" to "mock or aws". */
static const char *show_types(struct check *c, const char *types)
{
	const char *first = types + 1;
	size_t len = strcspn(first, "|");

	if (!first[len + 1])
		return arena_strndup(c->arena, first, len);
	return arena_printf(c->arena, "%.*s or %.*s", (int)len, first,
			    (int)strcspn(first + len + 1, "|"),
			    first + len + 1);
}

static bool has_type(const char *types, const char *type)
{
	size_t len = strlen(type);

	for (const char *at = types; (at = strchr(at, '|')) && at[1]; at++)
		if (!strncmp(at + 1, type, len) && at[1 + len] == '|')
			return true;
	return false;
}

static void check_keys(struct check *c, const struct integration *integration)
{
	const char *type = integration->type.s;

	for (size_t i = 0; i < sizeof(belongs) / sizeof(belongs[0]); i++) {
		const struct lang_key *key =
			lang_find(&lang_integration, belongs[i].key);
		const char *types = belongs[i].types;

		if (!lang_is_set(key, integration))
			continue;
		if (!strcmp(types, "|")) {
			if (type)
				diag_error(c->diag, lang_loc(key, integration),
					   "'%s' stands beside a handler, not "
					   "in an integration of type '%s'",
					   key->name, type);
		} else if (!type) {
			diag_error(c->diag, lang_loc(key, integration),
				   "'%s' needs an integration of type %s in "
				   "place of the handler",
				   key->name, show_types(c, types));
		} else if (!has_type(types, type)) {
			diag_error(c->diag, lang_loc(key, integration),
				   "'%s' belongs to integrations of type %s, "
				   "not '%s'",
				   key->name, show_types(c, types), type);
		}
	}
}

/* dynamodb:PutItem: what the integration's URI is made from. */
static void check_action(struct check *c, struct text action)
{
	const char *colon = strchr(action.s, ':');
	bool good = colon && colon > action.s && colon[1];

	for (const char *at = action.s; good && *at; at++)
		good = at == colon || check_is_letter(*at) ||
		       check_is_digit(*at) || *at == '-' || *at == '.';
	if (!good)
		diag_error(c->diag, action.loc,
			   "'action' is a service and what it does, such as "
			   "dynamodb:PutItem, not '%.60s'",
			   action.s);
}

static void check_aws(struct check *c, const struct integration *in)
{
	bool permissions = in->permissions.loc.line > 0;

	if (!in->action.s && !in->uri)
		diag_error(c->diag, in->type.loc,
			   "an integration of type 'aws' needs an 'action', "
			   "such as dynamodb:PutItem, or a 'uri'");
	if (in->action.s && in->uri)
		diag_error(c->diag, in->uri->loc,
			   "'uri' beside 'action': one of them says what is "
			   "called");
	if (!in->role && !permissions)
		diag_error(c->diag, in->type.loc,
			   "an integration of type 'aws' needs 'permissions' "
			   "for a role of its own, or a 'role'");
	if (in->role && permissions)
		diag_error(c->diag, in->permissions.loc,
			   "'permissions' beside 'role': they go into a role "
			   "that wsgen makes");
	if (in->action.s)
		check_action(c, in->action);
}

static void check_method(struct check *c, struct text method)
{
	static const char *const methods[] = {
		"GET",	  "POST", "PUT",     "PATCH",
		"DELETE", "HEAD", "OPTIONS", "ANY",
	};
	const char *nearest;

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (!strcmp(methods[i], method.s))
			return;
	nearest = diag_nearest(method.s, methods,
			       sizeof(methods) / sizeof(methods[0]));
	diag_error(c->diag, method.loc,
		   "'%.60s' is no HTTP method; did you mean '%s'?", method.s,
		   nearest ? nearest : "POST");
}

static void check_url(struct check *c, const struct doc *url)
{
	const char *text = check_literal(url);

	if (!text)
		return;
	if ((strncmp(text, "https://", 8) != 0 &&
	     strncmp(text, "http://", 7) != 0) ||
	    strpbrk(text, " \t\r\n"))
		diag_error(c->diag, url->loc,
			   "'url' must start with https:// or http://, not "
			   "'%.60s'",
			   text);
}

static bool check_type(struct check *c, struct text type)
{
	static const char *const built[] = { "mock", "http", "aws" };

	for (size_t i = 0; type.s && i < sizeof(built) / sizeof(built[0]); i++)
		if (!strcmp(built[i], type.s))
			return true;
	if (type.s)
		diag_error(c->diag, type.loc,
			   "a WebSocket API has no integrations of type '%s': "
			   "mock, http and aws it has",
			   type.s);
	return !type.s;
}

/* What holds beside a handler as well, and so for defaults. */
static void check_options(struct check *c, const struct integration *in)
{
	if (in->timeout_ms.set &&
	    in->timeout_ms.value > WEBSOCKET_TIMEOUT_MAX_MS)
		diag_error(c->diag, in->timeout_ms.loc,
			   "'timeout' is at most 29s on a WebSocket API");
	if (in->payload_format.s && !strcmp(in->payload_format.s, "2.0"))
		diag_error(c->diag, in->payload_format.loc,
			   "a WebSocket API has 'payloadFormat' 1.0 alone");
	check_scalars(c, in->parameters, "parameter");
	check_scalars(c, in->request_parameters, "request parameter");
	check_scalars(c, in->request_templates, "request template");
}

static void check_integration(struct check *c, const struct integration *in)
{
	check_options(c, in);
	if (!check_type(c, in->type))
		return;
	check_keys(c, in);
	if (in->type.s && !strcmp(in->type.s, "aws"))
		check_aws(c, in);
	if (in->type.s && !strcmp(in->type.s, "http") && !in->url)
		diag_error(c->diag, in->type.loc,
			   "an integration of type 'http' needs a 'url'");
	if (in->url)
		check_url(c, in->url);
	if (in->method.s)
		check_method(c, in->method);
	if (in->template_selection.s && in->type.s && !in->request_templates)
		diag_error(c->diag, in->template_selection.loc,
			   "'templateSelection' without 'requestTemplates': "
			   "there is nothing to select");
}

static void check_defaults(struct check *c, const struct defaults *defaults)
{
	if (defaults && defaults->integration)
		check_options(c, defaults->integration);
}

void check_integrations(struct check *c)
{
	check_defaults(c, c->spec->defaults);
	for (size_t i = 0; i < c->spec->apis.count; i++) {
		const struct api *api = &c->spec->apis.items[i];

		if (!check_is_websocket(api))
			continue;
		check_defaults(c, api->defaults);
		for (size_t k = 0; k < api->routes.count; k++)
			if (api->routes.items[k].integration)
				check_integration(
					c, api->routes.items[k].integration);
	}
}
