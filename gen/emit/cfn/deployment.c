/* SPDX-License-Identifier: MIT */
/*
 * AWS::ApiGatewayV2::Deployment. CloudFormation makes one once and never
 * again, so its logical id ends in a hash of all that it takes a picture of:
 * the API's expressions, routes, integrations, responses, models and
 * authorizers. Names and descriptions are in effect at once and stay out, as
 * does whatever is not the gateway's: functions, logs, roles.
 */
#include "cfn.h"

#include "../../base/sha256.h"

#include <string.h>

struct deployed {
	const char *type;
	const char *not_deployed; /* properties, each between spaces */
};

static const struct deployed deployed[] = {
	{ "AWS::ApiGatewayV2::Api", " Description Name Tags Version " },
	{ "AWS::ApiGatewayV2::Authorizer", " Name " },
	{ "AWS::ApiGatewayV2::Integration", " Description " },
	{ "AWS::ApiGatewayV2::IntegrationResponse", " " },
	{ "AWS::ApiGatewayV2::Model", " Description " },
	{ "AWS::ApiGatewayV2::Route", " OperationName " },
	{ "AWS::ApiGatewayV2::RouteResponse", " " },
};

static const struct deployed *find_deployed(const char *type)
{
	for (size_t i = 0; i < sizeof(deployed) / sizeof(*deployed); i++)
		if (!strcmp(deployed[i].type, type))
			return &deployed[i];
	return NULL;
}

static bool is_of(const struct cfn_resource *resource,
		  const struct plan_api *api)
{
	const struct doc *id = doc_get(resource->properties, "ApiId");

	if (id)
		return doc_equal(id, api->id_value);
	return api->id && !strcmp(resource->id, api->id);
}

static bool is_deployed(const struct deployed *how, const char *property)
{
	const size_t len = strlen(property);
	const char *found = strstr(how->not_deployed, property);

	return !found || found[-1] != ' ' || found[len] != ' ';
}

static void add_hashed(struct cfn *cfn, struct buf *text,
		       const struct cfn_resource *resource,
		       const struct deployed *how)
{
	const struct doc *p = resource->properties;

	buf_printf(text, "%s %s\n", resource->type, resource->id);
	for (size_t i = 0; i < p->count; i++) {
		struct doc *one;

		if (!is_deployed(how, p->members[i].key))
			continue;
		one = doc_map(cfn->arena);
		doc_set(cfn->arena, one, p->members[i].key,
			p->members[i].value);
		doc_print_compact(text, one);
		buf_char(text, '\n');
	}
}

static void add_deployment(struct cfn *cfn, const struct plan_api *api)
{
	struct cfn_resource *resource;
	struct buf text;
	const char *id;
	LIST(const char *) depends = { 0 };

	buf_init(&text, cfn->arena);
	for (size_t i = 0; i < cfn->resources.count; i++) {
		const struct cfn_resource *other = cfn->resources.items[i];
		const struct deployed *how = find_deployed(other->type);

		if (!how || other->verbatim || !is_of(other, api))
			continue;
		add_hashed(cfn, &text, other, how);
		if (strcmp(other->type, "AWS::ApiGatewayV2::Api") != 0)
			*LIST_ADD(cfn->arena, &depends) = other->id;
	}
	id = arena_printf(cfn->arena, "%s%.8s", api->deployment_id,
			  sha256_hex(cfn->arena, text.text, text.len));
	resource = cfn_add(cfn, NULL, id, "AWS::ApiGatewayV2::Deployment");
	cfn_set(cfn, resource->properties, "ApiId", api->id_value);
	for (size_t i = 0; i < depends.count; i++)
		cfn_depend(cfn, resource, depends.items[i]);
	for (size_t i = 0; i < api->stages.count; i++) {
		const struct plan_stage *stage = &api->stages.items[i];
		const struct cfn_resource *made =
			map_get(&cfn->by_id, stage->id);

		if (!stage->auto_deploy &&
		    !doc_get(made->properties, "DeploymentId"))
			cfn_set(cfn, made->properties, "DeploymentId",
				value_ref(cfn->arena, id));
	}
}

void cfn_deployments(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->apis.count; i++)
		if (cfn->plan->apis.items[i].deployment_id &&
		    cfn->plan->apis.items[i].routes.count)
			add_deployment(cfn, &cfn->plan->apis.items[i]);
}
