/* SPDX-License-Identifier: MIT */
/*
 * The registry's store on DynamoDB. An item is a member of a set:
 *
 *	pk		S, the set; the table's partition key
 *	sk		S, the member; the table's sort key
 *	expires		N, seconds of Unix time; the table's TTL
 *
 * One partition holds a set; those of all connections and of a large topic are
 * split by their members as they grow, since those are random.
 *
 * All reads are consistent: whoever joined is there for the next one to
 * publish. Writes put or delete whole items by their keys, so that doing one
 * twice is as good as once, and two writers cannot get into each other's way.
 *
 * These are all calls there are, for whoever stands in for DynamoDB:
 *
 *	PutItem		TableName, Item {pk, sk, expires}
 *	DeleteItem	TableName, Key {pk, sk}; for remove_old also
 *			ConditionExpression
 *				"attribute_not_exists(pk) OR expires <= :end"
 *			ExpressionAttributeValues {:end N}
 *	BatchWriteItem	RequestItems {table: [...]}, up to 25, of one kind:
 *			{PutRequest: {Item}} or {DeleteRequest: {Key}}
 *	Query		TableName, ConsistentRead true,
 *			KeyConditionExpression
 *				"pk = :set" or
 *				"pk = :set AND sk = :member"
 *			FilterExpression "expires > :now"
 *			ExpressionAttributeValues
 *				{:set S, :now N} and {:member S}
 *			ProjectionExpression "sk" or Select "COUNT",
 *			ExclusiveStartKey, as LastEvaluatedKey was
 *
 * Of the answers these are read: UnprocessedItems; Items [{sk: {S}}], Count and
 * LastEvaluatedKey; __type and message of what is refused, among which
 * ConditionalCheckFailedException is no failure.
 */
#include "dynamodb.h"
#include "patience.h"
#include "registry.h"

#include <stdio.h>
#include <stdlib.h>

#define PAUSE_MS 25  /* before what a batch left over is asked again */
#define BATCH_MAX 25 /* items, DynamoDB's page BatchWriteItem */

struct database {
	struct wsg_kept kept; /* the first member */
	struct wsg_dynamodb *dynamodb;
};

static void close_store(struct wsg_kept *kept)
{
	struct database *database = (struct database *)kept;

	wsg_dynamodb_free(database->dynamodb);
	free(database);
}

static struct wsg_kept *open_store(void)
{
	struct database *database = calloc(1, sizeof(*database));

	if (!database)
		return NULL;
	database->kept.release = close_store;
	database->dynamodb = wsg_dynamodb_new();
	if (database->dynamodb)
		return &database->kept;
	free(database);
	return NULL;
}

static bool make(const struct wsg_event *event, struct wsg_dynamodb_call *calls,
		 size_t count)
{
	const struct database *database = (struct database *)event->stored;
	size_t i;

	if (!database) {
		wsg_log(WSG_ERROR, "out of memory");
		return false;
	}
	for (i = 0; i < count; i++) {
		if (!calls[i].body.failed)
			continue;
		wsg_log(WSG_ERROR, "what is to be kept is no UTF-8, or there "
				   "is no memory");
		return false;
	}
	return wsg_dynamodb_make(database->dynamodb, event, calls, count);
}

static struct wsg_str table_name(void)
{
	return wsg_str(getenv("WSG_CONNECTIONS_TABLE"));
}

static bool ready(void)
{
	return table_name().len > 0;
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
	struct wsg_dynamodb_call call = {
		.operation = remove ? "DeleteItem" : "PutItem",
	};
	bool done;

	wsg_json_put_object(&call.body);
	put_text(&call.body, "TableName", table_name());
	put_item(&call.body, member, remove);
	wsg_json_put_object_end(&call.body);
	done = make(event, &call, 1);
	wsg_dynamodb_release(&call, 1);
	return done;
}

/* "ExpressionAttributeValues":{":end":{"N":"..."}} and the like follow. */
static void put_values(struct wsg_buf *out)
{
	wsg_json_put_key(out, wsg_str("ExpressionAttributeValues"));
	wsg_json_put_object(out);
}

static void put_removal_of_old(struct wsg_buf *out,
			       const struct wsg_member *member)
{
	wsg_buf_clear(out);
	wsg_json_put_object(out);
	put_text(out, "TableName", table_name());
	put_item(out, member, true);
	put_text(out, "ConditionExpression",
		 wsg_str("attribute_not_exists(pk) OR expires <= :end"));
	put_values(out);
	put_seconds(out, ":end", member->expires_s);
	wsg_json_put_object_end(out);
	wsg_json_put_object_end(out);
}

static bool remove_old(const struct wsg_event *event,
		       const struct wsg_member *members, size_t count,
		       bool *removed)
{
	struct wsg_dynamodb_call calls[WSG_DYNAMODB_MAX] = { { 0 } };
	bool good = true;
	size_t at = 0, some, i;

	for (; good && at < count; at += some) {
		some = count - at;
		if (some > WSG_DYNAMODB_MAX)
			some = WSG_DYNAMODB_MAX;
		for (i = 0; i < some; i++) {
			calls[i].operation = "DeleteItem";
			calls[i].done = false;
			put_removal_of_old(&calls[i].body, &members[at + i]);
		}
		good = make(event, calls, some);
		for (i = 0; i < some; i++)
			removed[at + i] = calls[i].done;
	}
	wsg_dynamodb_release(calls, WSG_DYNAMODB_MAX);
	return good;
}

static void put_batch(struct wsg_buf *out, const struct wsg_member *members,
		      size_t count, bool remove)
{
	size_t i;

	wsg_buf_clear(out);
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

/* Until nothing is left of any. */
static bool make_batches(const struct wsg_event *event,
			 struct wsg_dynamodb_call *calls, size_t count)
{
	int64_t deadline_ms = wsg_patience_end(event);
	unsigned number = 0;
	size_t i, left;

	while (make(event, calls, count)) {
		for (i = left = 0; i < count; i++) {
			struct wsg_dynamodb_call call = calls[i];

			if (!read_unprocessed(&call.answer, &call.body))
				return false;
			calls[i] = calls[left];
			calls[left] = call;
			left += call.body.len > 0;
		}
		count = left;
		if (!count)
			return true;
		if (!wsg_patience_pause(++number, PAUSE_MS, deadline_ms)) {
			wsg_log(WSG_ERROR, "DynamoDB BatchWriteItem: items are "
					   "left, up to the deadline");
			return false;
		}
	}
	return false;
}

/* A batch may not name an item twice; sets of members do not either. */
static bool write_all(const struct wsg_event *event,
		      const struct wsg_member *members, size_t count,
		      bool remove)
{
	struct wsg_dynamodb_call calls[WSG_DYNAMODB_MAX] = { { 0 } };
	bool good = true;
	size_t at = 0, batches;

	if (count == 1)
		return write_one(event, members, remove);
	while (good && at < count) {
		for (batches = 0; batches < WSG_DYNAMODB_MAX && at < count;
		     batches++) {
			size_t some = count - at;

			if (some > BATCH_MAX)
				some = BATCH_MAX;
			calls[batches].operation = "BatchWriteItem";
			put_batch(&calls[batches].body, members + at, some,
				  remove);
			at += some;
		}
		good = make_batches(event, calls, batches);
	}
	wsg_dynamodb_release(calls, WSG_DYNAMODB_MAX);
	return good;
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

/* Queries of sets, of each a page at a time. */
struct queries {
	const struct wsg_event *event;
	struct wsg_str sets[WSG_DYNAMODB_MAX];
	struct wsg_str next[WSG_DYNAMODB_MAX]; /* where its next page starts */
	struct wsg_dynamodb_call calls[WSG_DYNAMODB_MAX];
	size_t count;	       /* of those that have more pages */
	struct wsg_str member; /* the only one looked for, if any */
	bool counts;

	/* What all pages hold. */
	struct wsg_member *members;
	size_t members_count, size;
	uint64_t sum;
};

static void put_query(const struct queries *queries, size_t at,
		      struct wsg_buf *out)
{
	bool one = queries->member.len > 0;

	wsg_buf_clear(out);
	wsg_json_put_object(out);
	put_text(out, "TableName", table_name());
	wsg_json_put_key(out, wsg_str("ConsistentRead"));
	wsg_json_put_bool(out, true);
	put_text(out, "KeyConditionExpression",
		 wsg_str(one ? "pk = :set AND sk = :member" : "pk = :set"));
	put_text(out, "FilterExpression", wsg_str("expires > :now"));
	put_values(out);
	put_string(out, ":set", queries->sets[at]);
	if (one)
		put_string(out, ":member", queries->member);
	put_seconds(out, ":now", wsg_now_ms() / 1000);
	wsg_json_put_object_end(out);
	if (queries->counts)
		put_text(out, "Select", wsg_str("COUNT"));
	else
		put_text(out, "ProjectionExpression", wsg_str("sk"));
	if (queries->next[at].len) {
		wsg_json_put_key(out, wsg_str("ExclusiveStartKey"));
		wsg_json_put_raw(out, queries->next[at]);
	}
	wsg_json_put_object_end(out);
}

static bool add_member(struct queries *queries, struct wsg_str set,
		       struct wsg_str member)
{
	size_t size = queries->size ? queries->size * 2 : 64;
	struct wsg_member *members;

	if (queries->members_count == queries->size) {
		members = realloc(queries->members, size * sizeof(*members));
		if (!members)
			return false;
		queries->members = members;
		queries->size = size;
	}
	queries->members[queries->members_count++] =
		(struct wsg_member){ set, member, 0 };
	return true;
}

/* {"sk":{"S":"..."}} */
static void read_item(struct queries *queries, struct wsg_str set,
		      struct wsg_json *json)
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
				 !add_member(queries, set, member))
				wsg_json_fail(json, "out of memory");
		}
	}
}

static bool read_page(struct queries *queries, size_t at)
{
	struct wsg_buf *answer = &queries->calls[at].answer;
	struct wsg_json json;
	struct wsg_str key;
	uint64_t count = 0;

	queries->next[at] = (struct wsg_str){ NULL, 0 };
	wsg_json_init(&json, answer->ptr, answer->len);
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key)) {
		if (wsg_str_is(key, "LastEvaluatedKey")) {
			wsg_json_raw(&json, &queries->next[at]);
		} else if (wsg_str_is(key, "Count")) {
			wsg_json_uint64(&json, &count);
		} else if (wsg_str_is(key, "Items")) {
			wsg_json_array(&json);
			while (wsg_json_item(&json))
				read_item(queries, queries->sets[at], &json);
		} else {
			wsg_json_skip(&json);
		}
	}
	queries->sum += count;
	if (!wsg_json_end(&json)) {
		wsg_log(WSG_ERROR, "DynamoDB's answer: %s", json.error);
		return false;
	}
	return true;
}

/* The next page of each; false: one could not be had. */
static bool next_pages(struct queries *queries)
{
	size_t i;

	for (i = 0; i < queries->count; i++) {
		queries->calls[i].operation = "Query";
		put_query(queries, i, &queries->calls[i].body);
	}
	queries->members_count = 0;
	if (!make(queries->event, queries->calls, queries->count))
		return false;
	for (i = 0; i < queries->count; i++) {
		if (!read_page(queries, i))
			return false;
	}
	return true;
}

/* Keep those that have more; their slices of the answers move with them. */
static void drop_ended(struct queries *queries)
{
	size_t i, left = 0;

	for (i = 0; i < queries->count; i++) {
		struct wsg_dynamodb_call call = queries->calls[i];

		if (!queries->next[i].len)
			continue;
		queries->sets[left] = queries->sets[i];
		queries->next[left] = queries->next[i];
		queries->calls[i] = queries->calls[left];
		queries->calls[left++] = call;
	}
	queries->count = left;
}

static void end_queries(struct queries *queries)
{
	wsg_dynamodb_release(queries->calls, WSG_DYNAMODB_MAX);
	free(queries->members);
}

/* These all have memory of their own, as see may ask for others. */
static bool each(const struct wsg_event *event, const struct wsg_str *sets,
		 size_t count, wsg_see_kept *see, void *arg)
{
	struct queries queries = { .event = event };
	bool good = true, more = true;
	size_t at = 0;

	while (good && more && (queries.count || at < count)) {
		while (queries.count < WSG_DYNAMODB_MAX && at < count) {
			queries.next[queries.count] = wsg_str("");
			queries.sets[queries.count++] = sets[at++];
		}
		good = next_pages(&queries);
		if (good && queries.members_count)
			more = see(arg, queries.members, queries.members_count);
		drop_ended(&queries);
	}
	end_queries(&queries);
	return good;
}

/* Of a set, or of it the member with that name. */
static bool sum(const struct wsg_event *event, struct wsg_str set,
		struct wsg_str member, uint64_t *count)
{
	struct queries queries = {
		.event = event,
		.sets = { set },
		.count = 1,
		.member = member,
		.counts = true,
	};
	bool good;

	do {
		good = next_pages(&queries);
		drop_ended(&queries);
	} while (good && queries.count);
	if (good)
		*count = queries.sum;
	end_queries(&queries);
	return good;
}

static bool count_all(const struct wsg_event *event, struct wsg_str set,
		      size_t *count)
{
	uint64_t found;
	bool good = sum(event, set, wsg_str(""), &found);

	if (good)
		*count = (size_t)found;
	return good;
}

static bool has(const struct wsg_event *event, const struct wsg_member *member,
		bool *has)
{
	uint64_t found;
	bool good = sum(event, member->set, member->member, &found);

	if (good)
		*has = found > 0;
	return good;
}

const struct wsg_store wsg_store_dynamodb = {
	.ready = ready,
	.open = open_store,
	.put = put,
	.remove = remove_all,
	.remove_old = remove_old,
	.has = has,
	.each = each,
	.count = count_all,
};
