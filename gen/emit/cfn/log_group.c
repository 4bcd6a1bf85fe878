/* SPDX-License-Identifier: MIT */
/* AWS::Logs::LogGroup, of functions and of stages. They outlive the stack. */
#include "cfn.h"

#include "../../plan/retention.h"

#include <string.h>

/* One part of a text that is cut at every separator. */
static struct doc *part(struct arena *arena, int index, const char *separator,
			struct doc *text)
{
	struct doc *split = doc_map(arena), *select = doc_map(arena);
	struct doc *list = doc_set(arena, split, "Fn::Split", doc_list(arena));

	doc_add(arena, list, doc_string(arena, separator));
	doc_add(arena, list, text);
	list = doc_set(arena, select, "Fn::Select", doc_list(arena));
	doc_add(arena, list, doc_int(arena, index));
	doc_add(arena, list, split);
	return select;
}

/*
 * CloudFormation makes up a function's name, so its log group cannot be named
 * after it without a circle. The first digits of the stack's id keep a stack
 * that is made again from running into the group that the old one left.
 */
static struct doc *function_log_name(struct cfn *cfn,
				     const struct plan_function *fn)
{
	struct arena *arena = cfn->arena;
	struct doc *uuid;

	if (fn->props->function_name)
		return value_build(
			arena, "/aws/lambda/{d}",
			refs_value(cfn->plan, fn->props->function_name));
	uuid = part(arena, 2, "/", value_ref(arena, "AWS::StackId"));
	return value_build(arena, "/aws/lambda/${AWS::StackName}-{s}-{d}",
			   fn->name, part(arena, 0, "-", uuid));
}

static void set_retention(struct cfn *cfn, struct doc *p, int days)
{
	if (days > 0)
		cfn_set(cfn, p, "RetentionInDays", doc_int(cfn->arena, days));
}

static void add_function_log(struct cfn *cfn, const struct plan_function *fn)
{
	struct cfn_resource *resource =
		cfn_add(cfn, cfn_function_owner(cfn, fn), fn->log_group_id,
			"AWS::Logs::LogGroup");
	struct doc *p = resource->properties;

	resource->retain = true;
	cfn_set(cfn, p, "LogGroupName", function_log_name(cfn, fn));
	set_retention(cfn, p, retention_days(fn->props->log_retention.s));
	cfn_tag_list(cfn, p, fn->props->tags);
}

static bool is_log_safe(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || strchr(".-_/#", c);
}

/* The API's name, less the characters that a log group's may not have. */
static struct doc *log_safe(struct cfn *cfn, struct doc *name)
{
	const struct doc *sub = doc_get(name, "Fn::Sub");
	const bool is_sub = sub && sub->kind == DOC_STRING;
	struct buf text;

	if (value_function(name) && !is_sub)
		return name;
	buf_init(&text, cfn->arena);
	for (const char *c = is_sub ? sub->text : name->text; *c; c++) {
		if (is_sub && c[0] == '$' && c[1] == '{') {
			const size_t len = strcspn(c, "}");

			buf_add_n(&text, c, len + 1);
			c += len;
		} else if (is_log_safe(*c)) {
			buf_char(&text, *c);
		}
	}
	return is_sub ? value_build(cfn->arena, text.text)
		      : doc_string(cfn->arena, text.text);
}

/* /aws/vendedlogs/: groups under it need no resource policy of their own. */
static void add_stage_log(struct cfn *cfn, const struct plan_api *api,
			  const struct plan_stage *stage)
{
	struct cfn_resource *resource =
		cfn_add(cfn, NULL, stage->log_group_id, "AWS::Logs::LogGroup");
	struct doc *p = resource->properties;
	struct doc *name = api->gateway_name;

	if (api->api->gateway && api->api->gateway->name)
		name = refs_value(cfn->plan, api->api->gateway->name);
	resource->retain = true;
	cfn_set_value(cfn, p, "KmsKeyId", stage->access_log->kms_key);
	cfn_set(cfn, p, "LogGroupName",
		value_build(cfn->arena, "/aws/vendedlogs/apis/{d}-{d}/{d}",
			    log_safe(cfn, name), api->id_value,
			    stage->name_value));
	set_retention(cfn, p, stage->log_days);
	cfn_tag_list(cfn, p, NULL);
}

void cfn_log_groups(struct cfn *cfn)
{
	const struct plan *plan = cfn->plan;

	for (size_t i = 0; i < plan->apis.count; i++) {
		const struct plan_api *api = &plan->apis.items[i];

		for (size_t s = 0; s < api->stages.count; s++)
			if (api->stages.items[s].log_group_id)
				add_stage_log(cfn, api, &api->stages.items[s]);
	}
	for (size_t i = 0; i < plan->functions.count; i++)
		add_function_log(cfn, plan->functions.items[i]);
}
