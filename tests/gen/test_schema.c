/* SPDX-License-Identifier: MIT */
/* test_schema.c - JSON Schemas to messages. */
#include "message_work.h"

/* JSON Schemas: what `$ref: a.json` holds, and what comes of it. */
static const struct {
	const char *name, *json, *want;
} schemas[] = {
	{ "each type",
	  "{\"type\":\"object\",\"required\":[\"a\",\"b\"],\"properties\":{"
	  "\"a\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":10},"
	  "\"b\":{\"type\":\"integer\",\"minimum\":-1,\"maximum\":5},"
	  "\"c\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":"
	  "18446744073709551615},"
	  "\"d\":{\"type\":\"number\",\"minimum\":0.5},"
	  "\"e\":{\"type\":\"boolean\"},"
	  "\"f\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
	  "\"minItems\":1,\"maxItems\":3},"
	  "\"g\":{\"enum\":[\"x\",\"y z\"]},"
	  "\"h\":{\"const\":\"k\"},"
	  "\"i\":{\"type\":\"string\",\"format\":\"date-time\"},"
	  "\"j\":{\"type\":\"string\",\"contentEncoding\":\"base64\","
	  "\"minLength\":4,\"maxLength\":8},"
	  "\"k\":{},"
	  "\"l\":{\"type\":\"object\",\"additionalProperties\":{\"type\":"
	  "\"boolean\"}},"
	  "\"m\":{\"type\":\"object\"},"
	  "\"n\":{\"type\":\"string\",\"pattern\":\"^a\",\"default\":\"ab\","
	  "\"description\":\"d\"}}}",
	  "M: a string<1,40> b int64<-1,5> c uint64<0,18446744073709551615>? d "
	  "number<0.5,>? e bool? f list<1,3> of string? g enum'x''y z'? h "
	  "enum'k'? i timestamp? j bytes<1,6>? k json? l map of bool? m "
	  "json? n "
	  "string=\"ab\" ~^a (d)" },
	{ "strict, with notes",
	  "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"$id\":"
	  "\"x\",\"title\":\"t\",\"additionalProperties\":false,\"properties\":"
	  "{\"a\":{\"type\":\"boolean\",\"title\":\"u\",\"examples\":[true],"
	  "\"$comment\":\"c\"}}}",
	  "M!: a bool?" },
	{ "nullable",
	  "{\"type\":\"object\",\"required\":[\"a\",\"b\"],\"properties\":{\""
	  "a\""
	  ":{\"type\":[\"integer\",\"null\"]},\"b\":{\"type\":[\"string\","
	  "\"null\"],\"enum\":[\"x\",null]}}}",
	  "M: a int64? b enum'x'?" },
	{ "objects inside, and definitions",
	  "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"object\","
	  "\"properties\":{\"b\":{\"$ref\":\"#/definitions/D\"}}},\"c\":{"
	  "\"type\":\"array\",\"items\":{\"$ref\":\"#/definitions/D\"}},\"e\":"
	  "{\"$ref\":\"#/$defs/S\",\"description\":\"s\"}},\"definitions\":{"
	  "\"D\":{\"type\":\"object\",\"properties\":{\"kids\":{\"type\":"
	  "\"array\",\"items\":{\"$ref\":\"#/definitions/D\"}},\"top\":{"
	  "\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}}}},\"$defs\":{\"S\":"
	  "{\"type\":\"string\",\"maxLength\":1}}}",
	  "M: a M.a? c list of M.D? e string<,4>? (s) / M.a: b M.D? / M.D: "
	  "kids "
	  "list of M.D? top list of M?" },
	{ "a keyword that messages do not have",
	  "{\"type\":\"object\",\"properties\":{\"a\":{\"oneOf\":[]},\"b\":{"
	  "\"type\":\"string\",\"format\":\"email\"},\"c\":{\"type\":"
	  "\"integer\",\"multipleOf\":2}}}",
	  "1:37+7: messages cannot say what 'oneOf' says in a JSON Schema; "
	  "1:79+7: the only 'format' known here is date-time; 1:110+12: "
	  "messages cannot say what 'multipleOf' says in a JSON Schema" },
	{ "a keyword of another type",
	  "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\","
	  "\"maxLength\":2}}}",
	  "1:54+11: 'maxLength' does not go with this 'type'" },
	{ "no object", "{\"type\":\"array\"}",
	  "1:1+1: message 'M' must be an object with 'properties'" },
	{ "no properties", "{\"type\":\"object\"}",
	  "1:1+1: message 'M' must be an object with 'properties'" },
	{ "several types",
	  "{\"properties\":{\"a\":{\"type\":[\"string\",\"integer\"]}}}",
	  "1:38+9: 'type' may name one type, and \"null\" beside it" },
	{ "an unknown type", "{\"properties\":{\"a\":{\"type\":\"int\"}}}",
	  "1:28+5: 'type' must be object, array, string, integer, number, "
	  "boolean or null" },
	{ "an enum of numbers", "{\"properties\":{\"a\":{\"enum\":[1]}}}",
	  "1:29+1: the values of an enum must be strings" },
	{ "an empty enum", "{\"properties\":{\"a\":{\"enum\":[]}}}",
	  "1:28+1: 'enum' must be a list of strings" },
	{ "null in a list",
	  "{\"properties\":{\"a\":{\"type\":\"array\",\"items\":{\"type\":["
	  "\"string\",\"null\"]}}}}",
	  "1:44+1: only properties may be null, not what is in a list or a "
	  "map" },
	{ "a pattern in a list",
	  "{\"properties\":{\"a\":{\"type\":\"array\",\"items\":{\"type\":"
	  "\"string\",\"pattern\":\"a\"}}}}",
	  "1:71+3: 'pattern' goes with a property that is a string" },
	{ "required, but not there",
	  "{\"properties\":{\"a\":{}},\"required\":[\"b\"]}",
	  "1:36+3: 'required' has 'b', which is not among 'properties'" },
	{ "a reference to elsewhere",
	  "{\"properties\":{\"a\":{\"$ref\":\"b.json\"}}}",
	  "1:28+8: '$ref' must be '#', or '#/definitions/X' of something that "
	  "is there" },
	{ "a keyword beside a reference",
	  "{\"properties\":{\"a\":{\"$ref\":\"#\",\"type\":\"object\"}}}",
	  "1:32+6: 'type' beside '$ref' says nothing in a JSON Schema" },
	{ "a definition that is itself",
	  "{\"properties\":{\"a\":{\"$ref\":\"#/definitions/X\"}},"
	  "\"definitions\":{\"X\":{\"$ref\":\"#/definitions/X\"}}}",
	  "1:67+1: types nest at most 16 deep" },
	{ "bounds that do not fit",
	  "{\"properties\":{\"a\":{\"type\":\"string\",\"minLength\":5,"
	  "\"maxLength\":1},\"b\":{\"type\":\"integer\",\"maximum\":1e3},\"c"
	  "\":{"
	  "\"type\":\"string\",\"minLength\":\"x\"}}}",
	  "1:20+1: bounds are the wrong way round: 5 is more than 1; 1:98+3: "
	  "'maximum' is not a whole number; 1:136+3: 'minLength' is not a "
	  "number" },
	{ "an object that is always empty",
	  "{\"properties\":{\"a\":{\"type\":\"object\",\"additionalProperties"
	  "\":"
	  "false}}}",
	  "1:20+1: an object without properties is always empty" },
	{ "a schema that is a reference", "{\"$ref\":\"#/definitions/X\"}",
	  "1:2+6: the schema of a message cannot be a reference; name the part "
	  "behind the file: file.json#/definitions/X" },
};

static void test_schemas(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(schemas); i++) {
		struct work w;
		struct buf out;

		print_message("%s\n", schemas[i].name);
		compile_text(&w, "name: c\nmessages: { M: { $ref: a.json } }\n",
			     schemas[i].json);
		buf_init(&out, &w.arena);
		if (!w.diag.entries.count)
			print_messages(&out, w.spec);
		print_diag(&out, &w.diag, true);
		assert_string_equal(out.text, schemas[i].want);
		arena_release(&w.arena);
	}
}

/* Where a schema is named. */
static const struct {
	const char *name, *message, *want;
} refs[] = {
	{ "a part", "{ $ref: \"a.json#/definitions/X\" }", "M: x bool?" },
	{ "in place", "{ $schema: { properties: { x: { type: boolean } } } }",
	  "M: x bool?" },
	{ "strict by its own word", "{ $ref: a.json, $strict: true }",
	  "M!: y bool?" },
	{ "no such part", "{ $ref: \"a.json#/definitions/Y\" }",
	  "2:24+23: 'a.json' has no part '#/definitions/Y'" },
	{ "no file", "{ $ref: \"#\" }",
	  "2:24+3: '$ref' needs a file, such as schemas/import.json" },
	{ "fields beside it", "{ $ref: a.json, x: bool }",
	  "2:32+1: field 'x' beside '$ref', which has the whole message 'M'" },
	{ "both", "{ $ref: a.json, $schema: {} }",
	  "2:41+1: message 'M' has both '$ref' and '$schema'" },
	{ "no mapping", "{ $schema: a.json }",
	  "2:27+6: '$schema' must be a mapping, a JSON Schema; a file is "
	  "named by '$ref'" },
};

static void test_refs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refs); i++) {
		struct work w;
		struct buf out;
		struct arena text = { 0 };

		print_message("%s\n", refs[i].name);
		compile_text(&w,
			     arena_printf(&text,
					  "name: c\nmessages: { M: %s }\n",
					  refs[i].message),
			     "{\"properties\":{\"y\":{\"type\":\"boolean\"}},"
			     "\"definitions\":{\"X\":{\"properties\":{\"x\":{"
			     "\"type\":\"boolean\"}}}}}");
		buf_init(&out, &w.arena);
		if (!w.diag.entries.count)
			print_messages(&out, w.spec);
		print_diag(&out, &w.diag, true);
		assert_string_equal(out.text, refs[i].want);
		arena_release(&w.arena);
		arena_release(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schemas),
		cmocka_unit_test(test_refs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
