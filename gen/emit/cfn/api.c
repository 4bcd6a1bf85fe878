/* SPDX-License-Identifier: MIT */
/* AWS::ApiGatewayV2::Api */
#include "cfn.h"

#include <string.h>

#define DEFAULT_SELECTION "$request.body.action"

/* header, authorizer, or an expression. */
static const char *key_selection(const struct gateway *gateway)
{
	const char *word = gateway->api_key_selection.s;

	if (!word)
		return NULL;
	if (!strcmp(word, "header"))
		return "$request.header.x-api-key";
	if (!strcmp(word, "authorizer"))
		return "$context.authorizer.usageIdentifierKey";
	return word;
}

static void add_api(struct cfn *cfn, const struct plan_api *api)
{
	static const struct gateway nothing;
	const struct gateway *gateway =
		api->api->gateway ? api->api->gateway : &nothing;
	struct doc *p = cfn_add(cfn, NULL, api->id, "AWS::ApiGatewayV2::Api")
				->properties;
	const char *selection = gateway->route_selection.s;

	cfn_set_text(cfn, p, "ApiKeySelectionExpression",
		     key_selection(gateway));
	if (gateway->description)
		cfn_set_value(cfn, p, "Description", gateway->description);
	else
		cfn_set_text(cfn, p, "Description", api->api->doc.s);
	if (gateway->execute_api_endpoint.is == FLAG_OFF)
		cfn_set(cfn, p, "DisableExecuteApiEndpoint",
			doc_bool(cfn->arena, true));
	if (gateway->schema_validation.is == FLAG_OFF)
		cfn_set(cfn, p, "DisableSchemaValidation",
			doc_bool(cfn->arena, true));
	cfn_set_text(cfn, p, "IpAddressType", gateway->ip_address_type.s);
	if (gateway->name)
		cfn_set_value(cfn, p, "Name", gateway->name);
	else
		cfn_set(cfn, p, "Name", api->gateway_name);
	cfn_set_text(cfn, p, "ProtocolType", "WEBSOCKET");
	cfn_set_text(cfn, p, "RouteSelectionExpression",
		     selection ? selection : DEFAULT_SELECTION);
	cfn_tag_map(cfn, p);
	cfn_set_value(cfn, p, "Version", gateway->version);
	cfn_override(cfn, p, gateway->properties);
}

void cfn_apis(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->apis.count; i++)
		if (cfn->plan->apis.items[i].id)
			add_api(cfn, &cfn->plan->apis.items[i]);
}
