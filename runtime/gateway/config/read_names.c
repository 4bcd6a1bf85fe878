/* SPDX-License-Identifier: MIT */
/*
 * read_names.c - what references stand for here, and those in the APIs. What is
 * given later counts: the spec's names, the template's, the user's.
 */
#include "../base/mem.h"
#include "read.h"

#include <stdio.h>

struct giver {
	struct reader *reader;
	struct wsg_buf name;
};

static void give(struct giver *giver, struct wsg_str prefix, const char *suffix,
		 struct wsg_str value)
{
	if (!prefix.len)
		return;
	wsg_buf_clear(&giver->name);
	wsg_buf_str(&giver->name, prefix);
	wsg_buf_text(&giver->name, suffix);
	if (giver->name.failed)
		mem_exhausted();
	names_give(giver->reader->names,
		   (struct wsg_str){ giver->name.ptr, giver->name.len }, value);
}

static void give_text(struct giver *giver, const char *name,
		      struct wsg_str value)
{
	give(giver, wsg_str(name), "", value);
}

/* --- pseudo parameters ---------------------------------------------------- */

static void give_pseudo(struct giver *giver)
{
	struct reader *reader = giver->reader;
	const struct config *config = reader->config;

	give_text(giver, "AWS::Region", config->region);
	give_text(giver, "AWS::AccountId", config->account);
	give_text(giver, "AWS::Partition", wsg_str("aws"));
	give_text(giver, "AWS::URLSuffix", wsg_str("amazonaws.com"));
	give_text(giver, "AWS::StackName", config->name);
	give_text(giver, "AWS::StackId",
		  read_printf(reader,
			      "arn:aws:cloudformation:%.*s:%.*s:stack/%.*s/"
			      "00000000-0000-4000-8000-000000000000",
			      WSG_FMT(config->region), WSG_FMT(config->account),
			      WSG_FMT(config->name)));
	give_text(giver, "AWS::NoValue", wsg_str(""));
	give_text(giver, "AWS::NotificationARNs", wsg_str(""));
	if (config->apis_count && config->apis[0].stages_count)
		give_text(giver, "StageName", config->apis[0].stages[0].name);
}

/* --- APIs and functions --------------------------------------------------- */

static void give_route(struct giver *giver, struct wsg_str api,
		       struct wsg_str key,
		       const struct config_function *function)
{
	struct wsg_str name = read_printf(giver->reader, "%.*s.%.*s",
					  WSG_FMT(api), WSG_FMT(key));

	give(giver, name, ".functionArn", function->arn);
	give(giver, name, ".functionName", function->name);
}

static void give_routes(struct giver *giver, const struct config_api *api)
{
	for (size_t i = 0; i < api->routes_count; i++) {
		const struct config_route *route = &api->routes[i];
		struct wsg_str key = route->key;

		if (!route->function || !key.len)
			continue;
		give_route(giver, api->name, key, route->function);
		if (key.ptr[0] == '$')
			give_route(giver, api->name,
				   (struct wsg_str){ key.ptr + 1, key.len - 1 },
				   route->function);
	}
}

/* Where functions reach the gateway: `every address` is none to call. */
static struct wsg_str host_of(struct reader *reader)
{
	struct wsg_str host = reader->options->host;

	if (!host.len || wsg_str_is(host, "0.0.0.0"))
		return wsg_str("127.0.0.1");
	if (wsg_str_is(host, "::"))
		return wsg_str("[::1]");
	if (host.ptr[0] != '[' && memchr(host.ptr, ':', host.len))
		return read_printf(reader, "[%.*s]", WSG_FMT(host));
	return host;
}

static void give_api(struct giver *giver, const struct config_api *api)
{
	struct reader *reader = giver->reader;
	struct wsg_str host = host_of(reader), stage;
	struct wsg_str arn =
		read_printf(reader, "arn:aws:execute-api:%.*s:%.*s:%.*s",
			    WSG_FMT(reader->config->region),
			    WSG_FMT(reader->config->account), WSG_FMT(api->id));
	const struct wsg_str names[] = { api->name, api->logical_id };

	for (size_t i = 0; i < 2; i++) {
		give(giver, names[i], "", api->id);
		give(giver, names[i], ".id", api->id);
		give(giver, names[i], ".arn", arn);
	}
	give(giver, api->logical_id, ".ApiId", api->id);
	give(giver, api->logical_id, ".ApiEndpoint",
	     read_printf(reader, "ws://%.*s:%d", WSG_FMT(host), api->port));
	give_routes(giver, api);
	if (!api->stages_count)
		return;
	stage = api->stages[0].name;
	for (size_t i = 0; i < 2; i++) {
		give(giver, names[i], ".stage", stage);
		give(giver, names[i], ".url",
		     read_printf(reader, "ws://%.*s:%d/%.*s", WSG_FMT(host),
				 api->port, WSG_FMT(stage)));
		give(giver, names[i], ".callbackUrl",
		     read_printf(reader, "http://%.*s:%d/%.*s", WSG_FMT(host),
				 api->port, WSG_FMT(stage)));
	}
}

static void give_function(struct giver *giver, struct config_function *function)
{
	struct reader *reader = giver->reader;

	function->arn = read_printf(
		reader, "arn:aws:lambda:%.*s:%.*s:function:%.*s",
		WSG_FMT(reader->config->region),
		WSG_FMT(reader->config->account), WSG_FMT(function->name));
	give(giver, function->name, "", function->name);
	give(giver, function->name, ".name", function->name);
	give(giver, function->name, ".arn", function->arn);
	give(giver, function->logical_id, "", function->name);
	give(giver, function->logical_id, ".Arn", function->arn);
}

/* --- what is made elsewhere ----------------------------------------------- */

/* The name in `!Ref X` or `${X}` and nothing else. */
static struct wsg_str referred(const struct json *value)
{
	struct wsg_str text = json_text(json_get(value, "Ref"));

	if (text.len)
		return text;
	text = json_text(json_get(value, "Fn::Sub"));
	if (text.len < 4 || memcmp(text.ptr, "${", 2) != 0 ||
	    text.ptr[2] == '!' ||
	    memchr(text.ptr, '}', text.len) != text.ptr + text.len - 1)
		return (struct wsg_str){ NULL, 0 };
	return (struct wsg_str){ text.ptr + 2, text.len - 3 };
}

/*
 * A table that nobody gave a name is one of ours: it is called as it is in the
 * spec, and the local DynamoDB has it under that name.
 */
static void give_table(struct giver *giver, const struct json *api)
{
	struct reader *reader = giver->reader;
	struct wsg_str name =
		referred(json_get(json_get(api, "connections"), "table"));
	struct wsg_str table, attribute;

	if (!name.len)
		return;
	table = names_get(reader->names, name);
	if (!table.ptr) {
		table = name;
		give(giver, name, "", table);
	}
	attribute = read_printf(reader, "%.*s.Arn", WSG_FMT(name));
	if (names_get(reader->names, attribute).ptr)
		return;
	give(giver, attribute, "",
	     read_printf(reader, "arn:aws:dynamodb:%.*s:%.*s:table/%.*s",
			 WSG_FMT(reader->config->region),
			 WSG_FMT(reader->config->account), WSG_FMT(table)));
}

/*
 * An API that exists already has its own id here as well, since permissions
 * name it; as a reference that nobody gave a value for, it stands for ours.
 */
static void read_existing(struct giver *giver, const struct json *from,
			  struct config_api *api)
{
	const struct json *id = json_get(from, "apiId");
	struct wsg_str name = referred(id);
	struct wsg_str given =
		name.len ? read_given(giver->reader, name) : json_text(id);

	if (given.len)
		api->id = mem_copy_in(giver->reader->config->arena, given);
	else
		give(giver, name, "", api->id);
}

void read_names(struct reader *reader, const struct json *root)
{
	const struct config_options *options = reader->options;
	struct config *config = reader->config;
	struct giver giver = { reader, { 0 } };
	const struct json *apis = json_get(root, "apis"), *from = apis->first;

	/* An API goes before a function of the same name. */
	for (size_t i = 0; i < config->functions_count; i++)
		give_function(&giver, &reader->functions[i]);
	for (size_t i = 0; i < config->apis_count; i++, from = from->next) {
		read_existing(&giver, from, &reader->apis[i]);
		give_api(&giver, &reader->apis[i]);
	}
	give_pseudo(&giver);
	for (size_t i = 0; i < options->given_count; i++)
		give(&giver, options->given[i].name, "",
		     options->given[i].value);
	for (from = apis->first; from; from = from->next)
		give_table(&giver, from);
	wsg_buf_release(&giver.name);
}

/* --- references in APIs --------------------------------------------------- */

/* Variables are texts to AWS, whatever the spec wrote. */
static const struct json *resolve_variables(struct reader *reader,
					    const struct config_api *api,
					    const struct config_stage *stage)
{
	struct json *made, *nodes;
	size_t i = 0;

	if (!stage->variables || !stage->variables->count)
		return NULL;
	made = mem_in(reader->config->arena, sizeof(*made));
	nodes = mem_in(reader->config->arena,
		       stage->variables->count * sizeof(*nodes));
	made->type = WSG_JSON_OBJECT;
	made->first = nodes;
	made->count = stage->variables->count;
	for (const struct json *at = stage->variables->first; at;
	     at = at->next, i++) {
		nodes[i].type = WSG_JSON_STRING;
		nodes[i].key = at->key;
		nodes[i].next = at->next ? &nodes[i + 1] : NULL;
		read_resolved(reader, at, &nodes[i].text,
			      (struct wsg_str){ NULL, 0 },
			      "API '%.*s', variable '%.*s' of stage '%.*s'",
			      WSG_FMT(api->name), WSG_FMT(at->key),
			      WSG_FMT(stage->name));
	}
	return made;
}

/* An authorizer by its ARN may be a function that is here after all. */
static void resolve_authorizer(struct reader *reader, const struct json *from,
			       struct config_authorizer *authorizer)
{
	const struct json *arn = json_get(from, "functionArn");
	const struct config *config = reader->config;
	struct wsg_buf out = { 0 };

	if (authorizer->function || !arn)
		return;
	if (!names_resolve(reader->names, arn, &out, NULL))
		wsg_buf_text(&out, "unknown");
	authorizer->function_arn = mem_copy_in(
		config->arena, (struct wsg_str){ out.ptr, out.len });
	wsg_buf_release(&out);
	for (size_t i = 0; i < config->functions_count; i++)
		if (wsg_str_equal(config->functions[i].arn,
				  authorizer->function_arn))
			authorizer->function = &config->functions[i];
}

static void read_one_api(struct reader *reader, const struct json *from,
			 struct config_api *api)
{
	const struct json *table =
		json_get(json_get(from, "connections"), "table");
	const struct json *at = json_get(from, "authorizers");
	struct config_stage *stages = (struct config_stage *)api->stages;
	struct config_authorizer *authorizers =
		(struct config_authorizer *)api->authorizers;

	if (table)
		read_resolved(reader, table, &api->table,
			      (struct wsg_str){ NULL, 0 },
			      "API '%.*s', table of its connections",
			      WSG_FMT(api->name));
	for (size_t i = 0; i < api->stages_count; i++)
		stages[i].variables =
			resolve_variables(reader, api, &stages[i]);
	at = at ? at->first : NULL;
	for (size_t i = 0; at && i < api->authorizers_count; i++, at = at->next)
		resolve_authorizer(reader, at, &authorizers[i]);
}

void read_api_values(struct reader *reader, const struct json *root)
{
	const struct json *list = json_get(root, "apis");
	const struct json *at = list ? list->first : NULL;

	for (size_t i = 0; at && i < reader->config->apis_count;
	     i++, at = at->next)
		read_one_api(reader, at, &reader->apis[i]);
}
