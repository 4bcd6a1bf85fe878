/* SPDX-License-Identifier: MIT */
/* AWS::ApiGatewayV2::Integration */
#include "cfn.h"

#include <string.h>

static const char *content_handling(const struct integration *props)
{
	if (!props->content_handling.s)
		return NULL;
	return !strcmp(props->content_handling.s, "toText")
		       ? "CONVERT_TO_TEXT"
		       : "CONVERT_TO_BINARY";
}

static const char *passthrough(const struct integration *props)
{
	const char *word = props->passthrough.s;

	if (!word)
		return NULL;
	if (!strcmp(word, "never"))
		return "NEVER";
	return !strcmp(word, "whenNoMatch") ? "WHEN_NO_MATCH"
					    : "WHEN_NO_TEMPLATES";
}

/* service:Action to the URI that API Gateway has for it. */
static struct doc *action_uri(struct cfn *cfn, const char *action)
{
	const char *colon = strchr(action, ':');
	const char *service =
		arena_strndup(cfn->arena, action, (size_t)(colon - action));

	return value_build(cfn->arena,
			   "arn:${AWS::Partition}:apigateway:${AWS::Region}:"
			   "{s}:action/{s}",
			   service, colon + 1);
}

/* What answers: a function, nothing, a URL or a service. */
static void set_target(struct cfn *cfn, struct doc *p,
		       const struct plan_integration *in)
{
	const struct integration *props = in->props;
	const char *method = props->method.s ? props->method.s : "POST";

	if (in->function) {
		cfn_set_text(cfn, p, "IntegrationType", "AWS_PROXY");
		cfn_set(cfn, p, "IntegrationUri",
			cfn_invocation_uri(cfn,
					   cfn_invoked(cfn, in->function)));
		return;
	}
	if (!strcmp(props->type.s, "mock")) {
		cfn_set_text(cfn, p, "IntegrationType", "MOCK");
		cfn_set_text(cfn, p, "IntegrationUri", "");
		return;
	}
	cfn_set_text(cfn, p, "IntegrationMethod", method);
	if (!strcmp(props->type.s, "http")) {
		cfn_set_text(cfn, p, "IntegrationType",
			     props->request_templates ? "HTTP" : "HTTP_PROXY");
		cfn_set_value(cfn, p, "IntegrationUri", props->url);
		return;
	}
	cfn_set_text(cfn, p, "IntegrationType", "AWS");
	if (props->uri)
		cfn_set_value(cfn, p, "IntegrationUri", props->uri);
	else if (props->action.s)
		cfn_set(cfn, p, "IntegrationUri",
			action_uri(cfn, props->action.s));
}

static void add_integration(struct cfn *cfn, const struct plan_api *api,
			    const struct plan_integration *in)
{
	const struct integration *props = in->props;
	const char *owner = in->function
				    ? cfn_function_owner(cfn, in->function)
				    : cfn_route_owner(cfn, in->routes.items[0]);
	struct doc *p =
		cfn_add(cfn, owner, in->id, "AWS::ApiGatewayV2::Integration")
			->properties;

	cfn_set(cfn, p, "ApiId", api->id_value);
	cfn_set_text(cfn, p, "ContentHandlingStrategy",
		     content_handling(props));
	if (in->role_id)
		cfn_set(cfn, p, "CredentialsArn",
			value_att(cfn->arena, in->role_id, "Arn"));
	else
		cfn_set_value(cfn, p, "CredentialsArn", props->role);
	set_target(cfn, p, in);
	cfn_set_text(cfn, p, "PassthroughBehavior", passthrough(props));
	cfn_set_text(cfn, p, "PayloadFormatVersion", props->payload_format.s);
	cfn_set_value(cfn, p, "RequestParameters",
		      props->request_parameters ? props->request_parameters
						: props->parameters);
	cfn_set_value(cfn, p, "RequestTemplates", props->request_templates);
	cfn_set_text(cfn, p, "TemplateSelectionExpression",
		     props->template_selection.s);
	if (props->timeout_ms.set)
		cfn_set(cfn, p, "TimeoutInMillis",
			doc_int(cfn->arena, props->timeout_ms.value));
}

void cfn_integrations(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->apis.count; i++) {
		const struct plan_api *api = &cfn->plan->apis.items[i];

		for (size_t k = 0; k < api->integrations.count; k++)
			add_integration(cfn, api, api->integrations.items[k]);
	}
}
