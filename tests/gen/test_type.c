/* SPDX-License-Identifier: MIT */
/* test_type.c - type expressions, and the places of what is wrong in them. */
#include "read/pattern.h"
#include "read/type.h"
#include "type_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *text, *want;
} types[] = {
	{ "string", "string" },
	{ " string ", "string" },
	{ "string?", "string absent" },
	{ "string ?", "string absent" },
	{ "string(1..64)", "string<1,64>" },
	{ "string( 1 .. 64 )", "string<1,64>" },
	{ "string(..4096)", "string<,4096>" },
	{ "string(1..)", "string<1,>" },
	{ "string(0..1)", "string<0,1>" },
	{ "bytes", "bytes" },
	{ "bytes(base64)", "bytes" },
	{ "bytes(..1024)", "bytes<,1024>" },
	{ "bytes(base64)(1..3)", "bytes<1,3>" },
	{ "bool", "bool" },
	{ "timestamp", "timestamp" },
	{ "json?", "json absent" },
	{ "int32(-5..5)", "int32<-5,5>" },
	{ "int32(-2147483648..2147483647)", "int32<-2147483648,2147483647>" },
	{ "int64(-9223372036854775808..9223372036854775807)",
	  "int64<-9223372036854775808,9223372036854775807>" },
	{ "uint64(..18446744073709551615)", "uint64<,18446744073709551615>" },
	{ "int64(9007199254740992..9007199254740993)",
	  "int64<9007199254740992,9007199254740993>" },
	{ "int32(-0..1)", "int32<0,1>" },
	{ "int32(..0)", "int32<,0>" },
	{ "number(0..1.5e3)", "number<0,1.5e3>" },
	{ "Author", "Author" },
	{ "T[]", "list of T" },
	{ "T[1..3]", "list<1,3> of T" },
	{ "string(..32)[..16]", "list<,16> of string<,32>" },
	{ "int32[][..8]", "list of list<,8> of int32" },
	{ "map(T)", "map of T" },
	{ "map( string(..16) )?", "map of string<,16> absent" },
	{ "map(Author[..4])[]", "list of map of list<,4> of Author" },
	{ "map(map(int32))", "map of map of int32" },
	{ "enum(happy|sad)", "enum'happy''sad'" },
	{ "enum(a)", "enum'a'" },
	{ "enum( a b | c,d|(x )?", "enum'a b''c,d''(x' absent" },
	{ "enum(a|b)[1..2]", "list<1,2> of enum'a''b'" },
	{ "enum(\xe6\x97\xa5|?)", "enum'\xe6\x97\xa5''?'" },
	{ "", "1+1: expected a type such as string or int32" },
	{ "(1..2)", "1+1: expected a type such as string or int32, not '('" },
	{ "\xe6\x97\xa5",
	  "1+1: expected a type such as string or int32, not '\xe6\x97\xa5'" },
	{ "string(5)", "7+3: bounds are written (1..5), (..5) or (1..)" },
	{ "string()", "7+2: bounds are written (1..64), (..64) or (1..)" },
	{ "T[4]", "2+3: bounds are written [1..4], [..4] or [1..]" },
	{ "string(1..64", "7+1: '(' is never closed by ')'" },
	{ "T[1..", "2+1: '[' is never closed by ']'" },
	{ "string(..)", "7+4: bounds need a number on one side of '..'" },
	{ "string(x..5)", "8+1: 'x' is not a whole number" },
	{ "string(1.. 1.5)", "12+3: '1.5' is not a whole number" },
	{ "string(-1..5)",
	  "8+2: '-1' is no length: lengths go from 0 to 4294967295" },
	{ "string(..4294967296)",
	  "10+10: '4294967296' is no length: lengths go from 0 to "
	  "4294967295" },
	{ "string(012..)", "8+3: '012' is not a whole number" },
	{ "int32(..3000000000)",
	  "9+10: '3000000000' does not fit int32: that goes from -2147483648 "
	  "to 2147483647" },
	{ "uint32(-1..)",
	  "8+2: '-1' does not fit uint32: that goes from 0 to 4294967295" },
	{ "uint64(..18446744073709551616)",
	  "10+20: '18446744073709551616' does not fit uint64: that goes from 0 "
	  "to 18446744073709551615" },
	{ "number(..1e999)", "10+5: '1e999' is too large for a number" },
	{ "number(.5..1)", "8+2: '.5' is not a number" },
	{ "string(5..1)",
	  "7+6: bounds are the wrong way round: 5 is more than 1" },
	{ "int64(9007199254740993..9007199254740992)",
	  "6+36: bounds are the wrong way round: 9007199254740993 is more than "
	  "9007199254740992" },
	{ "T[3..1]", "2+6: bounds are the wrong way round: 3 is more than 1" },
	{ "string(..0)", "7+5: what has at most 0 bytes is always empty" },
	{ "bytes(0..0)", "6+6: what has at most 0 bytes is always empty" },
	{ "T[..0]", "2+5: a list of at most 0 items is always empty" },
	{ "int32(0..0)", "6+6: a number that is always 0 needs no field" },
	{ "uint32(..0)", "7+5: a number that is always 0 needs no field" },
	{ "bool(1..2)",
	  "1+4: 'bool' takes no bounds; strings, bytes, numbers and lists do" },
	{ "Author(..4)",
	  "1+6: 'Author' takes no bounds; strings, bytes, numbers and lists "
	  "do" },
	{ "enum", "1+4: 'enum' needs its values: enum(happy|sad)" },
	{ "enum(", "5+1: '(' is never closed by ')'" },
	{ "enum()", "6+1: a value of 'enum' is empty" },
	{ "enum(a||b)", "8+1: a value of 'enum' is empty" },
	{ "enum(a|b| a )", "11+1: 'enum' has the value 'a' twice" },
	{ "map", "1+3: 'map' needs the type of its values: map(string)" },
	{ "map(string", "4+1: '(' is never closed by ')'" },
	{ "map(string int32)", "12+1: expected ')' to close 'map(', not 'i'" },
	{ "map(string?)",
	  "11+1: the values of a map cannot be absent; '?' goes behind the "
	  "whole type" },
	{ "string?[]",
	  "7+1: the items of a list cannot be absent; '?' goes behind the "
	  "whole type" },
	{ "string??", "8+1: unexpected '?' behind the type 'string?'" },
	{ "string foo", "8+1: unexpected 'f' behind the type 'string'" },
	{ "T[][][][][][][][][][][][][][][][]",
	  "1+32: types nest at most 16 deep" },
};

static void test_types(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(types); i++) {
		struct arena arena = { 0 };
		struct diag diag;
		struct buf out;
		struct doc *text = doc_string(&arena, types[i].text);
		const struct type *type;
		bool absent;

		print_message("%s\n", types[i].text);
		diag_init(&diag, &arena);
		buf_init(&out, &arena);
		text->loc = (struct loc){ 1, (uint16_t)strlen(types[i].text), 1,
					  1 };
		type = read_type(&arena, &diag, text, &absent);
		if (type) {
			print_type(&out, type);
			buf_add(&out, absent ? " absent" : "");
		}
		print_diag(&out, &diag, false);
		assert_string_equal(out.text, types[i].want);
		arena_release(&arena);
	}
}

/* Where nothing may be absent, and what is said of a quoted or folded text. */
static void test_places(void **state)
{
	static const struct {
		const char *text;
		bool quoted;
		uint16_t len; /* in the source */
		const char *want;
	} cases[] = {
		{ "T?", false, 2,
		  "6+1: only a field may be absent: leave out '?'" },
		{ "T?", true, 4,
		  "7+1: only a field may be absent: leave out '?'" },
		{ "T?", true, 9,
		  "5+9: only a field may be absent: leave out '?'" },
		{ "T?", false, 7,
		  "5+7: only a field may be absent: leave out '?'" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena arena = { 0 };
		struct diag diag;
		struct buf out;
		struct doc *text = doc_string(&arena, cases[i].text);

		print_message("%s\n", cases[i].want);
		diag_init(&diag, &arena);
		buf_init(&out, &arena);
		text->loc = (struct loc){ 1, cases[i].len, 1, 5 };
		text->quoted = cases[i].quoted;
		assert_null(read_type(&arena, &diag, text, NULL));
		print_diag(&out, &diag, false);
		assert_string_equal(out.text, cases[i].want);
		arena_release(&arena);
	}
}

static const struct {
	const char *pattern, *text;
	bool matches;
} matches[] = {
	{ "", "", true },
	{ "b", "abc", true },
	{ "^b", "abc", false },
	{ "^a.c$", "abc", true },
	{ "^a.c$", "a\nc", false },
	{ "^[a-z]+$", "abc", true },
	{ "^[a-z]+$", "", false },
	{ "^[^a-z]*$", "ABC", true },
	{ "^\\d{3}-\\d{4}$", "555-1234", true },
	{ "^\\d{3}-\\d{4}$", "555-123", false },
	{ "^(foo|bar){2,}$", "foobarfoo", true },
	{ "^(foo|bar){2,}$", "foo", false },
	{ "^(?:a?){3}b$", "aab", true },
	{ "^(a*)*$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", true },
	{ "^(a*)*$", "aaaaaaaaaaaaaaaaaaaaaaaaaaab", false },
	{ "^.$", "\xe6\x97\xa5", true },
	{ "^\\u65e5$", "\xe6\x97\xa5", true },
	{ "^\\x41+?$", "AAA", true },
	{ "^\\s\\S\\w\\W$", " ab-", true },
	{ "^[\\d-]+$", "1-2", true },
	{ "^[]$", "a", false },
	{ "^a{0}$", "", true },
	{ "x|^$", "", true },
};

static void test_pattern_matches(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(matches); i++) {
		const char *why = "";
		size_t at = 0, len = 0;
		const struct pattern *pattern = pattern_read(
			&arena, matches[i].pattern, &at, &len, &why);

		print_message("%s on %s %s\n", matches[i].pattern,
			      matches[i].text, why);
		assert_non_null(pattern);
		assert_int_equal(pattern_matches(pattern, matches[i].text),
				 matches[i].matches);
	}
	arena_release(&arena);
}

#define DEEP "(((((((((((((((((((((((((((((((((("
#define TOO_LARGE                                                            \
	"the pattern is too large: with its repetitions written out it has " \
	"more than 2000 parts"

static const struct {
	const char *pattern;
	size_t at, len;
	const char *why;
} wrong[] = {
	{ "a**", 2, 1, "there is nothing to repeat here" },
	{ "+", 0, 1, "there is nothing to repeat here" },
	{ "a{x}", 1, 1, "counts are written {3}, {3,} or {3,5}" },
	{ "a{3", 1, 1, "counts are written {3}, {3,} or {3,5}" },
	{ "a{3,2}", 1, 5, "the counts are the wrong way round" },
	{ "a{1001}", 2, 4, "counts go up to 1000" },
	{ "a{1000}{2}", 7, 1, "there is nothing to repeat here" },
	{ "(a{1000}){2}", 0, 12, TOO_LARGE },
	{ "(((){1000}){1000}){1000}", 2, 8, NULL },
	{ "(a", 0, 1, "'(' is never closed by ')'" },
	{ "a)", 1, 1, "a bracket that was never opened" },
	{ "a]", 1, 1, "a bracket that was never opened" },
	{ "[a", 0, 1, "'[' is never closed by ']'" },
	{ "[z-a]", 1, 3, "the range is the wrong way round" },
	{ "(?=a)", 0, 3, "only plain groups are supported, (...) and (?:...)" },
	{ "(?<n>a)", 0, 3,
	  "only plain groups are supported, (...) and (?:...)" },
	{ "(a)\\1", 3, 2, "back-references need backtracking" },
	{ "\\bx", 0, 2, "'\\b' is not supported" },
	{ "a\\", 1, 1, "'\\' has no meaning here" },
	{ "\\p{L}", 0, 2, "'\\' has no meaning here" },
	{ "\\x4g", 0, 3, "'\\x' needs two hex digits" },
	{ "\\u12", 0, 4, "'\\u' needs four hex digits" },
	{ "\\ud83d", 0, 6,
	  "half a surrogate pair: write the character itself" },
	{ DEEP DEEP, 64, 1, "groups nest at most 64 deep" },
};

static void test_pattern_wrong(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		const char *why = NULL;
		size_t at = 0, len = 0;

		print_message("%s\n", wrong[i].pattern);
		assert_null(pattern_read(&arena, wrong[i].pattern, &at, &len,
					 &why));
		if (!wrong[i].why)
			continue;
		assert_string_equal(why, wrong[i].why);
		assert_int_equal(at, wrong[i].at);
		assert_int_equal(len, wrong[i].len);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_pattern_matches),
		cmocka_unit_test(test_pattern_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
