/* SPDX-License-Identifier: MIT */
/*
 * event.c - the order of members is AWS's, down to where they are absent. Most
 * of each event is literal text; what a client brought is escaped.
 */
#include "event.h"

#include "../base/date.h"
#include "../base/mend.h"
#include "maps.h"

/* What is particular to one kind of event. */
struct kind {
	const char *type;
	const struct id *message_id; /* NULL: no MESSAGE */
	bool disconnect;
	unsigned code;
	struct wsg_str reason;
	bool latency; /* in authorizer, as CONNECT has it */
	int64_t latency_ms;
};

/* `"name":text`, with the comma that it needs. */
static void put_text(struct wsg_buf *out, const char *name, struct wsg_str text)
{
	wsg_json_put_key(out, wsg_str(name));
	mend_put(out, text);
}

static void put_int(struct wsg_buf *out, const char *name, int64_t value)
{
	wsg_json_put_key(out, wsg_str(name));
	wsg_json_put_int64(out, value);
}

/* Members that are JSON already, without the braces around them. */
static void put_members(struct wsg_buf *out, struct wsg_str members)
{
	if (!members.len)
		return;
	if (out->len && out->ptr[out->len - 1] != '{')
		wsg_buf_text(out, ",");
	wsg_buf_str(out, members);
}

static void put_stage_variables(struct wsg_buf *out,
				const struct caller *caller, bool always)
{
	if (!caller->stage_variables && !always)
		return;
	wsg_json_put_key(out, wsg_str("stageVariables"));
	if (caller->stage_variables) {
		json_put(out, caller->stage_variables);
		return;
	}
	wsg_json_put_object(out);
	wsg_json_put_object_end(out);
}

/* --- requestContext ------------------------------------------------------- */

static void put_authorizer(struct wsg_buf *out, const struct caller *caller,
			   const struct kind *kind)
{
	if (!caller->authorizer.len)
		return;
	wsg_json_put_key(out, wsg_str("authorizer"));
	wsg_json_put_object(out);
	put_members(out, caller->authorizer);
	if (kind->latency)
		put_int(out, "integrationLatency", kind->latency_ms);
	wsg_json_put_object_end(out);
}

static void put_identity(struct wsg_buf *out, const struct caller *caller)
{
	wsg_json_put_key(out, wsg_str("identity"));
	wsg_json_put_object(out);
	put_members(out, caller->iam);
	if (caller->api_key.len)
		put_text(out, "apiKey", caller->api_key);
	if (caller->api_key_id.len)
		put_text(out, "apiKeyId", caller->api_key_id);
	if (caller->user_agent.ptr)
		put_text(out, "userAgent", caller->user_agent);
	put_text(out, "sourceIp", caller->source_ip);
	wsg_json_put_object_end(out);
}

static void put_context(struct wsg_buf *out, const struct caller *caller,
			const struct occasion *occasion,
			const struct kind *kind)
{
	const struct wsg_str request_id = wsg_str(occasion->request_id.text);
	const struct date date = date_log(occasion->now_ms);

	wsg_json_put_key(out, wsg_str("requestContext"));
	wsg_json_put_object(out);
	put_text(out, "routeKey", occasion->route);
	put_authorizer(out, caller, kind);
	if (kind->message_id)
		put_text(out, "messageId", wsg_str(kind->message_id->text));
	if (kind->disconnect)
		put_int(out, "disconnectStatusCode", kind->code);
	put_text(out, "eventType", wsg_str(kind->type));
	put_text(out, "extendedRequestId", request_id);
	put_text(out, "requestTime", wsg_str(date.text));
	put_text(out, "messageDirection", wsg_str("IN"));
	if (kind->disconnect)
		put_text(out, "disconnectReason", kind->reason);
	put_text(out, "stage", caller->stage);
	put_int(out, "connectedAt", caller->connected_ms);
	put_int(out, "requestTimeEpoch", occasion->now_ms);
	put_identity(out, caller);
	put_text(out, "requestId", request_id);
	put_text(out, "domainName", caller->domain);
	put_text(out, "connectionId", wsg_str(caller->connection_id.text));
	put_text(out, "apiId", caller->api_id);
	wsg_json_put_object_end(out);
}

/* --- the events ----------------------------------------------------------- */

static void put_end(struct wsg_buf *out)
{
	wsg_buf_text(out, ",\"isBase64Encoded\":false}");
}

void event_connect(struct wsg_buf *out, const struct caller *caller,
		   const struct occasion *occasion,
		   const struct http_request *request,
		   int64_t authorizer_latency_ms)
{
	const struct kind kind = {
		.type = "CONNECT",
		.latency = true,
		.latency_ms = authorizer_latency_ms,
	};

	wsg_buf_text(out, "{");
	maps_put_headers(out, caller, request, false);
	maps_put_query(out, request->query, false);
	put_stage_variables(out, caller, false);
	put_context(out, caller, occasion, &kind);
	put_end(out);
}

void event_message(struct wsg_buf *out, const struct caller *caller,
		   const struct occasion *occasion, const struct id *message_id,
		   struct wsg_str body)
{
	const struct kind kind = { .type = "MESSAGE",
				   .message_id = message_id };

	wsg_buf_text(out, "{");
	put_stage_variables(out, caller, false);
	put_context(out, caller, occasion, &kind);
	put_text(out, "body", body);
	put_end(out);
}

/* The four headers that stand in for those of a request. */
static void put_placeholders(struct wsg_buf *out, const struct caller *caller)
{
	wsg_buf_text(out, "\"headers\":{\"Host\":");
	mend_put(out, caller->domain);
	wsg_buf_text(out, ",\"x-api-key\":\"\",\"X-Forwarded-For\":\"\","
			  "\"x-restapi\":\"\"},"
			  "\"multiValueHeaders\":{\"Host\":[");
	mend_put(out, caller->domain);
	wsg_buf_text(out, "],\"x-api-key\":[\"\"],\"X-Forwarded-For\":[\"\"],"
			  "\"x-restapi\":[\"\"]}");
}

void event_disconnect(struct wsg_buf *out, const struct caller *caller,
		      const struct occasion *occasion, unsigned code,
		      struct wsg_str reason)
{
	const struct kind kind = {
		.type = "DISCONNECT",
		.disconnect = true,
		.code = code,
		.reason = reason,
	};

	wsg_buf_text(out, "{");
	put_placeholders(out, caller);
	put_stage_variables(out, caller, false);
	put_context(out, caller, occasion, &kind);
	put_end(out);
}

/* Here empty maps are there, and the headers of the hop. */
void event_authorize(struct wsg_buf *out, const struct caller *caller,
		     const struct occasion *occasion, struct wsg_str method_arn,
		     const struct http_request *request)
{
	const struct kind kind = { .type = "CONNECT" };

	wsg_buf_text(out, "{\"type\":\"REQUEST\"");
	put_text(out, "methodArn", method_arn);
	maps_put_headers(out, caller, request, true);
	maps_put_query(out, request->query, true);
	put_stage_variables(out, caller, true);
	put_context(out, caller, occasion, &kind);
	wsg_buf_text(out, "}");
}
