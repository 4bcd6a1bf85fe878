/* SPDX-License-Identifier: MIT */
/*
 * account.yaml: AWS::ApiGateway::Account and its role. There is one for each
 * account and Region, shared by all its APIs, so it is a stack of its own,
 * deployed once, and stays when that stack goes.
 */
#include "../../plan/permissions.h"
#include "../emit.h"
#include "cfn.h"

void cfn_account(const struct emit *emit, const char *suffix)
{
	struct arena *arena = emit->arena;
	struct doc *template, *resources, *policies;
	struct cfn cfn = { .arena = arena,
			   .plan = emit->plan,
			   .by_id = { .arena = arena } };
	struct cfn_resource *role, *account;

	if (!emit->plan->needs_account)
		return;
	role = cfn_add(&cfn, NULL, "CloudWatchRole", "AWS::IAM::Role");
	role->retain = true;
	cfn_set(&cfn, role->properties, "AssumeRolePolicyDocument",
		permissions_trust(arena, "apigateway.amazonaws.com"));
	policies = doc_list(arena);
	doc_add(arena, policies,
		value_build(arena, "arn:${AWS::Partition}:iam::aws:policy/"
				   "service-role/"
				   "AmazonAPIGatewayPushToCloudWatchLogs"));
	cfn_set(&cfn, role->properties, "ManagedPolicyArns", policies);
	account = cfn_add(&cfn, NULL, "Account", "AWS::ApiGateway::Account");
	account->retain = true;
	cfn_set(&cfn, account->properties, "CloudWatchRoleArn",
		value_att(arena, role->id, "Arn"));

	template = doc_map(arena);
	doc_set_string(arena, template, "AWSTemplateFormatVersion",
		       "2010-09-09");
	doc_set_string(arena, template, "Description",
		       "Lets API Gateway write logs: once for each account and "
		       "Region");
	resources = doc_set(arena, template, "Resources", doc_map(arena));
	doc_set(arena, resources, role->id, cfn_resource_doc(arena, role));
	doc_set(arena, resources, account->id,
		cfn_resource_doc(arena, account));
	emit_doc(emit, template, arena_printf(arena, "account.%s", suffix));
}
