/* SPDX-License-Identifier: MIT */
/* A document to the model: shorthands, lists, and where each thing goes. */
#include "unit.h"

#include "spec_text.h"

/* Each shorthand reads as its written-out form does. */
static void test_shorthands(void **state)
{
	static const struct {
		const char *name, *text;
	} cases[] = {
		{ "handler", "name: a\nroutes: { go: src/a.go }\n" },
		{ "mapping",
		  "name: a\nroutes: { go: { handler: src/a.go } }\n" },
		{ "apis",
		  "name: a\napis: { a: { routes: { go: src/a.go } } }\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct spec_text s;
		const struct route *route;

		spec_text_read(&s, cases[i].text);
		CHECK(cases[i].name, s.spec && s.spec->apis.count == 1);
		CHECK(cases[i].name, s.spec->apis.items[0].routes.count == 1);
		CHECK_TEXT(cases[i].name, s.spec->apis.items[0].name.s, "a");
		route = &s.spec->apis.items[0].routes.items[0];
		CHECK_TEXT(cases[i].name, route->key.s, "go");
		CHECK_TEXT(cases[i].name, route->handler.s, "src/a.go");
		CHECK(cases[i].name, route->handler.loc.line > 0);
		spec_text_release(&s);
	}
}

static void test_places(void **state)
{
	static const char text[] =
		"name: chat\n"
		"accessLog: false\n"
		"stages: [dev, { name: prod, autoDeploy: false }]\n"
		"manageConnections: [dev]\n"
		"permissions: [s3, [Notes, read, write], { actions: a:B }]\n"
		"authorizer: iam\n"
		"routes:\n"
		"  go: { throttle: { rate: 0.5, burst: 2 }, sends: M }\n"
		"  $default:\n";
	struct spec_text s;
	const struct api *api;

	(void)state;
	spec_text_read(&s, text);
	CHECK("read", s.spec != NULL);
	api = &s.spec->apis.items[0];
	CHECK("a boolean section", api->access_log->on.is == FLAG_OFF);
	CHECK("a list of sections", api->stages.count == 2);
	CHECK_TEXT("a lone item", api->stages.items[0].name.s, "dev");
	CHECK("a key", api->stages.items[1].auto_deploy.is == FLAG_OFF);
	CHECK("stages", api->manage_connections.stages.count == 1);
	CHECK("permissions", api->permissions.count == 3);
	CHECK_TEXT("a service", api->permissions.items[0].what.s, "s3");
	CHECK("a pair", api->permissions.items[1].grants.count == 2);
	CHECK_TEXT("a statement",
		   api->permissions.items[2].statement->actions.items[0].s,
		   "a:B");
	CHECK_TEXT("a use", api->authorizer->use.s, "iam");
	CHECK("a fraction", api->routes.items[0].throttle->rate.value < 0.51);
	CHECK_TEXT("one for a list", api->routes.items[0].sends.items[0].s,
		   "M");
	CHECK("nothing is a route", api->routes.items[1].loc.line == 9);
	spec_text_release(&s);
}

/* Values keep their references, literal texts lose the meaning of `${`. */
static void test_literals(void **state)
{
	static const char text[] =
		"name: a\n"
		"defaults: { function: { environment: { A: \"${B}\" } } }\n"
		"routes:\n"
		"  go:\n"
		"    integration:\n"
		"      type: mock\n"
		"      requestTemplates: { x: \"${y}\", z: !Sub \"${B}\" }\n";
	struct spec_text s;
	const struct api *api;
	const struct doc *environment, *templates;

	(void)state;
	spec_text_read(&s, text);
	CHECK("read", s.spec != NULL);
	api = &s.spec->apis.items[0];
	environment = api->defaults->function->environment;
	templates = api->routes.items[0].integration->request_templates;
	CHECK("a value", !doc_get(environment, "A")->literal);
	CHECK("a template", doc_get(templates, "x")->literal);
	CHECK("!Sub in one", doc_get(templates, "z")->kind == DOC_MAP);
	spec_text_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shorthands),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_literals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
