/* SPDX-License-Identifier: MIT */
/* The API resource itself: its expressions, and one that exists already. */
#include "check.h"

#include "../language/given.h"
#include "values.h"

#include <string.h>

#define API_NAME_MAX_LEN 128
#define DESCRIPTION_MAX_LEN 1024
#define VERSION_MAX_LEN 64

/* --- the expression that finds a message's route
 * ------------------------------ */

/* How long a name is that a path may have: a letter or '_', then more. */
static size_t name_len(const char *text)
{
	size_t len = 0;

	while (check_is_letter(text[len]) || text[len] == '_' ||
	       (len && (check_is_digit(text[len]) || text[len] == '-')))
		len++;
	return len;
}

/* How long "request.body.a.b" is; 0 when it is something else. */
static size_t variable_len(const char *text)
{
	static const char start[] = "request.body";
	size_t len = strlen(start);

	if (strncmp(text, start, len) != 0 || text[len] != '.')
		return 0;
	while (text[len] == '.') {
		size_t name = name_len(text + len + 1);

		if (!name)
			return 0;
		len += 1 + name;
	}
	return len;
}

/* Text, \$ for a dollar sign, and ${request.body.X}. */
static bool is_mixed(const char *text)
{
	while (*text) {
		size_t len;

		if (text[0] == '\\' && text[1]) {
			text += 2;
			continue;
		}
		if (*text != '$') {
			text++;
			continue;
		}
		if (text[1] != '{')
			return false;
		len = variable_len(text + 2);
		if (!len || text[2 + len] != '}')
			return false;
		text += 2 + len + 1;
	}
	return true;
}

static void check_selection(struct check *c, struct text expression)
{
	const char *text = expression.s;
	size_t bare = *text == '$' ? variable_len(text + 1) : 0;

	if (!*text)
		diag_error(c->diag, expression.loc,
			   "'routeSelection' cannot be empty");
	else if (check_hidden(c, expression.loc, "'routeSelection'", text))
		return;
	else if (strstr(text, "request.header") ||
		 strstr(text, "request.querystring") ||
		 strstr(text, "request.path"))
		diag_error(c->diag, expression.loc,
			   "'routeSelection' can read $request.body alone: a "
			   "message has no headers, query or path");
	else if (!(bare && !text[1 + bare]) && !is_mixed(text))
		diag_error(c->diag, expression.loc,
			   "'routeSelection' is $request.body.action, with "
			   "names and dots, or text with "
			   "${request.body.action} in it, not '%.60s'",
			   text);
}

static void check_key_selection(struct check *c, struct text selection)
{
	static const char *const words[] = {
		"header", "authorizer", "$request.header.x-api-key",
		"$context.authorizer.usageIdentifierKey"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i], selection.s))
			return;
	if (!strncmp(selection.s, "$request.header.", 16) ||
	    !strncmp(selection.s, "$context.", 9)) {
		diag_warning(c->diag, selection.loc,
			     "API Gateway documents 'header' and 'authorizer' "
			     "alone for 'apiKeySelection'");
		return;
	}
	diag_error(c->diag, selection.loc,
		   "'apiKeySelection' is 'header' "
		   "($request.header.x-api-key) or 'authorizer' "
		   "($context.authorizer.usageIdentifierKey), not '%.60s'",
		   selection.s);
}

/* --- the section
 * ---------------------------------------------------------------
 */

static void check_existing(struct check *c, const struct gateway *gateway)
{
	for (size_t i = 0; i < lang_gateway.count; i++) {
		const struct lang_key *key = &lang_gateway.keys[i];

		if (!strcmp(key->name, "id") || !lang_is_set(key, gateway))
			continue;
		diag_error(c->diag, lang_loc(key, gateway),
			   "'%s' beside 'id': the API exists, and only what "
			   "hangs on it is wsgen's",
			   key->name);
	}
}

static void check_gateway(struct check *c, const struct gateway *gateway)
{
	const char *name = gateway->name ? check_literal(gateway->name) : NULL;
	const char *id = gateway->id ? check_literal(gateway->id) : NULL;

	if (gateway->id)
		check_existing(c, gateway);
	if (id && (!*id || !check_only(id, "-")))
		diag_error(c->diag, gateway->id->loc,
			   "'id' is the first part of the API's address, such "
			   "as abc123def4, not '%.60s'",
			   id);
	if (name && (!*name || strlen(name) > API_NAME_MAX_LEN))
		diag_error(c->diag, gateway->name->loc,
			   "an API's name is 1 to %d characters",
			   API_NAME_MAX_LEN);
	else if (name)
		check_hidden(c, gateway->name->loc, "'name'", name);
	check_value_too_long(c, gateway->description, "description",
			     DESCRIPTION_MAX_LEN);
	check_value_too_long(c, gateway->version, "version", VERSION_MAX_LEN);
	if (gateway->route_selection.s)
		check_selection(c, gateway->route_selection);
	if (gateway->api_key_selection.s)
		check_key_selection(c, gateway->api_key_selection);
	check_properties(c, &lang_gateway, gateway->properties,
			 "ProtocolType|Tags|Body|BodyS3Location|Target|"
			 "RouteKey|CredentialsArn|CorsConfiguration",
			 "BasePath|FailOnWarnings");
}

void check_gateways(struct check *c)
{
	for (size_t i = 0; i < c->spec->apis.count; i++) {
		const struct api *api = &c->spec->apis.items[i];

		if (check_is_websocket(api) && api->gateway)
			check_gateway(c, api->gateway);
	}
}
