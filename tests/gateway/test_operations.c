/* SPDX-License-Identifier: MIT */
/* test_operations.c - calls of DynamoDB, one after another, and their answers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dynamodb/operations.h"

static struct wsg_arena *arena;
static struct store *store;

static bool has_table(void *owner, struct wsg_str table)
{
	(void)owner;
	return wsg_str_is(table, "t") || wsg_str_is(table, "other");
}

static bool allowed(void *owner, struct wsg_str table, const char *action)
{
	(void)owner;
	return !wsg_str_is(table, "other") || !strcmp(action, "Query");
}

/* 'key': to "key": and so on: what is below reads better so. */
static void with_quotes(char *text)
{
	for (; *text; text++)
		if (*text == '\'')
			*text = '"';
}

static void check(const char *name, const char *quoted, const char *answer)
{
	struct wsg_buf out = { 0 }, message = { 0 };
	struct operation operation = { .store = store,
				       .arena = arena,
				       .has_table = has_table,
				       .allowed = allowed,
				       .out = &out,
				       .message = &message };
	char request[2048], wanted[2048];
	const char *wrong = NULL;

	snprintf(request, sizeof(request), "%s", quoted);
	snprintf(wanted, sizeof(wanted), "%s", answer);
	with_quotes(request);
	with_quotes(wanted);
	operation.request = json_parse(arena, wsg_str(request), &wrong);
	if (!operation.request)
		fail_msg("%s: %s", request, wrong);
	wsg_json_put_object(&out);
	if (operation_run(&operation, wsg_str(name))) {
		wsg_json_put_object_end(&out);
		if (strcmp(out.ptr, wanted))
			fail_msg("%s %s\n%s", name, request, out.ptr);
	} else if (strcmp(operation.error, wanted)) {
		fail_msg("%s %s\n%s: %s", name, request, operation.error,
			 message.ptr);
	}
	wsg_buf_release(&out);
	wsg_buf_release(&message);
}

#define TABLE "'TableName':'t'"
#define KEY(sk) "{'pk':{'S':'room'},'sk':{'S':'" sk "'}}"
#define ITEM(sk, end) \
	"{'pk':{'S':'room'},'sk':{'S':'" sk "'},'expires':{'N':'" end "'}}"
#define ROOM                                          \
	TABLE ",'KeyConditionExpression':'pk = :set'" \
	      ",'ExpressionAttributeValues':{':set':{'S':'room'}"

static void test_calls(void **state)
{
	static const struct {
		const char *name, *request, *answer;
	} calls[] = {
		{ "PutItem", "{" TABLE ",'Item':" ITEM("a", "100") "}", "{}" },
		{ "PutItem", "{" TABLE ",'Item':" ITEM("b", "200") "}", "{}" },
		{ "PutItem", "{" TABLE ",'Item':" ITEM("c", "300") "}", "{}" },
		{ "PutItem", "{" TABLE ",'Item':" ITEM("a", "150") "}", "{}" },
		{ "GetItem", "{" TABLE ",'Key':" KEY("a") "}",
		  "{'Item':" ITEM("a", "150") "}" },
		{ "GetItem", "{" TABLE ",'Key':" KEY("z") "}", "{}" },
		{ "Query", "{" ROOM "},'ProjectionExpression':'sk'}",
		  "{'Items':[{'sk':{'S':'a'}},{'sk':{'S':'b'}},"
		  "{'sk':{'S':'c'}}],'Count':3,'ScannedCount':3}" },
		{ "Query",
		  "{" ROOM ",':now':{'N':'150'}},'Select':'COUNT',"
		  "'FilterExpression':'expires > :now'}",
		  "{'Count':2,'ScannedCount':3}" },
		{ "Query", "{" ROOM "},'ProjectionExpression':'sk','Limit':2}",
		  "{'Items':[{'sk':{'S':'a'}},{'sk':{'S':'b'}}],'Count':2,"
		  "'ScannedCount':2,'LastEvaluatedKey':" KEY("b") "}" },
		{ "Query",
		  "{" ROOM "},'ProjectionExpression':'sk',"
		  "'ExclusiveStartKey':" KEY("b") "}",
		  "{'Items':[{'sk':{'S':'c'}}],'Count':1,'ScannedCount':1}" },
		{ "Query",
		  "{" ROOM "},'ProjectionExpression':'sk','Limit':1,"
		  "'ScanIndexForward':false}",
		  "{'Items':[{'sk':{'S':'c'}}],'Count':1,'ScannedCount':1,"
		  "'LastEvaluatedKey':" KEY("c") "}" },
		{ "Query",
		  "{" TABLE ",'KeyConditionExpression':"
		  "'pk = :set AND sk = :member','ExpressionAttributeValues':"
		  "{':set':{'S':'room'},':member':{'S':'b'}},"
		  "'ProjectionExpression':'sk'}",
		  "{'Items':[{'sk':{'S':'b'}}],'Count':1,'ScannedCount':1}" },
		{ "DeleteItem",
		  "{" TABLE ",'Key':" KEY(
			  "b") ",'ConditionExpression':"
			       "'attribute_not_exists(pk) OR expires <= :end',"
			       "'ExpressionAttributeValues':{':end':{'N':'199'}"
			       "}}",
		  "ConditionalCheckFailedException" },
		{ "DeleteItem",
		  "{" TABLE ",'Key':" KEY(
			  "b") ",'ConditionExpression':"
			       "'attribute_not_exists(pk) OR expires <= :end',"
			       "'ExpressionAttributeValues':{':end':{'N':'200'}"
			       "}}",
		  "{}" },
		{ "DeleteItem",
		  "{" TABLE ",'Key':" KEY("b") ",'ConditionExpression':"
					       "'attribute_not_exists(pk)'}",
		  "{}" },
		{ "PutItem",
		  "{" TABLE
		  ",'Item':" ITEM("a", "1") ",'ConditionExpression':"
					    "'attribute_not_exists(pk)'}",
		  "ConditionalCheckFailedException" },
		{ "BatchWriteItem",
		  "{'RequestItems':{'t':[{'PutRequest':{'Item':" ITEM(
			  "d",
			  "1") "}},{'DeleteRequest':{'Key':" KEY("a") "}}]}}",
		  "{'UnprocessedItems':{}}" },
		{ "Query", "{" ROOM "},'ProjectionExpression':'sk'}",
		  "{'Items':[{'sk':{'S':'c'}},{'sk':{'S':'d'}}],'Count':2,"
		  "'ScannedCount':2}" },
		/* All or nothing: the second is wrong. */
		{ "BatchWriteItem",
		  "{'RequestItems':{'t':[{'DeleteRequest':{'Key':" KEY(
			  "c") "}},{'DeleteRequest':{'Key':{}}}]}}",
		  "ValidationException" },
		{ "Query", "{" ROOM "},'Select':'COUNT'}",
		  "{'Count':2,'ScannedCount':2}" },
		{ "PutItem", "{'TableName':'none','Item':" KEY("a") "}",
		  "ResourceNotFoundException" },
		{ "PutItem", "{'TableName':'other','Item':" KEY("a") "}",
		  "AccessDeniedException" },
		{ "PutItem", "{'Item':" KEY("a") "}", "ValidationException" },
		{ "PutItem", "{" TABLE "}", "ValidationException" },
		{ "PutItem", "{" TABLE ",'Item':" KEY("") "}",
		  "ValidationException" },
		{ "PutItem", "{" TABLE ",'Item':{'pk':{'N':'1'}}}",
		  "ValidationException" },
		{ "Query", "{" TABLE "}", "ValidationException" },
		{ "Query",
		  "{" TABLE ",'KeyConditionExpression':'sk = :set',"
		  "'ExpressionAttributeValues':{':set':{'S':'room'}}}",
		  "ValidationException" },
		{ "BatchWriteItem", "{'RequestItems':{}}",
		  "ValidationException" },
		{ "Scan", "{" TABLE "}", "UnknownOperationException" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		check(calls[i].name, calls[i].request, calls[i].answer);
}

static void test_sweep(void **state)
{
	struct wsg_buf why = { 0 };

	(void)state;
	check("PutItem", "{" TABLE ",'Item':" ITEM("old", "10") "}", "{}");
	assert_true(store_sweep(store, 11, &why));
	check("GetItem", "{" TABLE ",'Key':" KEY("old") "}", "{}");
	check("GetItem", "{" TABLE ",'Key':" KEY("c") "}",
	      "{'Item':" ITEM("c", "300") "}");
	assert_true(store_clear(store, &why));
	check("GetItem", "{" TABLE ",'Key':" KEY("c") "}", "{}");
	wsg_buf_release(&why);
}

static int set_up(void **state)
{
	struct wsg_buf why = { 0 };

	(void)state;
	arena = wsg_arena_new();
	store = store_open(NULL, &why);
	wsg_buf_release(&why);
	return !arena || !store;
}

static int tear_down(void **state)
{
	(void)state;
	store_close(store);
	wsg_arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_sweep),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
