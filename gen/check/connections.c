/* SPDX-License-Identifier: MIT */
/* connections: the table that is said to exist, and who keeps it. */
#include "check.h"

#include <string.h>

/* DynamoDB's page "Supported data types and naming rules". */
#define TABLE_NAME_MIN_LEN 3
#define TABLE_NAME_MAX_LEN 255

static void check_table(struct check *c, const struct doc *table)
{
	const char *name = check_literal(table);
	size_t len = name ? strlen(name) : 0;

	if (name && (len < TABLE_NAME_MIN_LEN || len > TABLE_NAME_MAX_LEN ||
		     !check_only(name, "-_.")))
		diag_error(c->diag, table->loc,
			   "'table' is the name of a table, %d to %d letters, "
			   "digits, '-', '_' and '.', not '%.60s'",
			   TABLE_NAME_MIN_LEN, TABLE_NAME_MAX_LEN, name);
}

/* Somebody's own template may write the table: a warning, and no error. */
static void check_kept(struct check *c, const struct api *api)
{
	for (size_t i = 0; i < api->routes.count; i++) {
		const struct route *route = &api->routes.items[i];
		bool connects = !strcmp(route->key.s, "$connect");

		if ((!connects && strcmp(route->key.s, "$disconnect") != 0) ||
		    !check_in_place(route))
			continue;
		diag_warning(c->diag, route->integration->type.loc,
			     "no function is asked at '%s' here, so that "
			     "nobody is %s 'connections'",
			     route->key.s,
			     connects ? "recorded in" : "removed from");
	}
}

void check_connections(struct check *c)
{
	for (size_t i = 0; i < c->spec->apis.count; i++) {
		const struct api *api = &c->spec->apis.items[i];

		if (!check_is_websocket(api) || !api->connections)
			continue;
		if (api->connections->table)
			check_table(c, api->connections->table);
		check_kept(c, api);
	}
}
