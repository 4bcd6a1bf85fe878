/* SPDX-License-Identifier: MIT */
/* state.c - APIs, routes, functions and messages, written as JSON. */
#include "state.h"

static void put_text(struct wsg_buf *out, const char *key, struct wsg_str text)
{
	wsg_json_put_key(out, wsg_str(key));
	wsg_json_put_string(out, text);
}

static void put_number(struct wsg_buf *out, const char *key, int64_t value)
{
	wsg_json_put_key(out, wsg_str(key));
	wsg_json_put_int64(out, value);
}

static void put_bool(struct wsg_buf *out, const char *key, bool value)
{
	wsg_json_put_key(out, wsg_str(key));
	wsg_json_put_bool(out, value);
}

static void put_list(struct wsg_buf *out, const char *key)
{
	wsg_json_put_key(out, wsg_str(key));
	wsg_json_put_array(out);
}

static const char *authorization(const struct config_route *route)
{
	switch (route->authorization) {
	case CONFIG_NONE:
		break;
	case CONFIG_IAM:
		return "iam";
	case CONFIG_CUSTOM:
		return "custom";
	}
	return "none";
}

static void put_route(struct wsg_buf *out, const struct config_route *route)
{
	wsg_json_put_object(out);
	put_text(out, "key", route->key);
	if (route->function)
		put_text(out, "function", route->function->name);
	else
		put_text(out, "integration",
			 json_text(json_get(route->integration, "type")));
	put_text(out, "authorization", wsg_str(authorization(route)));
	if (route->authorizer)
		put_text(out, "authorizer", route->authorizer->name);
	put_bool(out, "twoWay", route->two_way);
	put_bool(out, "apiKey", route->api_key);
	put_text(out, "message", route->message);
	put_text(out, "reply", route->reply);
	wsg_json_put_object_end(out);
}

static void put_api(struct wsg_buf *out, const struct config_api *api)
{
	wsg_json_put_object(out);
	put_text(out, "name", api->name);
	put_text(out, "id", api->id);
	put_number(out, "port", api->port);
	put_text(out, "selection", api->selection);
	put_text(out, "table", api->table);
	put_list(out, "stages");
	for (size_t i = 0; i < api->stages_count; i++)
		wsg_json_put_string(out, api->stages[i].name);
	wsg_json_put_array_end(out);
	put_list(out, "routes");
	for (size_t i = 0; i < api->routes_count; i++)
		put_route(out, &api->routes[i]);
	wsg_json_put_array_end(out);
	wsg_json_put_object_end(out);
}

static void put_function(struct wsg_buf *out,
			 const struct config_function *function)
{
	wsg_json_put_object(out);
	put_text(out, "name", function->name);
	put_number(out, "timeoutMs", function->timeout_ms);
	put_number(out, "memoryMb", function->memory_mb);
	wsg_json_put_object_end(out);
}

void state_put(struct wsg_buf *out, const struct config *config,
	       const struct clock *clock)
{
	wsg_json_put_object(out);
	put_text(out, "name", config->name);
	put_text(out, "clock", wsg_str(clock->manual ? "manual" : "real"));
	put_number(out, "now", clock_ms(clock, CLOCK_GATEWAY));
	put_list(out, "apis");
	for (size_t i = 0; i < config->apis_count; i++)
		put_api(out, &config->apis[i]);
	wsg_json_put_array_end(out);
	put_list(out, "functions");
	for (size_t i = 0; i < config->functions_count; i++)
		put_function(out, &config->functions[i]);
	wsg_json_put_array_end(out);
	wsg_json_put_key(out, wsg_str("messages"));
	if (config->messages) {
		json_put(out, config->messages);
	} else {
		wsg_json_put_array(out);
		wsg_json_put_array_end(out);
	}
	wsg_json_put_object_end(out);
}
