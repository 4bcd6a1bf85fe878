/* SPDX-License-Identifier: MIT */
/*
 * event.h - the events that functions get, member for member as API Gateway
 * writes them.
 */
#ifndef GATEWAY_EVENT_H
#define GATEWAY_EVENT_H

#include "../base/id.h"
#include "../base/json.h"
#include "../net/http.h"

/* What a connection remembers of how it came in. Strings are its own. */
struct caller {
	struct id connection_id;
	struct wsg_str api_id;
	struct wsg_str stage;
	struct wsg_str domain;		    /* the Host that it asked for */
	const struct json *stage_variables; /* or NULL */
	int64_t connected_ms;
	struct wsg_str source_ip;
	struct wsg_str user_agent;	    /* ptr NULL: the client sent none */
	struct wsg_str api_key, api_key_id; /* empty: none used */
	/* With an authorizer: its members without the braces, as JSON:
	 * `"tenant":"acme","principalId":"user"`; empty: none. */
	struct wsg_str authorizer;
	/* With IAM: the members of identity it adds, likewise; or empty. */
	struct wsg_str iam;
};

/* One event of it. */
struct occasion {
	struct id request_id;
	int64_t now_ms;
	struct wsg_str route;
};

/* All add to out; what a request brought is escaped as JSON demands. */
void event_connect(struct wsg_buf *out, const struct caller *caller,
		   const struct occasion *occasion,
		   const struct http_request *request,
		   int64_t authorizer_latency_ms);
void event_message(struct wsg_buf *out, const struct caller *caller,
		   const struct occasion *occasion, const struct id *message_id,
		   struct wsg_str body);
void event_disconnect(struct wsg_buf *out, const struct caller *caller,
		      const struct occasion *occasion, unsigned code,
		      struct wsg_str reason);
void event_authorize(struct wsg_buf *out, const struct caller *caller,
		     const struct occasion *occasion, struct wsg_str method_arn,
		     const struct http_request *request);

/*
 * `a=1&b=2` taken apart and decoded, in the order that they came in; what is
 * not encoded properly stays as it is. All of it lives in the arena.
 */
struct query_parameter {
	struct wsg_str name, value; /* bytes, not always UTF-8 */
};
size_t event_query(struct wsg_arena *arena, struct wsg_str query,
		   struct query_parameter **parameters);

#endif
