/* SPDX-License-Identifier: MIT */
/* operations.c - PutItem, GetItem, DeleteItem, BatchWriteItem. */
#include "operations.h"

#include "expression.h"
#include "item.h"
#include "query.h"

static bool refuse(struct operation *operation, const char *error,
		   const char *message)
{
	if (!operation->error) {
		operation->error = error;
		wsg_buf_text(operation->message, message);
	}
	return false;
}

bool operation_invalid(struct operation *operation, const char *message)
{
	return refuse(operation, "ValidationException", message);
}

bool operation_failed(struct operation *operation)
{
	operation->error = "InternalServerError";
	return false;
}

static bool check_table(struct operation *operation, struct wsg_str table,
			const char *action)
{
	if (!table.len)
		return operation_invalid(operation, "TableName is missing");
	if (!operation->allowed(operation->owner, table, action))
		return refuse(operation, "AccessDeniedException",
			      "the function's role does not allow "
			      "it");
	if (!operation->has_table(operation->owner, table))
		return refuse(operation, "ResourceNotFoundException",
			      "Requested resource not found");
	return true;
}

bool operation_table(struct operation *operation, const char *action,
		     struct wsg_str *table)
{
	*table = json_text(json_get(operation->request, "TableName"));
	return check_table(operation, *table, action);
}

/* The two parts of an item's or a key's own key. */
static bool read_key(struct operation *operation, struct wsg_str table,
		     const struct json *item, struct store_key *key)
{
	key->table = table;
	if (!item_string(json_get(item, OPERATION_PARTITION),
			 &key->partition) ||
	    !item_string(json_get(item, OPERATION_SORT), &key->sort))
		return operation_invalid(
			operation,
			"One or more parameter values were "
			"invalid: Missing the key " OPERATION_PARTITION
			" or " OPERATION_SORT " in the item, or no string");
	if (!key->partition.len || !key->sort.len)
		return operation_invalid(operation,
					 "One or more parameter values are not "
					 "valid. The AttributeValue for a key "
					 "attribute cannot contain an empty "
					 "string value");
	return true;
}

static bool read_item(struct operation *operation, struct wsg_str table,
		      const struct json *item, struct store_key *key)
{
	const char *wrong = item_check(item);

	if (wrong)
		return operation_invalid(operation, wrong);
	return read_key(operation, table, item, key);
}

/* When an item goes by itself: seconds, as the registry writes them. */
static int64_t expiry(const struct json *item)
{
	struct wsg_str text =
		json_text(json_get(json_get(item, OPERATION_EXPIRES), "N"));
	int64_t seconds = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' ||
		    seconds > INT64_MAX / 10 - 10)
			return 0;
		seconds = seconds * 10 + (text.ptr[i] - '0');
	}
	return seconds;
}

static bool put(struct operation *operation, const struct store_key *key,
		const struct json *item)
{
	struct wsg_buf text = { .limit = ITEM_MAX };
	bool good;

	json_put(&text, item);
	if (text.failed)
		good = operation_invalid(operation,
					 "Item size has exceeded the maximum "
					 "allowed size");
	else
		good = store_put(operation->store, key,
				 (struct wsg_str){ text.ptr, text.len },
				 expiry(item), operation->message) ||
		       operation_failed(operation);
	wsg_buf_release(&text);
	return good;
}

static bool fetch(struct operation *operation, const struct store_key *key,
		  const struct json **item)
{
	struct wsg_buf text = { 0 };
	const char *wrong;
	bool found, good;

	*item = NULL;
	good = store_get(operation->store, key, &text, &found,
			 operation->message) ||
	       operation_failed(operation);
	if (good && found)
		*item = json_parse(operation->arena,
				   (struct wsg_str){ text.ptr, text.len },
				   &wrong);
	wsg_buf_release(&text);
	return good;
}

struct expression_context operation_context(const struct operation *operation)
{
	const struct json *request = operation->request;

	return (struct expression_context){
		.arena = operation->arena,
		.names = json_get(request, "ExpressionAttributeNames"),
		.values = json_get(request, "ExpressionAttributeValues"),
	};
}

bool operation_expression(struct operation *operation, const char *member,
			  const struct expression **expression)
{
	const struct expression_context context = operation_context(operation);
	const struct json *text = json_get(operation->request, member);
	const char *wrong = NULL;

	*expression = NULL;
	if (!text)
		return true;
	if (context.values)
		wrong = item_check(context.values);
	if (!wrong)
		*expression =
			expression_parse(&context, json_text(text), &wrong);
	if (*expression)
		return true;
	wsg_buf_printf(operation->message, "Invalid %s: %s", member, wrong);
	operation->error = "ValidationException";
	return false;
}

/* Whether ConditionExpression, if there is one, holds for what is there. */
static bool condition_holds(struct operation *operation,
			    const struct store_key *key)
{
	const struct expression *condition;
	const struct json *item;

	if (!operation_expression(operation, "ConditionExpression", &condition))
		return false;
	if (!condition)
		return true;
	if (!fetch(operation, key, &item))
		return false;
	return expression_holds(condition, item) ||
	       refuse(operation, "ConditionalCheckFailedException",
		      "The conditional request failed");
}

static bool put_item(struct operation *operation)
{
	const struct json *item = json_get(operation->request, "Item");
	struct wsg_str table;
	struct store_key key;

	return operation_table(operation, "PutItem", &table) &&
	       read_item(operation, table, item, &key) &&
	       condition_holds(operation, &key) && put(operation, &key, item);
}

static bool delete_item(struct operation *operation)
{
	const struct json *item = json_get(operation->request, "Key");
	struct wsg_str table;
	struct store_key key;

	return operation_table(operation, "DeleteItem", &table) &&
	       read_item(operation, table, item, &key) &&
	       condition_holds(operation, &key) &&
	       (store_remove(operation->store, &key, operation->message) ||
		operation_failed(operation));
}

static bool get_item(struct operation *operation)
{
	const struct json *item = json_get(operation->request, "Key");
	struct wsg_str table;
	struct store_key key;

	if (!operation_table(operation, "GetItem", &table) ||
	    !read_item(operation, table, item, &key) ||
	    !fetch(operation, &key, &item))
		return false;
	if (item) {
		wsg_json_put_key(operation->out, wsg_str("Item"));
		json_put(operation->out, item);
	}
	return true;
}

static bool write_one(struct operation *operation, struct wsg_str table,
		      const struct json *request)
{
	const struct json *item =
		json_get(json_get(request, "PutRequest"), "Item");
	const struct json *gone =
		json_get(json_get(request, "DeleteRequest"), "Key");
	struct store_key key;

	if (item)
		return read_item(operation, table, item, &key) &&
		       put(operation, &key, item);
	return read_item(operation, table, gone, &key) &&
	       (store_remove(operation->store, &key, operation->message) ||
		operation_failed(operation));
}

static bool write_all(struct operation *operation, const struct json *tables)
{
	for (const struct json *at = tables->first; at; at = at->next)
		for (const struct json *one = at->first; one; one = one->next)
			if (!write_one(operation, at->key, one))
				return false;
	return true;
}

static bool check_batch(struct operation *operation, const struct json *tables)
{
	size_t count = 0;

	for (const struct json *at = tables ? tables->first : NULL; at;
	     at = at->next) {
		if (!check_table(operation, at->key, "BatchWriteItem"))
			return false;
		count += at->count;
	}
	if (count && count <= OPERATION_BATCH_MAX)
		return true;
	return operation_invalid(operation, "Too many items requested for the "
					    "BatchWriteItem call, or none");
}

static bool batch_write_item(struct operation *operation)
{
	const struct json *tables =
		json_get(operation->request, "RequestItems");
	bool good;

	if (!check_batch(operation, tables))
		return false;
	if (!store_begin(operation->store, operation->message))
		return operation_failed(operation);
	good = write_all(operation, tables);
	if (!store_end(operation->store, good, operation->message))
		return operation_failed(operation);
	if (!good)
		return false;
	wsg_json_put_key(operation->out, wsg_str("UnprocessedItems"));
	wsg_json_put_object(operation->out);
	wsg_json_put_object_end(operation->out);
	return true;
}

bool operation_run(struct operation *operation, struct wsg_str name)
{
	static const struct {
		const char *name;
		bool (*run)(struct operation *operation);
	} operations[] = {
		{ "BatchWriteItem", batch_write_item },
		{ "DeleteItem", delete_item },
		{ "GetItem", get_item },
		{ "PutItem", put_item },
		{ "Query", operation_query },
	};

	for (size_t i = 0; i < sizeof(operations) / sizeof(*operations); i++)
		if (wsg_str_is(name, operations[i].name))
			return operations[i].run(operation);
	return refuse(operation, "UnknownOperationException",
		      "the local DynamoDB has what `connections` "
		      "uses: BatchWriteItem, DeleteItem, GetItem, "
		      "PutItem and Query");
}
