/* SPDX-License-Identifier: MIT */
/*
 * model.h - a spec as plain structs, just as it was written: nothing is
 * merged, nothing resolved. Each struct is a section of language.h; the reader
 * fills it and from then on it is const. Zero means "not given".
 */
#ifndef WSGEN_MODEL_H
#define WSGEN_MODEL_H

#include "doc.h"

struct text {
	const char *s; /* NULL: not given */
	struct loc loc;
};

struct flag {
	enum { FLAG_UNSET, FLAG_OFF, FLAG_ON } is;
	struct loc loc;
};

struct number {
	bool set;
	long long value; /* durations in ms, sizes in their unit */
	struct loc loc;
};

struct real {
	bool set;
	double value;
	struct loc loc;
};

struct texts {
	struct text *items;
	size_t count;
};

/* `true`, `false`, or a list of stage names. */
struct stage_choice {
	struct flag all;
	struct texts stages;
	struct loc loc; /* line 0: not given */
};

/* --- messages, SPEC.md section 5 ------------------------------------- */

enum type_kind {
	TYPE_STRING,
	TYPE_BOOL,
	TYPE_INT32,
	TYPE_INT64,
	TYPE_UINT32,
	TYPE_UINT64,
	TYPE_NUMBER,
	TYPE_BYTES,
	TYPE_TIMESTAMP,
	TYPE_JSON,
	TYPE_ENUM,
	TYPE_MESSAGE,
	TYPE_LIST,
	TYPE_MAP,
};

/* The text is kept, as no C number holds every int64, uint64 and fraction. */
struct bound {
	const char *text; /* NULL: none */
	double value;
};

struct message;

struct type {
	enum type_kind kind;
	struct loc loc;
	struct bound min, max;	       /* bytes, items, or the number itself */
	struct texts values;	       /* TYPE_ENUM */
	struct text message_name;      /* TYPE_MESSAGE */
	const struct message *message; /* set by check once it is known */
	struct type *item;	       /* TYPE_LIST, TYPE_MAP */
};

struct field {
	struct loc loc;
	struct text name, c_name, doc, pattern;
	const struct doc *fallback; /* the default; then it is never absent */
	bool optional;
	struct type *type;
};

/*
 * A message of `messages`, or one written in place. That one is named after
 * where it stands, with a dot, so that it never has a declared one's name:
 * "history.message" and "history.reply" of a route ("chat.history.message" with
 * `apis`), "Import.author" inside of a JSON Schema; and "caller" for an
 * authorizer's context or claims, "session" for a session's.
 */
struct message {
	struct loc loc;
	struct text name, doc;
	struct flag strict;
	bool in_place;
	bool bare; /* JSON has the value of its one field, and no object */
	LIST(struct field) fields;
};

/* The keys that start with $, as they are read. */
struct message_keys {
	struct loc loc;
	struct text doc;
	struct flag strict;
	struct text ref;	  /* a file with a JSON Schema */
	const struct doc *schema; /* a JSON Schema */
};

/* The long form of a field. */
struct field_keys {
	struct loc loc;
	const struct doc *type, *fallback, *pattern;
	struct text doc, name;
};

/* --- permissions, SPEC.md section 8 -------------------------------- */

struct statement {
	struct loc loc;
	struct text sid, effect;
	struct texts actions;
	LIST(const struct doc *) resources;
	const struct doc *conditions;
};

struct permission {
	struct loc loc;
	struct text what;    /* "s3", "s3:GetObject", "*", or an id */
	struct texts grants; /* [id, grant...]: what follows the id */
	const struct statement *statement; /* the long form, or NULL */
};

struct permissions {
	struct permission *items;
	size_t count;
	struct loc loc;
};

/* --- functions, section 4 ------------------------------------------- */

struct function_vpc {
	struct loc loc;
	LIST(const struct doc *) subnets, security_groups;
};

struct function_concurrency {
	struct loc loc;
	struct number reserved, provisioned;
};

struct function {
	struct loc loc;
	struct text name; /* its key in `functions` */
	struct text use;  /* the name of another one, instead of all below */
	struct text handler;
	struct number timeout_ms, memory_mb, storage_mb;
	struct text architecture, tracing, log_format;
	struct text log_retention, doc, logical_id;
	const struct doc *function_name, *description;
	const struct doc *environment, *tags, *role, *dead_letter, *kms_key;
	struct permissions permissions;
	LIST(const struct doc *) layers;
	const struct function_vpc *vpc;
	const struct function_concurrency *concurrency;
	struct texts sources, libraries;
	struct text init, shutdown;
};

/* --- routes, section 3 ---------------------------------------------- */

struct throttle {
	struct loc loc;
	struct real rate;
	struct number burst;
};

struct integration {
	struct loc loc;
	struct text type; /* mock, http, aws, ...; NULL beside a handler */
	struct number timeout_ms;
	struct text payload_format, content_handling, permission;
	const struct doc *parameters;
	const struct doc *request_templates, *request_parameters;
	struct text template_selection, passthrough;
	const struct doc *url, *uri, *role;
	struct text method, action;
	struct permissions permissions;
	struct text logical_id;
};

struct authorizer;

struct route {
	struct loc loc;
	struct text key;
	struct text handler;
	const struct function *function;
	const struct integration *integration;
	const struct doc *message, *reply; /* as written; see read/messages.h */
	const struct type *message_type, *reply_type; /* what they mean */
	bool reply_any;				      /* `reply: true` */
	struct texts sends;
	struct flag closes, inspects;
	const struct authorizer *authorizer;
	struct texts scopes;
	struct flag api_key, metrics, data_trace;
	const struct throttle *throttle;
	struct text logging, on_invalid, operation, doc, validate;
	struct permissions permissions;
	struct stage_choice manage_connections;
	struct text logical_id;
};

/* --- who may call, section 6 ---------------------------------------- */

struct secret {
	struct loc loc;
	struct text env, ssm;
};

struct user_pool {
	struct loc loc;
	const struct doc *id;
	struct text region;
};

struct authorizer {
	struct loc loc;
	struct text name_key; /* its key in `authorizers` */
	struct text use;      /* a name, `iam` or `none`, instead of the rest */
	struct text type;
	struct text name; /* the resource's */
	struct text handler;
	const struct function *function;
	const struct doc *function_arn;
	struct texts identity;
	const struct doc *context, *claims; /* fields, as in a message */
	const struct message *context_fields, *claims_fields;
	struct number ttl_ms;
	const struct doc *issuer;
	LIST(const struct doc *) audience, clients;
	struct text jwks;
	const struct secret *secret;
	const struct user_pool *user_pool;
	struct texts scopes;
	struct text doc, logical_id;
};

/* --- connections, section 7 ------------------------------------------ */

struct connections {
	struct loc loc;
	struct text store;
	struct number ttl_ms;
	struct flag topics;
	const struct doc *table;
};

/* --- access logs, stages and the API itself, sections 10 to 12 ------- */

struct access_log {
	struct loc loc;
	struct flag on;
	struct text format, retention;
	const struct doc *destination, *kms_key;
};

struct stage {
	struct loc loc;
	struct text name;
	struct text logging, logical_id;
	const struct doc *description;
	struct flag auto_deploy, metrics, data_trace;
	const struct throttle *throttle;
	const struct doc *variables, *properties;
	const struct access_log *access_log;
};

struct gateway {
	struct loc loc;
	const struct doc *name, *id, *description, *version;
	struct text route_selection, api_key_selection;
	struct text ip_address_type, logical_id;
	struct flag schema_validation, execute_api_endpoint;
	const struct doc *properties;
};

/* --- an API and the whole spec, sections 2 and 18 --------------------- */

struct defaults {
	struct loc loc;
	const struct function *function;
	const struct integration *integration;
};

struct api {
	struct loc loc;
	struct text name; /* its key in `apis`; the spec's name without them */
	struct text type, doc, grouping;
	LIST(struct route) routes;
	const struct defaults *defaults;
	const struct authorizer *authorizer;
	struct texts scopes;
	const struct connections *connections;
	struct permissions permissions;
	struct stage_choice manage_connections;
	const struct access_log *access_log;
	const struct stage *stage; /* `stage`, or else: */
	LIST(struct stage) stages;
	bool no_stages; /* `stages: []` */
	const struct gateway *gateway;
	const struct authorizer *session;
	struct text logical_id;
};

struct grant {
	struct loc loc;
	const struct doc *to;
	struct text api, key;
	struct texts routes, stages, actions;
};

struct spec {
	struct loc loc;
	struct text name;
	struct texts include;
	struct text doc; /* of the whole; the one API's without `apis` */
	const struct defaults *defaults; /* above `apis`; or NULL */
	bool has_apis; /* `apis` was written: generated names carry the API's */
	LIST(struct api) apis; /* one, implied, without `apis` */
	LIST(struct function) functions;
	const struct doc *messages_doc; /* as written */
	LIST(struct message *)
	messages; /* declared ones, then those in place */
	LIST(struct authorizer) authorizers;
	const struct doc *resources, *outputs, *parameters, *tags;
	const struct doc *mappings, *conditions;
	LIST(struct grant) grants;
};

#endif
