/* SPDX-License-Identifier: MIT */
#include "planner.h"

#include "../language.h"
#include "make.h"
#include "messages.h"
#include "names.h"
#include "permissions.h"
#include "refs.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *plan_id(struct planner *p, const struct text *own, struct loc loc,
		    const char *format, ...)
{
	struct loc *here = ARENA_NEW(p->arena, struct loc);
	const struct loc *taken;
	struct buf made;
	const char *id;
	va_list args;
	char text[512];

	buf_init(&made, p->arena);
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	buf_add(&made, text);
	*here = own && own->s ? own->loc : loc;
	id = own && own->s ? own->s : made.text;
	taken = map_put(&p->plan->ids, id, here);
	if (!taken)
		return id;
	diag_error(p->diag, *here,
		   "the logical id '%s' is taken already: set 'logicalId' on "
		   "one of the two",
		   id);
	if (taken->line)
		diag_note(p->diag, *taken, "it is made from this");
	return id;
}

void plan_merge(struct planner *p, const struct lang_section *section,
		void *out, const void *const layers[3])
{
	void *under = arena_alloc(p->arena, section->size);

	for (size_t i = 0; i < 3; i++) {
		if (!layers[i])
			continue;
		memcpy(under, out, section->size);
		lang_merge(p->arena, section, out, under, layers[i]);
	}
}

struct plan_handler plan_handler(struct arena *arena, const struct text *text)
{
	const char *slash = strrchr(text->s, '/');
	const char *dot = strrchr(slash ? slash : text->s, '.');
	struct plan_handler handler = { .loc = text->loc };

	if (!dot)
		dot = text->s + strlen(text->s);
	handler.file =
		arena_printf(arena, "%.*s.c", (int)(dot - text->s), text->s);
	handler.symbol = *dot ? dot + 1 : dot;
	return handler;
}

/* --- APIs --------------------------------------------------------------------
 */

static struct doc *gateway_name(struct planner *p, const struct plan_api *api)
{
	const char *suffix = p->plan->name;
	const struct plan_stage *first;

	if (p->spec->has_apis)
		suffix = arena_printf(p->arena, "%s-%s", suffix, api->name);
	if (!api->stages.count)
		return doc_string(p->arena, suffix);
	first = &api->stages.items[0];
	if (first->is_parameter) {
		struct doc *sub = doc_map(p->arena);

		doc_set(p->arena, sub, "Fn::Sub",
			doc_printf(p->arena, "${StageName}-%s", suffix));
		return sub;
	}
	return doc_printf(p->arena, "%s-%s", first->name, suffix);
}

static void start_api(struct planner *p, const struct api *api,
		      struct plan_api *out)
{
	const struct gateway *gateway = api->gateway;

	out->api = api;
	out->plan = p->plan;
	out->name = api->name.s;
	out->prefix = name_snake(p->arena, api->name.s);
	out->pascal = name_pascal(p->arena, api->name.s);
	out->session = plan_resolve_authorizer(p, api->session);
	if (gateway && gateway->id) {
		out->id_value = ARENA_NEW(p->arena, struct doc);
		*out->id_value = *gateway->id;
	} else {
		out->id = plan_id(p, gateway ? &gateway->logical_id : NULL,
				  api->name.loc, "%sApi", out->pascal);
		out->id_value = doc_map(p->arena);
		doc_set(p->arena, out->id_value, "Ref",
			doc_string(p->arena, out->id));
	}
}

/* Routes point to their API, so all APIs stand before any is filled. */
static void plan_apis(struct planner *p)
{
	for (size_t i = 0; i < p->spec->apis.count; i++)
		start_api(p, &p->spec->apis.items[i],
			  LIST_ADD(p->arena, &p->plan->apis));
	for (size_t i = 0; i < p->plan->apis.count; i++) {
		struct plan_api *api = &p->plan->apis.items[i];

		plan_stages(p, api);
		api->gateway_name = gateway_name(p, api);
		plan_authorizer(p, api);
		plan_connections(p, api);
		plan_routes(p, api);
	}
}

/* Logical ids of the user's own resources, so that ours keep clear. */
static void take_user_ids(struct planner *p)
{
	const struct doc *const sections[] = { p->spec->resources,
					       p->spec->parameters };

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const struct doc *section = sections[i];

		for (size_t k = 0; section && k < section->count; k++) {
			const struct doc_member *member = &section->members[k];

			plan_id(p, NULL, member->key_loc, "%s", member->key);
		}
	}
}

static void name_things(struct planner *p)
{
	const struct spec *spec = p->spec;

	for (size_t i = 0; i < spec->functions.count; i++)
		map_put(&p->named, spec->functions.items[i].name.s,
			&spec->functions.items[i]);
	for (size_t i = 0; i < spec->authorizers.count; i++)
		map_put(&p->authorizers, spec->authorizers.items[i].name_key.s,
			&spec->authorizers.items[i]);
	for (size_t i = 0; i < p->plan->messages.count; i++)
		map_put(&p->messages,
			p->plan->messages.items[i].message->name.s,
			&p->plan->messages.items[i]);
}

/* An API that exists: its id may be a reference. */
static void resolve_apis(struct planner *p)
{
	for (size_t i = 0; i < p->plan->apis.count; i++) {
		struct plan_api *api = &p->plan->apis.items[i];

		if (!api->id)
			*api->id_value = *refs_value(p->plan, api->id_value);
	}
}

const struct plan *plan_spec(struct arena *arena, struct diag *diag,
			     const struct spec *spec, const char *stage)
{
	struct planner p = {
		.arena = arena,
		.diag = diag,
		.spec = spec,
		.plan = ARENA_NEW(arena, struct plan),
		.named = { .arena = arena },
		.authorizers = { .arena = arena },
		.functions = { .arena = arena },
		.messages = { .arena = arena },
		.stage = stage,
	};
	size_t errors = diag->errors;

	*p.plan = (struct plan){
		.spec = spec,
		.arena = arena,
		.name = spec->name.s,
		.pascal = name_pascal(arena, spec->name.s),
		.ids = { .arena = arena },
	};
	take_user_ids(&p);
	plan_messages(p.plan);
	name_things(&p);
	plan_apis(&p);
	plan_raw_functions(&p);
	plan_finish_functions(&p);
	plan_tokens(&p);
	for (size_t i = 0; i < p.plan->apis.count; i++)
		plan_integrations(&p, &p.plan->apis.items[i]);
	plan_resources(&p);
	resolve_apis(&p);
	plan_permissions(p.plan, diag);
	plan_call_policies(&p);
	plan_callers(&p);
	refs_check(p.plan, diag);
	return diag->errors == errors ? p.plan : NULL;
}
