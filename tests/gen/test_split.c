/* SPDX-License-Identifier: MIT */
/* Nested stacks: when, what goes where, and that nothing moves. */
#include "unit.h"

#include "cfn_text.h"

#include "base/map.h"

/* So many routes with a function each, seven resources a route. */
static const char *many(struct arena *arena, int routes, const char *more)
{
	struct buf text;

	buf_init(&text, arena);
	buf_printf(&text,
		   "name: x\naccessLog: false\n"
		   "stage: { name: dev }\ngrouping: route\n%sroutes:\n",
		   more);
	for (int i = 0; i < routes; i++)
		buf_printf(&text, "  r%d: src/a.on_r%d\n", i, i);
	return text.text;
}

static size_t resources_of(const struct doc *template)
{
	return doc_get(template, "Resources")->count;
}

static void test_when(void **state)
{
	static const struct {
		const char *name;
		int routes;
		const char *more;
		size_t resources; /* at the top */
		bool nests;
	} cases[] = {
		/* the API, its stage, and seven a route */
		{ "500 fit", 71, "resources: { A: { Type: A::B::C } }\n", 500,
		  false },
		{ "501 do not", 71,
		  "resources: { A: { Type: A::B::C }, B: { Type: A::B::C } "
		  "}\n",
		  20, true },
		{ "few", 1, "", 9, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		struct arena arena = { 0 };

		cfn_text_make(&c, many(&arena, cases[i].routes, cases[i].more));
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		CHECK(cases[i].name,
		      resources_of(c.split.root) == cases[i].resources);
		CHECK(cases[i].name,
		      (c.split.nested.count > 0) == cases[i].nests);
		cfn_text_release(&c);
		arena_release(&arena);
	}
}

/* Which template each resource is in: id -> path. */
static void places_of(struct cfn_text *c, struct map *places)
{
	const struct doc *resources = doc_get(c->split.root, "Resources");

	for (size_t i = 0; i < resources->count; i++)
		map_put(places, resources->members[i].key, "top");
	for (size_t n = 0; n < c->split.nested.count; n++) {
		const struct split_nested *nested = &c->split.nested.items[n];

		resources = doc_get(nested->template, "Resources");
		for (size_t i = 0; i < resources->count; i++)
			CHECK(resources->members[i].key,
			      !map_put(places, resources->members[i].key,
				       (void *)(uintptr_t)nested->path));
	}
}

/* Each template stands alone: what it names it has, within AWS's limits. */
static void check_templates(const char *name, struct cfn_text *c)
{
	const struct doc *top = doc_get(c->split.root, "Resources");

	check_references(c, name, c->split.root);
	CHECK(name, resources_of(c->split.root) <= SPLIT_MAX_RESOURCES);
	for (size_t i = 0; i < c->split.nested.count; i++) {
		const struct split_nested *nested = &c->split.nested.items[i];
		const struct doc *template = nested->template;
		const struct doc *parameters = doc_get(template, "Parameters");
		const struct doc *outputs = doc_get(template, "Outputs");
		const struct doc *given =
			doc_get(doc_get(doc_get(top, nested->id), "Properties"),
				"Parameters");

		check_references(c, nested->path, template);
		CHECK(nested->path, resources_of(template) <= 500);
		CHECK(nested->path, !parameters || parameters->count <= 200);
		CHECK(nested->path, !outputs || outputs->count <= 200);
		CHECK(nested->path,
		      (given ? given->count : 0) ==
			      (parameters ? parameters->count : 0));
		for (size_t p = 0; given && p < given->count; p++)
			CHECK(nested->path,
			      doc_get(parameters, given->members[p].key));
	}
}

struct edges {
	struct cfn_text *c;
	const struct doc *resources;
	const char **path;
	size_t depth;
	const char *name;
};

static void follow(void *data, const char *id, size_t len);

static void follow_resource(struct edges *edges, const char *id)
{
	const struct doc *resource = doc_get(edges->resources, id);
	const struct doc *depends = doc_get(resource, "DependsOn");

	for (size_t i = 0; i < edges->depth; i++)
		if (!strcmp(edges->path[i], id))
			fail_msg("%s: '%s' waits for itself", edges->name, id);
	edges->path[edges->depth++] = id;
	if (resource && strcmp(doc_get(resource, "Type")->text, "seen") != 0) {
		value_each_name(resource, follow, edges);
		for (size_t i = 0; depends && i < depends->count; i++)
			follow_resource(edges, depends->items[i]->text);
		/* once is enough */
		doc_get(resource, "Type")->text = "seen";
	}
	edges->depth--;
}

static void follow(void *data, const char *id, size_t len)
{
	struct edges *edges = data;
	const char *name = arena_strndup(&edges->c->spec.arena, id, len);

	if (doc_get(edges->resources, name))
		follow_resource(edges, name);
}

/* No stack waits, through others, for itself. */
static void check_order(const char *name, struct cfn_text *c)
{
	struct edges edges = { c, doc_get(c->split.root, "Resources"), NULL, 0,
			       name };

	edges.path = arena_alloc(&c->spec.arena, (edges.resources->count + 1) *
							 sizeof(*edges.path));
	for (size_t i = 0; i < edges.resources->count; i++)
		follow_resource(&edges, edges.resources->members[i].key);
}

static void test_templates(void **state)
{
	static const struct {
		const char *name;
		int routes;
		const char *more;
	} cases[] = {
		{ "plain", 80, "" },
		{ "hundreds", 300, "" },
		{ "functions that name one another", 80,
		  "functions:\n"
		  "  a: { handler: src/b.on_a, environment: { BB: \"${b.arn}\" "
		  "} }\n"
		  "  b: { handler: src/b.on_b, environment: { CC: \"${c.arn}\" "
		  "} }\n"
		  "  c: { handler: src/b.on_c, environment: { DD: "
		  "\"${x.r1.functionArn}\" } }\n" },
		{ "resources in between", 80,
		  "resources:\n"
		  "  Q: { Type: AWS::SQS::Queue, Properties: { A: "
		  "\"${x.r2.functionArn}\" } }\n"
		  "  P: { Type: AWS::SQS::Queue, Properties: { A: \"${Q}\" } "
		  "}\n"
		  "functions:\n  a: { handler: src/b.on_a, environment: { QQ: "
		  "\"${P.Arn}\" } }\n" },
		{ "parameters and lists", 80,
		  "parameters: { Nets: { Type: \"List<AWS::EC2::Subnet::Id>\" "
		  "}, Size: { Type: String, NoEcho: true } }\n"
		  "defaults: { function: { vpc: { subnets: \"${Nets}\", "
		  "securityGroups: [g] }, environment: { SIZE: \"${Size}\", "
		  "TEXT: \"a ${Size} b ${x.url}\" } } }\n" },
		{ "conditions and mappings", 80,
		  "parameters: { Kind: { Type: String } }\n"
		  "mappings: { M: { a: { b: c } } }\n"
		  "conditions: { Big: !Equals [!Ref Kind, big] }\n"
		  "defaults: { function: { environment: { SIZE: !If [Big, "
		  "a, !FindInMap [M, a, b]] } } }\n" },
		{ "names like those of stacks", 80,
		  "resources: { Functions0: { Type: A::B::C }, Routes1: { "
		  "Type: A::B::C } }\n" },
		{ "calls to one another", 80,
		  "functions:\n"
		  "  a: { handler: src/b.on_a, permissions: [b] }\n"
		  "  b: { handler: src/b.on_b, permissions: [a] }\n" },
		{ "an authorizer and callers", 80,
		  "authorizer: { type: lambda, handler: src/b.on_auth }\n"
		  "functions: { a: src/b.on_a }\n"
		  "grants: [{ to: a, actions: manageConnections }]\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cfn_text c;
		struct arena arena = { 0 };

		cfn_text_make(&c, many(&arena, cases[i].routes, cases[i].more));
		CHECK_TEXT(cases[i].name, cfn_text_said(&c), "");
		CHECK(cases[i].name, c.split.nested.count > 0);
		check_templates(cases[i].name, &c);
		check_order(cases[i].name, &c);
		cfn_text_release(&c);
		arena_release(&arena);
	}
}

/* A stage that deploys by hand waits for the stacks of all its routes. */
static void test_deployment(void **state)
{
	struct arena arena = { 0 };
	struct buf text;
	struct cfn_text c;
	const struct doc *resources, *depends = NULL;

	(void)state;
	buf_init(&text, &arena);
	buf_add(&text, "name: x\nstage: { name: dev, autoDeploy: false }\n"
		       "grouping: route\nroutes:\n");
	for (int i = 0; i < 80; i++)
		buf_printf(&text, "  r%d: src/a.on_r%d\n", i, i);
	cfn_text_make(&c, text.text);
	CHECK_TEXT("spec", cfn_text_said(&c), "");
	resources = doc_get(c.split.root, "Resources");
	for (size_t i = 0; i < resources->count; i++)
		if (!strncmp(resources->members[i].key, "XDeployment", 11))
			depends = doc_get(resources->members[i].value,
					  "DependsOn");
	CHECK("deployment", depends != NULL);
	for (size_t i = 0; i < resources->count; i++) {
		const char *id = resources->members[i].key;
		bool waits = strncmp(id, "Routes", 6) != 0;

		for (size_t k = 0; k < depends->count; k++)
			waits |= !strcmp(depends->items[k]->text, id);
		CHECK(id, waits);
	}
	check_templates("deployment", &c);
	check_order("deployment", &c);
	cfn_text_release(&c);
	arena_release(&arena);
}

/* What a nested resource waits for at the top, its stack waits for. */
static void test_model(void **state)
{
	struct arena arena = { 0 };
	struct buf text;
	struct cfn_text c;
	struct map places = { .arena = &arena };
	const char *path, *id;
	const struct doc *depends;

	(void)state;
	buf_init(&text, &arena);
	buf_add(&text, many(&arena, 80, "messages: { M: { a: bool } }\n"));
	buf_add(&text, "  say: { handler: src/a.on_say, message: M, "
		       "validate: gateway }\n");
	cfn_text_make(&c, text.text);
	CHECK_TEXT("spec", cfn_text_said(&c), "");
	places_of(&c, &places);
	CHECK_TEXT("the model", map_get(&places, "XMModel"), "top");
	path = map_get(&places, "XSayRoute");
	CHECK("the route", path && !strncmp(path, "nested/Routes", 13));
	id = arena_printf(&arena, "%.*s", (int)strcspn(path + 7, "."),
			  path + 7);
	depends = doc_get(resource_of(&c, id), "DependsOn");
	CHECK("waits", depends && depends->count == 1);
	CHECK_TEXT("for the model", depends->items[0]->text, "XMModel");
	check_templates("model", &c);
	cfn_text_release(&c);
	arena_release(&arena);
}

/* One route more: every other resource stays in its stack. */
static void test_stable(void **state)
{
	static const int counts[] = { 72, 90, 150, 299 };

	(void)state;
	for (size_t i = 0; i < COUNT(counts); i++) {
		struct arena arena = { 0 };
		struct map before = { .arena = &arena };
		struct map after = { .arena = &arena };
		struct cfn_text one, more;

		cfn_text_make(&one, many(&arena, counts[i], ""));
		cfn_text_make(&more, many(&arena, counts[i] + 1, ""));
		CHECK("it nests", one.split.nested.count > 0);
		places_of(&one, &before);
		places_of(&more, &after);
		for (size_t k = 0; k < one.cfn.resources.count; k++) {
			const char *id = one.cfn.resources.items[k]->id;

			CHECK_TEXT(id, map_get(&after, id),
				   map_get(&before, id));
		}
		CHECK("all are there",
		      more.cfn.resources.count == one.cfn.resources.count + 7);
		cfn_text_release(&one);
		cfn_text_release(&more);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_when),
		cmocka_unit_test(test_templates),
		cmocka_unit_test(test_deployment),
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_stable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
