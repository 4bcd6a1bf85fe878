/* SPDX-License-Identifier: MIT */
/*
 * integration.c - routes that no function serves. A mock's template says with
 * which status it answers; what would call other services is not called here.
 */
#include "parts.h"

/* The template that the selection names; a literal, `\$default` included. */
static struct wsg_str template(const struct json *integration)
{
	const struct json *templates =
		json_get(integration, "requestTemplates");
	struct wsg_str key =
		json_text(json_get(integration, "templateSelection"));
	const struct json *found;

	if (key.len && key.ptr[0] == '\\') {
		key.ptr++;
		key.len--;
	}
	found = json_find(templates, key);
	return json_text(found ? found : json_get(templates, "$default"));
}

static int mock_status(struct wsg_arena *arena, const struct json *integration,
		       const char **note)
{
	const char *error;
	const struct json *request =
		json_parse(arena, template(integration), &error);
	int64_t status = json_int(json_get(request, "statusCode"), 0);

	if (status >= 100 && status <= 599) {
		if (status < 200 || status > 299)
			*note = "the mock integration's statusCode";
		return (int)status;
	}
	*note = "the mock integration's template has no statusCode";
	return 500;
}

int integration_status(struct wsg_arena *arena,
		       const struct config_route *route, const char **note)
{
	struct wsg_str type = json_text(json_get(route->integration, "type"));

	if (wsg_str_is(type, "mock"))
		return mock_status(arena, route->integration, note);
	*note = "an integration with another service, which is not called here";
	return 502;
}
