/* SPDX-License-Identifier: MIT */
/* test_model.c - bodies that fit a model, and what is said of those that do
 * not. */
#include "test.h"

#include "api/model.h"

static const struct {
	const char *model, *body;
	const char *why; /* NULL: it fits */
} cases[] = {
	{ "{}", "7", NULL },
	{ "{'type':'object'}", "{}", NULL },
	{ "{'type':'object'}", "[]", "is of another type" },
	{ "{'type':'string'}", "null", "is of another type" },
	{ "{'type':['string','null']}", "null", NULL },
	{ "{'type':['string','null']}", "1", "is of another type" },
	{ "{'type':'integer'}", "1", NULL },
	{ "{'type':'integer'}", "1.0", NULL },
	{ "{'type':'integer'}", "1e2", NULL },
	{ "{'type':'integer'}", "1.5", "is of another type" },
	{ "{'type':'number'}", "1.5", NULL },
	{ "{'type':'number'}", "'1'", "is of another type" },
	{ "{'type':'boolean'}", "false", NULL },
	{ "{'type':'array'}", "{}", "is of another type" },
	{ "{'minimum':2}", "2", NULL },
	{ "{'minimum':2}", "1", "is too little" },
	{ "{'maximum':2}", "2.5", "is too much" },
	{ "{'minimum':2}", "'1'", NULL },
	{ "{'minLength':2}", "'\303\251'", "is too little" },
	{ "{'minLength':2}", "'\303\251\303\251'", NULL },
	{ "{'maxLength':1}", "'\303\251'", NULL },
	{ "{'maxLength':1}", "'ab'", "is too much" },
	{ "{'pattern':'^a+$'}", "'aa'", NULL },
	{ "{'pattern':'^a+$'}", "'ab'", "does not match its pattern" },
	{ "{'enum':['a','b']}", "'b'", NULL },
	{ "{'enum':['a','b']}", "'c'", "is none of its values" },
	{ "{'minItems':1}", "[]", "is too little" },
	{ "{'maxItems':1}", "[1,2]", "is too much" },
	{ "{'items':{'type':'string'}}", "['a','b']", NULL },
	{ "{'items':{'type':'string'}}", "['a',2]", "is of another type" },
	{ "{'required':['a']}", "{'a':null}", NULL },
	{ "{'required':['a','b']}", "{'a':1}", "'b' is not there" },
	{ "{'properties':{'a':{'type':'string'}}}", "{'b':1}", NULL },
	{ "{'properties':{'a':{'type':'string'}}}", "{'a':1}",
	  "'a' is of another type" },
	{ "{'properties':{'a':{}},'additionalProperties':false}",
	  "{'a':1,'b':2}", "'b' is not in the model" },
	{ "{'additionalProperties':true}", "{'b':2}", NULL },
	{ "{'additionalProperties':{'type':'string'}}", "{'b':2}",
	  "'b' is of another type" },
	{ "{'anyOf':[{'type':'string'},{'type':'null'}]}", "null", NULL },
	{ "{'anyOf':[{'type':'string'},{'type':'null'}]}", "1",
	  "is of another type" },
	{ "{'properties':{'a':{'items':{'required':['b']}}}}",
	  "{'a':[{'b':1},{}]}", "'b' is not there" },
};

/* With ' for ", which is easier on the eye. */
static const struct json *parse(struct wsg_arena *arena, const char *text)
{
	char copy[256];
	const char *error;
	const struct json *made;

	assert_true(strlen(text) < sizeof(copy));
	strcpy(copy, text);
	for (char *at = copy; *at; at++)
		if (*at == '\'')
			*at = '"';
	made = json_parse(arena, wsg_str(copy), &error);
	if (!made)
		fail_msg("%s: %s", text, error);
	return made;
}

static void test_cases(void **state)
{
	struct wsg_arena *arena = wsg_arena_new();
	struct wsg_buf why = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct json *model = parse(arena, cases[i].model);
		const struct json *body = parse(arena, cases[i].body);
		char name[512];
		bool fits = model_fits(model, body, arena, &why);

		snprintf(name, sizeof(name), "%s in %s", cases[i].body,
			 cases[i].model);
		test_number(name, fits, !cases[i].why);
		if (!fits)
			test_text(name, test_str(&why), wsg_str(cases[i].why));
		wsg_arena_reset(arena);
	}
	wsg_buf_release(&why);
	wsg_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
