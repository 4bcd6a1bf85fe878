/* SPDX-License-Identifier: MIT */
/* The order of the checks, and what they share. */
#include "check.h"

#include "../base/utf8.h"
#include "../read/intrinsic.h"

#include <string.h>

static void start_names(struct check *c, struct check_names *names,
			const char *kind)
{
	*names = (struct check_names){ .kind = kind,
				       .things = { .arena = c->arena } };
}

static void add_name(struct check *c, struct check_names *names,
		     struct text name, const void *thing)
{
	union {
		const void *in;
		void *out;
	} keep = { .in = thing };

	map_put(&names->things, name.s, keep.out);
	*LIST_ADD(c->arena, &names->names) = name;
}

static void gather_names(struct check *c)
{
	const struct spec *spec = c->spec;
	const struct doc *resources = spec->resources;

	start_names(c, &c->apis, "API");
	start_names(c, &c->functions, "function");
	start_names(c, &c->authorizers, "authorizer");
	start_names(c, &c->messages, "message");
	start_names(c, &c->resources, "resource");
	for (size_t i = 0; i < spec->apis.count; i++)
		add_name(c, &c->apis, spec->apis.items[i].name,
			 &spec->apis.items[i]);
	for (size_t i = 0; i < spec->functions.count; i++)
		add_name(c, &c->functions, spec->functions.items[i].name,
			 &spec->functions.items[i]);
	for (size_t i = 0; i < spec->authorizers.count; i++)
		add_name(c, &c->authorizers,
			 spec->authorizers.items[i].name_key,
			 &spec->authorizers.items[i]);
	for (size_t i = 0; i < spec->messages.count; i++)
		if (!spec->messages.items[i]->in_place)
			add_name(c, &c->messages, spec->messages.items[i]->name,
				 spec->messages.items[i]);
	for (size_t i = 0; resources && i < resources->count; i++) {
		const struct doc_member *member = &resources->members[i];

		add_name(c, &c->resources,
			 (struct text){ member->key, member->key_loc },
			 member->value);
	}
}

bool check_spec(struct arena *arena, struct diag *diag, struct spec *spec)
{
	struct check c = { .arena = arena, .diag = diag, .spec = spec };
	size_t errors = diag->errors;

	gather_names(&c);
	check_apis(&c);
	check_names(&c);
	check_messages(&c);
	check_handlers(&c);
	check_routes(&c);
	check_integrations(&c);
	check_functions(&c);
	check_authorizers(&c);
	check_stages(&c);
	check_gateways(&c);
	check_connections(&c);
	check_resources(&c);
	return diag->errors == errors;
}

/* --- walking ------------------------------------------------------------ */

bool check_is_websocket(const struct api *api)
{
	return !api->type.s || !strcmp(api->type.s, "websocket");
}

static void visit_defaults(struct check *c, const struct defaults *defaults,
			   void (*visit)(struct check *c,
					 const struct function *function,
					 enum check_function_place place))
{
	if (defaults && defaults->function)
		visit(c, defaults->function, CHECK_DEFAULTS);
}

static void
visit_authorizer(struct check *c, const struct authorizer *authorizer,
		 void (*visit)(struct check *c, const struct function *function,
			       enum check_function_place place))
{
	if (authorizer && authorizer->function)
		visit(c, authorizer->function, CHECK_AUTHORIZER);
}

void check_each_function(struct check *c,
			 void (*visit)(struct check *c,
				       const struct function *function,
				       enum check_function_place place))
{
	const struct spec *spec = c->spec;

	visit_defaults(c, spec->defaults, visit);
	for (size_t i = 0; i < spec->functions.count; i++)
		visit(c, &spec->functions.items[i], CHECK_NAMED);
	for (size_t i = 0; i < spec->authorizers.count; i++)
		visit_authorizer(c, &spec->authorizers.items[i], visit);
	for (size_t i = 0; i < spec->apis.count; i++) {
		const struct api *api = &spec->apis.items[i];

		if (!check_is_websocket(api))
			continue;
		visit_defaults(c, api->defaults, visit);
		visit_authorizer(c, api->authorizer, visit);
		visit_authorizer(c, api->session, visit);
		for (size_t k = 0; k < api->routes.count; k++) {
			const struct route *route = &api->routes.items[k];

			if (route->function)
				visit(c, route->function, CHECK_ROUTE_OWN);
			visit_authorizer(c, route->authorizer, visit);
		}
	}
}

void check_each_authorizer(struct check *c,
			   void (*visit)(struct check *c,
					 const struct authorizer *authorizer,
					 enum check_authorizer_place place))
{
	const struct spec *spec = c->spec;

	for (size_t i = 0; i < spec->authorizers.count; i++)
		visit(c, &spec->authorizers.items[i], CHECK_IN_LIST);
	for (size_t i = 0; i < spec->apis.count; i++) {
		const struct api *api = &spec->apis.items[i];

		if (!check_is_websocket(api))
			continue;
		if (api->authorizer)
			visit(c, api->authorizer, CHECK_ON_API);
		for (size_t k = 0; k < api->routes.count; k++)
			if (api->routes.items[k].authorizer)
				visit(c, api->routes.items[k].authorizer,
				      CHECK_ON_ROUTE);
		if (api->session)
			visit(c, api->session, CHECK_SESSION);
	}
}

/* --- names --------------------------------------------------------------- */

static void did_you_mean(struct check *c, const struct check_names *names,
			 const char *name)
{
	const char **texts;
	const char *nearest;
	size_t count = names->names.count;

	if (!count)
		return;
	texts = arena_alloc(c->arena, count * sizeof(*texts));
	for (size_t i = 0; i < count; i++)
		texts[i] = names->names.items[i].s;
	nearest = diag_nearest(name, texts, count);
	for (size_t i = 0; nearest && i < count; i++)
		if (texts[i] == nearest)
			diag_note(c->diag, names->names.items[i].loc,
				  "did you mean '%s'?", nearest);
}

const void *check_named(struct check *c, const struct check_names *names,
			const char *who, struct text name)
{
	const void *thing = map_get(&names->things, name.s);

	if (thing)
		return thing;
	diag_error(c->diag, name.loc,
		   "%s names the %s '%s', which is not declared", who,
		   names->kind, name.s);
	did_you_mean(c, names, name.s);
	return NULL;
}

const char *check_route_text(struct check *c, const struct route *route)
{
	return arena_printf(c->arena, "route '%s'", route->key.s);
}

struct text check_route_handler(const struct route *route)
{
	if (!route->handler.s && route->function && !route->function->use.s)
		return route->function->handler;
	return route->handler;
}

const struct function *check_route_function(struct check *c,
					    const struct route *route)
{
	if (!route->function || !route->function->use.s)
		return NULL;
	return map_get(&c->functions.things, route->function->use.s);
}

bool check_in_place(const struct route *route)
{
	return route->integration && route->integration->type.s;
}

/* --- values -------------------------------------------------------------- */

const char *check_literal(const struct doc *value)
{
	if (value->kind != DOC_STRING && value->kind != DOC_NUMBER &&
	    value->kind != DOC_BOOL)
		return NULL;
	if (value->kind == DOC_STRING && !value->literal &&
	    strstr(value->text, "${"))
		return NULL;
	return value->text;
}

void check_scalars(struct check *c, const struct doc *map, const char *what)
{
	for (size_t i = 0; map && i < map->count; i++) {
		const struct doc *value = map->members[i].value;

		if (value->kind == DOC_NULL || value->kind == DOC_LIST ||
		    (value->kind == DOC_MAP && !intrinsic_is(value)))
			diag_error(c->diag, value->loc,
				   "%s '%s' must be text, a number, a "
				   "reference or a CloudFormation function",
				   what, map->members[i].key);
	}
}

bool check_hidden(struct check *c, struct loc loc, const char *what,
		  const char *text)
{
	size_t len = strlen(text);
	uint32_t code;

	while (len) {
		size_t size = utf8_decode(text, len, &code);

		if (!size)
			return false;
		if (utf8_hidden(code)) {
			diag_error(c->diag, loc,
				   "%s has the character U+%04X, which cannot "
				   "be seen",
				   what, (unsigned int)code);
			return true;
		}
		text += size;
		len -= size;
	}
	return false;
}

bool check_value_too_long(struct check *c, const struct doc *value,
			  const char *key, size_t max)
{
	const char *text = value ? check_literal(value) : NULL;

	return text &&
	       check_too_long(c, (struct text){ text, value->loc }, key, max);
}

void check_plain(struct check *c, struct text text, const char *key)
{
	if (!text.s ||
	    check_hidden(c, text.loc, arena_printf(c->arena, "'%s'", key),
			 text.s))
		return;
	if (strstr(text.s, "${"))
		diag_error(c->diag, text.loc,
			   "'%s' goes out as it is written: a reference such "
			   "as ${...} is not looked up in it",
			   key);
}

bool check_too_long(struct check *c, struct text text, const char *key,
		    size_t max)
{
	size_t len;

	if (!text.s)
		return false;
	len = strlen(text.s);
	if (len <= max)
		return false;
	diag_error(c->diag, text.loc,
		   "'%s' has %zu bytes; AWS takes at most %zu", key, len, max);
	return true;
}

bool check_is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

bool check_is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

bool check_only(const char *text, const char *more)
{
	for (; *text; text++)
		if (!check_is_letter(*text) && !check_is_digit(*text) &&
		    !strchr(more, *text))
			return false;
	return true;
}
