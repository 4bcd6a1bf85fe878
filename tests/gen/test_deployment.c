/* SPDX-License-Identifier: MIT */
/* The template as a whole: when a Deployment moves, how it prints, its size. */
#include "unit.h"

#include "cfn_text.h"
#include "emit/cfn/budget.h"

#define ROUTES "routes: { $connect: src/a.on_connect, go: src/a.on_go }\n"
#define ARN(id) "arn:aws:x:us-east-1:123456789012:" id

static const char *deployment_of(struct cfn_text *c)
{
	for (size_t i = 0; i < c->cfn.resources.count; i++)
		if (!strcmp(c->cfn.resources.items[i]->type,
			    "AWS::ApiGatewayV2::Deployment"))
			return c->cfn.resources.items[i]->id;
	return NULL;
}

/* The id moves with what is deployed and with nothing else. */
static void test_deployment(void **state)
{
	static const char base[] =
		"name: x\nstage: { name: dev, autoDeploy: false }\n"
		"messages: { M: { a: bool } }\n";
	static const struct {
		const char *name, *text;
		bool moves;
	} cases[] = {
		{ "nothing", "routes: { go: { handler: src/a.on_go } }",
		  false },
		{ "a route more",
		  "routes: { go: { handler: src/a.on_go }, no: src/a.on_no }",
		  true },
		{ "a key", "routes: { went: { handler: src/a.on_go } }", true },
		{ "two-way",
		  "routes: { go: { handler: src/a.on_go, reply: true } }",
		  true },
		{ "an API key",
		  "routes: { go: { handler: src/a.on_go, apiKey: true } }",
		  true },
		{ "a timeout of the integration",
		  "routes: { go: { handler: src/a.on_go, integration: { "
		  "timeout: 1s } } }",
		  true },
		{ "another function",
		  "routes: { go: { handler: src/a.on_go, function: {} } }",
		  true },
		{ "a model",
		  "routes: { go: { handler: src/a.on_go, message: M, "
		  "validate: gateway } }",
		  true },
		{ "a selection",
		  "routes: { go: { handler: src/a.on_go } }\n"
		  "gateway: { routeSelection: $request.body.x }",
		  true },
		{ "an authorizer",
		  "routes: { go: { handler: src/a.on_go } }\n"
		  "authorizer: { type: lambda, handler: src/b.on_b }",
		  true },
		{ "a description",
		  "routes: { go: { handler: src/a.on_go } }\n"
		  "gateway: { description: d }",
		  false },
		{ "a name",
		  "routes: { go: { handler: src/a.on_go } }\n"
		  "gateway: { name: n }",
		  false },
		{ "tags",
		  "routes: { go: { handler: src/a.on_go } }\ntags: { a: b }",
		  false },
		{ "an operation's name",
		  "routes: { go: { handler: src/a.on_go, operation: O } }",
		  false },
		{ "another handler", "routes: { go: { handler: src/b.on_x } }",
		  false },
		{ "a message that only the decoder checks",
		  "routes: { go: { handler: src/a.on_go, message: M } }",
		  false },
		{ "a comment",
		  "routes: { go: { handler: src/a.on_go, doc: d } }", false },
		{ "memory",
		  "routes: { go: { handler: src/a.on_go } }\n"
		  "defaults: { function: { memory: 512, logRetention: "
		  "one_day, environment: { AB: c } } }",
		  false },
		{ "permissions",
		  "routes: { go: { handler: src/a.on_go, permissions: [a:B] } "
		  "}",
		  false },
		{ "the access log",
		  "routes: { go: { handler: src/a.on_go } }\n"
		  "accessLog: { retention: one_day }",
		  false },
		{ "a throttle, which is the stage's",
		  "routes: { go: { handler: src/a.on_go, throttle: { rate: 1 "
		  "} } }",
		  false },
		{ "a resource of the user's",
		  "routes: { go: { handler: src/a.on_go } }\n"
		  "resources: { Q: { Type: AWS::SQS::Queue } }",
		  false },
	};
	const char *first = NULL;
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		char text[2048];

		snprintf(text, sizeof(text), "%s%s\n", base, cases[i].text);
		cfn_text_make(&c, text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		CHECK(cases[i].name, deployment_of(&c) != NULL);
		if (!first)
			first = arena_strdup(&arena, deployment_of(&c));
		CHECK(cases[i].name, (strcmp(first, deployment_of(&c)) != 0) ==
					     cases[i].moves);
		CHECK_TEXT(cases[i].name,
			   doc_get(doc_get(properties_of(&c, "XStage"),
					   "DeploymentId"),
				   "Ref")
				   ->text,
			   deployment_of(&c));
		CHECK(cases[i].name,
		      doc_get(resource_of(&c, deployment_of(&c)), "DependsOn")
				      ->count >= 2);
		check_references(&c, cases[i].name, c.split.root);
		cfn_text_release(&c);
	}
	arena_release(&arena);
}

/* The same document, whichever way it is printed. */
static void test_formats(void **state)
{
	static const char text[] =
		"name: x\ndoc: \"'quotes', # and: colons\"\n" ROUTES
		"parameters: { P: { Type: Number, Default: 012 } }\n"
		"resources: { R: { Type: A::B::C, Properties: { No: \"no\", "
		"Yes: true, Many: \"a\\nb\\n\", N: 1.5, E: \"\", Z: \"0x1\" } "
		"} }\n";
	struct cfn_text c;
	struct buf json, yaml;
	const struct doc *one, *other;

	(void)state;
	cfn_text_make(&c, text);
	CHECK_TEXT("spec", cfn_text_said(&c), "");
	buf_init(&json, &c.spec.arena);
	buf_init(&yaml, &c.spec.arena);
	doc_print_json(&json, c.split.root);
	doc_print_yaml(&yaml, c.split.root);
	one = read_yaml(&c.spec.arena, &c.spec.diag,
			diag_source(&c.spec.diag, "json", json.text, json.len));
	other = read_yaml(
		&c.spec.arena, &c.spec.diag,
		diag_source(&c.spec.diag, "yaml", yaml.text, yaml.len));
	CHECK_TEXT("reading", cfn_text_said(&c), "");
	CHECK("same", doc_equal(one, other));
	CHECK("and as made", doc_equal(one, c.split.root));
	cfn_text_release(&c);
}

/* What AWS would count, and what is said when it is too much. */
static void test_budget(void **state)
{
	static const struct {
		const char *name, *text, *what;
		size_t used;
	} cases[] = {
		{ "routes", ROUTES, "routes", 2 },
		{ "integrations", ROUTES, "integrations", 1 },
		{ "stages", ROUTES, "stages", 1 },
		{ "authorizers", ROUTES, "authorizers", 0 },
		{ "environment",
		  ROUTES "defaults: { function: { environment: { AB: cde } } "
			 "}\n",
		  "environment", 5 },
		{ "layers",
		  ROUTES "defaults: { function: { layers: [\"" ARN(
			  "a") "\", \"" ARN("b") "\"] } }\n",
		  "layers", 2 },
		{ "log format",
		  ROUTES "accessLog: { format: \"$context.requestId\" }\n",
		  "access log format", 18 },
		{ "resources", ROUTES "accessLog: false\n", "resources", 11 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		struct budget budget;
		char text[1024];
		bool found = false;

		snprintf(text, sizeof(text), "name: x\n%s", cases[i].text);
		cfn_text_make(&c, text);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		budget_compute(&budget, &c.spec.arena, c.spec.plan);
		for (size_t k = 0; k < budget.rows.count; k++) {
			if (strcmp(budget.rows.items[k].what, cases[i].what))
				continue;
			found = true;
			CHECK(cases[i].name,
			      budget.rows.items[k].used == cases[i].used);
		}
		CHECK(cases[i].name, found);
		budget_report(&c.spec.arena, c.spec.plan, &c.split,
			      &c.spec.diag);
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		cfn_text_release(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deployment),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
