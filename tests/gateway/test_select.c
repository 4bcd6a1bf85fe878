/* SPDX-License-Identifier: MIT */
/* test_select.c - which route a message asks for, by each rule of API Gateway.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/select.h"

#define ACTION "$request.body.action"
#define KEY SELECTED_KEY
#define NOT_JSON SELECTED_NOT_JSON
#define NO_TEXT SELECTED_NO_TEXT

static const struct {
	const char *name, *expression, *body;
	enum selected selected;
	const char *key;
} cases[] = {
	{ "bare", ACTION, "{\"action\":\"join\"}", KEY, "join" },
	{ "in braces", "${request.body.action}", "{\"action\":\"join\"}", KEY,
	  "join" },
	{ "among others", ACTION,
	  " {\"a\":[{\"action\":\"no\"}], \"action\" : \"join\" , \"z\":1} ",
	  KEY, "join" },
	{ "nested", "$request.body.a.b.c-d",
	  "{\"a\":{\"b\":{\"c\":\"no\",\"c-d\":\"deep\"}}}", KEY, "deep" },
	{ "escaped", ACTION, "{\"\\u0061ction\":\"j\\u00f6in\\n\"}", KEY,
	  "j\xc3\xb6in\n" },
	{ "mixed", "${request.body.service}/${request.body.action}",
	  "{\"action\":\"join\",\"service\":\"chat\"}", KEY, "chat/join" },
	{ "nothing is empty", "${request.body.action}-${request.body.nope}",
	  "{\"action\":\"join\"}", KEY, "join-" },
	{ "missing", ACTION, "{}", KEY, "" },
	{ "missing on the way", "$request.body.a.b", "{\"a\":{}}", KEY, "" },
	{ "a text on the way", "$request.body.a.b", "{\"a\":\"b\"}", KEY, "" },
	{ "a list on the way", "$request.body.a.b", "{\"a\":[{\"b\":\"c\"}]}",
	  KEY, "" },
	{ "no object", ACTION, "\"action\"", KEY, "" },
	{ "a list", ACTION, "[\"action\",\"join\"]", KEY, "" },
	{ "a number for a body", ACTION, "7", KEY, "" },
	{ "whole", ACTION, "{\"action\":-12345678901234567890}", KEY,
	  "-12345678901234567890" },
	{ "true", ACTION, "{\"action\":true}", KEY, "true" },
	{ "false", ACTION, "{\"action\":false}", KEY, "false" },
	{ "null", ACTION, "{\"action\":null}", KEY, "" },
	{ "empty", ACTION, "{\"action\":\"\"}", KEY, "" },
	{ "fraction", ACTION, "{\"action\":1.5}", NO_TEXT, NULL },
	{ "exponent", ACTION, "{\"action\":1e3}", NO_TEXT, NULL },
	{ "object", ACTION, "{\"action\":{}}", NO_TEXT, NULL },
	{ "list", ACTION, "{\"action\":[\"a\", \"b c\",1 ,true,null]}", KEY,
	  "[a, b c, 1, true, null]" },
	{ "empty list", ACTION, "{\"action\":[]}", KEY, "[]" },
	{ "lists in it", ACTION, "{\"action\":[[1,2],[\"x\"]]}", KEY,
	  "[[1, 2], [x]]" },
	{ "an object in a list", ACTION, "{\"action\":[{}]}", NO_TEXT, NULL },
	{ "a list among others", "<${request.body.a}>", "{\"a\":[1,\"b\"]}",
	  KEY, "<[1, b]>" },
	{ "no text among others", "<${request.body.a}>", "{\"a\":{}}", NO_TEXT,
	  NULL },
	{ "twice", ACTION, "{\"action\":\"a\",\"action\":\"b\"}", KEY, "b" },
	{ "twice, then nothing", "$request.body.a.b",
	  "{\"a\":{\"b\":\"c\"},\"a\":{}}", KEY, "" },
	{ "not looked into", ACTION,
	  "{\"action\":\"${request.body.x}\",\"x\":\"y\"}", KEY,
	  "${request.body.x}" },
	{ "case counts", ACTION, "{\"Action\":\"join\"}", KEY, "" },
	{ "static", "\\$default", "{\"action\":\"join\"}", KEY, "$default" },
	{ "static, not JSON", "\\$default", "join", NOT_JSON, NULL },
	{ "an escape among others", "\\$${request.body.a}\\\\\\x", "{\"a\":1}",
	  KEY, "$1\\\\x" },
	{ "empty body", ACTION, "", NOT_JSON, NULL },
	{ "plain text", ACTION, "join", NOT_JSON, NULL },
	{ "cut off", ACTION, "{\"action\":\"join\"", NOT_JSON, NULL },
	{ "wrong behind it", ACTION, "{\"action\":\"join\",}", NOT_JSON, NULL },
	{ "more behind it", ACTION, "{\"action\":\"join\"}{}", NOT_JSON, NULL },
	{ "mixed, cut off", "a${request.body.b}", "{\"b\":1", NOT_JSON, NULL },
	{ "not UTF-8", ACTION, "{\"action\":\"\xff\"}", NOT_JSON, NULL },
};

static void test_evaluate(void **state)
{
	struct wsg_buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *name = cases[i].name, *why = NULL;
		struct selection *selection =
			selection_new(wsg_str(cases[i].expression), &why);
		struct wsg_str key;

		if (!selection)
			fail_msg("%s: %s", name, why);
		if (selection_evaluate(selection, wsg_str(cases[i].body), &out,
				       &key) != cases[i].selected)
			fail_msg("%s: the other result", name);
		if (cases[i].key && !wsg_str_is(key, cases[i].key))
			fail_msg("%s: '%.*s'", name, WSG_FMT(key));
		selection_free(selection);
	}
	wsg_buf_release(&out);
}

static void test_deep_bodies(void **state)
{
	const char *why = NULL;
	struct selection *selection = selection_new(wsg_str(ACTION), &why);
	struct wsg_buf body = { 0 }, out = { 0 };
	struct wsg_str key;

	(void)state;
	assert_non_null(selection);
	wsg_buf_text(&body, "{\"action\":");
	for (size_t i = 0; i < 100000; i++)
		wsg_buf_text(&body, "[");
	assert_int_equal(
		selection_evaluate(selection,
				   (struct wsg_str){ body.ptr, body.len }, &out,
				   &key),
		SELECTED_NOT_JSON);
	wsg_buf_release(&body);
	wsg_buf_release(&out);
	selection_free(selection);
}

static void test_no_expressions(void **state)
{
	static const char *const refused[] = {
		"",
		"$",
		"${",
		"$request",
		"$request.body",
		"$request.body.",
		"$request.body.a.",
		"$request.body.1",
		"$request.body.a b",
		"$request.header.x",
		"$request.body.a$request.body.b",
		"a$request.body.b",
		"${request.body.a",
		"${request.body.a b}",
		"${request.body.a}${",
		"${request.body.a[0]}",
		"$context.connectionId",
	};
	struct wsg_buf many = { 0 };
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		why = NULL;
		if (selection_new(wsg_str(refused[i]), &why))
			fail_msg("'%s': not refused", refused[i]);
		assert_non_null(why);
	}
	for (size_t i = 0; i < 200; i++)
		wsg_buf_text(&many, "${request.body.a}");
	why = NULL;
	assert_null(
		selection_new((struct wsg_str){ many.ptr, many.len }, &why));
	wsg_buf_release(&many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_evaluate),
		cmocka_unit_test(test_deep_bodies),
		cmocka_unit_test(test_no_expressions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
