/* SPDX-License-Identifier: MIT */
/*
 * The registry's store on DynamoDB. An item is a member of a set: pk is the
 * set, sk the member, expires when it goes. One partition holds a set; those of
 * all connections and of a large topic are split by their members as they grow,
 * since those are random.
 *
 * All reads are consistent: whoever joined is there for the next one to
 * publish. Writes put or delete whole items by their keys, so that doing one
 * twice is as good as once, and two writers cannot get into each other's way.
 */
#include "dynamodb.h"
#include "patience.h"
#include "registry.h"

#include <stdio.h>
#include <stdlib.h>

#define PAUSE_MS 25  /* before what a batch left over is asked again */
#define BATCH_MAX 25 /* items, DynamoDB's page BatchWriteItem */

static struct wsg_str table_name(void)
{
	return wsg_str(getenv("WSG_CONNECTIONS_TABLE"));
}

static bool ready(void)
{
	return table_name().len > 0;
}

static struct wsg_str all(const struct wsg_buf *buf)
{
	return (struct wsg_str){ buf->ptr, buf->len };
}

/* --- JSON ----------------------------------------------------------------- */

static void put_text(struct wsg_buf *out, const char *key, struct wsg_str text)
{
	wsg_json_put_key(out, wsg_str(key));
	wsg_json_put_string(out, text);
}

/* "pk":{"S":"..."} */
static void put_string(struct wsg_buf *out, const char *key,
		       struct wsg_str value)
{
	wsg_json_put_key(out, wsg_str(key));
	wsg_json_put_object(out);
	put_text(out, "S", value);
	wsg_json_put_object_end(out);
}

static void put_seconds(struct wsg_buf *out, const char *key, int64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	wsg_json_put_key(out, wsg_str(key));
	wsg_json_put_object(out);
	put_text(out, "N", wsg_str(text));
	wsg_json_put_object_end(out);
}

/* "Key":{...} of what is deleted, "Item":{...} of what is put. */
static void put_item(struct wsg_buf *out, const struct wsg_member *member,
		     bool remove)
{
	wsg_json_put_key(out, wsg_str(remove ? "Key" : "Item"));
	wsg_json_put_object(out);
	put_string(out, "pk", member->set);
	put_string(out, "sk", member->member);
	if (!remove)
		put_seconds(out, "expires", member->expires_s);
	wsg_json_put_object_end(out);
}

/* --- writing -------------------------------------------------------------- */

static bool write_one(const struct wsg_event *event,
		      const struct wsg_member *member, bool remove)
{
	struct wsg_buf body = { 0 }, answer = { 0 };
	bool done;

	wsg_json_put_object(&body);
	put_text(&body, "TableName", table_name());
	put_item(&body, member, remove);
	wsg_json_put_object_end(&body);
	if (body.failed)
		wsg_log(WSG_ERROR, "what is to be kept is no UTF-8, or there "
				   "is no memory");
	done = !body.failed &&
	       wsg_dynamodb_call(event, remove ? "DeleteItem" : "PutItem",
				 all(&body), &answer);
	wsg_buf_release(&body);
	wsg_buf_release(&answer);
	return done;
}

static void put_batch(struct wsg_buf *out, const struct wsg_member *members,
		      size_t count, bool remove)
{
	size_t i;

	wsg_json_put_object(out);
	wsg_json_put_key(out, wsg_str("RequestItems"));
	wsg_json_put_object(out);
	wsg_json_put_key(out, table_name());
	wsg_json_put_array(out);
	for (i = 0; i < count; i++) {
		wsg_json_put_object(out);
		wsg_json_put_key(
			out, wsg_str(remove ? "DeleteRequest" : "PutRequest"));
		wsg_json_put_object(out);
		put_item(out, &members[i], remove);
		wsg_json_put_object_end(out);
		wsg_json_put_object_end(out);
	}
	wsg_json_put_array_end(out);
	wsg_json_put_object_end(out);
	wsg_json_put_object_end(out);
}

/*
 * What of a batch was left undone, as the body that asks for it; empty when
 * nothing was. False: the answer is not what it should be.
 */
static bool read_unprocessed(struct wsg_buf *answer, struct wsg_buf *body)
{
	struct wsg_str key, rest = { NULL, 0 };
	struct wsg_json json;
	size_t i, quotes = 0;

	wsg_json_init(&json, answer->ptr, answer->len);
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key)) {
		if (wsg_str_is(key, "UnprocessedItems"))
			wsg_json_raw(&json, &rest);
		else
			wsg_json_skip(&json);
	}
	if (!wsg_json_end(&json)) {
		wsg_log(WSG_ERROR, "DynamoDB's answer: %s", json.error);
		return false;
	}
	for (i = 0; i < rest.len; i++)
		quotes += rest.ptr[i] == '"';
	wsg_buf_clear(body);
	if (!quotes)
		return true;
	wsg_json_put_object(body);
	wsg_json_put_key(body, wsg_str("RequestItems"));
	wsg_json_put_raw(body, rest);
	wsg_json_put_object_end(body);
	return !body->failed;
}

static bool write_batch(const struct wsg_event *event,
			const struct wsg_member *members, size_t count,
			bool remove)
{
	int64_t deadline_ms = wsg_patience_end(event);
	struct wsg_buf body = { 0 }, answer = { 0 };
	unsigned number = 0;
	bool good;

	put_batch(&body, members, count, remove);
	if (body.failed)
		wsg_log(WSG_ERROR, "what is to be kept is no UTF-8, or there "
				   "is no memory");
	good = !body.failed;
	while (good && body.len) {
		if (number &&
		    !wsg_patience_pause(number, PAUSE_MS, deadline_ms)) {
			wsg_log(WSG_ERROR, "DynamoDB BatchWriteItem: items are "
					   "left, up to the deadline");
			good = false;
			break;
		}
		number++;
		good = wsg_dynamodb_call(event, "BatchWriteItem", all(&body),
					 &answer) &&
		       read_unprocessed(&answer, &body);
	}
	wsg_buf_release(&body);
	wsg_buf_release(&answer);
	return good;
}

/* A batch may not name an item twice; sets of members do not either. */
static bool write_all(const struct wsg_event *event,
		      const struct wsg_member *members, size_t count,
		      bool remove)
{
	size_t at = 0;

	if (count == 1)
		return write_one(event, members, remove);
	while (at < count) {
		size_t some = count - at < BATCH_MAX ? count - at : BATCH_MAX;

		if (!write_batch(event, members + at, some, remove))
			return false;
		at += some;
	}
	return true;
}

static bool put(const struct wsg_event *event, const struct wsg_member *members,
		size_t count)
{
	return write_all(event, members, count, false);
}

static bool remove_all(const struct wsg_event *event,
		       const struct wsg_member *members, size_t count)
{
	return write_all(event, members, count, true);
}

/* --- reading -------------------------------------------------------------- */

/* A query, page by page. */
struct query {
	const struct wsg_event *event;
	struct wsg_str set;
	bool counts;
	struct wsg_buf body, answer;
	struct wsg_str next; /* a slice of the answer: where the next starts */
	struct wsg_str *members;
	size_t count, size;
};

static void put_query(struct query *query)
{
	struct wsg_buf *out = &query->body;

	wsg_buf_clear(out);
	wsg_json_put_object(out);
	put_text(out, "TableName", table_name());
	wsg_json_put_key(out, wsg_str("ConsistentRead"));
	wsg_json_put_bool(out, true);
	put_text(out, "KeyConditionExpression", wsg_str("pk = :set"));
	put_text(out, "FilterExpression", wsg_str("expires > :now"));
	wsg_json_put_key(out, wsg_str("ExpressionAttributeValues"));
	wsg_json_put_object(out);
	put_string(out, ":set", query->set);
	put_seconds(out, ":now", wsg_now_ms() / 1000);
	wsg_json_put_object_end(out);
	if (query->counts)
		put_text(out, "Select", wsg_str("COUNT"));
	else
		put_text(out, "ProjectionExpression", wsg_str("sk"));
	if (query->next.len) {
		wsg_json_put_key(out, wsg_str("ExclusiveStartKey"));
		wsg_json_put_raw(out, query->next);
	}
	wsg_json_put_object_end(out);
}

static bool add_member(struct query *query, struct wsg_str member)
{
	size_t size = query->size ? query->size * 2 : 64;
	struct wsg_str *members;

	if (query->count == query->size) {
		members = realloc(query->members, size * sizeof(*members));
		if (!members)
			return false;
		query->members = members;
		query->size = size;
	}
	query->members[query->count++] = member;
	return true;
}

/* {"sk":{"S":"..."}} */
static void read_item(struct query *query, struct wsg_json *json)
{
	struct wsg_str name, type, member;

	wsg_json_object(json);
	while (wsg_json_key(json, &name)) {
		if (!wsg_str_is(name, "sk")) {
			wsg_json_skip(json);
			continue;
		}
		wsg_json_object(json);
		while (wsg_json_key(json, &type)) {
			if (!wsg_str_is(type, "S"))
				wsg_json_skip(json);
			else if (wsg_json_string(json, &member) &&
				 !add_member(query, member))
				wsg_json_fail(json, "out of memory");
		}
	}
}

static bool read_page(struct query *query, uint64_t *count)
{
	struct wsg_json json;
	struct wsg_str key;

	query->count = 0;
	query->next = (struct wsg_str){ NULL, 0 };
	*count = 0;
	wsg_json_init(&json, query->answer.ptr, query->answer.len);
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key)) {
		if (wsg_str_is(key, "LastEvaluatedKey")) {
			wsg_json_raw(&json, &query->next);
		} else if (wsg_str_is(key, "Count")) {
			wsg_json_uint64(&json, count);
		} else if (wsg_str_is(key, "Items")) {
			wsg_json_array(&json);
			while (wsg_json_item(&json))
				read_item(query, &json);
		} else {
			wsg_json_skip(&json);
		}
	}
	if (!wsg_json_end(&json)) {
		wsg_log(WSG_ERROR, "DynamoDB's answer: %s", json.error);
		return false;
	}
	return true;
}

/* The next page; false: it could not be had. */
static bool next_page(struct query *query, uint64_t *count)
{
	put_query(query);
	if (query->body.failed) {
		wsg_log(WSG_ERROR, "out of memory");
		return false;
	}
	return wsg_dynamodb_call(query->event, "Query", all(&query->body),
				 &query->answer) &&
	       read_page(query, count);
}

static void end_query(struct query *query)
{
	wsg_buf_release(&query->body);
	wsg_buf_release(&query->answer);
	free(query->members);
}

/* Each page has memory of its own, as see may ask for others. */
static bool each(const struct wsg_event *event, struct wsg_str set,
		 wsg_see_members *see, void *arg)
{
	struct query query = { .event = event, .set = set };
	uint64_t count;
	bool good;

	do
		good = next_page(&query, &count);
	while (good && (!query.count || see(arg, query.members, query.count)) &&
	       query.next.len);
	end_query(&query);
	return good;
}

static bool count_all(const struct wsg_event *event, struct wsg_str set,
		      size_t *count)
{
	struct query query = { .event = event, .set = set, .counts = true };
	uint64_t page, sum = 0;
	bool good;

	do {
		good = next_page(&query, &page);
		sum += page;
	} while (good && query.next.len);
	end_query(&query);
	if (good)
		*count = (size_t)sum;
	return good;
}

const struct wsg_store wsg_store_dynamodb = {
	.ready = ready,
	.put = put,
	.remove = remove_all,
	.each = each,
	.count = count_all,
};
