/* SPDX-License-Identifier: MIT */
/*
 * plan.h - the API as it will be built: defaults merged, functions and
 * integrations shared out, every name and logical id settled. Emitters are
 * pure functions of a const struct plan; none of them decides anything that
 * another would have to know.
 */
#ifndef WSGEN_PLAN_H
#define WSGEN_PLAN_H

#include "base/map.h"
#include "model.h"

struct plan;
struct plan_api;
struct plan_function;
struct plan_route;
struct plan_connections;

/* --- C ---------------------------------------------------------------- */

struct plan_message {
	const struct message *message;
	const char *snake;  /* send_message, as in struct chat_send_message */
	const char *shout;  /* SEND_MESSAGE */
	bool bounded;	    /* max_size is known */
	size_t max_size;    /* of its JSON, nothing escaped */
	size_t max_escaped; /* of its JSON, everything escaped */
	bool decoded, encoded; /* something receives it, something sends it */
};

/* Where a user's function stands: path/file.symbol. */
struct plan_handler {
	const char *file;   /* src/send.c, relative to the spec's folder; or
			     * NULL, when the symbol is the runtime's */
	const char *symbol; /* on_send_message */
	struct loc loc;
};

/* --- functions ---------------------------------------------------------- */

enum plan_function_kind {
	PLAN_ROUTES,	 /* dispatches routes to typed handlers */
	PLAN_RAW,	 /* one handler that gets the event as it is */
	PLAN_AUTHORIZER, /* one handler that lets in or not */
	PLAN_JWT,	 /* a generated authorizer */
};

/* What a bearer token has to be; a text such as "$NAME" is a variable's. */
struct plan_token {
	const struct authorizer *authorizer;
	const char *issuer, *jwks; /* or NULL */
	LIST(const char *) audience;
	struct doc *environment; /* those variables, or NULL */
};

/* One Allow or Deny, ready for any policy document. */
struct plan_statement {
	const char *sid;    /* or NULL */
	const char *effect; /* "Allow" or "Deny" */
	LIST(const char *) actions;
	LIST(struct doc *) resources; /* CloudFormation values */
	struct doc *conditions;	      /* or NULL */
};

struct plan_function {
	const char *name; /* chat, or chat-send-message; functions/<name> */
	const char *id;	  /* logical id: ChatFunction */
	const char *role_id, *log_group_id, *policy_id;
	const char *version_id, *alias_id; /* provisioned concurrency only */
	enum plan_function_kind kind;
	const struct function *props;  /* merged, defaults filled in */
	const struct doc *environment; /* merged map, or NULL */
	const struct plan_api *api;    /* NULL when several share it */
	LIST(struct plan_route *) routes;
	struct plan_handler handler;	     /* PLAN_RAW, PLAN_AUTHORIZER */
	const struct authorizer *authorizer; /* PLAN_AUTHORIZER, PLAN_JWT */
	const struct plan_token *token;	     /* PLAN_JWT */
	LIST(struct plan_handler) init, shutdown; /* none or one */
	LIST(const char *) files;		  /* of the user's, each once */
	/* What its routes, its APIs and the defaults ask for beside props. */
	LIST(const struct permissions *) more_permissions;
	LIST(const struct stage_choice *) manage; /* of its routes */
	LIST(const struct plan_api *) apis;	  /* whose routes it has */
	LIST(const struct plan_message *) sends;  /* of all its routes */
	bool declares; /* a route declares sends, closes or inspects */
	bool closes, inspects;
	const struct plan_connections *connections; /* that it keeps, or NULL */
	LIST(struct plan_statement) statements;	    /* of its role */
	/*
	 * So many of them, the last ones, are on what waits for a function of
	 * ours. They are a policy of their own: the function waits for the
	 * other, and would wait for itself in a circle.
	 */
	size_t calls;
	const char *calls_policy_id; /* NULL: none */
	struct loc loc;
};

/* --- routes --------------------------------------------------------------- */

enum plan_route_kind {
	ROUTE_CONNECT,
	ROUTE_DISCONNECT,
	ROUTE_DEFAULT,
	ROUTE_CUSTOM,
};

enum plan_on_invalid { INVALID_LOG, INVALID_REPLY, INVALID_HANDLER };

enum plan_auth { AUTH_NONE, AUTH_IAM, AUTH_CUSTOM };

struct plan_integration {
	const char *id;
	const struct integration *props;      /* merged; never NULL */
	const struct plan_function *function; /* NULL: mock, http, aws */
	const char *role_id;   /* aws: the role that wsgen makes, or NULL */
	bool makes_role;       /* the first of those that share role_id */
	const char *policy_id; /* of that role, for the one that makes it */
	LIST(struct plan_statement) statements; /* of that role */
	const char *response_id;   /* two-way and no function: its answer */
	const char *permission_id; /* one for the API; NULL: one a route */
	LIST(const struct plan_route *) routes; /* that lead to it */
};

struct plan_route {
	const struct route *route;
	bool added; /* the spec leaves it out: then route is nearly empty */
	const struct plan_api *api;
	enum plan_route_kind kind;
	const char *key;   /* $connect */
	const char *snake; /* connect, send_message */
	const char *name;  /* sendMessage, connect: what ids are made from */
	const char *id, *response_id;	/* logical; response_id: two-way only */
	const char *permission_id;	/* NULL: none, or one for the API */
	const char *model_id;		/* NULL unless the gateway validates */
	struct plan_function *function; /* NULL: integration in place */
	struct plan_handler handler;
	struct plan_integration *integration;
	bool two_way;
	const struct plan_message *message; /* NULL: untyped */
	const struct plan_message *reply;   /* NULL: untyped, or one-way */
	enum plan_on_invalid on_invalid;
	LIST(const struct plan_message *) sends;
	bool closes, inspects, declares;
	enum plan_auth auth; /* $connect alone has other than AUTH_NONE */
	const struct plan_authorizer *authorizer;
};

struct plan_authorizer {
	const char *id, *name, *permission_id;
	const struct authorizer *authorizer;
	const struct plan_function *function; /* NULL: function_arn */
	LIST(const char *) identity;	      /* as CloudFormation wants it */
	LIST(struct plan_route *) routes;
};

/* --- stages and APIs -------------------------------------------------- */

struct plan_stage {
	const struct stage *stage;
	const char *name;	  /* dev */
	const char *id;		  /* ChatStage, ChatProdStage */
	const char *id_stem;	  /* the same without Stage */
	const char *log_group_id; /* NULL: no log, or its own destination */
	const char *log_format;	  /* as in the spec; NULL: no access log */
	const struct access_log *access_log;
	int log_days;	   /* 0: kept forever */
	bool is_parameter; /* its name is the parameter StageName */
	bool auto_deploy;
	struct doc *name_value; /* {Ref: StageName}, or the name */
};

/* The table of an API's connections. */
struct plan_connections {
	const char *id; /* ChatConnections; NULL: a table that exists */
	const struct doc
		*table; /* its name: {Ref: ChatConnections}, or theirs */
	long long ttl_s;
	bool topics;
};

/* arn:...:table/<name> */
struct doc *plan_connections_arn(const struct plan *plan,
				 const struct plan_connections *connections);

struct plan_api {
	const struct api *api;
	const struct plan *plan;
	const char *name;     /* chat */
	const char *prefix;   /* of C names: chat */
	const char *pascal;   /* of logical ids: Chat */
	const char *id;	      /* ChatApi; NULL: an existing one */
	struct doc *id_value; /* {Ref: ChatApi}, or gateway.id */
	struct doc *gateway_name;
	LIST(struct plan_route)
	routes; /* sorted: $connect, $default,
		 * $disconnect, then by key's bytes */
	LIST(struct plan_integration *) integrations;
	LIST(struct plan_authorizer *) authorizers;
	LIST(struct plan_stage) stages;
	const char *deployment_id; /* before its hash; NULL: all auto */
	const struct authorizer *session;
	const struct plan_token *session_token;	    /* NULL: no session */
	const struct plan_connections *connections; /* NULL: not kept */
};

/* Somebody else who may call: what `grants` give to one `to`. */
struct plan_caller {
	const char *name; /* iam/callers/<name>.json */
	const char *policy_id;
	const char *attach; /* "Roles", "Users" or "Groups" */
	struct doc *to;	    /* the role's, user's or group's name */
	LIST(struct plan_statement) statements;
};

struct plan {
	const struct spec *spec;
	struct arena *arena;
	const char *name;   /* the spec's */
	const char *pascal; /* Chat */
	LIST(struct plan_api) apis;
	LIST(struct plan_function *) functions; /* sorted by name */
	LIST(struct plan_message) messages;	/* nested ones first */
	struct map by_message; /* struct message * -> struct plan_message */
	LIST(struct plan_caller) callers;
	struct map ids;	    /* logical id -> struct loc *, of ours and theirs */
	bool needs_account; /* a stage logs: account.yaml */
	const char *source_dir; /* of the main spec, relative to where wsgen
				 * runs: "." or "a/b" */
};

#endif
