/* SPDX-License-Identifier: MIT */
/*
 * Taking an event apart. One pass finds the parts; the maps in it are checked
 * then, and read when somebody asks for one of their members.
 */
#include "internal.h"
#include "json_fast.h"

bool wsg_event_init(struct wsg_event *event)
{
	*event = (struct wsg_event){ .arena = wsg_arena_new() };
	return event->arena != NULL;
}

void wsg_event_release(struct wsg_event *event)
{
	if (event->kept)
		event->kept->release(event->kept);
	if (event->stored)
		event->stored->release(event->stored);
	wsg_arena_free(event->arena);
	wsg_buf_release(&event->reply);
	wsg_buf_release(&event->authorize.allow);
	wsg_buf_release(&event->authorize.deny);
	wsg_buf_release(&event->authorize.context);
	*event = (struct wsg_event){ 0 };
}

void wsg_event_start(struct wsg_event *event, char *text, size_t len)
{
	struct wsg_authorize *client = &event->authorize;

	event->text = text;
	event->len = len;
	text[len] = '\0';
	event->type = (struct wsg_str){ NULL, 0 };
	event->method_arn = event->body = event->route_key = event->type;
	event->kept_body = event->type;
	event->body_marks = NULL;
	event->keeps_body = false;
	event->connect = (struct wsg_connect){ .event = event };
	event->disconnect = (struct wsg_disconnect){ .event = event };
	client->event = event;
	client->allowed = false;
	client->principal = client->usage_key = event->type;
	wsg_buf_clear(&client->allow);
	wsg_buf_clear(&client->deny);
	wsg_buf_clear(&client->context);
	event->is_invalid = event->two_way = false;
	wsg_buf_clear(&event->reply);
	wsg_arena_reset(event->arena);
	event->maps = wsg_arena_alloc(event->arena, sizeof(*event->maps));
}

static bool grow(struct wsg_pairs *pairs, struct wsg_arena *arena)
{
	size_t size = pairs->size ? pairs->size * 2 : 20;
	struct wsg_pair *items = wsg_arena_grow(arena, pairs->items,
						pairs->count * sizeof(*items),
						size * sizeof(*items));

	if (!items)
		return false;
	pairs->items = items;
	pairs->size = size;
	return true;
}

/* Read a value to go with the key. NULL: the reader has failed. */
static inline const struct wsg_pair *add_pair(struct wsg_pairs *pairs,
					      struct wsg_arena *arena,
					      struct wsg_json *json,
					      struct wsg_str key)
{
	struct wsg_pair *pair;
	int64_t ignored;

	if (pairs->count == pairs->size && !grow(pairs, arena)) {
		wsg_json_fail(json, "too large");
		return NULL;
	}
	pair = &pairs->items[pairs->count];
	pair->key = key;
	if (json_at_string(json)) {
		pair->type = WSG_JSON_STRING;
		if (!json_string(json, &pair->value))
			return NULL;
	} else if (json_digits(json, &pair->value, &ignored)) {
		pair->type = WSG_JSON_NUMBER;
	} else {
		pair->type = wsg_json_peek(json);
		if (!(pair->type == WSG_JSON_STRING
			      ? wsg_json_string(json, &pair->value)
			      : wsg_json_raw(json, &pair->value)))
			return NULL;
	}
	pairs->count++;
	return pair;
}

static bool add_values(struct wsg_pairs *pairs, struct wsg_arena *arena,
		       struct wsg_json *json, struct wsg_str key)
{
	if (wsg_json_peek(json) != WSG_JSON_ARRAY)
		return add_pair(pairs, arena, json, key) != NULL;
	wsg_json_array(json);
	while (wsg_json_item(json)) {
		if (!add_pair(pairs, arena, json, key))
			return false;
	}
	return !json->error;
}

bool wsg_pairs_read(struct wsg_pairs *pairs, struct wsg_arena *arena)
{
	struct wsg_json json;
	struct wsg_str key;
	char *text;

	if (pairs->read)
		return true;
	pairs->read = true;
	if (!pairs->raw.len)
		return true;
	/* The raw text is a slice of the event's own, which is ours. */
	text = (char *)pairs->raw.ptr;
	wsg_json_init(&json, text, pairs->raw.len);
	json.trusted = true;
	wsg_json_object(&json);
	while (json_key(&json, &key)) {
		if (!add_values(pairs, arena, &json, key))
			return false;
	}
	return !json.error;
}

const struct wsg_pair *wsg_pairs_find(struct wsg_pairs *pairs,
				      struct wsg_arena *arena, const char *name)
{
	size_t len = strlen(name), i;

	wsg_pairs_read(pairs, arena);
	for (i = pairs->count; i; i--) {
		const struct wsg_pair *pair = &pairs->items[i - 1];

		if (pair->key.len == len && !memcmp(pair->key.ptr, name, len))
			return pair;
	}
	return NULL;
}

/* An object to be read later; null and what is no object are left out. */
static bool later(struct wsg_json *json, struct wsg_pairs *pairs)
{
	struct wsg_str raw;

	if (!json_at_object(json))
		return wsg_json_skip(json);
	if (!wsg_json_raw(json, &raw))
		return false;
	pairs->raw = raw;
	return true;
}

/* A string; anything else is left out. */
static bool string(struct wsg_json *json, struct wsg_str *value)
{
	if (!json_at_string(json) && wsg_json_peek(json) != WSG_JSON_STRING)
		return wsg_json_skip(json);
	return json_string(json, value);
}

/* Most bodies have fewer escapes; what comes behind is read without marks. */
#define MARKS_MAX ((size_t)8192)

/* The same for the body, where wsg_read will want to know its strings. */
static bool body(struct wsg_event *event, struct wsg_json *json)
{
	size_t room = (size_t)(json->end - json->pos) / 16 + 1;
	struct wsg_marks marks;
	uint32_t *first;

	event->body_marks = NULL;
	if (!json_at_string(json) && wsg_json_peek(json) != WSG_JSON_STRING)
		return wsg_json_skip(json);
	room = room < MARKS_MAX ? room : MARKS_MAX;
	first = wsg_arena_raw(event->arena, (room + 1) * sizeof(*first));
	if (!first)
		return wsg_json_string(json, &event->body);
	marks = (struct wsg_marks){ .next = first, .last = first + room };
	if (!wsg_json_string_marked(json, &event->body, &marks))
		return false;
	*marks.next = WSG_JSON_UNMARKED;
	event->body_marks = first;
	return true;
}

static bool is(struct wsg_str key, const char *name, size_t len)
{
	return key.len == len && !memcmp(key.ptr, name, len);
}
#define IS(key, name) is(key, name, sizeof(name) - 1)

/*
 * The plain members of a message's requestContext, in the order AWS writes
 * them; identity stands among them.
 */
static const struct wsg_str context_keys[] = {
	{ WSG_LIT(",\"messageId\":") },
	{ WSG_LIT(",\"eventType\":") },
	{ WSG_LIT(",\"extendedRequestId\":") },
	{ WSG_LIT(",\"requestTime\":") },
	{ WSG_LIT(",\"messageDirection\":") },
	{ WSG_LIT(",\"stage\":") },
	{ WSG_LIT(",\"connectedAt\":") },
	{ WSG_LIT(",\"requestTimeEpoch\":") },
	{ WSG_LIT(",\"requestId\":") },
	{ WSG_LIT(",\"domainName\":") },
	{ WSG_LIT(",\"connectionId\":") },
	{ WSG_LIT(",\"apiId\":") },
};
#define CONTEXT_KEYS (sizeof(context_keys) / sizeof(context_keys[0]))

/*
 * Whether the next key is the one to expect, or the one behind it, as not all
 * events have all of them. Then it is read.
 */
static inline bool expected_key(struct wsg_json *json, size_t *next,
				struct wsg_str *key)
{
	size_t i;

	for (i = *next; i < CONTEXT_KEYS && i <= *next + 1; i++) {
		if (!json_key_is(json, context_keys[i], key))
			continue;
		*next = i + 1;
		return true;
	}
	return false;
}

static bool request_context(struct wsg_event *event, struct wsg_json *json)
{
	struct wsg_event_maps *maps = event->maps;
	const struct wsg_pair *pair;
	struct wsg_str key;
	size_t next = 0;

	if (!json_at_object(json))
		return wsg_json_skip(json);
	wsg_json_object(json);
	for (;;) {
		if (expected_key(json, &next, &key)) {
			add_pair(&maps->context, event->arena, json, key);
			continue;
		}
		if (!json_key(json, &key))
			break;
		if (IS(key, "identity")) {
			later(json, &maps->identity);
		} else if (IS(key, "authorizer")) {
			later(json, &maps->authorizer);
		} else {
			pair = add_pair(&maps->context, event->arena, json,
					key);
			if (pair && pair->type == WSG_JSON_STRING &&
			    IS(key, "routeKey"))
				event->route_key = pair->value;
		}
	}
	maps->context.read = true;
	return !json->error;
}

static struct wsg_pairs *map_of(struct wsg_event_maps *maps, struct wsg_str key)
{
	if (IS(key, "headers"))
		return &maps->headers;
	if (IS(key, "multiValueHeaders"))
		return &maps->multi_headers;
	if (IS(key, "queryStringParameters"))
		return &maps->query;
	if (IS(key, "multiValueQueryStringParameters"))
		return &maps->multi_query;
	if (IS(key, "stageVariables"))
		return &maps->stage_variables;
	return NULL;
}

static bool member(struct wsg_event *event, struct wsg_json *json,
		   struct wsg_str key, bool *base64)
{
	struct wsg_pairs *map;

	if (IS(key, "requestContext"))
		return request_context(event, json);
	if (IS(key, "body"))
		return body(event, json);
	if (IS(key, "isBase64Encoded")) {
		if (wsg_json_peek(json) == WSG_JSON_BOOL)
			return json_bool(json, base64);
		return wsg_json_skip(json);
	}
	if (IS(key, "type"))
		return string(json, &event->type);
	if (IS(key, "methodArn"))
		return string(json, &event->method_arn);
	map = map_of(event->maps, key);
	return map ? later(json, map) : wsg_json_skip(json);
}

/* The body gets a NUL, over its closing quote or what unescaping left over. */
static bool end_body(struct wsg_event *event, bool base64)
{
	char *text = event->text + (event->body.ptr - event->text);

	if (base64) {
		event->body_marks = NULL;
		if (!wsg_base64_decode(text, event->body.len, &event->body.len))
			return false;
	}
	text[event->body.len] = '\0';
	return true;
}

bool wsg_event_read(struct wsg_event *event, char *text, size_t len,
		    const char **error)
{
	bool base64 = false;
	struct wsg_json json;
	struct wsg_str key;

	wsg_event_start(event, text, len);
	if (!event->maps) {
		*error = "out of memory";
		return false;
	}
	wsg_json_init(&json, text, len);
	wsg_json_object(&json);
	while (json_key(&json, &key))
		member(event, &json, key, &base64);
	if (!wsg_json_end(&json)) {
		*error = json.error;
		return false;
	}
	if (event->body.ptr && !end_body(event, base64)) {
		*error = "the body is not base64";
		return false;
	}
	return true;
}
