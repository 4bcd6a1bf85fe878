/* SPDX-License-Identifier: MIT */
/* test_json_schema.c - messages to the JSON Schemas of API Gateway's models. */
#include "json_schema.h"
#include "message_work.h"

#define OPEN                                                        \
	"{\"$schema\":\"http://json-schema.org/draft-04/schema#\"," \
	"\"title\":\"M\","

static const struct {
	const char *name, *message, *want;
} cases[] = {
	{ "docs, strict, required",
	  "{ $doc: d, $strict: true, a: { type: bool, doc: e }, b: bool? }",
	  OPEN "\"description\":\"d\",\"type\":\"object\",\"properties\":{"
	       "\"a\":{\"description\":\"e\",\"type\":\"boolean\"},\"b\":{"
	       "\"type\":[\"boolean\",\"null\"]}},\"required\":[\"a\"],"
	       "\"additionalProperties\":false}" },
	{ "nothing required, defaults", "{ a: { type: string, default: x } }",
	  OPEN "\"type\":\"object\",\"properties\":{\"a\":{\"type\":["
	       "\"string\",\"null\"]}}}" },
	{ "bytes are characters",
	  "{ a: { type: \"string(5..9)\", pattern: ^a }, b: \"bytes(4..7)\" }",
	  OPEN "\"type\":\"object\",\"properties\":{\"a\":{\"type\":"
	       "\"string\",\"minLength\":2,\"maxLength\":9,\"pattern\":"
	       "\"^a\"},\"b\":{\"type\":\"string\",\"minLength\":8,"
	       "\"maxLength\":12}},\"required\":[\"a\",\"b\"]}" },
	{ "numbers",
	  "{ a: int32, b: \"uint32(..5)\", c: int64, d: uint64, e: "
	  "\"int64(..9223372036854775807)\", f: \"number(0.5..1e3)\" }",
	  OPEN "\"type\":\"object\",\"properties\":{\"a\":{\"type\":"
	       "\"integer\",\"minimum\":-2147483648,\"maximum\":2147483647},"
	       "\"b\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":5},"
	       "\"c\":{\"type\":\"integer\"},\"d\":{\"type\":\"integer\","
	       "\"minimum\":0},\"e\":{\"type\":\"integer\",\"maximum\":"
	       "9223372036854775807},\"f\":{\"type\":\"number\",\"minimum\":"
	       "0.5,\"maximum\":1e3}},\"required\":[\"a\",\"b\",\"c\",\"d\","
	       "\"e\",\"f\"]}" },
	{ "times, json, enums",
	  "{ a: timestamp, b: json, c: enum(x|y)?, d: enum(z) }",
	  OPEN "\"type\":\"object\",\"properties\":{\"a\":{\"type\":"
	       "\"string\"},\"b\":{},\"c\":{\"anyOf\":[{\"type\":"
	       "\"string\",\"enum\":[\"x\",\"y\"]},{\"type\":\"null\"}]},"
	       "\"d\":{\"type\":\"string\",\"enum\":[\"z\"]}},"
	       "\"required\":[\"a\",\"b\",\"d\"]}" },
	{ "lists, maps, messages",
	  "{ a: \"bool[1..2]\", b: map(bool), c: N, d: \"N[]?\" }\n"
	  "  N: { x: bool? }",
	  OPEN "\"type\":\"object\",\"properties\":{\"a\":{\"type\":"
	       "\"array\",\"minItems\":1,\"maxItems\":2,\"items\":{\"type\":"
	       "\"boolean\"}},\"b\":{\"type\":\"object\","
	       "\"additionalProperties\":{\"type\":\"boolean\"}},\"c\":{"
	       "\"type\":\"object\",\"properties\":{\"x\":{\"type\":["
	       "\"boolean\",\"null\"]}}},\"d\":{\"type\":[\"array\",\"null\"]"
	       ",\"items\":{\"type\":\"object\",\"properties\":{\"x\":{"
	       "\"type\":[\"boolean\",\"null\"]}}}}},\"required\":[\"a\","
	       "\"b\",\"c\"]}" },
	{ "a list that comes round again", "{ a: \"M[]\" }",
	  OPEN "\"type\":\"object\",\"properties\":{\"a\":{\"type\":"
	       "\"array\",\"items\":{\"type\":\"object\"}}},\"required\":["
	       "\"a\"]}" },
};

static void test_schemas(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct work w;
		struct buf out;
		struct arena text = { 0 };

		print_message("%s\n", cases[i].name);
		compile_text(&w,
			     arena_printf(&text,
					  "name: c\nmessages:\n  M: %s\n",
					  cases[i].message),
			     NULL);
		buf_init(&out, &w.arena);
		print_diag(&out, &w.diag, true);
		assert_string_equal(out.text, "");
		doc_print_compact(
			&out, message_json_schema(&w.arena,
						  w.spec->messages.items[0]));
		assert_string_equal(out.text, cases[i].want);
		arena_release(&w.arena);
		arena_release(&text);
	}
}

/* Twenty messages, each holding the one before twice: no million of copies. */
static void test_large(void **state)
{
	struct work w;
	struct buf text, out;
	struct arena arena = { 0 };

	(void)state;
	buf_init(&text, &arena);
	buf_add(&text, "name: c\nmessages:\n  M0: { a: bool }\n");
	for (int i = 1; i < 20; i++)
		buf_printf(&text, "  M%d: { a: M%d, b: M%d }\n", i, i - 1,
			   i - 1);
	compile_text(&w, text.text, NULL);
	buf_init(&out, &w.arena);
	print_diag(&out, &w.diag, true);
	assert_string_equal(out.text, "");
	doc_print_compact(&out, message_json_schema(
					&w.arena, w.spec->messages.items[19]));
	print_message("%zu bytes\n", out.len);
	assert_in_range(out.len, 10000, 400000);
	arena_release(&w.arena);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schemas),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
