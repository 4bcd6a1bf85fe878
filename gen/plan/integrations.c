/* SPDX-License-Identifier: MIT */
/*
 * What stands between routes and functions. Routes of one function share an
 * integration when they ask for the same options; what stands in place of a
 * handler has one of its own.
 */
#include "planner.h"

#include "../base/sha256.h"
#include "../language.h"
#include "names.h"
#include "permissions.h"

#include <string.h>

/* The options of a merged integration as text: equal texts, equal options. */
static const char *options_text(struct planner *p,
				const struct integration *props)
{
	const struct {
		const char *text;
	} words[] = {
		{ props->payload_format.s }, { props->content_handling.s },
		{ props->permission.s },     { props->template_selection.s },
		{ props->passthrough.s },    { props->logical_id.s },
	};
	const struct doc *const trees[] = { props->parameters,
					    props->request_templates,
					    props->request_parameters };
	struct buf text;
	bool any = props->timeout_ms.set;

	buf_init(&text, p->arena);
	buf_printf(&text, "%lld", props->timeout_ms.value);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		any |= words[i].text != NULL;
		buf_printf(&text, "\n%s", words[i].text ? words[i].text : "");
	}
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
		any |= trees[i] != NULL;
		buf_char(&text, '\n');
		if (trees[i])
			doc_print_compact(&text, trees[i]);
	}
	return any ? text.text : "";
}

/*
 * A mock without a template answers 500, and that shuts $connect for all: one
 * that says no more than `type: mock` lets them in.
 */
static void let_in(struct planner *p, const struct plan_route *route,
		   struct integration *props)
{
	struct doc *templates;

	if (route->kind != ROUTE_CONNECT || !props->type.s ||
	    strcmp(props->type.s, "mock") != 0 || props->request_templates ||
	    props->template_selection.s)
		return;
	templates = doc_map(p->arena);
	doc_set(p->arena, templates, "200",
		doc_string(p->arena, "{\"statusCode\":200}"));
	props->request_templates = templates;
	props->template_selection.s = "200";
}

static const struct integration *merged(struct planner *p,
					const struct plan_route *route)
{
	static const struct integration nothing;
	const struct defaults *top = p->spec->defaults;
	const struct defaults *api = route->api->api->defaults;
	struct integration *props = ARENA_NEW(p->arena, struct integration);
	const struct integration *own = route->route->integration;
	bool handled = route->function;

	plan_merge(p, &lang_integration, props,
		   (const void *[]){
			   handled && top ? top->integration : NULL,
			   handled && api ? api->integration : NULL,
			   own ? own : &nothing,
		   });
	let_in(p, route, props);
	return props;
}

/* ChatIntegration for a function; its options' hash sets others apart. */
static const char *integration_id(struct planner *p,
				  const struct plan_route *route,
				  const struct integration *props,
				  const char *options)
{
	const char *api = route->api->pascal;
	const char *stem;
	size_t len = strlen(api);

	if (!route->function)
		return plan_id(p, &props->logical_id, route->route->key.loc,
			       "%s%sIntegration", api, route->name);
	stem = name_pascal(p->arena, route->function->name);
	if (strncmp(stem, api, len) != 0)
		stem = arena_printf(p->arena, "%s%s", api, stem);
	if (*options)
		stem = arena_printf(
			p->arena, "%s%.8s", stem,
			sha256_hex(p->arena, options, strlen(options)));
	return plan_id(p, &props->logical_id, route->route->key.loc,
		       "%sIntegration", stem);
}

static struct plan_integration *find_integration(struct planner *p,
						 struct plan_api *api,
						 struct map *made,
						 const struct plan_route *route)
{
	const struct integration *props = merged(p, route);
	struct plan_integration *integration;
	const char *options = options_text(p, props);
	const char *key = NULL;

	if (route->function) {
		key = arena_printf(p->arena, "%s\n%s", route->function->name,
				   options);
		integration = map_get(made, key);
		if (integration)
			return integration;
	}
	integration = ARENA_NEW(p->arena, struct plan_integration);
	integration->props = props;
	integration->function = route->function;
	integration->id = integration_id(p, route, props, options);
	if (key)
		map_put(made, key, integration);
	*LIST_ADD(p->arena, &api->integrations) = integration;
	return integration;
}

/* Integrations that may do the same take on the same role. */
static void give_roles(struct planner *p, struct plan_api *api)
{
	struct map made = { .arena = p->arena };

	for (size_t i = 0; i < api->integrations.count; i++) {
		struct plan_integration *integration =
			api->integrations.items[i];
		const struct plan_route *route = integration->routes.items[0];
		const struct plan_integration *first;

		if (integration->function ||
		    !integration->props->permissions.count)
			continue;
		first = map_put(
			&made,
			permissions_key(p->arena,
					&integration->props->permissions),
			integration);
		if (first) {
			integration->role_id = first->role_id;
			continue;
		}
		integration->makes_role = true;
		integration->role_id = plan_id(p, NULL, route->route->key.loc,
					       "%s%sIntegrationRole",
					       api->pascal, route->name);
	}
}

void plan_integrations(struct planner *p, struct plan_api *api)
{
	struct map made = { .arena = p->arena };

	for (size_t i = 0; i < api->routes.count; i++) {
		struct plan_route *route = &api->routes.items[i];

		route->integration = find_integration(p, api, &made, route);
		*LIST_ADD(p->arena, &route->integration->routes) = route;
	}
	give_roles(p, api);
}
