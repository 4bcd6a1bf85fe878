/* SPDX-License-Identifier: MIT */
/* test_yaml.c - YAML read as SPEC.md says, and what is said about the rest. */
#include "read/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support.h"

/* Each value of a list, as compact JSON. */
static const struct {
	const char *name, *yaml, *json;
} values[] = {
	{ "booleans", "[true, false]", "[true,false]" },
	{ "no booleans", "[no, yes, on, off, True, FALSE, y]",
	  "[\"no\",\"yes\",\"on\",\"off\",\"True\",\"FALSE\",\"y\"]" },
	{ "null", "[~, null, '', Null]", "[null,null,\"\",\"Null\"]" },
	{ "null value", "a:\nb: ~", "{\"a\":null,\"b\":null}" },
	{ "integers", "[0, 7, -12, +5]", "[0,7,-12,5]" },
	{ "based", "[0x1F, 0o17, 0xffffffffffffffff]",
	  "[31,15,18446744073709551615]" },
	{ "no numbers",
	  "[012, -012, 1_000, 12:30, 0b1, 0x, 0o8, 0x1g, 1e, '1', ., -, +]",
	  "[\"012\",\"-012\",\"1_000\",\"12:30\",\"0b1\",\"0x\",\"0o8\","
	  "\"0x1g\",\"1e\",\"1\",\".\",\"-\",\"+\"]" },
	{ "past 64 bits", "[0x10000000000000000]",
	  "[\"0x10000000000000000\"]" },
	{ "floats", "[.5, -.5, 1., 1.50, 1e3, 1.e3, +2.5E-3, 0.1]",
	  "[0.5,-0.5,1,1.50,1e3,1e3,2.5E-3,0.1]" },
	{ "not in JSON", "[.inf, -.inf, .nan]",
	  "[\".inf\",\"-.inf\",\".nan\"]" },
	{ "dates", "[2026-01-01, 1.2.3]", "[\"2026-01-01\",\"1.2.3\"]" },
	{ "core tags",
	  "[!!str 12, !!int '12', !!null '', !!bool \"true\", ! 12, "
	  "!!seq [], !!map {}, !!float 1.5]",
	  "[\"12\",12,null,true,\"12\",[],{},1.5]" },
	{ "blocks", "a: |\n  x\n   y\nb: >-\n  x\n  y\n",
	  "{\"a\":\"x\\n y\\n\",\"b\":\"x y\"}" },
	{ "alias", "a: &x [1]\nb: *x", "{\"a\":[1],\"b\":[1]}" },
	{ "alias as key", "a: &x k\n*x : 1", "{\"a\":\"k\",\"k\":1}" },
	{ "redefined", "[&x 1, *x, &x 2, *x]", "[1,1,2,2]" },
	{ "merge", "a: &x {p: 1, q: 2}\nb: {q: 3, <<: *x, r: 4}",
	  "{\"a\":{\"p\":1,\"q\":2},\"b\":{\"q\":3,\"p\":1,\"r\":4}}" },
	{ "merge list", "a: {<<: [{p: 1}, {p: 2, q: 3}]}",
	  "{\"a\":{\"p\":1,\"q\":3}}" },
	{ "merge in quotes", "{'<<': 1}", "{\"<<\":1}" },
	{ "byte order mark",
	  "\xef\xbb\xbf"
	  "a: 1",
	  "{\"a\":1}" },
	{ "CRLF", "a: 1\r\nb: 2\r\n", "{\"a\":1,\"b\":2}" },
	{ "UTF-8", "\xc3\xa9: \xf0\x9f\x98\x80",
	  "{\"\xc3\xa9\":\"\xf0\x9f\x98\x80\"}" },
	{ "empty", "# nothing\n", "null" },
	{ "directive", "%YAML 1.2\n---\na: 1\n...\n", "{\"a\":1}" },
	{ "tabs that do not indent", "a:\t1\t# one\nb: {\n\tc: 2}\n",
	  "{\"a\":1,\"b\":{\"c\":2}}" },
	{ "colon inside", "a: b:c\nurl: http://x/#y",
	  "{\"a\":\"b:c\",\"url\":\"http://x/#y\"}" },
	{ "parentheses", "{a: string(1..64)?, b: (x), c: ':('}",
	  "{\"a\":\"string(1..64)?\",\"b\":\"(x)\",\"c\":\":(\"}" },
	{ "open parenthesis alone", "{a: x(, b: 1}", "{\"a\":\"x(\",\"b\":1}" },
	{ "keys of any kind", "200: a\ntrue: b\n~: c\n1.50: d",
	  "{\"200\":\"a\",\"true\":\"b\",\"~\":\"c\",\"1.50\":\"d\"}" },
	{ "!Ref", "!Ref X", "{\"Ref\":\"X\"}" },
	{ "!Ref of a number", "!Ref 12", "{\"Ref\":\"12\"}" },
	{ "!Condition", "!Condition X", "{\"Condition\":\"X\"}" },
	{ "!GetAtt", "[!GetAtt A.B.C, !GetAtt [A, B.C]]",
	  "[{\"Fn::GetAtt\":[\"A\",\"B.C\"]},"
	  "{\"Fn::GetAtt\":[\"A\",\"B.C\"]}]" },
	{ "!Sub", "[!Sub \"${A}\", !Sub [\"${A}\", {A: b}]]",
	  "[{\"Fn::Sub\":\"${A}\"},{\"Fn::Sub\":[\"${A}\",{\"A\":\"b\"}]}]" },
	{ "!If", "!If [c, !Ref A, !Ref 'AWS::NoValue']",
	  "{\"Fn::If\":[\"c\",{\"Ref\":\"A\"},{\"Ref\":\"AWS::NoValue\"}]}" },
	{ "!GetAZs", "!GetAZs", "{\"Fn::GetAZs\":\"\"}" },
	{ "lists",
	  "[!And [a], !Cidr [a], !Equals [a], !FindInMap [a], !Join [a], "
	  "!Length [a], !Not [a], !Or [a], !Select [0, a], !Split [a], "
	  "!ToJsonString [a]]",
	  "[{\"Fn::And\":[\"a\"]},{\"Fn::Cidr\":[\"a\"]},"
	  "{\"Fn::Equals\":[\"a\"]},{\"Fn::FindInMap\":[\"a\"]},"
	  "{\"Fn::Join\":[\"a\"]},{\"Fn::Length\":[\"a\"]},"
	  "{\"Fn::Not\":[\"a\"]},{\"Fn::Or\":[\"a\"]},"
	  "{\"Fn::Select\":[0,\"a\"]},{\"Fn::Split\":[\"a\"]},"
	  "{\"Fn::ToJsonString\":[\"a\"]}]" },
	{ "the rest",
	  "[!Base64 x, !ImportValue x, !Transform {Name: x}, "
	  "!Base64 {Ref: x}]",
	  "[{\"Fn::Base64\":\"x\"},{\"Fn::ImportValue\":\"x\"},"
	  "{\"Fn::Transform\":{\"Name\":\"x\"}},"
	  "{\"Fn::Base64\":{\"Ref\":\"x\"}}]" },
	{ "many keys",
	  "{a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1, j: 1}",
	  "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,"
	  "\"i\":1,\"j\":1}" },
};

/* All that is said about a spec that cannot be read, quoted lines left out. */
static const struct {
	const char *name, *yaml, *said;
} errors[] = {
	{ "flow: comma", "{role: enum(a, b)}",
	  "1:8+10: a ',' splits this value in two: quote it, as in "
	  "\"enum(a, b)\"\n" },
	{ "flow: three parts twice", "{a: e(x, y, z), b: e(x, y, z), c: 1}",
	  "1:5+10: a ',' splits this value in two: quote it, as in "
	  "\"e(x, y, z)\"\n"
	  "1:20+10: a ',' splits this value in two: quote it, as in "
	  "\"e(x, y, z)\"\n" },
	{ "flow: comma in a list", "a: [map(x, y)]",
	  "1:5+9: a ',' splits this value in two: quote it, as in "
	  "\"map(x, y)\"\n" },
	{ "flow: brackets", "{x: T[]}",
	  "1:5+3: a '[' splits this value in two: quote it, as in \"T[]\"\n" },
	{ "flow: bounds", "{x: string(..4096)[..16]?, y: 1}",
	  "1:5+21: a '[' splits this value in two: quote it, as in "
	  "\"string(..4096)[..16]?\"\n" },
	{ "flow: reference", "a: {t: ${X}}",
	  "1:8+4: a '{' splits this value in two: quote it, as in "
	  "\"${X}\"\n" },
	{ "flow: reference with more", "[${X}/${Y.z}]",
	  "1:2+11: a '{' splits this value in two: quote it, as in "
	  "\"${X}/${Y.z}\"\n" },
	{ "flow: after UTF-8", "{\xc3\xa9: \"\xc3\xa9\", t: ${X}}",
	  "1:15+4: a '{' splits this value in two: quote it, as in "
	  "\"${X}\"\n" },
	{ "flow: never closed", "a: [1", "1:4+1: this '[' is never closed\n" },
	{ "flow: closed late", "a: [1\nb: 2\n",
	  "2:2+1: expected ',' or ']' here\n"
	  "1:4+1: for the '[' that opens here\n" },
	{ "repeated", "a: 1\nb: 2\na: 3",
	  "3:1+1: 'a' is here twice\n1:1+1: the first one\n" },
	{ "repeated in many",
	  "{a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1, j: 1, i: 2}",
	  "1:62+1: 'i' is here twice\n1:50+1: the first one\n" },
	{ "ninth repeats the first",
	  "{a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, a: 1}",
	  "1:50+1: 'a' is here twice\n1:2+1: the first one\n" },
	{ "repeated while a parenthesis is open", "{a: x(, b: 1, b: 2, b: 3}",
	  "1:15+1: 'b' is here twice\n1:9+1: the first one\n" },
	{ "repeated, two places", "[{a: 1, a: 2}, {b: 1, 'b': 2}]",
	  "1:9+1: 'a' is here twice\n1:3+1: the first one\n"
	  "1:23+3: 'b' is here twice\n1:17+1: the first one\n" },
	{ "second document", "a: 1\n---\nb: 2",
	  "2:1+3: a second document: a spec is one\n" },
	{ "tab", "a:\n\tb: 1", "2:1+1: a tab cannot indent: use spaces\n" },
	{ "tab after spaces", "a:\n  b:\n  \tc: 1",
	  "3:3+1: a tab cannot indent: use spaces\n" },
	{ "tab in a list", "a:\n  - b\n\t- c",
	  "3:1+1: a tab cannot indent: use spaces\n" },
	{ "escaped NUL", "a: \"x\\0\"",
	  "1:4+5: a NUL character: no text of a spec may hold one\n" },
	{ "control", "a: x\x01",
	  "1:5+1: the character U+0001: controls are not text; escape it in "
	  "double quotes\n" },
	{ "next line", "a: x\xc2\x85",
	  "1:5+1: the character U+0085: a line ends here for some readers "
	  "only; escape it in double quotes\n" },
	{ "late byte order mark", "a: \xef\xbb\xbf",
	  "1:4+1: a byte order mark: it belongs at the start of a file "
	  "only\n" },
	{ "not UTF-8", "a: 1\nb: \xc3(",
	  "2:4+1: this is not UTF-8: save the file as UTF-8\n" },
	{ "overlong", "\xc0\x80",
	  "1:1+1: this is not UTF-8: save the file as UTF-8\n" },
	{ "UTF-16",
	  "\xff\xfe"
	  "a",
	  "1:1+1: this is UTF-16: save the file as UTF-8\n" },
	{ "unknown alias", "a: *x",
	  "1:4+2: nothing is named '&x' before this: quote it when '*' is "
	  "part of the text\n" },
	{ "alias in itself", "a: &x [*x]",
	  "1:8+2: '*x' stands inside what it names\n" },
	{ "star", "a: *.example.com",
	  "1:4+1: '*' names a value here: quote it when it is part of the "
	  "text\n" },
	{ "at sign", "a: @x y",
	  "1:4+2: no value starts with '@' unless it is quoted: \"@x\"\n" },
	{ "second colon", "a: b: c",
	  "1:5+1: a second ': ' on this line: quote the value that holds "
	  "it\n" },
	{ "key below a value", "a: b\n  c: d",
	  "2:4+1: a key below a value: the value above goes on to here, as "
	  "this line is indented deeper than its key\n" },
	{ "open quote", "a: \"x\nb: 1", "1:4+1: this '\"' is never closed\n" },
	{ "after a quote", "a: \"x\" y",
	  "1:8+1: text after a closing quote: put quotes around all of the "
	  "value\n1:1+1: the mapping starts here\n" },
	{ "indentation", "a:\n  b: 1\n c: 2",
	  "3:2+1: expected a key here, in line with the keys above\n"
	  "1:1+1: the mapping starts here\n" },
	{ "list on the key's line", "a: - b",
	  "1:4+1: '- ' cannot stand here: start the list on a line of its "
	  "own\n" },
	{ "end of a list", "- a\nb: c",
	  "2:1+1: expected '- ' here, in line with the items of the list "
	  "above\n" },
	{ "escape", "a: \"\\d\"",
	  "1:5+1: no such escape in double quotes: write \\\\ for a "
	  "backslash, or use single quotes\n" },
	{ "list as key", "? [a]\n: b",
	  "1:3+1: a key has to be plain text: quote it when '[' is part of "
	  "it\n" },
	{ "braces", "a: {{ x }}",
	  "1:5+1: a key has to be plain text: quote it when '{' is part of "
	  "it\n" },
	{ "unknown tag", "a: !Foo x\nb: !!foo x\nc: !<x> y",
	  "1:4+4: unknown tag '!Foo': tags are CloudFormation's (!Ref, !Sub) "
	  "or YAML's (!!str)\n"
	  "2:4+5: unknown tag '!!foo'\n"
	  "3:4+4: unknown tag 'x': tags are CloudFormation's (!Ref, !Sub) or "
	  "YAML's (!!str)\n" },
	{ "wrong core tag", "[!!int x, !!int 1.5, !!map [], !!bool no]",
	  "1:8+1: tagged '!!int', and is none\n"
	  "1:17+3: tagged '!!int', and is none\n"
	  "1:28+1: tagged '!!map', and is none\n"
	  "1:39+2: tagged '!!bool', and is none\n" },
	{ "two tags", "a: !Base64 !Sub b",
	  "1:12+1: a second tag on one value: write the inner one in its long "
	  "form, as in !Base64 {\"Fn::Sub\": ...}\n"
	  "1:1+1: the mapping starts here\n" },
	{ "wrong for its tag", "[!If x, !Ref [], !GetAtt {}, !Transform x]",
	  "1:6+1: '!If' takes a list\n"
	  "1:14+1: '!Ref' takes a text\n"
	  "1:26+1: '!GetAtt' takes a text or a list\n"
	  "1:41+1: '!Transform' takes a mapping\n" },
	{ "no attribute", "[!GetAtt A, !GetAtt .b, !GetAtt a.]",
	  "1:10+1: '!GetAtt' takes Id.Attribute, not 'A'\n"
	  "1:21+2: '!GetAtt' takes Id.Attribute, not '.b'\n"
	  "1:33+2: '!GetAtt' takes Id.Attribute, not 'a.'\n" },
	{ "merge of a scalar", "a: {<<: 1}\nb: {<<: [1]}",
	  "1:9+1: '<<' takes a mapping or a list of them\n"
	  "2:9+1: '<<' takes a mapping or a list of them\n" },
	{ "two merges", "a: {<<: {b: 1}, <<: {c: 1}}",
	  "1:17+2: '<<' is here twice: one takes a list of mappings\n"
	  "1:5+2: the first one\n" },
};

static struct doc *read_text(struct arena *arena, struct diag *diag,
			     const char *yaml, size_t len)
{
	diag_init(diag, arena);
	return read_yaml(arena, diag, diag_source(diag, "spec", yaml, len));
}

static const char *said(struct arena *arena, const struct diag *diag)
{
	struct buf out;

	buf_init(&out, arena);
	for (size_t i = 0; i < diag->entries.count; i++) {
		const struct diag_entry *entry = &diag->entries.items[i];

		buf_printf(&out, "%u:%u+%u: %s\n", entry->loc.line,
			   entry->loc.column, entry->loc.len, entry->text);
	}
	return out.text;
}

static void test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		struct arena arena = { 0 };
		struct diag diag;
		const char *yaml = values[i].yaml;
		struct doc *doc = read_text(&arena, &diag, yaml, strlen(yaml));

		expect_text(values[i].name, said(&arena, &diag), "");
		assert_non_null(doc);
		expect_text(values[i].name, compact(&arena, doc),
			    values[i].json);
		arena_release(&arena);
	}
}

static void test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(errors); i++) {
		struct arena arena = { 0 };
		struct diag diag;
		const char *yaml = errors[i].yaml;
		struct doc *doc = read_text(&arena, &diag, yaml, strlen(yaml));

		expect_text(errors[i].name, said(&arena, &diag),
			    errors[i].said);
		assert_null(doc);
		arena_release(&arena);
	}
}

static void test_nul_byte(void **state)
{
	struct arena arena = { 0 };
	struct diag diag;

	(void)state;
	assert_null(read_text(&arena, &diag, "a: 1\nb: \0c", 10));
	expect_text("NUL", said(&arena, &diag),
		    "2:4+1: a NUL byte: a spec is text, and this file is "
		    "not\n");
	arena_release(&arena);
}

/* Where things stand: lines and columns from 1, lengths in bytes. */
static void test_places(void **state)
{
	static const char yaml[] = "\xef\xbb\xbf"
				   "\xc3\xa9: &n  \"x\xc3\xa9\"\n"
				   "list:\r\n"
				   "  - plain text  # comment\r\n"
				   "  - !Ref\n"
				   "    Other\n"
				   "  - |\n"
				   "    block\n"
				   "  - two\n"
				   "    lines\n"
				   "  - {a: b}\n";
	static const struct {
		const char *text;
		struct loc loc;
	} places[] = {
		{ "plain text", { 1, 10, 3, 5 } },
		{ NULL, { 1, 4, 4, 5 } },
		{ "block\n", { 1, 1, 6, 5 } },
		{ "two lines", { 1, 3, 8, 5 } },
		{ NULL, { 1, 1, 10, 5 } },
	};
	struct arena arena = { 0 };
	struct diag diag;
	struct doc *doc = read_text(&arena, &diag, yaml, sizeof(yaml) - 1);
	struct doc *list = doc_get(doc, "list");

	(void)state;
	assert_non_null(list);
	assert_int_equal(doc->members[0].key_loc.len, 2);
	assert_int_equal(doc->members[0].value->loc.column, 9);
	assert_int_equal(doc->members[0].value->loc.len, 5);
	assert_true(doc->members[0].value->quoted);
	assert_int_equal(list->count, COUNT(places));
	for (size_t i = 0; i < COUNT(places); i++) {
		const struct doc *item = list->items[i];

		print_message("item %zu\n", i);
		if (places[i].text)
			assert_string_equal(item->text, places[i].text);
		assert_memory_equal(&item->loc, &places[i].loc,
				    sizeof(item->loc));
	}
	assert_int_equal(doc_get(list->items[1], "Ref")->loc.line, 5);
	assert_int_equal(doc_get(list->items[1], "Ref")->loc.column, 5);
	arena_release(&arena);
}

/* CloudFormation itself resolves ${...} under Fn::Sub, and only there. */
static void test_literal(void **state)
{
	static const char yaml[] = "a: &t ${x}\n"
				   "b: !Sub ${x}\n"
				   "c: {Fn::Sub: *t}\n"
				   "d: {Fn::Sub: [\"${x}\", {x: \"${y}\"}]}\n";
	struct arena arena = { 0 };
	struct diag diag;
	struct doc *doc = read_text(&arena, &diag, yaml, strlen(yaml)), *list;

	(void)state;
	assert_non_null(doc);
	assert_false(doc_get(doc, "a")->literal);
	assert_true(doc_get(doc_get(doc, "b"), "Fn::Sub")->literal);
	assert_true(doc_get(doc_get(doc, "c"), "Fn::Sub")->literal);
	list = doc_get(doc_get(doc, "d"), "Fn::Sub");
	assert_true(list->items[0]->literal);
	assert_false(doc_get(list->items[1], "x")->literal);
	arena_release(&arena);
}

/* start, repeat count times and end; # is the number of the round, @ the last.
 */
static const char *repeated(struct arena *arena, const char *start,
			    const char *repeat, const char *end, int count)
{
	struct buf out;

	buf_init(&out, arena);
	buf_add(&out, start);
	for (int i = 1; i <= count; i++)
		for (const char *at = repeat; *at; at++)
			if (*at == '#' || *at == '@')
				buf_printf(&out, "%d", *at == '#' ? i : i - 1);
			else
				buf_char(&out, *at);
	for (int i = 0; i < count; i++)
		buf_add(&out, end);
	return out.text;
}

/* What is just allowed, and then one more. */
static void test_budgets(void **state)
{
	static const struct {
		const char *name, *start, *repeat, *end;
		int allowed;
		const char *said;
	} budgets[] = {
		{ "nesting", "", "[", "]", 64, "nested more than 64 deep" },
		{ "bomb", "- &a0 [x, x, x, x, x, x, x, x, x]\n",
		  "- &a# [*a@, *a@, *a@, *a@, *a@, *a@, *a@, *a@, *a@, *a@]\n",
		  "", 4,
		  "up to '*a4', aliases stand for more than a million values" },
		{ "nested by aliases", "- &a0 [[[[[[[[[[x]]]]]]]]]]\n",
		  "- &a# [[[[[[[[[[*a@]]]]]]]]]]\n", "", 5,
		  "what '*a5' stands for is nested too deep here" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(budgets) * 2; i++) {
		int extra = i % 2;
		struct arena arena = { 0 };
		struct diag diag;
		const char *yaml = repeated(
			&arena, budgets[i / 2].start, budgets[i / 2].repeat,
			budgets[i / 2].end, budgets[i / 2].allowed + extra);
		struct doc *doc = read_text(&arena, &diag, yaml, strlen(yaml));

		print_message("%s + %d\n", budgets[i / 2].name, extra);
		assert_int_equal(diag.errors, extra);
		assert_int_equal(doc == NULL, extra);
		if (extra)
			expect_text(budgets[i / 2].name,
				    diag.entries.items[0].text,
				    budgets[i / 2].said);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),	 cmocka_unit_test(test_errors),
		cmocka_unit_test(test_nul_byte), cmocka_unit_test(test_places),
		cmocka_unit_test(test_literal),	 cmocka_unit_test(test_budgets),
	};

	return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
