/* SPDX-License-Identifier: MIT */
/* What a handler may ask about its event. */
#include "internal.h"

#include <strings.h>

static struct wsg_str none(void)
{
	return (struct wsg_str){ NULL, 0 };
}

/* Text of a scalar; none for what is absent, null, an object or an array. */
static struct wsg_str scalar(const struct wsg_pair *pair)
{
	if (pair &&
	    (pair->type == WSG_JSON_STRING || pair->type == WSG_JSON_NUMBER ||
	     pair->type == WSG_JSON_BOOL))
		return pair->value;
	return none();
}

static struct wsg_str ask(const struct wsg_event *event,
			  struct wsg_pairs *pairs, const char *name)
{
	return scalar(wsg_pairs_find(pairs, event->arena, name));
}

struct wsg_str wsg_context(const struct wsg_event *event, const char *name)
{
	return ask(event, &event->maps->context, name);
}

struct wsg_str wsg_identity(const struct wsg_event *event, const char *name)
{
	return ask(event, &event->maps->identity, name);
}

struct wsg_str wsg_stage_variable(const struct wsg_event *event,
				  const char *name)
{
	return ask(event, &event->maps->stage_variables, name);
}

struct wsg_str wsg_connection_id(const struct wsg_event *event)
{
	return wsg_context(event, "connectionId");
}

struct wsg_str wsg_route_key(const struct wsg_event *event)
{
	return event->route_key;
}

struct wsg_str wsg_request_id(const struct wsg_event *event)
{
	return wsg_context(event, "requestId");
}

struct wsg_str wsg_message_id(const struct wsg_event *event)
{
	return wsg_context(event, "messageId");
}

struct wsg_str wsg_event_type(const struct wsg_event *event)
{
	return wsg_context(event, "eventType");
}

struct wsg_str wsg_stage(const struct wsg_event *event)
{
	return wsg_context(event, "stage");
}

struct wsg_str wsg_api_id(const struct wsg_event *event)
{
	return wsg_context(event, "apiId");
}

struct wsg_str wsg_domain_name(const struct wsg_event *event)
{
	return wsg_context(event, "domainName");
}

struct wsg_str wsg_source_ip(const struct wsg_event *event)
{
	return wsg_identity(event, "sourceIp");
}

struct wsg_str wsg_user_agent(const struct wsg_event *event)
{
	return wsg_identity(event, "userAgent");
}

/* A whole number of requestContext; 0 if there is none. */
static int64_t whole(const struct wsg_event *event, const char *name)
{
	struct wsg_str text = wsg_context(event, name);
	bool negative = text.len && *text.ptr == '-';
	int64_t value = 0;
	size_t i;

	for (i = negative; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' ||
		    value > (INT64_MAX - 9) / 10)
			return 0;
		value = value * 10 + (text.ptr[i] - '0');
	}
	return negative ? -value : value;
}

int64_t wsg_connected_at_ms(const struct wsg_event *event)
{
	return whole(event, "connectedAt");
}

int64_t wsg_request_time_ms(const struct wsg_event *event)
{
	return whole(event, "requestTimeEpoch");
}

/*
 * The authorizer's object is read from a copy, since wsg_read_authorizer wants
 * it whole, and as often as it is called.
 */
static bool authorizer_copy(const struct wsg_event *event, struct wsg_str *copy)
{
	struct wsg_str raw = event->maps->authorizer.raw;

	*copy = wsg_arena_copy(event->arena, raw.len ? raw : wsg_str("{}"));
	return copy->ptr != NULL;
}

struct wsg_str wsg_authorizer(const struct wsg_event *event, const char *name)
{
	struct wsg_pairs *pairs = &event->maps->authorizer;
	struct wsg_str raw = pairs->raw, copy;

	if (!pairs->read && raw.len) {
		if (!authorizer_copy(event, &copy))
			return none();
		pairs->raw = copy;
		wsg_pairs_read(pairs, event->arena);
		pairs->raw = raw;
	}
	return ask(event, pairs, name);
}

struct wsg_str wsg_principal(const struct wsg_event *event)
{
	return wsg_authorizer(event, "principalId");
}

bool wsg_read_authorizer(const struct wsg_event *event,
			 const struct wsg_shape *shape, void *context)
{
	struct wsg_invalid why;
	struct wsg_str copy;

	if (!authorizer_copy(event, &copy))
		return false;
	if (wsg_decode_lenient(shape, (char *)copy.ptr, copy.len, event->arena,
			       context, &why))
		return true;
	wsg_log(WSG_ERROR, "the authorizer's context does not fit: %.*s: %.*s",
		WSG_FMT(why.field), WSG_FMT(why.reason));
	return false;
}

static bool named(const struct wsg_pair *pair, const char *name, bool any_case)
{
	size_t len = strlen(name);

	if (pair->key.len != len)
		return false;
	return any_case ? !strncasecmp(pair->key.ptr, name, len)
			: !memcmp(pair->key.ptr, name, len);
}

/* The index-th value of that name; *count, unless NULL, is how many. */
static struct wsg_str nth(struct wsg_pairs *pairs, struct wsg_arena *arena,
			  const char *name, bool any_case, size_t index,
			  size_t *count)
{
	struct wsg_str found = none();
	size_t i, seen = 0;

	wsg_pairs_read(pairs, arena);
	for (i = 0; i < pairs->count; i++) {
		if (!named(&pairs->items[i], name, any_case))
			continue;
		if (seen++ == index)
			found = scalar(&pairs->items[i]);
	}
	*count = seen;
	return found;
}

struct lookup {
	struct wsg_pairs *single, *multi;
	bool any_case;
};

static size_t count_of(const struct wsg_event *event, struct lookup in,
		       const char *name)
{
	size_t count;

	nth(in.multi, event->arena, name, in.any_case, 0, &count);
	if (!count)
		nth(in.single, event->arena, name, in.any_case, 0, &count);
	return count;
}

static struct wsg_str value_at(const struct wsg_event *event, struct lookup in,
			       const char *name, size_t index)
{
	size_t count;
	struct wsg_str value =
		nth(in.multi, event->arena, name, in.any_case, index, &count);

	if (count)
		return value;
	return nth(in.single, event->arena, name, in.any_case, index, &count);
}

static struct wsg_str last_of(const struct wsg_event *event, struct lookup in,
			      const char *name)
{
	size_t count;
	struct wsg_str value;

	value = nth(in.single, event->arena, name, in.any_case, 0, &count);
	if (count)
		return value;
	count = count_of(event, in, name);
	return count ? value_at(event, in, name, count - 1) : none();
}

static struct lookup headers(const struct wsg_event *event)
{
	struct wsg_event_maps *maps = event->maps;

	return (struct lookup){ &maps->headers, &maps->multi_headers, true };
}

static struct lookup query(const struct wsg_event *event)
{
	struct wsg_event_maps *maps = event->maps;

	return (struct lookup){ &maps->query, &maps->multi_query, false };
}

struct wsg_str wsg_header(const struct wsg_event *event, const char *name)
{
	return last_of(event, headers(event), name);
}

size_t wsg_header_count(const struct wsg_event *event, const char *name)
{
	return count_of(event, headers(event), name);
}

struct wsg_str wsg_header_at(const struct wsg_event *event, const char *name,
			     size_t index)
{
	return value_at(event, headers(event), name, index);
}

struct wsg_str wsg_query(const struct wsg_event *event, const char *name)
{
	return last_of(event, query(event), name);
}

size_t wsg_query_count(const struct wsg_event *event, const char *name)
{
	return count_of(event, query(event), name);
}

struct wsg_str wsg_query_at(const struct wsg_event *event, const char *name,
			    size_t index)
{
	return value_at(event, query(event), name, index);
}

struct wsg_str wsg_body(const struct wsg_event *event)
{
	return event->body;
}

char *wsg_raw(struct wsg_event *event, size_t *len)
{
	*len = event->len;
	return event->text;
}

struct wsg_str wsg_invocation_id(const struct wsg_event *event)
{
	return event->invocation.id;
}

int64_t wsg_deadline_ms(const struct wsg_event *event)
{
	return event->invocation.deadline_ms;
}

int64_t wsg_remaining_ms(const struct wsg_event *event)
{
	int64_t left = event->invocation.deadline_ms - wsg_now_ms();

	return left > 0 ? left : 0;
}

struct wsg_str wsg_function_arn(const struct wsg_event *event)
{
	return event->invocation.function_arn;
}

struct wsg_str wsg_trace_id(const struct wsg_event *event)
{
	return event->invocation.trace_id;
}

struct wsg_str wsg_client_context(const struct wsg_event *event)
{
	return event->invocation.client_context;
}

struct wsg_str wsg_cognito_identity(const struct wsg_event *event)
{
	return event->invocation.cognito_identity;
}

void *wsg_alloc(const struct wsg_event *event, size_t size)
{
	return wsg_arena_alloc(event->arena, size);
}

struct wsg_connect *wsg_connect(struct wsg_event *event)
{
	return &event->connect;
}

struct wsg_disconnect *wsg_disconnect(struct wsg_event *event)
{
	return &event->disconnect;
}

const struct wsg_event *
wsg_disconnect_event(const struct wsg_disconnect *client)
{
	return client->event;
}

int wsg_disconnect_code(const struct wsg_disconnect *client)
{
	int64_t code = whole(client->event, "disconnectStatusCode");

	return code > 0 && code < 65536 ? (int)code : 0;
}

struct wsg_str wsg_disconnect_reason(const struct wsg_disconnect *client)
{
	return wsg_context(client->event, "disconnectReason");
}
