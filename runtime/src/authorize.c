/* SPDX-License-Identifier: MIT */
/*
 * REQUEST authorizers: who may come in, as a policy document. API Gateway takes
 * 8 KB of it at most, and only scalars as context.
 */
#include "internal.h"

const struct wsg_event *wsg_authorize_event(const struct wsg_authorize *client)
{
	return client->event;
}

struct wsg_str wsg_method_arn(const struct wsg_authorize *client)
{
	return client->event->method_arn;
}

enum wsg_result wsg_allow(struct wsg_authorize *client, struct wsg_str who)
{
	client->principal = wsg_arena_copy(client->event->arena, who);
	client->allowed = client->principal.ptr != NULL;
	return client->allowed ? WSG_OK : WSG_FAILED;
}

enum wsg_result wsg_deny(struct wsg_authorize *client)
{
	client->allowed = false;
	return WSG_REFUSED;
}

enum wsg_result wsg_unauthorized(struct wsg_authorize *client)
{
	client->allowed = false;
	return WSG_INVALID;
}

void wsg_allow_resource(struct wsg_authorize *client, struct wsg_str arn)
{
	if (!client->allow.len)
		wsg_json_put_array(&client->allow);
	wsg_json_put_string(&client->allow, arn);
}

void wsg_deny_resource(struct wsg_authorize *client, struct wsg_str arn)
{
	if (!client->deny.len)
		wsg_json_put_array(&client->deny);
	wsg_json_put_string(&client->deny, arn);
}

void wsg_usage_key(struct wsg_authorize *client, struct wsg_str key)
{
	client->usage_key = wsg_arena_copy(client->event->arena, key);
}

static struct wsg_buf *context(struct wsg_authorize *client, const char *name)
{
	struct wsg_buf *out = &client->context;

	if (!out->len)
		wsg_json_put_object(out);
	wsg_json_put_key(out, wsg_str(name));
	return out;
}

void wsg_context_string(struct wsg_authorize *client, const char *name,
			struct wsg_str value)
{
	wsg_json_put_string(context(client, name), value);
}

void wsg_context_int(struct wsg_authorize *client, const char *name,
		     int64_t value)
{
	wsg_json_put_int64(context(client, name), value);
}

void wsg_context_number(struct wsg_authorize *client, const char *name,
			double value)
{
	wsg_json_put_number(context(client, name), value);
}

void wsg_context_bool(struct wsg_authorize *client, const char *name,
		      bool value)
{
	wsg_json_put_bool(context(client, name), value);
}

bool wsg_write_context(struct wsg_authorize *client,
		       const struct wsg_shape *shape, const void *values)
{
	struct wsg_buf *out = &client->context;
	struct wsg_invalid why;
	struct wsg_buf text = { 0 };
	bool fits;

	fits = wsg_encode(shape, values, client->event->arena, &text, &why);
	if (!fits) {
		wsg_log(WSG_ERROR, "context not written: %.*s: %.*s",
			WSG_FMT(why.field), WSG_FMT(why.reason));
	} else if (text.len > 2) {
		/* The members without their braces, behind those there are. */
		if (!out->len)
			wsg_json_put_object(out);
		else
			wsg_buf_add(out, ",", 1);
		wsg_buf_add(out, text.ptr + 1, text.len - 2);
	}
	wsg_buf_release(&text);
	return fits;
}

static void put_name(struct wsg_buf *out, const char *name, const char *value)
{
	wsg_json_put_key(out, wsg_str(name));
	wsg_json_put_string(out, wsg_str(value));
}

/* resources is an open list of JSON strings, or empty for just the method. */
static void put_statement(struct wsg_buf *out, const char *effect,
			  const struct wsg_buf *resources, struct wsg_str arn)
{
	wsg_json_put_object(out);
	put_name(out, "Action", "execute-api:Invoke");
	put_name(out, "Effect", effect);
	wsg_json_put_key(out, wsg_str("Resource"));
	if (resources->len) {
		wsg_buf_add(out, resources->ptr, resources->len);
		wsg_json_put_array_end(out);
	} else {
		wsg_json_put_string(out, arn);
	}
	wsg_json_put_object_end(out);
}

void wsg_authorize_answer(struct wsg_authorize *client, bool allow,
			  struct wsg_buf *out)
{
	const struct wsg_buf method = { 0 };
	struct wsg_str arn = client->event->method_arn;

	wsg_json_put_object(out);
	wsg_json_put_key(out, wsg_str("principalId"));
	wsg_json_put_string(out, allow ? client->principal : wsg_str("none"));
	wsg_json_put_key(out, wsg_str("policyDocument"));
	wsg_json_put_object(out);
	put_name(out, "Version", "2012-10-17");
	wsg_json_put_key(out, wsg_str("Statement"));
	wsg_json_put_array(out);
	if (!allow)
		put_statement(out, "Deny", &method, arn);
	if (allow)
		put_statement(out, "Allow", &client->allow, arn);
	if (allow && client->deny.len)
		put_statement(out, "Deny", &client->deny, arn);
	wsg_json_put_array_end(out);
	wsg_json_put_object_end(out);
	if (allow && client->context.len) {
		wsg_json_put_key(out, wsg_str("context"));
		wsg_buf_add(out, client->context.ptr, client->context.len);
		wsg_json_put_object_end(out);
	}
	if (allow && client->usage_key.len) {
		wsg_json_put_key(out, wsg_str("usageIdentifierKey"));
		wsg_json_put_string(out, client->usage_key);
	}
	wsg_json_put_object_end(out);
	if (client->allow.failed || client->deny.failed ||
	    client->context.failed)
		out->failed = true;
}
