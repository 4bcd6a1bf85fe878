/* SPDX-License-Identifier: MIT */
/* An API's stages, their access logs and the Deployment they share. */
#include "planner.h"

#include "../language.h"
#include "names.h"
#include "retention.h"

#include <string.h>

#define DEFAULT_STAGE "dev"

static struct doc *name_value(struct planner *p, const struct plan_stage *stage)
{
	struct doc *ref;

	if (!stage->is_parameter)
		return doc_string(p->arena, stage->name);
	ref = doc_map(p->arena);
	doc_set(p->arena, ref, "Ref", doc_string(p->arena, "StageName"));
	return ref;
}

static void plan_log(struct planner *p, const struct plan_api *api,
		     struct plan_stage *out)
{
	struct access_log *log = ARENA_NEW(p->arena, struct access_log);

	if (out->stage->access_log)
		*log = *out->stage->access_log;
	else if (api->api->access_log)
		*log = *api->api->access_log;
	lang_defaults_into(p->arena, &lang_access_log, log);
	out->access_log = log;
	if (log->on.is != FLAG_ON)
		return;
	out->log_format = log->format.s;
	out->log_days = retention_days(log->retention.s);
	if (!log->destination)
		out->log_group_id = plan_id(p, NULL, out->stage->loc,
					    "%sAccessLog", out->id_stem);
	p->plan->needs_account = true;
}

/* One stage has the API's name alone, so that renaming it moves nothing. */
static void plan_stage(struct planner *p, const struct plan_api *api,
		       const struct stage *stage, bool listed,
		       struct plan_stage *out)
{
	struct stage *filled = ARENA_NEW(p->arena, struct stage);

	*filled = *stage;
	lang_defaults_into(p->arena, &lang_stage, filled);
	out->stage = filled;
	out->name = stage->name.s;
	if (!out->name) {
		out->name = p->stage ? p->stage : DEFAULT_STAGE;
		out->is_parameter = true;
	}
	out->name_value = name_value(p, out);
	out->auto_deploy = filled->auto_deploy.is == FLAG_ON;
	out->id_stem = api->pascal;
	if (listed)
		out->id_stem = arena_printf(p->arena, "%s%s", api->pascal,
					    name_pascal(p->arena, out->name));
	out->id = plan_id(p, &stage->logical_id, stage->loc, "%sStage",
			  out->id_stem);
	if (filled->logging.s && strcmp(filled->logging.s, "off") != 0)
		p->plan->needs_account = true;
	plan_log(p, api, out);
}

void plan_stages(struct planner *p, struct plan_api *api)
{
	const struct api *spec = api->api;
	struct stage *unnamed;
	bool deploys = false;

	if (spec->no_stages)
		return;
	for (size_t i = 0; i < spec->stages.count; i++)
		plan_stage(p, api, &spec->stages.items[i], true,
			   LIST_ADD(p->arena, &api->stages));
	if (!spec->stages.count) {
		unnamed = ARENA_NEW(p->arena, struct stage);
		unnamed->loc = spec->name.loc;
		plan_stage(p, api, spec->stage ? spec->stage : unnamed, false,
			   LIST_ADD(p->arena, &api->stages));
	}
	for (size_t i = 0; i < api->stages.count; i++)
		deploys |= !api->stages.items[i].auto_deploy;
	if (deploys && (spec->routes.count || spec->connections ||
			plan_connect_authorizer(p, spec)))
		api->deployment_id = plan_id(p, NULL, spec->name.loc,
					     "%sDeployment", api->pascal);
}
