/* SPDX-License-Identifier: MIT */
/* What an API is as a whole: kinds that are not built, defaults. */
#include "check.h"

#include "../language/given.h"

#include <string.h>

/* Keys that are one thing's own and can be no default for others. */
static void refuse_in_defaults(struct check *c,
			       const struct lang_section *section,
			       const void *from, const char *const *names,
			       size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct lang_key *key = lang_find(section, names[i]);

		if (lang_is_set(key, from))
			diag_error(c->diag, lang_loc(key, from),
				   "'%s' belongs to one %s and cannot be a "
				   "default for all",
				   key->name, section->name);
	}
}

static void check_defaults(struct check *c, const struct defaults *defaults)
{
	static const char *const of_function[] = {
		"use",	       "handler", "functionName",
		"description", "doc",	  "logicalId",
	};
	static const char *const of_integration[] = {
		"type",
		"url",
		"uri",
		"action",
		"method",
		"role",
		"permissions",
		"requestTemplates",
		"templateSelection",
		"requestParameters",
		"passthrough",
		"logicalId",
	};

	if (!defaults)
		return;
	if (defaults->function)
		refuse_in_defaults(
			c, &lang_function, defaults->function, of_function,
			sizeof(of_function) / sizeof(of_function[0]));
	if (defaults->integration)
		refuse_in_defaults(c, &lang_integration, defaults->integration,
				   of_integration,
				   sizeof(of_integration) /
					   sizeof(of_integration[0]));
}

void check_apis(struct check *c)
{
	check_defaults(c, c->spec->defaults);
	for (size_t i = 0; i < c->spec->apis.count; i++) {
		const struct api *api = &c->spec->apis.items[i];

		if (!check_is_websocket(api))
			diag_error(c->diag, api->type.loc,
				   "APIs of type '%s' are not built yet; "
				   "'websocket' is",
				   api->type.s);
		else
			check_defaults(c, api->defaults);
	}
}
