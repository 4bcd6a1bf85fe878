/* SPDX-License-Identifier: MIT */
/*
 * config.h - build/gateway.json as structs, with every reference turned into
 * the value that it has on this machine. All of it lives in the config's arena
 * and is const afterwards.
 */
#ifndef GATEWAY_CONFIG_H
#define GATEWAY_CONFIG_H

#include "../base/json.h"

#include <stddef.h>
#include <stdint.h>

#define CONFIG_VERSION 1
#define CONFIG_MAX ((size_t)16 << 20) /* bytes of gateway.json */
#define CONFIG_REGION "us-east-1"
#define CONFIG_ACCOUNT "123456789012"

/* Both 0: none. A rate of 0 beside a burst: the account's. */
struct config_throttle {
	double rate; /* a second */
	int64_t burst;
};

struct config_stage {
	struct wsg_str name;
	struct config_throttle throttle; /* for each route of the stage */
	const struct json *variables;	 /* an object, or NULL */
};

struct config_authorizer {
	struct wsg_str name;
	const struct config_function *function;
	struct wsg_str function_arn;	/* instead: one that is not here */
	const struct wsg_str *identity; /* route.request.header.X ... */
	size_t identity_count;
};

enum config_authorization { CONFIG_NONE, CONFIG_IAM, CONFIG_CUSTOM };

struct config_route {
	struct wsg_str key;
	const struct config_function *function; /* NULL: an integration */
	const struct json *integration;
	int64_t timeout_ms; /* the integration's; 29,000 by default */
	enum config_authorization authorization;
	const struct config_authorizer *authorizer;
	bool two_way;
	bool api_key;
	struct config_throttle throttle;
	struct wsg_str message, reply; /* names of messages, or empty */
	const struct json *model;      /* JSON Schema of bodies, or NULL */
};

struct config_api {
	struct wsg_str name;
	struct wsg_str logical_id;
	struct wsg_str id; /* the one that it has here */
	int port;
	struct wsg_str selection; /* $request.body.action */
	bool key_from_authorizer; /* apiKeySelection */
	const struct config_stage *stages;
	size_t stages_count;
	const struct config_authorizer *authorizers;
	size_t authorizers_count;
	const struct config_route *routes;
	size_t routes_count;
	struct wsg_str table; /* of its connections; empty: none */
	bool topics;
};

struct config_variable {
	struct wsg_str name, value;
};

struct config_function {
	struct wsg_str name;
	struct wsg_str logical_id;
	struct wsg_str arn;
	const char *bootstrap; /* absolute path */
	const char *folder;    /* absolute path of the folder that it is in */
	int64_t timeout_ms;
	unsigned memory_mb;
	bool log_json;
	const struct config_variable *environment;
	size_t environment_count;
	const struct json *policy; /* build/iam/<name>.json, or NULL */
};

struct config {
	struct wsg_arena *arena;
	const char *build; /* absolute path of the folder */
	struct wsg_str name;
	/* CONFIG_REGION and CONFIG_ACCOUNT, unless --env gave AWS::Region or
	 * AWS::AccountId: what all ARNs here are made with. */
	struct wsg_str region, account;
	const struct config_api *apis;
	size_t apis_count;
	const struct config_function *functions;
	size_t functions_count;
	const struct json *messages; /* as they stand, for the console */
	/* What `${X}` stands for, to resolve a policy's references with. */
	const struct names *names;
};

struct config_options {
	const char *build; /* the folder, as the user said it */
	int port;	   /* of the first API; the next ones follow */
	struct wsg_str host;
	/* --env and .env: what values the user gave, the last one counts. */
	const struct config_variable *given;
	size_t given_count;
};

/*
 * Read it. NULL: *why holds one line for each thing that is wrong, such as a
 * reference that nothing gives a value for and how to give it.
 */
struct config *config_read(const struct config_options *options,
			   struct wsg_buf *why);
void config_free(struct config *config);

/* Whether any API keeps a table of its connections. */
bool config_has_tables(const struct config *config);

/*
 * Lines of NAME=value, with `export` in front or not, and `#` comments. A value
 * is the rest of its line as it stands, or in quotes, which may cover several
 * lines: '...' as it stands, "..." with \n \r \t \" \\ \$ in it. Nothing is
 * expanded; names may have dots and colons. False: *why says which lines are
 * none, as FILE:LINE.
 */
bool config_read_env(struct wsg_arena *arena, const char *path,
		     struct config_variable **variables, size_t *count,
		     struct wsg_buf *why);

#endif
