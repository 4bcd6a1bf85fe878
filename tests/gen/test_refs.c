/* SPDX-License-Identifier: MIT */
/* References: what they become, and what is said about those to nothing. */
#include "unit.h"

#include "cfn_text.h"

#define SPEC                                                                 \
	"name: chat\n"                                                       \
	"parameters: { Size: { Type: String } }\n"                           \
	"resources: { Notes: { Type: AWS::DynamoDB::Table } }\n"             \
	"functions: { worker: src/w.on_work }\n"                             \
	"routes: { $connect: src/a.on_connect, sendMessage: src/a.on_send, " \
	"none: { integration: { type: mock } } }\n"

static void test_values(void **state)
{
	static const struct {
		const char *name, *written, *becomes;
	} cases[] = {
		{ "no reference", "plain $text", "'plain $text'" },
		{ "a resource", "\"${Notes}\"", "{'Ref':'Notes'}" },
		{ "spaces", "\"${ Notes }\"", "{'Ref':'Notes'}" },
		{ "an attribute", "\"${Notes.Arn}\"",
		  "{'Fn::GetAtt':['Notes','Arn']}" },
		{ "a parameter", "\"${Size}\"", "{'Ref':'Size'}" },
		{ "a pseudo parameter", "\"${AWS::Region}\"",
		  "{'Ref':'AWS::Region'}" },
		{ "one of ours", "\"${ChatStage}\"", "{'Ref':'ChatStage'}" },
		{ "in a text", "\"a ${Notes.Arn}/*\"",
		  "{'Fn::Sub':'a ${Notes.Arn}/*'}" },
		{ "escaped", "\"${!Notes}\"", "'${Notes}'" },
		{ "escaped beside one", "\"${!a} ${Notes}\"",
		  "{'Fn::Sub':'${!a} ${Notes}'}" },
		{ "two dollars", "\"$${Notes}\"", "{'Fn::Sub':'$${Notes}'}" },
		{ "an API", "\"${chat}\"", "{'Ref':'ChatApi'}" },
		{ "its URL", "\"${chat.url}\"",
		  "{'Fn::Sub':'wss://${ChatApi}.execute-api.${AWS::Region}."
		  "${AWS::URLSuffix}/${StageName}'}" },
		{ "in a text too", "\"<${chat.callbackUrl}>\"",
		  "{'Fn::Sub':'<https://${ChatApi}.execute-api.${AWS::Region}"
		  ".${AWS::URLSuffix}/${StageName}>'}" },
		{ "its ARN", "\"${chat.arn}/dev\"",
		  "{'Fn::Sub':'arn:${AWS::Partition}:execute-api:${AWS::"
		  "Region}:${AWS::AccountId}:${ChatApi}/dev'}" },
		{ "its stage", "\"${chat.stage}\"", "{'Ref':'StageName'}" },
		{ "a route's function", "\"${chat.sendMessage.functionArn}\"",
		  "{'Fn::GetAtt':['ChatFunction','Arn']}" },
		{ "by its key", "\"${chat.$connect.functionName}\"",
		  "{'Ref':'ChatFunction'}" },
		{ "a function", "\"${worker}\"", "{'Ref':'WorkerFunction'}" },
		{ "its name", "\"${worker.name}\"",
		  "{'Ref':'WorkerFunction'}" },
		{ "its ARN", "\"${worker.arn}\"",
		  "{'Fn::GetAtt':['WorkerFunction','Arn']}" },
		{ "!Ref", "!Ref Notes", "{'Ref':'Notes'}" },
		{ "!Ref of an API", "!Ref chat", "{'Ref':'ChatApi'}" },
		{ "!GetAtt", "!GetAtt Notes.Arn",
		  "{'Fn::GetAtt':['Notes','Arn']}" },
		{ "the long form", "{ Fn::GetAtt: Notes.Arn }",
		  "{'Fn::GetAtt':['Notes','Arn']}" },
		{ "!GetAtt of a function", "!GetAtt worker.arn",
		  "{'Fn::GetAtt':['WorkerFunction','Arn']}" },
		{ "!Sub", "!Sub \"x${chat.url}${!y}\"",
		  "{'Fn::Sub':'xwss://${ChatApi}.execute-api.${AWS::Region}."
		  "${AWS::URLSuffix}/${StageName}${!y}'}" },
		{ "!Sub with variables",
		  "!Sub [\"${chat}-${b}\", { b: \"${worker}\" }]",
		  "{'Fn::Sub':['${ChatApi}-${b}',"
		  "{'b':{'Ref':'WorkerFunction'}}]}" },
		{ "a condition", "!If [Big, \"${Notes}\", x]",
		  "{'Fn::If':['Big',{'Ref':'Notes'},'x']}" },
		{ "a mapping", "!FindInMap [M, a, b]",
		  "{'Fn::FindInMap':['M','a','b']}" },
		{ "in another function", "!Join [\",\", [\"${Notes}\", x]]",
		  "{'Fn::Join':[',',[{'Ref':'Notes'},'x']]}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		char text[1024];

		snprintf(text, sizeof(text),
			 SPEC "outputs: { X: %s }\n"
			      "conditions: { Big: !Equals [!Ref Size, x] }\n"
			      "mappings: { M: { a: { b: \"${c}\" } } }\n",
			 cases[i].written);
		cfn_text_make(&c, text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		CHECK_TEXT(cases[i].name,
			   compact_text(&c, doc_get(doc_get(c.cfn.outputs, "X"),
						    "Value")),
			   cases[i].becomes);
		cfn_text_release(&c);
	}
}

static void test_dangling(void **state)
{
	static const struct {
		const char *name, *written, *said;
	} cases[] = {
		{ "a typo, inside a text", "outputs: { X: \"a ${Nots}\" }\n",
		  "6:18: error: nothing here is called 'Nots'; a resource, "
		  "parameter, API or function would be\n"
		  "6:18: note: did you mean 'Notes'?" },
		{ "an attribute that is nearly one",
		  "outputs: { X: !GetAtt Notes.Arnn }\n",
		  "6:23: error: a table has no attribute 'Arnn'\n"
		  "6:23: note: did you mean 'Arn'?" },
		{ "two in one", "outputs: { X: \"${zzzzzz} ${qqqqqq}\" }\n",
		  "6:16: error: nothing here is called 'zzzzzz'; a resource, "
		  "parameter, API or function would be\n"
		  "6:26: error: nothing here is called 'qqqqqq'; a resource, "
		  "parameter, API or function would be" },
		{ "!Ref", "outputs: { X: !Ref Size2 }\n",
		  "6:20: error: nothing here is called 'Size2'; a resource, "
		  "parameter, API or function would be\n"
		  "6:20: note: did you mean 'Size'?" },
		{ "an IAM variable", "outputs: { X: \"${aws:username}\" }\n",
		  "6:16: error: nothing here is called 'aws:username'; a "
		  "resource, parameter, API or function would be\n"
		  "6:16: note: for the text itself write ${!aws:username}" },
		{ "an attribute of an API", "outputs: { X: \"${chat.ulr}\" }\n",
		  "6:16: error: API 'chat' has no attribute 'ulr'; it has url, "
		  "callbackUrl, stage, arn and <route>.functionArn" },
		{ "not built yet", "outputs: { X: \"${chat.domainUrl}\" }\n",
		  "6:16: error: 'domainUrl' is not built yet" },
		{ "an attribute of a function",
		  "outputs: { X: \"${worker.url}\" }\n",
		  "6:16: error: function 'worker' has no attribute 'url'; it "
		  "has name and arn" },
		{ "an attribute of a parameter",
		  "outputs: { X: \"${Size.Arn}\" }\n",
		  "6:16: error: parameter 'Size' has no attribute 'Arn'; it "
		  "has none" },
		{ "a route without a function",
		  "outputs: { X: \"${chat.none.functionArn}\" }\n",
		  "6:16: error: route 'none' has no attribute 'functionArn'; "
		  "it has no function" },
		{ "in an environment",
		  "defaults: { function: { environment: { AB: \"${No}\" } } "
		  "}\n",
		  "6:45: error: nothing here is called 'No'; a resource, "
		  "parameter, API or function would be" },
		{ "a condition", "outputs: { X: !If [No, 1, 2] }\n",
		  "6:20: error: 'No' is not declared: 'conditions' of the "
		  "spec has no such condition" },
		{ "a tag", "tags: { a: \"${zzzzzz}\" }\n",
		  "6:13: error: nothing here is called 'zzzzzz'; a resource, "
		  "parameter, API or function would be" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		char text[1024];

		snprintf(text, sizeof(text), SPEC "%s", cases[i].written);
		cfn_text_make(&c, text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), cases[i].said);
		CHECK(cases[i].name, c.split.root == NULL);
		cfn_text_release(&c);
	}
}

/* The user's own resources are looked through whole. */
static void test_resources(void **state)
{
	static const struct {
		const char *name, *resource, *said;
	} cases[] = {
		{ "DependsOn", "{ Type: A::B::C, DependsOn: Y }",
		  "4:36: error: nothing here is called 'Y'; a resource, "
		  "parameter, API or function would be" },
		{ "a list of them",
		  "{ Type: A::B::C, DependsOn: [ChatApi, Y] }",
		  "4:46: error: nothing here is called 'Y'; a resource, "
		  "parameter, API or function would be" },
		{ "deep in a property",
		  "{ Type: A::B::C, Properties: { A: [{ B: \"x${Y}\" }] } }",
		  "4:50: error: nothing here is called 'Y'; a resource, "
		  "parameter, API or function would be" },
		{ "good",
		  "{ Type: A::B::C, DependsOn: ChatApi, Properties: { A: "
		  "\"${chat.url}\" } }",
		  "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		char text[512];

		snprintf(text, sizeof(text),
			 "name: chat\nroutes: { go: src/a.on_go }\n"
			 "resources:\n    X: %s\n",
			 cases[i].resource);
		cfn_text_make(&c, text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), cases[i].said);
		cfn_text_release(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_dangling),
		cmocka_unit_test(test_resources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
