/* SPDX-License-Identifier: MIT */
/* What the plan makes of a spec: functions, integrations, names and ids. */
#include "unit.h"

#include "spec_text.h"

#include <stdio.h>

/* "name:routes name:routes", sorted as the plan sorts them. */
static const char *functions_of(struct spec_text *s)
{
	struct buf text;

	buf_init(&text, &s->arena);
	for (size_t i = 0; i < s->plan->functions.count; i++) {
		const struct plan_function *f = s->plan->functions.items[i];

		buf_printf(&text, "%s%s:%zu", i ? " " : "", f->name,
			   f->routes.count);
	}
	return text.text;
}

#define ROUTES                               \
	"routes:\n"                          \
	"  $connect: src/door.on_connect\n"  \
	"  $disconnect: src/door.on_leave\n" \
	"  sendMessage: src/send.on_send\n"

static void test_grouping(void **state)
{
	static const struct {
		const char *name, *text, *functions;
	} cases[] = {
		{ "single", "name: chat\n" ROUTES, "chat:3" },
		{ "route", "name: chat\ngrouping: route\n" ROUTES,
		  "chat-connect:1 chat-disconnect:1 chat-send-message:1" },
		{ "file", "name: chat\ngrouping: file\n" ROUTES,
		  "chat-door:2 chat-send:1" },
		{ "its own",
		  "name: chat\n" ROUTES "  slow: { function: { timeout: 30s } }"
		  "\n",
		  "chat:3 chat-slow:1" },
		{ "a named one",
		  "name: chat\nfunctions: { worker: { timeout: 30s } }\n" ROUTES
		  "  slow: { function: worker }\n",
		  "chat:3 worker:1" },
		{ "a raw one",
		  "name: chat\nfunctions: { cron: src/cron.on_event }\n" ROUTES,
		  "chat:3 cron:0" },
		{ "no handler",
		  "name: chat\nroutes: { a: { integration: { type: mock } } "
		  "}\n",
		  "" },
		{ "an authorizer",
		  "name: chat\n"
		  "authorizer: { type: lambda, handler: src/a.b }\n" ROUTES,
		  "chat:3 chat-authorizer:0" },
		{ "two APIs",
		  "name: x\napis:\n  a: { routes: { go: } }\n"
		  "  b: { routes: { go: } }\n",
		  "a:1 b:1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct spec_text s;

		spec_text_plan(&s, cases[i].text);
		if (!s.plan)
			spec_text_say(&s);
		CHECK(cases[i].name, s.plan != NULL);
		CHECK_TEXT(cases[i].name, functions_of(&s), cases[i].functions);
		spec_text_release(&s);
	}
}

/* A value of the route wins over its API's, that over the top's. */
static void test_merging(void **state)
{
	static const char text[] =
		"name: x\n"
		"defaults:\n"
		"  function:\n"
		"    timeout: 20s\n"
		"    memory: 128 MB\n"
		"    environment: { A: top, B: top }\n"
		"    permissions: [s3]\n"
		"apis:\n"
		"  chat:\n"
		"    defaults:\n"
		"      function: { memory: 256 MB, environment: { B: api } }\n"
		"    routes:\n"
		"      go:\n"
		"        function:\n"
		"          memory: 512 MB\n"
		"          environment: { C: route }\n"
		"          permissions: [sqs]\n";
	struct spec_text s;
	const struct plan_function *f;

	(void)state;
	spec_text_plan(&s, text);
	CHECK("plan", s.plan && s.plan->functions.count == 1);
	f = s.plan->functions.items[0];
	CHECK("from the top", f->props->timeout_ms.value == 20000);
	CHECK("from the route", f->props->memory_mb.value == 512);
	CHECK_TEXT("top", doc_get(f->environment, "A")->text, "top");
	CHECK_TEXT("API", doc_get(f->environment, "B")->text, "api");
	CHECK_TEXT("route", doc_get(f->environment, "C")->text, "route");
	CHECK("united", f->props->permissions.count == 2);
	spec_text_release(&s);
}

static void test_ids(void **state)
{
	static const struct {
		const char *name, *text, *id;
	} cases[] = {
		{ "API", "name: chat\n" ROUTES, "ChatApi" },
		{ "route", "name: chat\n" ROUTES, "ChatSendMessageRoute" },
		{ "function", "name: chat\n" ROUTES, "ChatFunction" },
		{ "integration", "name: chat\n" ROUTES, "ChatIntegration" },
		{ "stage", "name: chat\n" ROUTES, "ChatStage" },
		{ "of several", "name: chat\nstages: [dev, prod]\n" ROUTES,
		  "ChatProdStage" },
		{ "API of several",
		  "name: x\napis: { my-chat: { routes: { go: } } }\n",
		  "MyChatGoRoute" },
		{ "its own",
		  "name: chat\nroutes: { go: { logicalId: Mine } }\n", "Mine" },
		{ "deployment",
		  "name: chat\nstage: { name: a, autoDeploy: false }\n" ROUTES,
		  "ChatDeployment" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct spec_text s;

		spec_text_plan(&s, cases[i].text);
		CHECK(cases[i].name, s.plan != NULL);
		CHECK(cases[i].name, map_get(&s.plan->ids, cases[i].id));
		spec_text_release(&s);
	}
}

/* Routes of one function share an integration, but for their options. */
static void test_integrations(void **state)
{
	static const char text[] =
		"name: chat\n" ROUTES "  a: { integration: { timeout: 2s } }\n"
		"  b: { integration: { timeout: 2s } }\n"
		"  c: { integration: { type: http, url: \"https://x.y\" } }\n";
	struct spec_text s;
	const struct plan_api *api;

	(void)state;
	spec_text_plan(&s, text);
	CHECK("plan", s.plan != NULL);
	api = &s.plan->apis.items[0];
	CHECK("three of them", api->integrations.count == 3);
	CHECK("sorted", api->routes.count == 6);
	CHECK_TEXT("first", api->routes.items[0].key, "$connect");
	CHECK("a and b", api->routes.items[2].integration ==
				 api->routes.items[3].integration);
	CHECK("c", !api->routes.items[4].integration->function);
	spec_text_release(&s);
}

/* "key:function", or "key:-" where none is asked, of one API. */
static const char *routes_of(struct spec_text *s)
{
	const struct plan_api *api = &s->plan->apis.items[0];
	struct buf text;

	buf_init(&text, &s->arena);
	for (size_t i = 0; i < api->routes.count; i++) {
		const struct plan_route *r = &api->routes.items[i];

		buf_printf(&text, "%s%s:%s%s", i ? " " : "", r->key,
			   r->function ? r->function->name : "-",
			   r->auth == AUTH_NONE	 ? ""
			   : r->auth == AUTH_IAM ? " (iam)"
						 : " (custom)");
	}
	return text.text;
}

#define TOKEN(sources)                                        \
	"authorizer: { type: jwt, issuer: \"https://x.y/\", " \
	"identity: [" sources "] }\n"

/* What an authorizer and `connections` need, and nobody wrote. */
static void test_added_routes(void **state)
{
	static const struct {
		const char *name, *text, *routes;
	} cases[] = {
		{ "nothing", "name: chat\nroutes: { go: }\n", "go:chat" },
		{ "an authorizer: a mock",
		  "name: chat\nauthorizer: iam\nroutes: { go: }\n",
		  "$connect:- (iam) go:chat" },
		{ "a token in a header: a mock",
		  "name: chat\n" TOKEN("header.X") "routes: { go: }\n",
		  "$connect:- (custom) go:chat" },
		{ "a subprotocol: a function",
		  "name: chat\n" TOKEN("subprotocol") "routes: { go: }\n",
		  "$connect:chat (custom) go:chat" },
		{ "a subprotocol, and $connect",
		  "name: chat\n" TOKEN("subprotocol") ROUTES,
		  "$connect:chat (custom) $disconnect:chat sendMessage:chat" },
		{ "connections",
		  "name: chat\nconnections: {}\nroutes: { go: }\n",
		  "$connect:chat $disconnect:chat go:chat" },
		{ "connections, and both",
		  "name: chat\nconnections: {}\n" ROUTES,
		  "$connect:chat $disconnect:chat sendMessage:chat" },
		{ "connections, and $connect",
		  "name: chat\nconnections: {}\n"
		  "routes: { $connect: src/a.b }\n",
		  "$connect:chat $disconnect:chat" },
		{ "connections, and a mock",
		  "name: chat\nconnections: {}\n"
		  "routes: { $connect: { integration: { type: mock } } }\n",
		  "$connect:- $disconnect:chat" },
		{ "connections alone", "name: chat\nconnections: {}\n",
		  "$connect:chat $disconnect:chat" },
		{ "connections, and an authorizer: no mock",
		  "name: chat\nconnections: {}\nauthorizer: iam\n",
		  "$connect:chat (iam) $disconnect:chat" },
		{ "functions of their own",
		  "name: chat\nconnections: {}\ngrouping: route\n"
		  "routes: { go: }\n",
		  "$connect:chat-connect $disconnect:chat-disconnect "
		  "go:chat-go" },
		{ "no file",
		  "name: chat\nconnections: {}\ngrouping: file\n"
		  "routes: { go: src/a.b }\n",
		  "$connect:chat $disconnect:chat go:chat-a" },
		{ "a function that is written",
		  "name: chat\nconnections: {}\nfunctions: { chat: {} }\n"
		  "routes: { go: { function: chat } }\n",
		  "$connect:chat $disconnect:chat go:chat" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct spec_text s;

		spec_text_plan(&s, cases[i].text);
		if (!s.plan)
			spec_text_say(&s);
		CHECK(cases[i].name, s.plan != NULL);
		CHECK_TEXT(cases[i].name, routes_of(&s), cases[i].routes);
		spec_text_release(&s);
	}
}

/* Who signs the tokens of a user pool: China's names end otherwise. */
static void test_issuers(void **state)
{
	static const struct {
		const char *name, *pool, *issuer;
	} cases[] = {
		{ "by its id", "{ id: eu-west-1_Ab }",
		  "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab" },
		{ "in China", "{ id: cn-north-1_Ab }",
		  "https://cognito-idp.cn-north-1.amazonaws.com.cn/"
		  "cn-north-1_Ab" },
		{ "wherever the stack is", "{ id: \"${Pool}\" }",
		  "$WSG_JWT_ISSUER" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct spec_text s;
		const struct plan_function *f;
		char text[400];

		snprintf(text, sizeof(text),
			 "name: chat\nauthorizer: { type: userPool, userPool: "
			 "%s }\nresources: { Pool: { Type: "
			 "AWS::Cognito::UserPool } }\n",
			 cases[i].pool);
		spec_text_plan(&s, text);
		if (!s.plan)
			spec_text_say(&s);
		CHECK(cases[i].name, s.plan && s.plan->functions.count == 1);
		f = s.plan->functions.items[0];
		CHECK_TEXT(cases[i].name, f->token->issuer, cases[i].issuer);
		spec_text_release(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grouping),
		cmocka_unit_test(test_merging),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_integrations),
		cmocka_unit_test(test_added_routes),
		cmocka_unit_test(test_issuers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
