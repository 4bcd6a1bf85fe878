/* SPDX-License-Identifier: MIT */
/* test_doc.c - documents: what is built is what readers of both prints get. */
#include "read/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "support.h"

/* One string as JSON and as the value of a YAML mapping. */
static const struct {
	const char *name, *text, *json, *yaml;
} strings[] = {
	{ "word", "hello", "\"hello\"", "hello" },
	{ "words", "hello, world", "\"hello, world\"", "hello, world" },
	{ "empty", "", "\"\"", "\"\"" },
	{ "boolean of 1.1", "no", "\"no\"", "\"no\"" },
	{ "boolean in capitals", "ON", "\"ON\"", "\"ON\"" },
	{ "boolean of 1.2", "True", "\"True\"", "\"True\"" },
	{ "null", "null", "\"null\"", "\"null\"" },
	{ "tilde", "~", "\"~\"", "\"~\"" },
	{ "y", "y", "\"y\"", "\"y\"" },
	{ "yesterday", "yesterday", "\"yesterday\"", "yesterday" },
	{ "integer", "12", "\"12\"", "\"12\"" },
	{ "octal", "0o7", "\"0o7\"", "\"0o7\"" },
	{ "grouped", "1_000", "\"1_000\"", "\"1_000\"" },
	{ "sexagesimal", "12:30", "\"12:30\"", "\"12:30\"" },
	{ "date", "2026-01-01", "\"2026-01-01\"", "\"2026-01-01\"" },
	{ "time", "2026-01-01T00:00:00Z", "\"2026-01-01T00:00:00Z\"",
	  "\"2026-01-01T00:00:00Z\"" },
	{ "float", "1e3", "\"1e3\"", "\"1e3\"" },
	{ "negative", "-1", "\"-1\"", "\"-1\"" },
	{ "infinity", ".inf", "\".inf\"", "\".inf\"" },
	{ "duration", "10s", "\"10s\"", "10s" },
	{ "value key", "=", "\"=\"", "\"=\"" },
	{ "merge key", "<<", "\"<<\"", "\"<<\"" },
	{ "leading blank", " a", "\" a\"", "\" a\"" },
	{ "trailing blank", "a ", "\"a \"", "\"a \"" },
	{ "comment", "a #b", "\"a #b\"", "\"a #b\"" },
	{ "hash", "a#b", "\"a#b\"", "a#b" },
	{ "colon and blank", "a: b", "\"a: b\"", "\"a: b\"" },
	{ "last colon", "a:", "\"a:\"", "\"a:\"" },
	{ "ARN", "arn:aws:s3:::x/*", "\"arn:aws:s3:::x/*\"",
	  "arn:aws:s3:::x/*" },
	{ "star", "*", "\"*\"", "\"*\"" },
	{ "brace", "{a}", "\"{a}\"", "\"{a}\"" },
	{ "reference", "${A}/b", "\"${A}/b\"", "${A}/b" },
	{ "dash", "- a", "\"- a\"", "\"- a\"" },
	{ "document", "---", "\"---\"", "\"---\"" },
	{ "tag", "!Ref", "\"!Ref\"", "\"!Ref\"" },
	{ "quotes", "\"a\\", "\"\\\"a\\\\\"", "\"\\\"a\\\\\"" },
	{ "tab", "a\tb", "\"a\\tb\"", "\"a\\tb\"" },
	{ "escape", "\33[1m", "\"\\u001b[1m\"", "\"\\x1b[1m\"" },
	{ "delete", "\x7f", "\"\\u007f\"", "\"\\x7f\"" },
	{ "UTF-8", "\xc3\xa9t\xc3\xa9", "\"\xc3\xa9t\xc3\xa9\"",
	  "\xc3\xa9t\xc3\xa9" },
	{ "emoji", "\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"",
	  "\xf0\x9f\x98\x80" },
	{ "line separator", "\xe2\x80\xa8", "\"\\u2028\"", "\"\\u2028\"" },
	{ "bidi override", "\xe2\x80\xae", "\"\\u202e\"", "\"\\u202e\"" },
	{ "byte order mark", "\xef\xbb\xbf", "\"\\ufeff\"", "\"\\ufeff\"" },
	{ "no character", "\xf0\x9f\xbf\xbf", "\"\xf0\x9f\xbf\xbf\"",
	  "\"\\U0001ffff\"" },
	{ "not UTF-8",
	  "a\xff"
	  "b",
	  "\"a\xef\xbf\xbd"
	  "b\"",
	  "\"a\xef\xbf\xbd"
	  "b\"" },
	{ "lines", "a\n  b\n\nc\n", "\"a\\n  b\\n\\nc\\n\"",
	  "|\n  a\n    b\n\n  c" },
	{ "lines, no last end", "a\nb", "\"a\\nb\"", "|-\n  a\n  b" },
	{ "lines, two ends", "a\n\n", "\"a\\n\\n\"", "\"a\\n\\n\"" },
	{ "lines, first blank", " a\nb", "\" a\\nb\"", "\" a\\nb\"" },
	{ "lines, trailing blank", "a \nb", "\"a \\nb\"", "\"a \\nb\"" },
	{ "lines, empty first", "\na", "\"\\na\"", "\"\\na\"" },
	{ "lines, carriage return", "a\r\nb", "\"a\\r\\nb\"",
	  "\"a\\x0d\\nb\"" },
};

static void test_strings(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(strings); i++) {
		struct arena arena = { 0 };
		struct doc *map = doc_map(&arena);
		struct buf json, yaml;

		doc_set_string(&arena, map, "k", strings[i].text);
		buf_init(&json, &arena);
		buf_init(&yaml, &arena);
		doc_print_compact(&json, doc_get(map, "k"));
		doc_print_yaml(&yaml, map);
		expect_text(strings[i].name, json.text, strings[i].json);
		expect_text(strings[i].name, yaml.text,
			    arena_printf(&arena, "k: %s\n", strings[i].yaml));
		arena_release(&arena);
	}
}

/* Any document, read from YAML, in all three prints. */
static const struct {
	const char *name, *read, *compact, *json, *yaml;
} layouts[] = {
	{ "scalar", "1", "1", "1", "1\n" },
	{ "text", "|\n  a\n  b\n", "\"a\\nb\\n\"", "\"a\\nb\\n\"",
	  "|\n  a\n  b\n" },
	{ "empty map", "{}", "{}", "{}", "{}\n" },
	{ "empty list", "a: []", "{\"a\":[]}", "{\n  \"a\": []\n}", "a: []\n" },
	{ "map", "{a: 1, b: {c: ~, d: true}}",
	  "{\"a\":1,\"b\":{\"c\":null,\"d\":true}}",
	  "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": null,\n"
	  "    \"d\": true\n  }\n}",
	  "a: 1\nb:\n  c: null\n  d: true\n" },
	{ "lists", "[[1, 2], [], {a: 1, b: [c]}]",
	  "[[1,2],[],{\"a\":1,\"b\":[\"c\"]}]",
	  "[\n  [\n    1,\n    2\n  ],\n  [],\n  {\n    \"a\": 1,\n"
	  "    \"b\": [\n      \"c\"\n    ]\n  }\n]",
	  "- - 1\n  - 2\n- []\n- a: 1\n  b:\n    - c\n" },
	{ "text in a list", "a: [\"b\\nc\\n\", d]",
	  "{\"a\":[\"b\\nc\\n\",\"d\"]}",
	  "{\n  \"a\": [\n    \"b\\nc\\n\",\n    \"d\"\n  ]\n}",
	  "a:\n  - |\n    b\n    c\n  - d\n" },
	{ "keys", "{'': 1, 'on': 2, 'a b': 3, \"a\\nb\": 4}",
	  "{\"\":1,\"on\":2,\"a b\":3,\"a\\nb\":4}",
	  "{\n  \"\": 1,\n  \"on\": 2,\n  \"a b\": 3,\n  \"a\\nb\": 4\n}",
	  "\"\": 1\n\"on\": 2\na b: 3\n\"a\\nb\": 4\n" },
	{ "numbers", "[1e3, 1.5E-3, -2, 1.5e+10]", "[1e3,1.5E-3,-2,1.5e+10]",
	  "[\n  1e3,\n  1.5E-3,\n  -2,\n  1.5e+10\n]",
	  "- 1.0e+3\n- 1.5e-3\n- -2\n- 1.5e+10\n" },
};

static void test_layouts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(layouts); i++) {
		struct arena arena = { 0 };
		struct diag diag;
		struct buf json, yaml;
		struct doc *doc;

		diag_init(&diag, &arena);
		doc = read_yaml(&arena, &diag,
				diag_source(&diag, "spec", layouts[i].read,
					    strlen(layouts[i].read)));
		assert_non_null(doc);
		buf_init(&json, &arena);
		buf_init(&yaml, &arena);
		doc_print_json(&json, doc);
		assert_int_equal(doc_json_size(&arena, doc), json.len);
		doc_print_yaml(&yaml, doc);
		expect_text(layouts[i].name, compact(&arena, doc),
			    layouts[i].compact);
		expect_text(layouts[i].name, json.text, layouts[i].json);
		expect_text(layouts[i].name, yaml.text, layouts[i].yaml);
		arena_release(&arena);
	}
}

static void test_numbers(void **state)
{
	static const struct {
		double value;
		const char *text;
	} numbers[] = { { 0, "0" },	{ 0.1, "0.1" },
			{ 2.5, "2.5" }, { 1e21, "1e+21" },
			{ -3, "-3" },	{ 0.1 + 0.2, "0.30000000000000004" } };
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++)
		expect_text("number",
			    doc_number(&arena, numbers[i].value)->text,
			    numbers[i].text);
	expect_text("int", doc_int(&arena, -9007199254740993)->text,
		    "-9007199254740993");
	arena_release(&arena);
}

static void test_build(void **state)
{
	struct arena arena = { 0 };
	struct doc *map = doc_map(&arena), *same = doc_map(&arena), *list;

	(void)state;
	list = doc_set(&arena, map, "list", doc_list(&arena));
	doc_add(&arena, list, doc_bool(&arena, false));
	doc_add(&arena, list, doc_null(&arena));
	doc_add(&arena, list, doc_printf(&arena, "%s-%d", "a", 1));
	doc_set_string(&arena, map, "text", "x");
	doc_set_string(&arena, map, "none", NULL);
	expect_text("built", compact(&arena, map),
		    "{\"list\":[false,null,\"a-1\"],\"text\":\"x\"}");
	assert_ptr_equal(doc_get(map, "list"), list);
	assert_null(doc_get(map, "none"));
	assert_null(doc_get(list, "text"));
	assert_null(doc_get(NULL, "text"));
	assert_true(doc_get(map, "text")->literal);

	doc_set(&arena, same, "list", list);
	assert_false(doc_equal(map, same));
	doc_set_string(&arena, same, "text", "x");
	assert_true(doc_equal(map, same));
	assert_false(doc_equal(doc_string(&arena, "1"), doc_int(&arena, 1)));
	assert_false(
		doc_equal(doc_string(&arena, "a"), doc_string(&arena, "b")));
	arena_release(&arena);
}

/* What quoting has to get right, put together at random. */
static const char *random_text(struct arena *arena, uint32_t *seed)
{
	static const char *const parts[] = {
		"a",
		"B",
		"no",
		"~",
		"0",
		"1",
		"9",
		"x",
		"e",
		"o",
		"_",
		".",
		":",
		"-",
		"+",
		" ",
		"  ",
		": ",
		" #",
		"#",
		"\n",
		"\n\n",
		"\t",
		"\r",
		"\"",
		"'",
		"\\",
		"%",
		"@",
		"`",
		"*",
		"&",
		"!",
		"|",
		">",
		"=",
		"<<",
		"?",
		"? ",
		"- ",
		"---",
		"...",
		"[",
		"]",
		"{",
		"}",
		",",
		"null",
		"true",
		"y",
		".inf",
		"$",
		"${A}",
		"\33",
		"\x7f",
		"\xc3\xa9",
		"\xc2\x85",
		"\xe2\x80\xa8",
		"\xe2\x80\xae",
		"\xef\xbb\xbf",
		"\xf0\x9f\x98\x80",
		"\xef\xbf\xbe",
		"\x01",
		"\xc2\xa0",
	};
	struct buf out;
	uint32_t count;

	*seed = *seed * 1664525u + 1013904223u;
	count = (*seed >> 16) % 6;
	buf_init(&out, arena);
	while (count--) {
		*seed = *seed * 1664525u + 1013904223u;
		buf_add(&out, parts[(*seed >> 16) % COUNT(parts)]);
	}
	return out.text;
}

static struct doc *random_texts(struct arena *arena, size_t count)
{
	struct doc *list = doc_list(arena);
	uint32_t seed = 2026;

	for (size_t i = 0; i < count; i++) {
		const char *text = random_text(arena, &seed);
		struct doc *map = doc_map(arena);

		doc_set_string(arena, map, text, text);
		doc_add(arena, doc_add(arena, list, doc_list(arena)), map);
		doc_add(arena, list, doc_string(arena, text));
	}
	for (size_t i = 0; i < COUNT(strings); i++)
		if (strcmp(strings[i].name, "not UTF-8") != 0)
			doc_add(arena, list,
				doc_string(arena, strings[i].text));
	return list;
}

static void expect_read_back(struct arena *arena, const struct buf *print,
			     const struct doc *texts)
{
	struct diag diag;
	struct doc *again;

	diag_init(&diag, arena);
	again = read_yaml(arena, &diag,
			  diag_source(&diag, "print", print->text, print->len));
	expect_text("print", diag_text(arena, &diag, DIAG_TEXT, false), "");
	assert_int_equal(again->count, texts->count);
	for (size_t i = 0; i < texts->count; i++)
		if (!doc_equal(again->items[i], texts->items[i]))
			expect_text("read back",
				    compact(arena, again->items[i]),
				    compact(arena, texts->items[i]));
}

/* YAML wants another form for a key past 1024 characters. */
static void add_long_key(struct arena *arena, struct doc *list)
{
	doc_set(arena, doc_add(arena, list, doc_map(arena)),
		arena_printf(arena, "%2000s", "long"), doc_int(arena, 1));
}

static void test_read_back(void **state)
{
	struct arena arena = { 0 };
	struct doc *texts = random_texts(&arena, 20000);
	struct buf json, compact_json, yaml;

	(void)state;
	buf_init(&json, &arena);
	buf_init(&compact_json, &arena);
	buf_init(&yaml, &arena);
	doc_print_json(&json, texts);
	assert_int_equal(doc_json_size(&arena, texts), json.len);
	expect_read_back(&arena, &json, texts);
	doc_print_compact(&compact_json, texts);
	expect_read_back(&arena, &compact_json, texts);
	add_long_key(&arena, texts);
	doc_print_yaml(&yaml, texts);
	expect_read_back(&arena, &yaml, texts);
	arena_release(&arena);
}

static void write_file(const char *path, const struct buf *text)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text->text, 1, text->len, file), text->len);
	assert_int_equal(fclose(file), 0);
}

/* The readers that CloudFormation's own tools use. */
static void test_python_reads_back(void **state)
{
	char dir[] = "/tmp/wsgen-doc-XXXXXX";
	struct arena arena = { 0 };
	struct doc *texts = random_texts(&arena, 1000);
	const char *json_path, *yaml_path;
	struct buf json, yaml;
	int result;

	(void)state;
	if (system("python3 -c 'import yaml' 2>/dev/null")) {
		print_message("skipped: python3-yaml is not here\n");
		arena_release(&arena);
		skip();
	}
	assert_non_null(mkdtemp(dir));
	add_long_key(&arena, texts);
	buf_init(&json, &arena);
	buf_init(&yaml, &arena);
	doc_print_json(&json, texts);
	assert_int_equal(doc_json_size(&arena, texts), json.len);
	doc_print_yaml(&yaml, texts);
	json_path = arena_printf(&arena, "%s/texts.json", dir);
	yaml_path = arena_printf(&arena, "%s/texts.yaml", dir);
	write_file(json_path, &json);
	write_file(yaml_path, &yaml);
	result = system(arena_printf(
		&arena,
		"python3 -c 'import json, sys, yaml\n"
		"a = json.load(open(sys.argv[1], encoding=\"utf-8\"))\n"
		"b = yaml.safe_load(open(sys.argv[2], encoding=\"utf-8\"))\n"
		"for x, y in zip(a, b):\n"
		"    if x != y: sys.exit(repr((x, y)))\n"
		"sys.exit(len(a) != len(b))' %s %s",
		json_path, yaml_path));
	unlink(json_path);
	unlink(yaml_path);
	rmdir(dir);
	assert_int_equal(result, 0);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_python_reads_back),
	};

	return cmocka_run_group_tests_name("doc", tests, NULL, NULL);
}
