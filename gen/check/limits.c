/* SPDX-License-Identifier: MIT */
/*
 * Quotas that AWS raises when asked: past them is a warning that names the
 * quota, since only the account knows what it has.
 */
#include "check.h"

#define ROUTES_QUOTA 300
#define STAGES_QUOTA 10

static void check_routes_quota(struct check *c, const struct api *api)
{
	if (api->routes.count <= ROUTES_QUOTA)
		return;
	diag_warning(c->diag, api->routes.items[ROUTES_QUOTA].key.loc,
		     "API '%s' has %zu routes; 'Routes per API' is %d until "
		     "AWS raises it for the account",
		     api->name.s, api->routes.count, ROUTES_QUOTA);
}

static void check_stages_quota(struct check *c, const struct api *api)
{
	if (api->stages.count <= STAGES_QUOTA)
		return;
	diag_warning(c->diag, api->stages.items[STAGES_QUOTA].loc,
		     "API '%s' has %zu stages; 'Stages per API' is %d until "
		     "AWS raises it for the account",
		     api->name.s, api->stages.count, STAGES_QUOTA);
}

void check_limits(struct check *c)
{
	for (size_t i = 0; i < c->spec->apis.count; i++) {
		const struct api *api = &c->spec->apis.items[i];

		if (!check_is_websocket(api))
			continue;
		check_routes_quota(c, api);
		check_stages_quota(c, api);
	}
}
