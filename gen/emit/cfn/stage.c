/* SPDX-License-Identifier: MIT */
/* AWS::ApiGatewayV2::Stage */
#include "cfn.h"

#include "log_format.h"

#include <string.h>

/* What DefaultRouteSettings and each entry of RouteSettings hold. */
struct settings {
	const struct throttle *throttle;
	struct flag metrics, data_trace;
	const char *logging;
};

static const char *logging_level(const char *word)
{
	if (!strcmp(word, "off"))
		return "OFF";
	return !strcmp(word, "error") ? "ERROR" : "INFO";
}

static void set_flag(struct cfn *cfn, struct doc *map, const char *key,
		     const struct flag *flag)
{
	if (flag->is != FLAG_UNSET)
		cfn_set(cfn, map, key,
			doc_bool(cfn->arena, flag->is == FLAG_ON));
}

/* NULL when nothing is set. */
static struct doc *settings_doc(struct cfn *cfn, const struct settings *from)
{
	struct doc *map = doc_map(cfn->arena);
	const struct throttle *throttle = from->throttle;

	set_flag(cfn, map, "DataTraceEnabled", &from->data_trace);
	set_flag(cfn, map, "DetailedMetricsEnabled", &from->metrics);
	if (from->logging)
		cfn_set_text(cfn, map, "LoggingLevel",
			     logging_level(from->logging));
	if (throttle && throttle->burst.set)
		cfn_set(cfn, map, "ThrottlingBurstLimit",
			doc_int(cfn->arena, throttle->burst.value));
	if (throttle && throttle->rate.set)
		cfn_set(cfn, map, "ThrottlingRateLimit",
			doc_number(cfn->arena, throttle->rate.value));
	return map->count ? map : NULL;
}

static struct settings stage_settings(const struct stage *stage)
{
	return (struct settings){ stage->throttle, stage->metrics,
				  stage->data_trace, stage->logging.s };
}

/*
 * A route's settings stand in place of the stage's, not over them: what the
 * route leaves out is filled in from the stage.
 */
static struct doc *route_settings(struct cfn *cfn, const struct stage *stage,
				  const struct route *route)
{
	struct settings own = stage_settings(stage);

	if (!route->throttle && !route->metrics.is && !route->data_trace.is &&
	    !route->logging.s)
		return NULL;
	if (route->throttle)
		own.throttle = route->throttle;
	if (route->metrics.is)
		own.metrics = route->metrics;
	if (route->data_trace.is)
		own.data_trace = route->data_trace;
	if (route->logging.s)
		own.logging = route->logging.s;
	return settings_doc(cfn, &own);
}

/* The stage must not be made before the routes it has settings for. */
static void set_route_settings(struct cfn *cfn, struct cfn_resource *resource,
			       const struct plan_api *api,
			       const struct stage *stage)
{
	struct doc *map = doc_map(cfn->arena);

	for (size_t i = 0; i < api->routes.count; i++) {
		const struct plan_route *route = &api->routes.items[i];
		struct doc *one = route_settings(cfn, stage, route->route);

		if (!one)
			continue;
		cfn_set(cfn, map, route->key, one);
		cfn_depend(cfn, resource, route->id);
	}
	if (map->count)
		cfn_set(cfn, resource->properties, "RouteSettings", map);
}

/* A log group's Arn ends in ":*", which the stage does not take. */
static struct doc *destination(struct cfn *cfn, const struct plan_stage *stage)
{
	static const char form[] = "arn:${AWS::Partition}:logs:${AWS::Region}:"
				   "${AWS::AccountId}:log-group:{d}";
	struct arena *arena = cfn->arena;
	const struct doc *written = stage->access_log->destination;
	struct doc *value;
	const struct doc *att;

	if (!written)
		return value_build(arena, form,
				   value_ref(arena, stage->log_group_id));
	value = refs_value(cfn->plan, written);
	att = doc_get(value, "Fn::GetAtt");
	if (att && att->kind == DOC_LIST && att->count == 2) {
		const char *type = refs_type(cfn->plan, att->items[0]->text);

		if (type && !strcmp(type, "AWS::Logs::LogGroup"))
			return value_build(
				arena, form,
				value_ref(arena, att->items[0]->text));
	}
	if (value->kind == DOC_STRING && strlen(value->text) > 2 &&
	    !strcmp(value->text + strlen(value->text) - 2, ":*"))
		return doc_string(arena,
				  arena_strndup(arena, value->text,
						strlen(value->text) - 2));
	return value;
}

static void set_access_log(struct cfn *cfn, struct doc *p,
			   const struct plan_stage *stage)
{
	struct doc *map;

	if (!stage->log_format)
		return;
	map = doc_map(cfn->arena);
	cfn_set(cfn, map, "DestinationArn", destination(cfn, stage));
	cfn_set_text(cfn, map, "Format", log_format(stage->log_format));
	cfn_set(cfn, p, "AccessLogSettings", map);
}

static void add_stage(struct cfn *cfn, const struct plan_api *api,
		      const struct plan_stage *planned)
{
	const struct stage *stage = planned->stage;
	const struct settings settings = stage_settings(stage);
	struct cfn_resource *resource =
		cfn_add(cfn, NULL, planned->id, "AWS::ApiGatewayV2::Stage");
	struct doc *p = resource->properties;

	set_access_log(cfn, p, planned);
	cfn_set(cfn, p, "ApiId", api->id_value);
	cfn_set(cfn, p, "AutoDeploy",
		doc_bool(cfn->arena, planned->auto_deploy));
	cfn_set(cfn, p, "DefaultRouteSettings", settings_doc(cfn, &settings));
	/* DeploymentId: see deployment.c */
	cfn_set_value(cfn, p, "Description", stage->description);
	set_route_settings(cfn, resource, api, stage);
	cfn_set(cfn, p, "StageName", planned->name_value);
	if (stage->variables && stage->variables->count)
		cfn_set_value(cfn, p, "StageVariables", stage->variables);
	cfn_tag_map(cfn, p);
	cfn_override(cfn, p, stage->properties);
}

void cfn_stages(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->apis.count; i++) {
		const struct plan_api *api = &cfn->plan->apis.items[i];

		for (size_t s = 0; s < api->stages.count; s++)
			add_stage(cfn, api, &api->stages.items[s]);
	}
}
