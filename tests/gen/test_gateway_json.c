/* SPDX-License-Identifier: MIT */
/*
 * What single keys of a spec become in gateway.json; the golden cases hold
 * whole ones against its schema.
 */
#include "unit.h"

#include "emitted.h"

#define START "name: chat\nroutes:\n  "

static const struct {
	const char *name, *spec, *text;
} cases[] = {
	{ "its version", START "a: s.f\n", "{\n  \"version\": 1,\n" },
	{ "a route and its function",
	  START "a: { handler: s.f, function: {} }\n",
	  "          \"key\": \"a\",\n"
	  "          \"function\": \"chat-a\",\n" },
	{ "two-way", START "a: { handler: s.f, reply: true }\n",
	  "\"twoWay\": true," },
	{ "a throttle",
	  START "a: { handler: s.f, throttle: { rate: 0.5, burst: 2 } }\n",
	  "\"throttle\": {\n            \"rate\": 0.5,\n"
	  "            \"burst\": 2\n" },
	{ "an API key", START "$connect: { handler: s.f, apiKey: true }\n",
	  "\"apiKey\": true" },
	{ "the usual expression", START "a: s.f\n",
	  "\"routeSelection\": \"$request.body.action\"" },
	{ "another expression",
	  START "a: s.f\ngateway: { routeSelection: $request.body.kind }\n",
	  "\"routeSelection\": \"$request.body.kind\"" },
	{ "a bootstrap", START "a: s.f\n",
	  "\"bootstrap\": \"functions/chat/bootstrap\",\n"
	  "      \"timeoutMs\": 10000,\n      \"memoryMb\": 256,\n" },
	{ "a plain variable",
	  START "a: s.f\nfunctions: { r: { handler: s.g, environment: "
		"{ AA: \"$5\" } } }\n",
	  "\"environment\": {\n        \"AA\": \"$5\"\n" },
	{ "a reference stays one",
	  START "a: s.f\nfunctions: { r: { handler: s.g, environment: "
		"{ AA: \"x${P}\", BB: !Ref P } } }\n"
		"parameters: { P: { Type: String } }\n",
	  "\"AA\": {\n          \"Fn::Sub\": \"x${P}\"\n        },\n"
	  "        \"BB\": {\n          \"Ref\": \"P\"\n" },
	{ "an authorizer",
	  START "a: s.f\nauthorizer: { type: lambda, handler: s.g, "
		"identity: [query.token] }\n",
	  "\"function\": \"chat-authorizer\",\n"
	  "          \"identity\": [\n"
	  "            \"route.request.querystring.token\"\n" },
	{ "an integration in place",
	  START "a: { integration: { type: mock, requestTemplates: "
		"{ \"200\": \"{}\" } } }\n",
	  "\"integration\": {\n            \"type\": \"mock\",\n" },
	{ "a message",
	  START "a: { handler: s.f, message: { x: string(1..8) } }\n",
	  "          \"name\": \"x\",\n          \"type\": \"string\",\n"
	  "          \"min\": \"1\",\n          \"max\": \"8\"\n" },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct compile c;
		const char *text;

		CHECK(cases[i].name,
		      emitted_compile(&c, cases[i].spec, "gateway"));
		text = emitted_file(&c, "gateway.json");
		if (!text || !strstr(text, cases[i].text))
			fail_msg("%s: no\n%s\nin\n%s", cases[i].name,
				 cases[i].text, text ? text : "(no file)");
		compile_release(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
