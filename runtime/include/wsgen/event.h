/* SPDX-License-Identifier: MIT */
/*
 * wsgen/event.h - what AWS hands over, and what a handler may ask and answer.
 *
 * An event that is const can be read and nothing else: $connect, $disconnect
 * and authorizers get theirs so, since no message can be sent from there. All
 * strings are borrowed from the event and valid until the handler returns; what
 * AWS left out, or sent as null, is an empty string with a NULL ptr, or 0.
 */
#ifndef WSGEN_EVENT_H
#define WSGEN_EVENT_H

#include <wsgen/message.h>
#include <wsgen/str.h>

#include <stdint.h>

/*
 * What a handler answers.
 *
 *	            $connect        a route             an authorizer
 *	WSG_OK      opens           the reply, if any   allow
 *	WSG_INVALID 400             error frame         401
 *	WSG_REFUSED 403 or yours    error frame         deny: 403
 *	WSG_FAILED  502             error of Lambda     error of Lambda: 500
 *
 * The error frame goes to two-way routes only: {"error":"invalid"} or
 * {"error":"refused"}. An error of Lambda counts in its metrics and makes API
 * Gateway send its own "Internal server error" frame. On $disconnect nobody
 * waits for the answer.
 */
enum wsg_result { WSG_OK, WSG_INVALID, WSG_REFUSED, WSG_FAILED };

struct wsg_event;      /* what AWS handed over; opaque */
struct wsg_connect;    /* a client at the door: cannot be sent to yet */
struct wsg_disconnect; /* a client that has left: code and reason */
struct wsg_authorize;  /* a client who wants to be let in */

/* The connection and the request, as requestContext has them. */
struct wsg_str wsg_connection_id(const struct wsg_event *event);
struct wsg_str wsg_route_key(const struct wsg_event *event);
struct wsg_str wsg_request_id(const struct wsg_event *event);
struct wsg_str wsg_message_id(const struct wsg_event *event);
struct wsg_str wsg_event_type(const struct wsg_event *event);
struct wsg_str wsg_stage(const struct wsg_event *event);
struct wsg_str wsg_api_id(const struct wsg_event *event);
struct wsg_str wsg_domain_name(const struct wsg_event *event);
struct wsg_str wsg_source_ip(const struct wsg_event *event);
struct wsg_str wsg_user_agent(const struct wsg_event *event);
int64_t wsg_connected_at_ms(const struct wsg_event *event);
int64_t wsg_request_time_ms(const struct wsg_event *event);

/*
 * Any other member of requestContext (`requestTime`), of its identity (`user`,
 * `apiKeyId`), or of the stage's variables. Strings come as they are, numbers
 * and booleans as their text; objects, arrays, null and what is absent as none.
 */
struct wsg_str wsg_context(const struct wsg_event *event, const char *name);
struct wsg_str wsg_identity(const struct wsg_event *event, const char *name);
struct wsg_str wsg_stage_variable(const struct wsg_event *event,
				  const char *name);

/*
 * What the authorizer said on $connect: its principal and the values of its
 * context, as text. With `context:` or `claims:` in the spec, generated code
 * reads them into a struct through wsg_read_authorizer.
 */
struct wsg_str wsg_principal(const struct wsg_event *event);
struct wsg_str wsg_authorizer(const struct wsg_event *event, const char *name);
bool wsg_read_authorizer(const struct wsg_event *event,
			 const struct wsg_shape *shape, void *context);

/*
 * Headers, whose names ignore case, and query parameters, whose names do not;
 * present on $connect and in authorizers. Without an index: the last one, as
 * AWS picks it.
 */
struct wsg_str wsg_header(const struct wsg_event *event, const char *name);
size_t wsg_header_count(const struct wsg_event *event, const char *name);
struct wsg_str wsg_header_at(const struct wsg_event *event, const char *name,
			     size_t index);
struct wsg_str wsg_query(const struct wsg_event *event, const char *name);
size_t wsg_query_count(const struct wsg_event *event, const char *name);
struct wsg_str wsg_query_at(const struct wsg_event *event, const char *name,
			    size_t index);

/*
 * The message as the client sent it. Reading it as a message (which generated
 * code does before the handler runs) unescapes it in place: text afterwards
 * only for routes without `message`.
 */
struct wsg_str wsg_body(const struct wsg_event *event);

/*
 * The whole event as it came, for raw functions: theirs to read in place with
 * wsgen/json.h, since a NUL follows. Other functions find pieces of it here,
 * taken apart.
 */
char *wsg_raw(struct wsg_event *event, size_t *len);

/* Lambda's side: all but the first two may be absent. */
struct wsg_str wsg_invocation_id(const struct wsg_event *event);
int64_t wsg_deadline_ms(const struct wsg_event *event); /* Unix time */
int64_t wsg_remaining_ms(const struct wsg_event *event);
struct wsg_str wsg_function_arn(const struct wsg_event *event);
struct wsg_str wsg_trace_id(const struct wsg_event *event);
struct wsg_str wsg_client_context(const struct wsg_event *event);
struct wsg_str wsg_cognito_identity(const struct wsg_event *event);

/* Memory that goes with the event; zeroed. NULL when there is none left. */
void *wsg_alloc(const struct wsg_event *event, size_t size);

/* $connect: say no, with this HTTP status; `return wsg_connect_reject(...)`. */
const struct wsg_event *wsg_connect_event(const struct wsg_connect *client);
enum wsg_result wsg_connect_reject(struct wsg_connect *client, int status);

/*
 * Subprotocols. The gateway chooses none by itself, and a browser that offered
 * some drops the connection when none was chosen. Choosing what the client did
 * not offer is refused: false.
 */
bool wsg_connect_offers(const struct wsg_connect *client, const char *protocol);
bool wsg_connect_subprotocol(struct wsg_connect *client, const char *protocol);

/* $disconnect: how it ended, as RFC 6455 numbers it, 0 if AWS did not say. */
const struct wsg_event *
wsg_disconnect_event(const struct wsg_disconnect *client);
int wsg_disconnect_code(const struct wsg_disconnect *client);
struct wsg_str wsg_disconnect_reason(const struct wsg_disconnect *client);

/*
 * Authorizers. `return wsg_allow(client, who)` lets the client in and makes
 * `who` its principal; deny and unauthorized show it 403 and 401. WSG_OK
 * without wsg_allow counts as a failure: nobody gets in by accident. The
 * strings are copied.
 */
const struct wsg_event *wsg_authorize_event(const struct wsg_authorize *client);
struct wsg_str wsg_method_arn(const struct wsg_authorize *client);
enum wsg_result wsg_allow(struct wsg_authorize *client, struct wsg_str who);
enum wsg_result wsg_deny(struct wsg_authorize *client);
enum wsg_result wsg_unauthorized(struct wsg_authorize *client);

/*
 * What the answer's policy is about: the method that is asked for, unless
 * resources are named here. A denied one wins over an allowed one.
 */
void wsg_allow_resource(struct wsg_authorize *client, struct wsg_str arn);
void wsg_deny_resource(struct wsg_authorize *client, struct wsg_str arn);

/* The API key to count this client under (apiKeySelection: authorizer). */
void wsg_usage_key(struct wsg_authorize *client, struct wsg_str key);

/*
 * Values that every later event of the connection carries, where wsg_authorizer
 * finds them as text; the struct form writes every scalar of a message.
 */
void wsg_context_string(struct wsg_authorize *client, const char *name,
			struct wsg_str value);
void wsg_context_int(struct wsg_authorize *client, const char *name,
		     int64_t value);
void wsg_context_number(struct wsg_authorize *client, const char *name,
			double value);
void wsg_context_bool(struct wsg_authorize *client, const char *name,
		      bool value);
bool wsg_write_context(struct wsg_authorize *client,
		       const struct wsg_shape *shape, const void *context);

#endif
