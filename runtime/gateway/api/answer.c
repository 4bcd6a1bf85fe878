/* SPDX-License-Identifier: MIT */
/*
 * answer.c - what matters of an answer is pulled out of a copy; the rest is
 * only looked at for being JSON. An authorizer's is small, and read as a tree.
 */
#include "answer.h"

#include "../base/base64.h"
#include "../base/mem.h"
#include "../base/mend.h"
#include "../base/text.h"

#include <wsgen/json.h>

#include <stdio.h>

#define STATUS_MIN 200
#define STATUS_MAX 599
#define BAD_GATEWAY 502

/* --- answers of functions ------------------------------------------------- */

/* What of an answer may matter; the last of equal keys counts. */
struct answer {
	bool has_status;
	int64_t status;
	bool has_body;
	struct wsg_str body;
	bool base64;
	struct wsg_str protocol;
};

static void read_status(struct wsg_json *json, struct answer *answer)
{
	struct wsg_str text;
	struct wsg_json number;
	char copy[24] = "";

	answer->has_status = false;
	if (wsg_json_peek(json) != WSG_JSON_NUMBER) {
		wsg_json_skip(json);
		return;
	}
	if (!wsg_json_raw(json, &text) || text.len >= sizeof(copy))
		return;
	memcpy(copy, text.ptr, text.len);
	wsg_json_init(&number, copy, text.len);
	answer->has_status = wsg_json_int64(&number, &answer->status);
}

static void read_flag(struct wsg_json *json, bool *flag)
{
	if (wsg_json_peek(json) == WSG_JSON_BOOL)
		wsg_json_bool(json, flag);
	else
		wsg_json_skip(json);
}

static bool read_string(struct wsg_json *json, struct wsg_str *text)
{
	if (wsg_json_peek(json) == WSG_JSON_STRING)
		return wsg_json_string(json, text);
	wsg_json_skip(json);
	return false;
}

/* A value of headers is a text, one of multiValueHeaders a list of them. */
static void read_header(struct wsg_json *json, struct wsg_str *value)
{
	if (wsg_json_peek(json) != WSG_JSON_ARRAY) {
		read_string(json, value);
		return;
	}
	wsg_json_array(json);
	while (wsg_json_item(json))
		read_string(json, value);
}

/* UNSURE(subprotocol-case): whether the name's case matters. Here: no. */
static void read_headers(struct wsg_json *json, struct answer *answer)
{
	struct wsg_str key;

	if (wsg_json_peek(json) != WSG_JSON_OBJECT) {
		wsg_json_skip(json);
		return;
	}
	wsg_json_object(json);
	while (wsg_json_key(json, &key)) {
		if (text_alike(key, wsg_str("Sec-WebSocket-Protocol")))
			read_header(json, &answer->protocol);
		else
			wsg_json_skip(json);
	}
}

static void read_member(struct wsg_json *json, struct wsg_str key,
			struct answer *answer)
{
	if (wsg_str_is(key, "statusCode"))
		read_status(json, answer);
	else if (wsg_str_is(key, "body"))
		answer->has_body = read_string(json, &answer->body);
	else if (wsg_str_is(key, "isBase64Encoded"))
		read_flag(json, &answer->base64);
	else if (wsg_str_is(key, "headers") ||
		 wsg_str_is(key, "multiValueHeaders"))
		read_headers(json, answer);
	else
		wsg_json_skip(json);
}

/* False: the payload is no JSON object. */
static bool read_answer(struct wsg_arena *arena, struct wsg_str payload,
			struct answer *answer)
{
	struct wsg_str key;
	struct wsg_json json;
	char *copy = mem_in(arena, payload.len + 1);

	*answer = (struct answer){ 0 };
	if (payload.len)
		memcpy(copy, payload.ptr, payload.len);
	wsg_json_init(&json, copy, payload.len);
	if (wsg_json_peek(&json) != WSG_JSON_OBJECT)
		return false;
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key))
		read_member(&json, key, answer);
	return wsg_json_end(&json);
}

/* What may stand in a header; anything else would end it, or begin another. */
static struct wsg_str printable(struct wsg_str text)
{
	text = text_trim(text);
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < ' ' || text.ptr[i] > '~')
			return (struct wsg_str){ NULL, 0 };
	return text;
}

/*
 * UNSURE(no-status): an answer without a number for a status. Here: 502, as it
 * is for one with a number that is no status.
 */
void answer_connect(struct wsg_arena *arena, struct wsg_str payload,
		    struct connect_answer *answer)
{
	struct answer read;

	*answer = (struct connect_answer){ .status = BAD_GATEWAY };
	if (!read_answer(arena, payload, &read) || !read.has_status ||
	    read.status < STATUS_MIN || read.status > STATUS_MAX)
		return;
	answer->status = (int)read.status;
	answer->protocol = printable(read.protocol);
}

/* A text frame holds UTF-8. UNSURE(reply-utf-8): what AWS makes of the rest. */
static struct wsg_str decoded(struct wsg_arena *arena, struct wsg_str body)
{
	struct wsg_buf bytes = { 0 }, text = { 0 };

	if (base64_read(&bytes, body)) {
		mend_add(&text, (struct wsg_str){ bytes.ptr, bytes.len });
		body = mem_copy_in(arena,
				   (struct wsg_str){ text.ptr, text.len });
	}
	if (bytes.failed || text.failed)
		mem_exhausted();
	wsg_buf_release(&bytes);
	wsg_buf_release(&text);
	return body;
}

/*
 * UNSURE(reply-base64): a body that is no text, and one that says it is base64.
 * Here: the first is none, the second is decoded, and sent as it stands if it
 * is not.
 */
void answer_message(struct wsg_arena *arena, struct wsg_str payload,
		    struct message_answer *answer)
{
	struct answer read;

	*answer = (struct message_answer){ .status = 200 };
	answer->is_object = read_answer(arena, payload, &read);
	if (!answer->is_object)
		return;
	if (read.has_status && read.status >= 0 && read.status <= STATUS_MAX)
		answer->status = (int)read.status;
	answer->has_body = read.has_body;
	if (read.has_body)
		answer->body =
			read.base64 ? decoded(arena, read.body) : read.body;
}

/* --- answers of authorizers ----------------------------------------------- */

static bool is_set(const struct json *node)
{
	return node && node->type != WSG_JSON_NULL;
}

static void refuse(struct wsg_arena *arena, struct authorizer_answer *answer,
		   struct wsg_buf *why)
{
	answer->verdict = POLICY_INVALID;
	if (why->failed)
		mem_exhausted();
	answer->why =
		mem_copy_in(arena, (struct wsg_str){ why->ptr, why->len }).ptr;
}

/* Keys that the gateway sets itself go before those of the context. */
static bool is_ours(struct wsg_str key)
{
	return wsg_str_is(key, "principalId") ||
	       wsg_str_is(key, "integrationLatency");
}

/*
 * Values arrive as texts. UNSURE(context-null): null. Here: refused, as objects
 * are.
 */
static bool put_context(struct wsg_buf *out, const struct json *context,
			struct wsg_buf *why)
{
	for (const struct json *at = context->first; at; at = at->next) {
		struct wsg_str text = at->text;

		switch (at->type) {
		case WSG_JSON_STRING:
		case WSG_JSON_NUMBER:
			break;
		case WSG_JSON_BOOL:
			text = wsg_str(at->truth ? "true" : "false");
			break;
		case WSG_JSON_NULL:
		case WSG_JSON_NONE:
		case WSG_JSON_ARRAY:
		case WSG_JSON_OBJECT:
			wsg_buf_printf(why,
				       "its context's '%.*s' is neither a "
				       "text, a number, true nor false",
				       WSG_FMT(at->key));
			return false;
		}
		if (is_ours(at->key))
			continue;
		wsg_json_put_key(out, at->key);
		wsg_json_put_string(out, text);
	}
	return true;
}

/* The context and who it is, as later events have them. */
static bool put_members(struct wsg_buf *out, const struct json *root,
			struct wsg_buf *why)
{
	const struct json *principal = json_get(root, "principalId");
	const struct json *context = json_get(root, "context");

	if (!principal || principal->type != WSG_JSON_STRING) {
		wsg_buf_text(why, "it has no principalId that is a text");
		return false;
	}
	if (is_set(context) && context->type != WSG_JSON_OBJECT) {
		wsg_buf_text(why, "its context is no object");
		return false;
	}
	if (is_set(context) && !put_context(out, context, why))
		return false;
	wsg_json_put_key(out, wsg_str("principalId"));
	wsg_json_put_string(out, principal->text);
	return true;
}

static void judge(struct wsg_arena *arena, const struct json *root,
		  struct wsg_str method_arn, struct authorizer_answer *answer)
{
	const struct wsg_str action = { WSG_LIT("execute-api:Invoke") };
	struct wsg_buf members = { 0 }, why = { 0 };

	if (root->type != WSG_JSON_OBJECT) {
		wsg_buf_text(&why, "it is no object");
		refuse(arena, answer, &why);
	} else if (!put_members(&members, root, &why)) {
		refuse(arena, answer, &why);
	} else {
		answer->verdict = policy_judge(json_get(root, "policyDocument"),
					       action, method_arn, NULL, &why);
		answer->why =
			mem_copy_in(arena, (struct wsg_str){ why.ptr, why.len })
				.ptr;
		answer->principal = json_text(json_get(root, "principalId"));
		answer->usage_key =
			json_text(json_get(root, "usageIdentifierKey"));
		answer->members = mem_copy_in(
			arena, (struct wsg_str){ members.ptr, members.len });
	}
	if (members.failed || why.failed)
		mem_exhausted();
	wsg_buf_release(&members);
	wsg_buf_release(&why);
}

void answer_authorizer(struct wsg_arena *arena, struct wsg_str payload,
		       struct wsg_str method_arn,
		       struct authorizer_answer *answer)
{
	const struct json *root;
	const char *error = NULL;
	struct wsg_buf why = { 0 };

	*answer = (struct authorizer_answer){ .verdict = POLICY_INVALID };
	if (payload.len > ANSWER_AUTHORIZER_MAX) {
		answer->why = "it is longer than 8 KB";
		return;
	}
	root = json_parse(arena, payload, &error);
	if (root) {
		judge(arena, root, method_arn, answer);
		return;
	}
	wsg_buf_printf(&why, "it is not JSON: %s", error);
	refuse(arena, answer, &why);
	wsg_buf_release(&why);
}
