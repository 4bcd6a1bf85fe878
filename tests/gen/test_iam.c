/* SPDX-License-Identifier: MIT */
/* Permissions: what each form grants, and that nothing else is granted. */
#include "unit.h"

#include "cfn_text.h"
#include "plan/permissions.h"
#include "plan/policy_size.h"

static const struct plan_function *function_of(struct cfn_text *c,
					       const char *name)
{
	for (size_t i = 0; i < c->spec.plan->functions.count; i++)
		if (!strcmp(c->spec.plan->functions.items[i]->name, name))
			return c->spec.plan->functions.items[i];
	return NULL;
}

/* "Allow a:B c:D on <resource> <resource>" a line, less what all have. */
static const char *grants_of(struct cfn_text *c, const char *name, size_t from)
{
	const struct plan_function *fn = function_of(c, name);
	struct buf text;

	buf_init(&text, &c->spec.arena);
	for (size_t i = from; fn && i < fn->statements.count; i++) {
		const struct plan_statement *s = &fn->statements.items[i];

		buf_printf(&text, "%s%s", i > from ? "\n" : "", s->effect);
		for (size_t a = 0; a < s->actions.count; a++)
			buf_printf(&text, " %s", s->actions.items[a]);
		buf_add(&text, " on");
		for (size_t r = 0; r < s->resources.count; r++)
			buf_printf(&text, " %s",
				   compact_text(c, s->resources.items[r]));
		if (s->conditions)
			buf_printf(&text, " if %s",
				   compact_text(c, s->conditions));
	}
	return text.text;
}

#define RESOURCES                                                       \
	"resources:\n"                                                  \
	"  Notes: { Type: AWS::DynamoDB::Table }\n"                     \
	"  Files: { Type: AWS::S3::Bucket }\n"                          \
	"  Jobs: { Type: AWS::SQS::Queue }\n"                           \
	"  News: { Type: AWS::SNS::Topic }\n"                           \
	"  Key: { Type: AWS::KMS::Key }\n"                              \
	"  Secret: { Type: AWS::SecretsManager::Secret }\n"             \
	"  Param: { Type: AWS::SSM::Parameter, Properties: { Name: /a " \
	"} }\n"                                                         \
	"  Short: { Type: AWS::SSM::Parameter }\n"                      \
	"  Stream: { Type: AWS::Kinesis::Stream }\n"                    \
	"  Bus: { Type: AWS::Events::EventBus }\n"                      \
	"  Flow: { Type: AWS::StepFunctions::StateMachine }\n"          \
	"  Net: { Type: AWS::EC2::VPC }\n"                              \
	"  sqs: { Type: AWS::S3::Bucket }\n"

#define SSM                                                           \
	"arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:" \
	"parameter"

/* A function without routes, log and tracing aside, has what it asks for. */
static void test_forms(void **state)
{
	static const struct {
		const char *name, *permissions, *grants;
	} cases[] = {
		{ "none", "[]", "" },
		{ "an action", "[ses:SendEmail]",
		  "Allow ses:SendEmail on '*'" },
		{ "two, merged and sorted", "[ses:SendEmail, \"s3:Get*\"]",
		  "Allow s3:Get* ses:SendEmail on '*'" },
		{ "the same twice", "[ses:SendEmail, ses:SendEmail]",
		  "Allow ses:SendEmail on '*'" },
		{ "a table", "[Notes]",
		  "Allow dynamodb:* on {'Fn::GetAtt':['Notes','Arn']} "
		  "{'Fn::Sub':'${Notes.Arn}/index/*'}" },
		{ "a bucket", "[Files]",
		  "Allow s3:* on {'Fn::GetAtt':['Files','Arn']} "
		  "{'Fn::Sub':'${Files.Arn}/*'}" },
		{ "an id wins over a service", "[sqs]",
		  "Allow s3:* on {'Fn::GetAtt':['sqs','Arn']} "
		  "{'Fn::Sub':'${sqs.Arn}/*'}" },
		{ "a function", "[other]",
		  "Allow lambda:InvokeFunction on "
		  "{'Fn::GetAtt':['OtherFunction','Arn']} "
		  "{'Fn::Sub':'${OtherFunction.Arn}:*'}" },
		{ "an API", "[x]",
		  "Allow execute-api:Invoke on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${XApi}/*'}\nAllow "
		  "execute-api:ManageConnections on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${XApi}/*/*/@connections/*'}" },
		{ "an API, invoke alone", "[[x, invoke]]",
		  "Allow execute-api:Invoke on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${XApi}/*'}" },
		{ "read", "[[Notes, read]]",
		  "Allow dynamodb:BatchGetItem dynamodb:ConditionCheckItem "
		  "dynamodb:DescribeTable dynamodb:GetItem dynamodb:Query "
		  "dynamodb:Scan on {'Fn::GetAtt':['Notes','Arn']} "
		  "{'Fn::Sub':'${Notes.Arn}/index/*'}" },
		{ "write", "[[Notes, write]]",
		  "Allow dynamodb:BatchWriteItem dynamodb:DeleteItem "
		  "dynamodb:DescribeTable dynamodb:PutItem "
		  "dynamodb:UpdateItem on {'Fn::GetAtt':['Notes','Arn']}" },
		{ "stream", "[[Notes, stream]]",
		  "Allow dynamodb:DescribeStream dynamodb:GetRecords "
		  "dynamodb:GetShardIterator on {'Fn::GetAtt':['Notes',"
		  "'StreamArn']}" },
		{ "an action on an id", "[[Notes, dynamodb:GetItem]]",
		  "Allow dynamodb:GetItem on {'Fn::GetAtt':['Notes','Arn']} "
		  "{'Fn::Sub':'${Notes.Arn}/index/*'}" },
		{ "delete", "[[Files, delete]]",
		  "Allow s3:DeleteObject on {'Fn::Sub':'${Files.Arn}/*'}" },
		{ "send", "[[Jobs, send]]",
		  "Allow sqs:GetQueueAttributes sqs:GetQueueUrl "
		  "sqs:SendMessage on {'Fn::GetAtt':['Jobs','Arn']}" },
		{ "publish", "[[News, publish]]",
		  "Allow sns:Publish on {'Ref':'News'}" },
		{ "two grants", "[[Key, encrypt, decrypt]]",
		  "Allow kms:Decrypt kms:Encrypt kms:GenerateDataKey* "
		  "kms:ReEncrypt* on {'Fn::GetAtt':['Key','Arn']}" },
		{ "a secret", "[[Secret, read]]",
		  "Allow secretsmanager:DescribeSecret "
		  "secretsmanager:GetSecretValue on {'Ref':'Secret'}" },
		{ "a parameter with a path", "[[Param, write]]",
		  "Allow ssm:PutParameter on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:ssm:${AWS::Region}:"
		  "${AWS::AccountId}:parameter${Param}'}" },
		{ "and one without", "[[Short, write]]",
		  "Allow ssm:PutParameter on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:ssm:${AWS::Region}:"
		  "${AWS::AccountId}:parameter/${Short}'}" },
		{ "a stream", "[[Stream, write]]",
		  "Allow kinesis:ListShards kinesis:PutRecord "
		  "kinesis:PutRecords on {'Fn::GetAtt':['Stream','Arn']}" },
		{ "a bus", "[[Bus, publish]]",
		  "Allow events:PutEvents on {'Fn::GetAtt':['Bus','Arn']}" },
		{ "a state machine", "[[Flow, start]]",
		  "Allow states:StartExecution on {'Ref':'Flow'}" },
		{ "the long form",
		  "[{ actions: [b:C, a:B], resources: [\"${Notes.Arn}/x\"], "
		  "effect: deny, conditions: { Bool: { \"a:b\": \"true\" } } "
		  "}]",
		  "Deny a:B b:C on {'Fn::Sub':'${Notes.Arn}/x'} if "
		  "{'Bool':{'a:b':'true'}}" },
		{ "resources default to all", "[{ actions: a:B }]",
		  "Allow a:B on '*'" },
		{ "a sid stands alone", "[a:B, { actions: a:C, sid: Mine }]",
		  "Allow a:B on '*'\nAllow a:C on '*'" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		char text[2048];

		snprintf(text, sizeof(text),
			 "name: x\nroutes: { go: src/a.on_go }\n"
			 "functions:\n  other: src/a.on_other\n"
			 "  fn: { handler: src/a.on_fn, tracing: off, "
			 "permissions: %s }\n" RESOURCES,
			 cases[i].permissions);
		cfn_text_make(&c, text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		CHECK_TEXT(cases[i].name, grants_of(&c, "fn", 1),
			   cases[i].grants);
		cfn_text_release(&c);
	}
}

static void test_said(void **state)
{
	static const struct {
		const char *name, *permissions, *said;
	} cases[] = {
		{ "all", "\"*\"",
		  "3:44: warning: \"*\" lets the function do everything in "
		  "the account; write a list of services (s3), actions "
		  "(s3:GetObject), ids of this spec, [id, grant] or {actions, "
		  "resources}" },
		{ "a service", "[s3]",
		  "3:45: warning: 's3' is s3:* on everything; narrower would "
		  "be Files alone, or [Files, read], or an action such as "
		  "s3:Name" },
		{ "one without resources", "[ses]",
		  "3:45: warning: 'ses' is ses:* on everything; narrower would "
		  "be the id of a resource, or an action such as ses:Name" },
		{ "neither", "[Nots]",
		  "3:45: error: 'Nots' is no service, action or id of this "
		  "spec: write a list of services (s3), actions "
		  "(s3:GetObject), ids of this spec, [id, grant] or {actions, "
		  "resources}\n3:45: note: did you mean 'Notes'?" },
		{ "an unknown id with a grant", "[[Nots, read]]",
		  "3:46: error: 'Nots' is no service, action or id of this "
		  "spec: write a list of services (s3), actions "
		  "(s3:GetObject), ids of this spec, [id, grant] or {actions, "
		  "resources}\n3:46: note: did you mean 'Notes'?" },
		{ "an unknown grant", "[[Notes, raed]]",
		  "3:53: error: a table has no grant 'raed'; it has read, "
		  "write, readWrite, stream and actions such as dynamodb:*\n"
		  "3:53: note: did you mean 'read'?" },
		{ "SST's name for one", "[[Notes, grantRead]]",
		  "3:53: error: a table has no grant 'grantRead'; it has "
		  "read, write, readWrite, stream and actions such as "
		  "dynamodb:*\n3:53: note: did you mean 'read'?" },
		{ "a kind without permissions", "[Net]",
		  "3:45: error: what may be done with 'Net', type "
		  "AWS::EC2::VPC, "
		  "is not known: write {actions, resources}" },
		{ "an action without a service", "[{ actions: GetObject }]",
		  "3:56: error: an action is service:Action, such as "
		  "s3:GetObject, not 'GetObject'" },
		{ "a bad sid", "[{ actions: a:B, sid: a-b }]",
		  "3:66: error: a 'sid' has letters and digits alone" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		char text[2048];

		snprintf(text, sizeof(text),
			 "name: x\nfunctions:\n"
			 "  fn: { handler: src/a.on_fn, permissions: %s }\n"
			 "apis: {}\n" RESOURCES,
			 cases[i].permissions);
		cfn_text_make(&c, text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), cases[i].said);
		cfn_text_release(&c);
	}
}

/* What a function needs to run. */
static void test_running(void **state)
{
	static const struct {
		const char *name, *props, *grants;
	} cases[] = {
		{ "its log and nothing else", "tracing: off",
		  "Allow logs:CreateLogStream logs:PutLogEvents on "
		  "{'Fn::GetAtt':['FnLogGroup','Arn']}" },
		{ "traces", "tracing: active",
		  "Allow logs:CreateLogStream logs:PutLogEvents on "
		  "{'Fn::GetAtt':['FnLogGroup','Arn']}\nAllow "
		  "xray:PutTelemetryRecords xray:PutTraceSegments on '*'" },
		{ "a network",
		  "tracing: off, vpc: { subnets: [s], securityGroups: [g] }",
		  "Allow logs:CreateLogStream logs:PutLogEvents on "
		  "{'Fn::GetAtt':['FnLogGroup','Arn']}\nAllow "
		  "ec2:AssignPrivateIpAddresses ec2:CreateNetworkInterface "
		  "ec2:DeleteNetworkInterface ec2:DescribeNetworkInterfaces "
		  "ec2:DescribeSubnets ec2:UnassignPrivateIpAddresses on '*'" },
		{ "dead letters to a queue",
		  "tracing: off, deadLetter: \"${Jobs.Arn}\"",
		  "Allow logs:CreateLogStream logs:PutLogEvents on "
		  "{'Fn::GetAtt':['FnLogGroup','Arn']}\nAllow "
		  "sqs:SendMessage on {'Fn::GetAtt':['Jobs','Arn']}" },
		{ "dead letters to a topic",
		  "tracing: off, deadLetter: \"${News}\"",
		  "Allow logs:CreateLogStream logs:PutLogEvents on "
		  "{'Fn::GetAtt':['FnLogGroup','Arn']}\nAllow sns:Publish on "
		  "{'Ref':'News'}" },
		{ "a key", "tracing: off, kmsKey: \"${Key.Arn}\"",
		  "Allow logs:CreateLogStream logs:PutLogEvents on "
		  "{'Fn::GetAtt':['FnLogGroup','Arn']}\nAllow kms:Decrypt on "
		  "{'Fn::GetAtt':['Key','Arn']}" },
		{ "a role of its own: none of ours",
		  "role: \"arn:aws:iam::123456789012:role/x\"", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		char text[2048];

		snprintf(text, sizeof(text),
			 "name: x\napis: {}\nfunctions:\n"
			 "  fn: { handler: src/a.on_fn, %s }\n" RESOURCES,
			 cases[i].props);
		cfn_text_make(&c, text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		CHECK_TEXT(cases[i].name, grants_of(&c, "fn", 0),
			   cases[i].grants);
		cfn_text_release(&c);
	}
}

/* @connections, for what is declared, on the API's own stages. */
static void test_connections(void **state)
{
	static const struct {
		const char *name, *text, *grants;
	} cases[] = {
		{ "by default", "routes: { go: src/a.on_go }",
		  "Allow execute-api:ManageConnections on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${ChatApi}/${StageName}/*/"
		  "@connections/*'}" },
		{ "the door alone too", "routes: { $connect: src/a.on_go }",
		  "Allow execute-api:ManageConnections on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${ChatApi}/${StageName}/*/"
		  "@connections/*'}" },
		{ "off",
		  "manageConnections: false\nroutes: { go: src/a.on_go }", "" },
		{ "on for one route",
		  "manageConnections: false\nroutes: { go: { handler: "
		  "src/a.on_go, manageConnections: true }, no: src/a.on_no }",
		  "Allow execute-api:ManageConnections on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${ChatApi}/${StageName}/*/"
		  "@connections/*'}" },
		{ "off for the only route",
		  "routes: { go: { handler: src/a.on_go, manageConnections: "
		  "false } }",
		  "" },
		{ "a named stage", "stage: live\nroutes: { go: src/a.on_go }",
		  "Allow execute-api:ManageConnections on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${ChatApi}/live/*/@connections/"
		  "*'}" },
		{ "all stages",
		  "stages: [{ name: a }, { name: b }]\nroutes: { go: "
		  "src/a.on_go }",
		  "Allow execute-api:ManageConnections on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${ChatApi}/a/*/@connections/*'} "
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${ChatApi}/b/*/@connections/*'}" },
		{ "one of them",
		  "stages: [{ name: a }, { name: b }]\nmanageConnections: "
		  "[b]\nroutes: { go: src/a.on_go }",
		  "Allow execute-api:ManageConnections on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${ChatApi}/b/*/@connections/*'}" },
		{ "no stages", "stages: []\nroutes: { go: src/a.on_go }",
		  "Allow execute-api:ManageConnections on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${ChatApi}/*/*/@connections/*'}" },
		{ "sends",
		  "messages: { M: { a: bool } }\nroutes: { go: { handler: "
		  "src/a.on_go, sends: M } }",
		  "Allow execute-api:ManageConnections on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${ChatApi}/${StageName}/POST/"
		  "@connections/*'}" },
		{ "closes and inspects",
		  "routes: { go: { handler: src/a.on_go, closes: true, "
		  "inspects: true } }",
		  "Allow execute-api:ManageConnections on "
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${ChatApi}/${StageName}/DELETE/"
		  "@connections/*'} {'Fn::Sub':'arn:${AWS::Partition}:"
		  "execute-api:${AWS::Region}:${AWS::AccountId}:${ChatApi}/"
		  "${StageName}/GET/@connections/*'}" },
		{ "declares that it does nothing",
		  "routes: { go: { handler: src/a.on_go, closes: false } }",
		  "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		char text[2048];

		snprintf(text, sizeof(text),
			 "name: chat\ndefaults: { function: { tracing: off } "
			 "}\n%s\n",
			 cases[i].text);
		cfn_text_make(&c, text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		CHECK_TEXT(cases[i].name, grants_of(&c, "chat", 1),
			   cases[i].grants);
		cfn_text_release(&c);
	}
}

/* A function has what its own routes were granted and nothing of others'. */
static void test_least(void **state)
{
	static const char text[] =
		"name: chat\ngrouping: route\n"
		"permissions: [a:All]\n"
		"manageConnections: false\n"
		"defaults: { function: { tracing: off, permissions: [a:Most] } "
		"}\n"
		"routes:\n"
		"  one: { handler: src/a.on_one, permissions: [a:One] }\n"
		"  two: { handler: src/a.on_two, function: { permissions: "
		"[a:Two] } }\n"
		"  none: src/a.on_none\n";
	static const struct {
		const char *function, *grants;
	} cases[] = {
		{ "chat-one", "Allow a:All a:Most a:One on '*'" },
		{ "chat-two", "Allow a:All a:Most a:Two on '*'" },
		{ "chat-none", "Allow a:All a:Most on '*'" },
	};
	struct cfn_text c;

	(void)state;
	cfn_text_make(&c, text);
	CHECK_TEXT("spec", cfn_text_said(&c), "");
	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK_TEXT(cases[i].function,
			   grants_of(&c, cases[i].function, 1),
			   cases[i].grants);
	cfn_text_release(&c);
}

/* Whoever may call: one policy for each, attached to what it is. */
static void test_callers(void **state)
{
	static const struct {
		const char *name, *grant, *id, *properties;
	} cases[] = {
		{ "a role", "{ to: Boss }", "BossCallerPolicy",
		  "{'PolicyDocument':{'Version':'2012-10-17',"
		  "'Statement':[{'Effect':'Allow',"
		  "'Action':['execute-api:Invoke'],"
		  "'Resource':{'Fn::Sub':'arn:${AWS::Partition}:execute-api:"
		  "${AWS::Region}:${AWS::AccountId}:${ChatApi}/${StageName}/"
		  "$connect'}}]},'PolicyName':'BossCallerPolicy',"
		  "'Roles':[{'Ref':'Boss'}]}" },
		{ "a user, by reference, on a stage",
		  "{ to: \"${Ann}\", stages: dev, actions: "
		  "manageConnections }",
		  "AnnCallerPolicy",
		  "{'PolicyDocument':{'Version':'2012-10-17',"
		  "'Statement':[{'Effect':'Allow',"
		  "'Action':['execute-api:ManageConnections'],"
		  "'Resource':{'Fn::Sub':'arn:${AWS::Partition}:execute-api:"
		  "${AWS::Region}:${AWS::AccountId}:${ChatApi}/${StageName}/"
		  "*/@connections/*'}}]},'PolicyName':'AnnCallerPolicy',"
		  "'Users':[{'Ref':'Ann'}]}" },
		{ "a role elsewhere",
		  "{ to: \"arn:aws:iam::123456789012:role/ops/Bob\", "
		  "routes: "
		  "[go] }",
		  "BobCallerPolicy",
		  "{'PolicyDocument':{'Version':'2012-10-17',"
		  "'Statement':[{'Effect':'Allow',"
		  "'Action':['execute-api:Invoke'],"
		  "'Resource':{'Fn::Sub':'arn:${AWS::Partition}:execute-api:"
		  "${AWS::Region}:${AWS::AccountId}:${ChatApi}/${StageName}/"
		  "go'}}]},'PolicyName':'BobCallerPolicy','Roles':['Bob']}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		char text[2048];

		snprintf(text, sizeof(text),
			 "name: chat\nauthorizer: iam\n"
			 "routes: { $connect: src/a.on_connect, go: "
			 "src/a.on_go }\n"
			 "resources:\n  Boss: { Type: AWS::IAM::Role }\n"
			 "  Ann: { Type: AWS::IAM::User }\n"
			 "grants: [%s]\n",
			 cases[i].grant);
		cfn_text_make(&c, text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		CHECK_TEXT(cases[i].name,
			   compact_text(&c, properties_of(&c, cases[i].id)),
			   cases[i].properties);
		cfn_text_release(&c);
	}
}

/* 20 KB of resource policy: then one permission for the whole API. */
static void test_resource_policy(void **state)
{
	static const struct {
		const char *name;
		int routes;
		bool one;
	} cases[] = {
		{ "few", 10, false },
		{ "many", 100, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		struct buf text;
		struct arena arena = { 0 };
		const struct plan_function *fn;

		buf_init(&text, &arena);
		buf_add(&text, "name: x\nroutes:\n");
		for (int r = 0; r < cases[i].routes; r++)
			buf_printf(&text, "  r%d: src/a.on_r%d\n", r, r);
		cfn_text_make(&c, text.text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		fn = function_of(&c, "x");
		CHECK(cases[i].name,
		      (policy_bytes(fn) > POLICY_LAMBDA_MAX) == cases[i].one);
		CHECK(cases[i].name,
		      (resource_of(&c, "XPermission") != NULL) == cases[i].one);
		CHECK(cases[i].name, (resource_of(&c, "XR1Permission") !=
				      NULL) != cases[i].one);
		cfn_text_release(&c);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_said),
		cmocka_unit_test(test_running),
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_callers),
		cmocka_unit_test(test_resource_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
