/* SPDX-License-Identifier: MIT */
/* test_diag.c - diagnostics: as text, as JSON, as SARIF; near names. */
#include "diag_print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support.h"

#define X40 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

/* One error in a text, and what is printed for it. */
static const struct {
	const char *name, *text;
	uint32_t line, column;
	uint16_t len;
	const char *message, *print;
} quotes[] = {
	{ "as in STYLE.md", "a:\n    message: SendMesage\n", 2, 14, 10,
	  "message 'SendMesage' is not declared",
	  "spec.yaml:2:14: error: message 'SendMesage' is not declared\n"
	  "    2 |     message: SendMesage\n"
	  "      |              ^~~~~~~~~~\n" },
	{ "no length", "abc", 1, 2, 0, "x",
	  "spec.yaml:1:2: error: x\n"
	  "    1 | abc\n"
	  "      |  ^\n" },
	{ "past the end of the line", "abc\ndef", 1, 4, 1, "x",
	  "spec.yaml:1:4: error: x\n"
	  "    1 | abc\n"
	  "      |    ^\n" },
	{ "past the end of the text", "abc\n", 2, 1, 1, "x",
	  "spec.yaml:2:1: error: x\n"
	  "    2 | \n"
	  "      | ^\n" },
	{ "longer than the line", "abc\ndef", 1, 2, 50, "x",
	  "spec.yaml:1:2: error: x\n"
	  "    1 | abc\n"
	  "      |  ^~\n" },
	{ "tabs", "\ta:\tb\tc", 1, 5, 3, "x",
	  "spec.yaml:1:5: error: x\n"
	  "    1 | \ta:\tb\tc\n"
	  "      | \t  \t^~~\n" },
	{ "UTF-8 before and below", "\xc3\xa9: \xe6\x97\xa5x", 1, 5, 4, "x",
	  "spec.yaml:1:5: error: x\n"
	  "    1 | \xc3\xa9: \xe6\x97\xa5x\n"
	  "      |    ^~\n" },
	{ "controls", "a\33[31m: b", 1, 8, 1, "x",
	  "spec.yaml:1:8: error: x\n"
	  "    1 | a\\u{1b}[31m: b\n"
	  "      |             ^\n" },
	{ "bidi below",
	  "a\xe2\x80\xae"
	  "b",
	  1, 2, 3, "x",
	  "spec.yaml:1:2: error: x\n"
	  "    1 | a\\u{202e}b\n"
	  "      |  ^~~~~~~~\n" },
	{ "not UTF-8",
	  "a\xff"
	  "b",
	  1, 3, 1, "x",
	  "spec.yaml:1:3: error: x\n"
	  "    1 | a?b\n"
	  "      |   ^\n" },
	{ "controls in the message", "a", 1, 1, 1, "not '\33\xe2\x80\xae\xff'",
	  "spec.yaml:1:1: error: not '\\u{1b}\\u{202e}?'\n"
	  "    1 | a\n"
	  "      | ^\n" },
	{ "byte order mark and CRLF",
	  "\xef\xbb\xbf"
	  "ab\r\ncd\r\n",
	  1, 1, 9, "x",
	  "spec.yaml:1:1: error: x\n"
	  "    1 | ab\n"
	  "      | ^~\n" },
	{ "old line ends", "a\rb\rc", 2, 1, 1, "x",
	  "spec.yaml:2:1: error: x\n"
	  "    2 | b\n"
	  "      | ^\n" },
	{ "long line, early", X40 X40 X40 X40, 1, 2, 2, "x",
	  "spec.yaml:1:2: error: x\n"
	  "    1 | " X40 X40 X40 "...\n"
	  "      |  ^~\n" },
	{ "long line, late", X40 X40 X40 X40 "abc" X40 X40 X40, 1, 162, 1, "x",
	  "spec.yaml:1:162: error: x\n"
	  "    1 | ..."
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	  "abc" X40 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	  "...\n"
	  "      |    "
	  "                                        ^\n" },
};

static struct loc at(uint32_t line, uint32_t column, uint16_t len)
{
	return (struct loc){ 1, len, line, column };
}

static void test_quotes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(quotes); i++) {
		struct arena arena = { 0 };
		struct diag diag;

		diag_init(&diag, &arena);
		diag_source(&diag, "spec.yaml", quotes[i].text,
			    strlen(quotes[i].text));
		diag_error(&diag,
			   at(quotes[i].line, quotes[i].column, quotes[i].len),
			   "%s", quotes[i].message);
		expect_text(quotes[i].name,
			    diag_text(&arena, &diag, DIAG_TEXT, false),
			    quotes[i].print);
		arena_release(&arena);
	}
}

static void fill(struct diag *diag, struct arena *arena)
{
	diag_init(diag, arena);
	diag_source(diag, "a b/\xc3\xa9.yaml", "x: \xc3\xa9\xc3\xa9y\n", 9);
	diag_error(diag, at(1, 6, 3), "bad '%s'", "y");
	diag_note(diag, at(1, 1, 1), "did you mean '%s'?", "z");
	diag_note(diag, (struct loc){ 0 }, "see 'wsgen explain'");
	diag_warning(diag, at(1, 1, 0), "odd");
	diag_error(diag, (struct loc){ 0 }, "cannot read 'b': gone");
}

static void test_text(void **state)
{
	struct arena arena = { 0 };
	struct diag diag;

	(void)state;
	fill(&diag, &arena);
	assert_int_equal(diag.errors, 2);
	assert_int_equal(diag.warnings, 1);
	expect_text("plain", diag_text(&arena, &diag, DIAG_TEXT, false),
		    "a b/\xc3\xa9.yaml:1:6: error: bad 'y'\n"
		    "    1 | x: \xc3\xa9\xc3\xa9y\n"
		    "      |     ^~\n"
		    "a b/\xc3\xa9.yaml:1:1: note: did you mean 'z'?\n"
		    "wsgen: note: see 'wsgen explain'\n"
		    "a b/\xc3\xa9.yaml:1:1: warning: odd\n"
		    "    1 | x: \xc3\xa9\xc3\xa9y\n"
		    "      | ^\n"
		    "wsgen: error: cannot read 'b': gone\n");
	diag.entries.count = 2;
	expect_text("color", diag_text(&arena, &diag, DIAG_TEXT, true),
		    "\33[1ma b/\xc3\xa9.yaml:1:6: \33[1;31merror: \33[0m"
		    "bad 'y'\n"
		    "    1 | x: \xc3\xa9\xc3\xa9y\n"
		    "      | \33[1;31m    ^~\33[0m\n"
		    "\33[1ma b/\xc3\xa9.yaml:1:1: \33[1;36mnote: \33[0m"
		    "did you mean 'z'?\n");
	arena_release(&arena);
}

static void test_json(void **state)
{
	struct arena arena = { 0 };
	struct diag diag;

	(void)state;
	diag_init(&diag, &arena);
	expect_text("none", diag_text(&arena, &diag, DIAG_JSON, true), "[]\n");
	fill(&diag, &arena);
	diag.entries.count = 2;
	expect_text("error and note", diag_text(&arena, &diag, DIAG_JSON, true),
		    "[\n"
		    "  {\n"
		    "    \"level\": \"error\",\n"
		    "    \"file\": \"a b/\xc3\xa9.yaml\",\n"
		    "    \"line\": 1,\n"
		    "    \"column\": 6,\n"
		    "    \"length\": 3,\n"
		    "    \"message\": \"bad 'y'\",\n"
		    "    \"notes\": [\n"
		    "      {\n"
		    "        \"level\": \"note\",\n"
		    "        \"file\": \"a b/\xc3\xa9.yaml\",\n"
		    "        \"line\": 1,\n"
		    "        \"column\": 1,\n"
		    "        \"length\": 1,\n"
		    "        \"message\": \"did you mean 'z'?\"\n"
		    "      }\n"
		    "    ]\n"
		    "  }\n"
		    "]\n");
	fill(&diag, &arena);
	diag.entries.items += 4;
	diag.entries.count = 1;
	expect_text("no place", diag_text(&arena, &diag, DIAG_JSON, true),
		    "[\n"
		    "  {\n"
		    "    \"level\": \"error\",\n"
		    "    \"file\": null,\n"
		    "    \"line\": null,\n"
		    "    \"column\": null,\n"
		    "    \"length\": null,\n"
		    "    \"message\": \"cannot read 'b': gone\",\n"
		    "    \"notes\": []\n"
		    "  }\n"
		    "]\n");
	arena_release(&arena);
}

/* Everything after the rules, which are the same each time. */
static void test_sarif(void **state)
{
	static const char start[] =
		"{\n"
		"  \"$schema\": "
		"\"https://json.schemastore.org/sarif-2.1.0.json\",\n"
		"  \"version\": \"2.1.0\",\n"
		"  \"runs\": [\n"
		"    {\n"
		"      \"tool\": {\n"
		"        \"driver\": {\n"
		"          \"name\": \"wsgen\",\n"
		"          \"rules\": [\n";
	static const char results[] =
		"      \"columnKind\": \"unicodeCodePoints\",\n"
		"      \"results\": [\n"
		"        {\n"
		"          \"ruleId\": \"spec-error\",\n"
		"          \"level\": \"error\",\n"
		"          \"message\": {\n"
		"            \"text\": \"bad 'y'; note: see 'wsgen "
		"explain'\"\n"
		"          },\n"
		"          \"locations\": [\n"
		"            {\n"
		"              \"physicalLocation\": {\n"
		"                \"artifactLocation\": {\n"
		"                  \"uri\": \"a%20b/%C3%A9.yaml\"\n"
		"                },\n"
		"                \"region\": {\n"
		"                  \"startLine\": 1,\n"
		"                  \"startColumn\": 5,\n"
		"                  \"endColumn\": 7\n"
		"                }\n"
		"              }\n"
		"            }\n"
		"          ],\n"
		"          \"relatedLocations\": [\n"
		"            {\n"
		"              \"physicalLocation\": {\n"
		"                \"artifactLocation\": {\n"
		"                  \"uri\": \"a%20b/%C3%A9.yaml\"\n"
		"                },\n"
		"                \"region\": {\n"
		"                  \"startLine\": 1,\n"
		"                  \"startColumn\": 1,\n"
		"                  \"endColumn\": 2\n"
		"                }\n"
		"              },\n"
		"              \"message\": {\n"
		"                \"text\": \"did you mean 'z'?\"\n"
		"              }\n"
		"            }\n"
		"          ]\n"
		"        }\n"
		"      ]\n"
		"    }\n"
		"  ]\n"
		"}\n";
	struct arena arena = { 0 };
	struct diag diag;
	const char *text, *rest;

	(void)state;
	fill(&diag, &arena);
	diag.entries.count = 3;
	text = diag_text(&arena, &diag, DIAG_SARIF, false);
	assert_int_equal(strncmp(text, start, strlen(start)), 0);
	rest = strstr(text, "      \"columnKind\"");
	assert_non_null(rest);
	expect_text("results", rest, results);
	diag_init(&diag, &arena);
	text = diag_text(&arena, &diag, DIAG_SARIF, false);
	assert_non_null(strstr(text, "\"results\": []"));
	arena_release(&arena);
}

/* Past the cap, errors are counted and their notes left out. */
static void test_cap(void **state)
{
	struct arena arena = { 0 };
	struct diag diag;
	const char *text;

	(void)state;
	diag_init(&diag, &arena);
	for (int i = 0; i < DIAG_MAX_ERRORS; i++)
		diag_error(&diag, (struct loc){ 0 }, "error %d", i);
	assert_null(strstr(diag_text(&arena, &diag, DIAG_TEXT, false), "more"));
	diag_error(&diag, (struct loc){ 0 }, "too many");
	diag_note(&diag, (struct loc){ 0 }, "its note");
	diag_warning(&diag, (struct loc){ 0 }, "a warning");
	diag_note(&diag, (struct loc){ 0 }, "another note");
	text = diag_text(&arena, &diag, DIAG_TEXT, false);
	assert_null(strstr(text, "too many"));
	assert_null(strstr(text, "its note"));
	assert_non_null(
		strstr(text, "another note\nwsgen: and 1 more error\n"));
	diag_error(&diag, (struct loc){ 0 }, "too many");
	assert_int_equal(diag.errors, DIAG_MAX_ERRORS + 2);
	assert_non_null(strstr(diag_text(&arena, &diag, DIAG_TEXT, false),
			       "wsgen: and 2 more errors\n"));
	assert_non_null(strstr(diag_text(&arena, &diag, DIAG_JSON, false),
			       "\"message\": \"2 more errors\""));
	assert_non_null(strstr(diag_text(&arena, &diag, DIAG_SARIF, false),
			       "\"text\": \"2 more errors\""));
	arena_release(&arena);
}

static void test_nearest(void **state)
{
	static const char *const names[] = { "sendMessage", "route",   "routes",
					     "ttl",	    "timeout", "a",
					     "$connect",    "memory",  "no" };
	static const struct {
		const char *name, *nearest;
	} mistyped[] = {
		{ "SendMesage", "sendMessage" },
		{ "sendMessages", "sendMessage" },
		{ "SENDMESSAGE", "sendMessage" },
		{ "rout", "route" },
		{ "ruotes", "routes" },
		{ "$conect", "$connect" },
		{ "$disconnect", "$connect" },
		{ "tll", "ttl" },
		{ "memroy", "memory" },
		{ "on", "no" },
		{ "A", "a" },
		{ "b", NULL },
		{ "xyz", NULL },
		{ "environment", NULL },
		{ "", NULL },
		{ X40 X40, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(mistyped); i++) {
		const char *near =
			diag_nearest(mistyped[i].name, names, COUNT(names));

		expect_text(mistyped[i].name, near ? near : "(none)",
			    mistyped[i].nearest ? mistyped[i].nearest
						: "(none)");
	}
	assert_null(diag_nearest("x", NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quotes), cmocka_unit_test(test_text),
		cmocka_unit_test(test_json),   cmocka_unit_test(test_sarif),
		cmocka_unit_test(test_cap),    cmocka_unit_test(test_nearest),
	};

	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
