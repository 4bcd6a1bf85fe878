/* SPDX-License-Identifier: MIT */
/* read_api.c - gateway.json's APIs: stages, authorizers, routes. */
#include "../base/id.h"
#include "../base/mem.h"
#include "read.h"

#define STAGE_MAX_LEN 128
#define TIMEOUT_MIN_MS 50
#define TIMEOUT_MAX_MS 29000 /* the default as well */
#define PORT_MAX 65535

static const struct json *items(struct reader *reader,
				const struct place *place,
				const struct json *object, const char *key,
				size_t *count)
{
	const struct json *list =
		read_member(reader, place, object, key, WSG_JSON_ARRAY, true);

	*count = list ? list->count : 0;
	return list ? list->first : NULL;
}

/* --- routes --------------------------------------------------------------- */

static const struct config_authorizer *
find_authorizer(const struct config_api *api, struct wsg_str name)
{
	for (size_t i = 0; i < api->authorizers_count; i++)
		if (wsg_str_equal(api->authorizers[i].name, name))
			return &api->authorizers[i];
	return NULL;
}

static void read_authorization(struct reader *reader, const struct place *place,
			       const struct json *from,
			       const struct config_api *api,
			       struct config_route *route)
{
	struct wsg_str kind =
		read_text(reader, place, from, "authorization", true);
	struct wsg_str name =
		read_text(reader, place, from, "authorizer", false);

	if (wsg_str_is(kind, "iam"))
		route->authorization = CONFIG_IAM;
	else if (wsg_str_is(kind, "custom"))
		route->authorization = CONFIG_CUSTOM;
	else if (kind.len && !wsg_str_is(kind, "none"))
		read_complain(reader, place, "authorization",
			      "has to be 'none', 'iam' or 'custom'");
	if (route->authorization != CONFIG_CUSTOM)
		return;
	route->authorizer = find_authorizer(api, name);
	if (!route->authorizer)
		read_complain(reader, place, "authorizer",
			      "'%.*s' is none of the API's", WSG_FMT(name));
}

static void read_target(struct reader *reader, const struct place *place,
			const struct json *from, struct config_route *route)
{
	struct wsg_str name = read_text(reader, place, from, "function", false);

	route->integration = read_member(reader, place, from, "integration",
					 WSG_JSON_OBJECT, false);
	if (route->integration)
		read_text(reader, place, route->integration, "type", true);
	if (!name.ptr && !json_get(from, "integration"))
		read_complain(reader, place, "function", "is not there");
	if (!name.ptr)
		return;
	route->function = map_get(&reader->by_name, name);
	if (!route->function)
		read_complain(reader, place, "function",
			      "'%.*s' is none of the functions", WSG_FMT(name));
}

static void read_route(struct reader *reader, const struct place *place,
		       const struct json *from, const struct config_api *api,
		       struct config_route *route)
{
	if (from->type != WSG_JSON_OBJECT) {
		read_complain(reader, place, NULL, "has to be an object");
		return;
	}
	route->key = read_text(reader, place, from, "key", true);
	read_target(reader, place, from, route);
	route->timeout_ms =
		read_int(reader, place, from, "timeoutMs",
			 (struct read_range){ TIMEOUT_MIN_MS, TIMEOUT_MAX_MS },
			 TIMEOUT_MAX_MS);
	read_authorization(reader, place, from, api, route);
	route->two_way = read_flag(reader, place, from, "twoWay", true);
	route->api_key = read_flag(reader, place, from, "apiKey", true);
	route->throttle = read_throttle(reader, place, from);
	route->message = read_text(reader, place, from, "message", false);
	route->reply = read_text(reader, place, from, "reply", false);
	route->model = read_member(reader, place, from, "model",
				   WSG_JSON_OBJECT, false);
}

static void read_routes(struct reader *reader, const struct place *place,
			const struct json *from, struct config_api *api)
{
	size_t count;
	const struct json *at = items(reader, place, from, "routes", &count);
	struct config_route *made =
		mem_in(reader->config->arena, count * sizeof(*made));
	struct map keys = { 0 };

	api->routes = made;
	api->routes_count = count;
	for (size_t i = 0; i < count; i++, at = at->next) {
		const struct place here = { place, "routes", i };

		read_route(reader, &here, at, api, &made[i]);
		if (made[i].key.len && map_get(&keys, made[i].key))
			read_complain(reader, &here, "key",
				      "'%.*s' is there twice",
				      WSG_FMT(made[i].key));
		else if (made[i].key.len)
			map_put(&keys, made[i].key, &made[i]);
	}
	map_release(&keys);
}

/* --- authorizers ---------------------------------------------------------- */

static void read_identity(struct reader *reader, const struct place *place,
			  const struct json *from,
			  struct config_authorizer *authorizer)
{
	size_t count;
	const struct json *at = items(reader, place, from, "identity", &count);
	struct wsg_str *made =
		mem_in(reader->config->arena, count * sizeof(*made));

	authorizer->identity = made;
	authorizer->identity_count = count;
	for (size_t i = 0; i < count; i++, at = at->next) {
		made[i] = json_text(at);
		if (!made[i].len)
			read_complain(reader, place, "identity",
				      "has to hold texts");
	}
}

static void read_authorizer(struct reader *reader, const struct place *place,
			    const struct json *from,
			    struct config_authorizer *authorizer)
{
	struct wsg_str name;

	if (from->type != WSG_JSON_OBJECT) {
		read_complain(reader, place, NULL, "has to be an object");
		return;
	}
	authorizer->name = read_text(reader, place, from, "name", true);
	read_identity(reader, place, from, authorizer);
	name = read_text(reader, place, from, "function", false);
	if (!name.ptr && !json_get(from, "functionArn"))
		read_complain(reader, place, "function", "is not there");
	if (!name.ptr)
		return;
	authorizer->function = map_get(&reader->by_name, name);
	if (!authorizer->function)
		read_complain(reader, place, "function",
			      "'%.*s' is none of the functions", WSG_FMT(name));
}

static struct config_authorizer *read_authorizers(struct reader *reader,
						  const struct place *place,
						  const struct json *from,
						  size_t *count)
{
	const struct json *at =
		items(reader, place, from, "authorizers", count);
	struct config_authorizer *made =
		mem_in(reader->config->arena, *count * sizeof(*made));

	for (size_t i = 0; i < *count; i++, at = at->next)
		read_authorizer(reader,
				&(struct place){ place, "authorizers", i }, at,
				&made[i]);
	return made;
}

/* --- stages --------------------------------------------------------------- */

static void read_stages(struct reader *reader, const struct place *place,
			const struct json *from, struct config_api *api)
{
	size_t count;
	const struct json *at = items(reader, place, from, "stages", &count);
	struct config_stage *made =
		mem_in(reader->config->arena, count * sizeof(*made));

	api->stages = made;
	api->stages_count = count;
	for (size_t i = 0; i < count; i++, at = at->next) {
		const struct place here = { place, "stages", i };

		if (at->type != WSG_JSON_OBJECT) {
			read_complain(reader, &here, NULL,
				      "has to be an object");
			continue;
		}
		made[i].name =
			read_name(reader, &here, at, "name", STAGE_MAX_LEN);
		made[i].throttle = read_throttle(reader, &here, at);
		made[i].variables = read_member(reader, &here, at, "variables",
						WSG_JSON_OBJECT, false);
		for (size_t k = 0; k < i; k++)
			if (wsg_str_equal(made[k].name, made[i].name))
				read_complain(reader, &here, "name",
					      "'%.*s' is there twice",
					      WSG_FMT(made[i].name));
	}
}

/* --- APIs ----------------------------------------------------------------- */

static void read_key_selection(struct reader *reader, const struct place *place,
			       const struct json *from, struct config_api *api)
{
	struct wsg_str from_where =
		read_text(reader, place, from, "apiKeySelection", false);

	api->key_from_authorizer =
		wsg_str_is(from_where, "authorizer") ||
		wsg_str_is(from_where,
			   "$context.authorizer.usageIdentifierKey");
}

static void read_connections(struct reader *reader, const struct place *place,
			     const struct json *from, struct config_api *api)
{
	const struct json *connections = read_member(
		reader, place, from, "connections", WSG_JSON_OBJECT, false);

	if (!connections)
		return;
	if (!json_get(connections, "table"))
		read_complain(reader, place, "connections",
			      "has to have a table");
	api->topics = json_bool(json_get(connections, "topics"), false);
}

static void read_api(struct reader *reader, const struct place *place,
		     const struct json *from, struct config_api *api)
{
	char id[11];

	if (from->type != WSG_JSON_OBJECT) {
		read_complain(reader, place, NULL, "has to be an object");
		return;
	}
	api->name = read_text(reader, place, from, "name", true);
	api->logical_id = read_text(reader, place, from, "id", false);
	id_of_api(api->name, id);
	api->id = read_printf(reader, "%s", id);
	if (!wsg_str_is(read_text(reader, place, from, "type", true),
			"websocket"))
		read_complain(reader, place, "type", "has to be 'websocket'");
	api->selection = read_text(reader, place, from, "routeSelection", true);
	read_key_selection(reader, place, from, api);
	read_connections(reader, place, from, api);
	read_stages(reader, place, from, api);
	api->authorizers =
		read_authorizers(reader, place, from, &api->authorizers_count);
	read_routes(reader, place, from, api);
}

void read_apis(struct reader *reader, const struct json *root)
{
	const int port = reader->options->port;
	size_t count;
	const struct json *at = items(reader, NULL, root, "apis", &count);

	if (port > 0 && count > (size_t)(PORT_MAX + 1 - port)) {
		read_say(reader, "no ports for %zu APIs from %d on", count,
			 port);
		return;
	}
	reader->apis =
		mem_in(reader->config->arena, count * sizeof(*reader->apis));
	reader->config->apis = reader->apis;
	reader->config->apis_count = count;
	for (size_t i = 0; i < count; i++, at = at->next) {
		const struct place place = { NULL, "apis", i };

		reader->apis[i].port = port > 0 ? port + (int)i : 0;
		read_api(reader, &place, at, &reader->apis[i]);
		for (size_t k = 0; k < i; k++)
			if (wsg_str_equal(reader->apis[k].name,
					  reader->apis[i].name))
				read_complain(reader, &place, "name",
					      "'%.*s' is there twice",
					      WSG_FMT(reader->apis[i].name));
	}
}
