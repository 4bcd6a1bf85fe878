/* SPDX-License-Identifier: MIT */
/* query.c - the items of one partition, page by page. */
#include "query.h"

#include "item.h"

struct query {
	struct operation *operation;
	struct store_key key; /* the sort key: where the last page ended */
	const struct expression *condition, *filter;
	const struct wsg_str *names; /* to show; NULL: all */
	size_t names_count;
	bool count_only;
	int64_t limit; /* of items that are looked at; 0: none */
	int64_t looked_at, count;
	size_t read;
	bool more;	     /* there are items behind this page */
	struct wsg_buf last; /* sort key of the last one that was looked at */
};

static void show(const struct query *query, const struct json *item)
{
	struct wsg_buf *out = query->operation->out;

	if (!query->names) {
		json_put(out, item);
		return;
	}
	wsg_json_put_object(out);
	for (size_t i = 0; i < query->names_count; i++) {
		const struct json *value = json_find(item, query->names[i]);

		if (!value)
			continue;
		wsg_json_put_key(out, query->names[i]);
		json_put(out, value);
	}
	wsg_json_put_object_end(out);
}

static bool see(void *arg, struct wsg_str sort, struct wsg_str text)
{
	struct query *query = arg;
	const struct json *item;
	const char *wrong;

	item = json_parse(query->operation->arena, text, &wrong);
	if (!item || !expression_holds(query->condition, item))
		return true;
	if ((query->limit && query->looked_at == query->limit) ||
	    query->read + text.len > OPERATION_PAGE_MAX) {
		query->more = true;
		return false;
	}
	query->looked_at++;
	query->read += text.len;
	wsg_buf_clear(&query->last);
	wsg_buf_str(&query->last, sort);
	if (query->filter && !expression_holds(query->filter, item))
		return true;
	query->count++;
	if (!query->count_only)
		show(query, item);
	return true;
}

static bool read_start(struct query *query, bool *after)
{
	struct operation *operation = query->operation;
	const struct json *start =
		json_get(operation->request, "ExclusiveStartKey");
	struct wsg_str partition;

	*after = start;
	if (!start)
		return true;
	if (item_check(start) ||
	    !item_string(json_get(start, OPERATION_PARTITION), &partition) ||
	    !item_string(json_get(start, OPERATION_SORT), &query->key.sort) ||
	    !wsg_str_equal(partition, query->key.partition))
		return operation_invalid(operation,
					 "The provided starting key is "
					 "invalid");
	return true;
}

static bool read_names(struct query *query)
{
	struct operation *operation = query->operation;
	const struct expression_context context = operation_context(operation);
	const struct json *text =
		json_get(operation->request, "ProjectionExpression");
	const char *wrong;

	if (!text || expression_names(&context, json_text(text), &query->names,
				      &query->names_count, &wrong))
		return true;
	return operation_invalid(operation, wrong);
}

static bool read_query(struct query *query)
{
	struct operation *operation = query->operation;
	const struct json *request = operation->request;
	const struct json *partition;

	if (!operation_expression(operation, "KeyConditionExpression",
				  &query->condition) ||
	    !operation_expression(operation, "FilterExpression",
				  &query->filter) ||
	    !read_names(query))
		return false;
	partition = query->condition
			    ? expression_equals(query->condition,
						wsg_str(OPERATION_PARTITION))
			    : NULL;
	if (!partition || !item_string(partition, &query->key.partition))
		return operation_invalid(operation,
					 "Query condition missed key schema "
					 "element: " OPERATION_PARTITION);
	query->limit = json_int(json_get(request, "Limit"), 0);
	query->count_only =
		wsg_str_is(json_text(json_get(request, "Select")), "COUNT");
	if (query->limit < 0)
		return operation_invalid(operation, "Limit is below 1");
	return true;
}

static void put_text(struct wsg_buf *out, const char *key, struct wsg_str text)
{
	wsg_json_put_key(out, wsg_str(key));
	wsg_json_put_object(out);
	wsg_json_put_key(out, wsg_str("S"));
	wsg_json_put_string(out, text);
	wsg_json_put_object_end(out);
}

static void put_rest(const struct query *query)
{
	struct wsg_buf *out = query->operation->out;

	wsg_json_put_key(out, wsg_str("Count"));
	wsg_json_put_int64(out, query->count);
	wsg_json_put_key(out, wsg_str("ScannedCount"));
	wsg_json_put_int64(out, query->looked_at);
	if (!query->more)
		return;
	wsg_json_put_key(out, wsg_str("LastEvaluatedKey"));
	wsg_json_put_object(out);
	put_text(out, OPERATION_PARTITION, query->key.partition);
	put_text(out, OPERATION_SORT,
		 (struct wsg_str){ query->last.ptr, query->last.len });
	wsg_json_put_object_end(out);
}

/* One member, when the condition names it: no need to read all the others. */
static bool read_one(struct query *query, const struct json *sort)
{
	struct operation *operation = query->operation;
	struct wsg_buf text = { 0 };
	struct store_key key = query->key;
	bool found, good;

	if (!item_string(sort, &key.sort))
		return operation_invalid(operation, "no string");
	good = store_get(operation->store, &key, &text, &found,
			 operation->message);
	if (good && found)
		see(query, key.sort, (struct wsg_str){ text.ptr, text.len });
	wsg_buf_release(&text);
	return good || operation_failed(operation);
}

static bool read_page(struct query *query)
{
	struct operation *operation = query->operation;
	const struct json *sort =
		expression_equals(query->condition, wsg_str(OPERATION_SORT));
	bool backward = !json_bool(
		json_get(operation->request, "ScanIndexForward"), true);
	bool after;

	if (!read_start(query, &after))
		return false;
	if (sort && !after)
		return read_one(query, sort);
	return store_each(operation->store, &query->key, after, backward, see,
			  query, operation->message) ||
	       operation_failed(operation);
}

bool operation_query(struct operation *operation)
{
	struct query query = { .operation = operation };
	struct wsg_buf *out = operation->out;
	bool good;

	if (!operation_table(operation, "Query", &query.key.table) ||
	    !read_query(&query))
		return false;
	if (!query.count_only) {
		wsg_json_put_key(out, wsg_str("Items"));
		wsg_json_put_array(out);
	}
	good = read_page(&query);
	if (!query.count_only)
		wsg_json_put_array_end(out);
	put_rest(&query);
	wsg_buf_release(&query.last);
	return good;
}
