/* SPDX-License-Identifier: MIT */
/* The template: the shape of each resource, and what refers to what. */
#include "unit.h"

#include "cfn_text.h"

#define ROUTES "routes: { $connect: src/a.on_connect, go: src/a.on_go }\n"
#define ARN(id) "arn:aws:x:us-east-1:123456789012:" id

/* A spec, and the properties of one resource of its template. */
static void test_properties(void **state)
{
	static const struct {
		const char *name, *text, *id, *properties;
	} cases[] = {
		{ "API", ROUTES, "ChatApi",
		  "{'Name':{'Fn::Sub':'${StageName}-chat'},"
		  "'ProtocolType':'WEBSOCKET',"
		  "'RouteSelectionExpression':'$request.body.action'}" },
		{ "API, all keys",
		  ROUTES "tags: { a: b }\ngateway: { name: n, description: d, "
			 "routeSelection: $request.body.k, apiKeySelection: "
			 "authorizer, schemaValidation: false, "
			 "executeApiEndpoint: false, ipAddressType: "
			 "dualstack, version: v, properties: { BasePath: x } "
			 "}\n",
		  "ChatApi",
		  "{'ApiKeySelectionExpression':'$context.authorizer."
		  "usageIdentifierKey','BasePath':'x','Description':'d',"
		  "'DisableExecuteApiEndpoint':true,"
		  "'DisableSchemaValidation':true,"
		  "'IpAddressType':'dualstack','Name':'n',"
		  "'ProtocolType':'WEBSOCKET',"
		  "'RouteSelectionExpression':'$request.body.k',"
		  "'Tags':{'a':'b'},'Version':'v'}" },
		{ "integration", ROUTES, "ChatIntegration",
		  "{'ApiId':{'Ref':'ChatApi'},'IntegrationType':'AWS_PROXY',"
		  "'IntegrationUri':{'Fn::Sub':'arn:${AWS::Partition}:"
		  "apigateway:${AWS::Region}:lambda:path/2015-03-31/"
		  "functions/${ChatFunction.Arn}/invocations'}}" },
		{ "integration, options",
		  "routes: { go: { handler: src/a.on_go, integration: { "
		  "timeout: 50ms, contentHandling: toBinary, logicalId: Mine "
		  "} } }\n",
		  "Mine",
		  "{'ApiId':{'Ref':'ChatApi'},"
		  "'ContentHandlingStrategy':'CONVERT_TO_BINARY',"
		  "'IntegrationType':'AWS_PROXY',"
		  "'IntegrationUri':{'Fn::Sub':'arn:${AWS::Partition}:"
		  "apigateway:${AWS::Region}:lambda:path/2015-03-31/"
		  "functions/${ChatFunction.Arn}/invocations'},"
		  "'TimeoutInMillis':50}" },
		{ "route", ROUTES, "ChatGoRoute",
		  "{'ApiId':{'Ref':'ChatApi'},'AuthorizationType':'NONE',"
		  "'RouteKey':'go','Target':{'Fn::Sub':'integrations/"
		  "${ChatIntegration}'}}" },
		{ "route, all keys",
		  "routes: { $connect: { handler: src/a.on_go, apiKey: true, "
		  "authorizer: iam, operation: Op } }\n",
		  "ChatConnectRoute",
		  "{'ApiId':{'Ref':'ChatApi'},'ApiKeyRequired':true,"
		  "'AuthorizationType':'AWS_IAM','OperationName':'Op',"
		  "'RouteKey':'$connect',"
		  "'Target':{'Fn::Sub':'integrations/${ChatIntegration}'}}" },
		{ "two-way",
		  "routes: { go: { handler: src/a.on_go, reply: true } }\n",
		  "ChatGoRouteResponse",
		  "{'ApiId':{'Ref':'ChatApi'},"
		  "'RouteId':{'Ref':'ChatGoRoute'},"
		  "'RouteResponseKey':'$default'}" },
		{ "no answer of an integration for a function",
		  "routes: { go: { handler: src/a.on_go, reply: true } }\n",
		  "ChatGoIntegrationResponse", "(none)" },
		{ "mock",
		  "routes: { go: { integration: { type: mock, "
		  "templateSelection: \"200\", requestTemplates: { \"200\": "
		  "'{\"statusCode\":${x}}' } } } }\n",
		  "ChatGoIntegration",
		  "{'ApiId':{'Ref':'ChatApi'},'IntegrationType':'MOCK',"
		  "'IntegrationUri':'','RequestTemplates':{'200':"
		  "'{\\'statusCode\\':${x}}'},"
		  "'TemplateSelectionExpression':'200'}" },
		{ "a text that looks like a reference",
		  ROUTES "doc: \"${AWS::Region} ${a}\"\n", "ChatApi",
		  "{'Description':{'Fn::Sub':'${!AWS::Region} ${!a}'},"
		  "'Name':{'Fn::Sub':'${StageName}-chat'},"
		  "'ProtocolType':'WEBSOCKET',"
		  "'RouteSelectionExpression':'$request.body.action'}" },
		{ "a description, a version",
		  ROUTES "gateway: { description: \"in ${AWS::Region}\", "
			 "version: 2 }\n",
		  "ChatApi",
		  "{'Description':{'Fn::Sub':'in ${AWS::Region}'},"
		  "'Name':{'Fn::Sub':'${StageName}-chat'},"
		  "'ProtocolType':'WEBSOCKET',"
		  "'RouteSelectionExpression':'$request.body.action',"
		  "'Version':'2'}" },
		{ "its answer, two-way",
		  "routes: { go: { reply: true, integration: { type: mock } } "
		  "}\n",
		  "ChatGoIntegrationResponse",
		  "{'ApiId':{'Ref':'ChatApi'},"
		  "'IntegrationId':{'Ref':'ChatGoIntegration'},"
		  "'IntegrationResponseKey':'$default'}" },
		{ "http",
		  "routes: { go: { integration: { type: http, url: "
		  "\"https://x/${AWS::Region}\" } } }\n",
		  "ChatGoIntegration",
		  "{'ApiId':{'Ref':'ChatApi'},'IntegrationMethod':'POST',"
		  "'IntegrationType':'HTTP_PROXY',"
		  "'IntegrationUri':{'Fn::Sub':'https://x/${AWS::Region}'}}" },
		{ "aws",
		  "routes: { go: { integration: { type: aws, action: "
		  "sqs:SendMessage, permissions: [sqs:SendMessage], "
		  "passthrough: never, requestParameters: { a: b } } } }\n",
		  "ChatGoIntegration",
		  "{'ApiId':{'Ref':'ChatApi'},"
		  "'CredentialsArn':{'Fn::GetAtt':['ChatGoIntegrationRole',"
		  "'Arn']},'IntegrationMethod':'POST',"
		  "'IntegrationType':'AWS',"
		  "'IntegrationUri':{'Fn::Sub':'arn:${AWS::Partition}:"
		  "apigateway:${AWS::Region}:sqs:action/SendMessage'},"
		  "'PassthroughBehavior':'NEVER',"
		  "'RequestParameters':{'a':'b'}}" },
		{ "who may do the same shares a role",
		  "routes: { a: { integration: { type: aws, action: a:B, "
		  "permissions: [a:B] } }, b: { integration: { type: aws, "
		  "action: a:B, permissions: [a:B] } } }\n",
		  "ChatBIntegrationRole", "(none)" },
		{ "permission of a route", ROUTES, "ChatGoPermission",
		  "{'Action':'lambda:InvokeFunction',"
		  "'FunctionName':{'Fn::GetAtt':['ChatFunction','Arn']},"
		  "'Principal':'apigateway.amazonaws.com',"
		  "'SourceArn':{'Fn::Sub':'arn:${AWS::Partition}:execute-api:"
		  "${AWS::Region}:${AWS::AccountId}:${ChatApi}/${StageName}/"
		  "go'}}" },
		{ "on any of several stages",
		  ROUTES "stages: [{ name: a }, { name: b }]\n",
		  "ChatConnectPermission",
		  "{'Action':'lambda:InvokeFunction',"
		  "'FunctionName':{'Fn::GetAtt':['ChatFunction','Arn']},"
		  "'Principal':'apigateway.amazonaws.com',"
		  "'SourceArn':{'Fn::Sub':'arn:${AWS::Partition}:execute-api:"
		  "${AWS::Region}:${AWS::AccountId}:${ChatApi}/*/$connect'}}" },
		{ "a key with ${", "routes: { \"a${b\": src/a.on_go }\n",
		  "ChatABPermission",
		  "{'Action':'lambda:InvokeFunction',"
		  "'FunctionName':{'Fn::GetAtt':['ChatFunction','Arn']},"
		  "'Principal':'apigateway.amazonaws.com',"
		  "'SourceArn':{'Fn::Sub':'arn:${AWS::Partition}:execute-api:"
		  "${AWS::Region}:${AWS::AccountId}:${ChatApi}/${StageName}/"
		  "a${!b'}}" },
		{ "permission for the API",
		  ROUTES "defaults: { integration: { permission: api } }\n",
		  "ChatPermission",
		  "{'Action':'lambda:InvokeFunction',"
		  "'FunctionName':{'Fn::GetAtt':['ChatFunction','Arn']},"
		  "'Principal':'apigateway.amazonaws.com',"
		  "'SourceArn':{'Fn::Sub':'arn:${AWS::Partition}:execute-api:"
		  "${AWS::Region}:${AWS::AccountId}:${ChatApi}/*'}}" },
		{ "authorizer",
		  ROUTES "authorizer: { type: lambda, handler: src/b.on_auth, "
			 "identity: [header.Authorization, query.t] }\n",
		  "ChatAuthorizer",
		  "{'ApiId':{'Ref':'ChatApi'},'AuthorizerType':'REQUEST',"
		  "'AuthorizerUri':{'Fn::Sub':'arn:${AWS::Partition}:"
		  "apigateway:${AWS::Region}:lambda:path/2015-03-31/"
		  "functions/${ChatAuthorizerFunction.Arn}/invocations'},"
		  "'IdentitySource':['route.request.header.Authorization',"
		  "'route.request.querystring.t'],"
		  "'Name':'WebSocketAuthorizer'}" },
		{ "its permission",
		  ROUTES "authorizer: { type: lambda, handler: src/b.on_auth "
			 "}\n",
		  "ChatAuthorizerPermission",
		  "{'Action':'lambda:InvokeFunction',"
		  "'FunctionName':{'Fn::GetAtt':['ChatAuthorizerFunction',"
		  "'Arn']},'Principal':'apigateway.amazonaws.com',"
		  "'SourceArn':{'Fn::Sub':'arn:${AWS::Partition}:execute-api:"
		  "${AWS::Region}:${AWS::AccountId}:${ChatApi}/authorizers/"
		  "${ChatAuthorizer}'}}" },
		{ "an existing function's authorizer",
		  ROUTES "authorizer: { type: lambda, functionArn: "
			 "\"" ARN("f") "\" }\n",
		  "ChatAuthorizerPermission",
		  "{'Action':'lambda:InvokeFunction',"
		  "'FunctionName':'arn:aws:x:us-east-1:123456789012:f',"
		  "'Principal':'apigateway.amazonaws.com',"
		  "'SourceArn':{'Fn::Sub':'arn:${AWS::Partition}:execute-api:"
		  "${AWS::Region}:${AWS::AccountId}:${ChatApi}/authorizers/"
		  "${ChatAuthorizer}'}}" },
		{ "access log", ROUTES, "ChatAccessLog",
		  "{'LogGroupName':{'Fn::Sub':'/aws/vendedlogs/apis/"
		  "${StageName}-chat-${ChatApi}/${StageName}'}}" },
		{ "kept a month, of a name that needs care",
		  ROUTES "accessLog: { retention: one_month }\ngateway: { "
			 "name: \"My chat: ${AWS::Region}\" }\n",
		  "ChatAccessLog",
		  "{'LogGroupName':{'Fn::Sub':'/aws/vendedlogs/apis/"
		  "Mychat${AWS::Region}-${ChatApi}/${StageName}'},"
		  "'RetentionInDays':30}" },
		{ "no access log", ROUTES "accessLog: false\n", "ChatAccessLog",
		  "(none)" },
		{ "stage",
		  ROUTES "accessLog: false\nstage: { name: dev, throttle: { "
			 "rate: 10.5, burst: 3 }, variables: { a: "
			 "\"${AWS::Region}\" }, metrics: true, logging: "
			 "info, dataTrace: true, description: d, properties: "
			 "{ ClientCertificateId: c } }\n",
		  "ChatStage",
		  "{'ApiId':{'Ref':'ChatApi'},'AutoDeploy':true,"
		  "'ClientCertificateId':'c',"
		  "'DefaultRouteSettings':{'DataTraceEnabled':true,"
		  "'DetailedMetricsEnabled':true,'LoggingLevel':'INFO',"
		  "'ThrottlingBurstLimit':3,'ThrottlingRateLimit':10.5},"
		  "'Description':'d','StageName':'dev',"
		  "'StageVariables':{'a':{'Ref':'AWS::Region'}}}" },
		{ "a route's settings, over the stage's",
		  "accessLog: false\nstage: { throttle: { rate: 1 }, metrics: "
		  "true }\nroutes: { go: { handler: src/a.on_go, logging: "
		  "error, throttle: { burst: 2 } } }\n",
		  "ChatStage",
		  "{'ApiId':{'Ref':'ChatApi'},'AutoDeploy':true,"
		  "'DefaultRouteSettings':{'DetailedMetricsEnabled':true,"
		  "'ThrottlingRateLimit':1},"
		  "'RouteSettings':{'go':{'DetailedMetricsEnabled':true,"
		  "'LoggingLevel':'ERROR','ThrottlingBurstLimit':2}},"
		  "'StageName':{'Ref':'StageName'}}" },
		{ "a log of the user's",
		  ROUTES "accessLog: { format: \"$context.requestId\", "
			 "destination: \"${Log.Arn}\" }\nresources: { Log: { "
			 "Type: AWS::Logs::LogGroup } }\n",
		  "ChatStage",
		  "{'AccessLogSettings':{'DestinationArn':{'Fn::Sub':'arn:"
		  "${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:"
		  "log-group:${Log}'},'Format':'$context.requestId'},"
		  "'ApiId':{'Ref':'ChatApi'},'AutoDeploy':true,"
		  "'StageName':{'Ref':'StageName'}}" },
		{ "an existing API",
		  ROUTES "gateway: { id: abc }\nstages: []\n", "ChatGoRoute",
		  "{'ApiId':'abc','AuthorizationType':'NONE','RouteKey':'go',"
		  "'Target':{'Fn::Sub':'integrations/${ChatIntegration}'}}" },
		{ "an alias is what is invoked",
		  ROUTES "defaults: { function: { concurrency: { "
			 "provisioned: 2 } } }\n",
		  "ChatIntegration",
		  "{'ApiId':{'Ref':'ChatApi'},'IntegrationType':'AWS_PROXY',"
		  "'IntegrationUri':{'Fn::Sub':'arn:${AWS::Partition}:"
		  "apigateway:${AWS::Region}:lambda:path/2015-03-31/"
		  "functions/${ChatAlias}/invocations'}}" },
		{ "a logical id of its own",
		  ROUTES "gateway: { logicalId: Mine }\n", "Mine",
		  "{'Name':{'Fn::Sub':'${StageName}-chat'},"
		  "'ProtocolType':'WEBSOCKET',"
		  "'RouteSelectionExpression':'$request.body.action'}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		char text[2048];

		snprintf(text, sizeof(text), "name: chat\n%s", cases[i].text);
		cfn_text_make(&c, text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		CHECK_TEXT(cases[i].name,
			   compact_text(&c, properties_of(&c, cases[i].id)),
			   cases[i].properties);
		check_references(&c, cases[i].name, c.split.root);
		cfn_text_release(&c);
	}
}

/* A function and what it brings along. */
static void test_function(void **state)
{
	static const struct {
		const char *name, *props, *id, *properties;
	} cases[] = {
		{ "by default", "description: d", "FnFunction",
		  "{'Architectures':['x86_64'],"
		  "'Code':{'S3Bucket':{'Ref':'CodeBucket'},"
		  "'S3Key':{'Fn::Sub':'${CodePrefix}/fn.zip'}},"
		  "'Description':'d','EphemeralStorage':{'Size':512},"
		  "'Handler':'bootstrap','LoggingConfig':{'LogFormat':'JSON',"
		  "'LogGroup':{'Ref':'FnLogGroup'}},'MemorySize':256,"
		  "'Role':{'Fn::GetAtt':['FnRole','Arn']},"
		  "'Runtime':'provided.al2023','Timeout':10,"
		  "'TracingConfig':{'Mode':'Active'}}" },
		{ "all keys",
		  "timeout: 3s, memory: 512, architecture: x86_64, "
		  "environment: { AB: \"${AWS::Region}\" }, layers: [\"" ARN(
			  "l") "\"], vpc: "
			       "{ subnets: [s], securityGroups: [g] }, "
			       "tracing: off, "
			       "logFormat: text, concurrency: { reserved: 0 }, "
			       "storage: "
			       "600, role: \"" ARN(
				       "r") "\", functionName: f, deadLetter: "
					    "\"" ARN("d") "\", kmsKey: \"" ARN(
						    "k") "\", tags: { c: d, a: "
							 "x }",
		  "FnFunction",
		  "{'Architectures':['x86_64'],"
		  "'Code':{'S3Bucket':{'Ref':'CodeBucket'},"
		  "'S3Key':{'Fn::Sub':'${CodePrefix}/fn.zip'}},"
		  "'DeadLetterConfig':{'TargetArn':'arn:aws:x:us-east-1:"
		  "123456789012:d'},'Environment':{'Variables':{'AB':{'Ref':"
		  "'AWS::Region'}}},'EphemeralStorage':{'Size':600},"
		  "'FunctionName':'f','Handler':'bootstrap',"
		  "'KmsKeyArn':'arn:aws:x:us-east-1:123456789012:k',"
		  "'Layers':['arn:aws:x:us-east-1:123456789012:l'],"
		  "'LoggingConfig':{'LogFormat':'Text',"
		  "'LogGroup':{'Ref':'FnLogGroup'}},'MemorySize':512,"
		  "'ReservedConcurrentExecutions':0,"
		  "'Role':'arn:aws:x:us-east-1:123456789012:r',"
		  "'Runtime':'provided.al2023','Tags':[{'Key':'e',"
		  "'Value':'f'},{'Key':'c','Value':'d'},{'Key':'a',"
		  "'Value':'x'}],'Timeout':3,"
		  "'VpcConfig':{'SecurityGroupIds':['g'],'SubnetIds':['s']}}" },
		{ "its log", "functionName: f, logRetention: one_week",
		  "FnLogGroup",
		  "{'LogGroupName':'/aws/lambda/f','RetentionInDays':7,"
		  "'Tags':[{'Key':'a','Value':'b'},{'Key':'e','Value':'f'}]}" },
		{ "its log, beside a name known later",
		  "functionName: \"${AWS::StackName}-f\"", "FnLogGroup",
		  "{'LogGroupName':{'Fn::Sub':'/aws/lambda/"
		  "${AWS::StackName}-f'},"
		  "'Tags':[{'Key':'a','Value':'b'},{'Key':'e','Value':'f'}]}" },
		{ "its role", "description: d", "FnRole",
		  "{'AssumeRolePolicyDocument':{'Version':'2012-10-17',"
		  "'Statement':[{'Effect':'Allow',"
		  "'Principal':{'Service':'lambda.amazonaws.com'},"
		  "'Action':'sts:AssumeRole'}]},'Tags':[{'Key':'a',"
		  "'Value':'b'},{'Key':'e','Value':'f'}]}" },
		{ "its alias", "concurrency: { provisioned: 3 }", "FnAlias",
		  "{'FunctionName':{'Ref':'FnFunction'},"
		  "'FunctionVersion':{'Fn::GetAtt':['FnVersion','Version']},"
		  "'Name':'live','ProvisionedConcurrencyConfig':"
		  "{'ProvisionedConcurrentExecutions':3}}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		char text[2048];

		snprintf(text, sizeof(text),
			 "name: x\napis: {}\n%s"
			 "functions:\n  fn: { handler: src/a.on_fn, %s }\n",
			 i ? "tags: { a: b, e: f }\n" : "", cases[i].props);
		cfn_text_make(&c, text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		CHECK_TEXT(cases[i].name,
			   compact_text(&c, properties_of(&c, cases[i].id)),
			   cases[i].properties);
		check_references(&c, cases[i].name, c.split.root);
		cfn_text_release(&c);
	}
}

/* What stands beside Properties. */
static void test_attributes(void **state)
{
	static const struct {
		const char *name, *id, *attribute, *value;
	} cases[] = {
		{ "logs stay", "AFunction", "DeletionPolicy", "(none)" },
		{ "logs stay", "ALogGroup", "DeletionPolicy", "'Retain'" },
		{ "logs stay", "ALogGroup", "UpdateReplacePolicy", "'Retain'" },
		{ "rights first", "AFunction", "DependsOn", "['APolicy']" },
		{ "not those to call itself", "APolicy", "DependsOn",
		  "(none)" },
		{ "settings after their route", "XStage", "DependsOn",
		  "['XGoRoute']" },
		{ "the user's", "Own", "DeletionPolicy", "'Delete'" },
		{ "the user's", "Own", "DependsOn", "['XApi']" },
		{ "the user's", "Own", "Metadata", "{'a':{'Ref':'XApi'}}" },
	};
	struct cfn_text c;

	(void)state;
	cfn_text_make(&c,
		      "name: x\nroutes: { go: { handler: src/a.on_go, metrics: "
		      "true } }\nfunctions:\n  a: { handler: src/a.on_a, "
		      "permissions: [a, b] }\n"
		      "  b: { handler: src/a.on_b, permissions: [a] }\n"
		      "resources:\n  Own: { Type: A::B::C, DeletionPolicy: "
		      "Delete, DependsOn: XApi, Metadata: { a: \"${x}\" } }\n");
	CHECK_TEXT("spec", cfn_text_said(&c), "");
	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK_TEXT(
			cases[i].name,
			compact_text(&c, doc_get(resource_of(&c, cases[i].id),
						 cases[i].attribute)),
			cases[i].value);
	CHECK("calls", resource_of(&c, "ACallsPolicy") != NULL);
	check_references(&c, "all", c.split.root);
	cfn_text_release(&c);
}

static const char *outputs_of(struct cfn_text *c)
{
	struct buf text;

	buf_init(&text, &c->spec.arena);
	for (size_t i = 0; i < c->cfn.outputs->count; i++)
		buf_printf(&text, "%s%s", i ? " " : "",
			   c->cfn.outputs->members[i].key);
	return text.text;
}

static void test_outputs(void **state)
{
	static const struct {
		const char *name, *text, *outputs;
	} cases[] = {
		{ "one API", "name: chat\n" ROUTES,
		  "ApiId ApiArn Url CallbackUrl Stage LogGroup "
		  "ChatFunctionArn ChatFunctionName" },
		{ "two stages",
		  "name: chat\naccessLog: false\nstages: [{ name: a }, { "
		  "name: b }]\n" ROUTES,
		  "ApiId ApiArn AUrl ACallbackUrl AStage BUrl BCallbackUrl "
		  "BStage ChatFunctionArn ChatFunctionName" },
		{ "two APIs",
		  "name: x\napis:\n  a: { accessLog: false, routes: { ago: } "
		  "}\n  b: { stages: [], routes: { bgo: } }\n",
		  "AApiId AApiArn AUrl ACallbackUrl AStage BApiId BApiArn "
		  "AFunctionArn AFunctionName BFunctionArn BFunctionName" },
		{ "the user's last",
		  "name: x\napis: {}\nfunctions: { f: src/a.on_f }\n"
		  "outputs: { Mine: \"${f}\" }\n",
		  "FFunctionArn FFunctionName Mine" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;

		cfn_text_make(&c, cases[i].text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		CHECK_TEXT(cases[i].name, outputs_of(&c), cases[i].outputs);
		cfn_text_release(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_properties),
		cmocka_unit_test(test_function),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_outputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
