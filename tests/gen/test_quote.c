/* SPDX-License-Identifier: MIT */
#include "render/quote.h"
#include "render/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void quote_fn(struct buf *out, const char *text);

static const struct {
	quote_fn *quote;
	const char *text, *quoted;
} cases[] = {
	{ quote_c, "", "" },
	{ quote_c, "plain text", "plain text" },
	{ quote_c, "a\"b\\c", "a\\\"b\\\\c" },
	{ quote_c, "a\nb\tc\rd", "a\\nb\\tc\\rd" },
	{ quote_c,
	  "\x01"
	  "7\x7f",
	  "\\0017\\177" },
	{ quote_c,
	  "?"
	  "?=?"
	  "?"
	  "?/",
	  "?\\?=?\\?\\?/" },
	{ quote_c, "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
	{ quote_c, "\xff\xc0\x80", "\\377\\300\\200" },
	{ quote_c, "\xed\xa0\x80", "\\355\\240\\200" },
	{ quote_c,
	  "a\xe2\x80\xae"
	  "b",
	  "a\\342\\200\\256b" },
	{ quote_c, "\xe2\x81\xa6", "\\342\\201\\246" },
	{ quote_c, "\xe2\x80\x8f", "\\342\\200\\217" },
	{ quote_c, "\xc2\x85", "\\302\\205" },
	{ quote_comment, "  a \n b  ", "a b" },
	{ quote_comment, "a*/b/*c", "a* /b/ *c" },
	{ quote_comment, "*/*/", "* / * /" },
	{ quote_comment,
	  "what?"
	  "?/",
	  "what? ?/" },
	{ quote_comment, "C:\\", "C:\\." },
	{ quote_comment,
	  "a\xe2\x80\xae"
	  "b\x01"
	  "c",
	  "a\xef\xbf\xbd"
	  "b\xef\xbf\xbd"
	  "c" },
	{ quote_hash_comment,
	  "src/*.c */ ?"
	  "?/",
	  "src/*.c */ ?"
	  "?/" },
	{ quote_hash_comment, "a\nb \\", "a b \\." },
	{ quote_make, "build/chat.c", "build/chat.c" },
	{ quote_make, "a b#c:d%e$f", "a\\ b\\#c\\:d%e$$f" },
	{ quote_make_target, "a b#c:d%e$f", "a\\ b\\#c\\:d\\%e$$f" },
	{ quote_make, "a\\ b\\c", "a\\\\\\ b\\c" },
	{ quote_shell, "src/chat.c", "src/chat.c" },
	{ quote_shell, "", "''" },
	{ quote_shell, "a b", "'a b'" },
	{ quote_shell, "it's", "'it'\\''s'" },
	{ quote_shell, "$HOME;`x`", "'$HOME;`x`'" },
	{ quote_recipe, "$HOME", "'$$HOME'" },
	{ quote_recipe, "it's", "'it'\\''s'" },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena arena = { 0 };
		struct buf out;

		buf_init(&out, &arena);
		cases[i].quote(&out, cases[i].text);
		if (strcmp(out.text, cases[i].quoted) != 0)
			fail_msg("case %zu: '%s', not '%s'", i, out.text,
				 cases[i].quoted);
		arena_release(&arena);
	}
}

/* Two values side by side in one literal make no trigraph either. */
static void test_c_joins(void **state)
{
	struct arena arena = { 0 };
	struct buf out;

	(void)state;
	buf_init(&out, &arena);
	quote_c(&out, "?");
	quote_c(&out, "?=");
	assert_string_equal(out.text, "?\\?=");
	arena_release(&arena);
}

static size_t octal(const char *text, char *byte)
{
	unsigned value = 0;

	for (size_t i = 0; i < 3; i++) {
		assert_in_range(text[i], '0', '7');
		value = value * 8 + (unsigned)(text[i] - '0');
	}
	*byte = (char)value;
	return 3;
}

/* What a C compiler makes of the inside of a literal. */
static void unquote_c(const char *text, char *to)
{
	while (*text) {
		assert_true(*text != '"' && *text != '\n');
		assert_true(text[0] != '?' || text[1] != '?');
		if (*text != '\\') {
			*to++ = *text++;
			continue;
		}
		text++;
		if (*text >= '0' && *text <= '7')
			text += octal(text, to++);
		else if (*text == 'n' || *text == 't' || *text == 'r')
			*to++ = *text++ == 'n'	  ? '\n'
				: text[-1] == 't' ? '\t'
						  : '\r';
		else
			*to++ = *text++;
	}
	*to = '\0';
}

/* Each pair of bytes, with a digit after: back comes what went in. */
static void test_c_pairs(void **state)
{
	struct arena arena = { 0 };
	struct buf out;

	(void)state;
	buf_init(&out, &arena);
	for (int a = 1; a < 256; a++) {
		for (int b = 1; b < 256; b++) {
			const char text[] = { (char)a, (char)b, '7', '\0' };
			char back[16];

			out.len = 0;
			quote_c(&out, text);
			unquote_c(out.text, back);
			if (strcmp(text, back) != 0)
				fail_msg("bytes %d %d: '%s'", a, b, out.text);
		}
	}
	arena_release(&arena);
}

/* Nothing in a comment ends it, whatever three bytes are in it. */
static void test_comment_triples(void **state)
{
	const char signs[] = "*/?\\ \nax\x01\xff";
	struct arena arena = { 0 };
	struct buf out;

	(void)state;
	buf_init(&out, &arena);
	for (size_t i = 0; i < 10 * 10 * 10 * 10; i++) {
		const char text[] = { signs[i % 10], signs[i / 10 % 10],
				      signs[i / 100 % 10], signs[i / 1000],
				      '\0' };

		out.len = 0;
		buf_add(&out, "/* ");
		quote_comment(&out, text);
		buf_add(&out, " */");
		if (strstr(out.text, "*/") != out.text + out.len - 2 ||
		    strstr(out.text + 1, "/*") || strstr(out.text, "??") ||
		    strpbrk(out.text, "\n\x01\xff"))
			fail_msg("'%s'", out.text);
	}
	arena_release(&arena);
}

/* A shell hands back each byte. */
static void test_shell(void **state)
{
	struct arena arena = { 0 };
	char text[128], back[256] = { 0 };
	struct buf out;
	FILE *shell;

	(void)state;
	for (int i = 0; i < 127; i++)
		text[i] = (char)(i + 1);
	text[127] = '\0';
	buf_init(&out, &arena);
	buf_add(&out, "printf %s ");
	quote_shell(&out, text);
	shell = popen(out.text, "r");
	assert_non_null(shell);
	assert_int_equal(fread(back, 1, sizeof(back) - 1, shell), 127);
	assert_int_equal(pclose(shell), 0);
	assert_string_equal(back, text);
	arena_release(&arena);
}

static const struct {
	const char *name, *indent, *text, *comment;
} blocks[] = {
	{ "short", "", "One line.", "/* One line. */\n" },
	{ "a line end at the end", "\t", "One line.\n", "\t/* One line. */\n" },
	{ "two lines", "", "One.\nTwo.", "/*\n * One.\n * Two.\n */\n" },
	{ "a paragraph", "\t", "One.\n\n\nTwo.\n\n",
	  "\t/*\n\t * One.\n\t *\n\t *\n\t * Two.\n\t */\n" },
	{ "80 columns", "",
	  "Just as long as it can be: 74 columns, and six more that a comment "
	  "needs!!",
	  "/* Just as long as it can be: 74 columns, and six more that a "
	  "comment needs!! */\n" },
	{ "81 columns", "",
	  "Just as long as it can be: 74 columns, and six more that a comment "
	  "needs!!.",
	  "/*\n * Just as long as it can be: 74 columns, and six more that a "
	  "comment needs!!.\n */\n" },
	{ "ends early", "", "bad */ int x; /*", "/* bad * / int x; / * */\n" },
};

static void test_blocks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++) {
		struct arena arena = { 0 };
		struct buf out;

		print_message("  %s\n", blocks[i].name);
		buf_init(&out, &arena);
		wrap_block(&out, blocks[i].indent, strlen(blocks[i].indent),
			   blocks[i].text);
		assert_string_equal(out.text, blocks[i].comment);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_c_joins),
		cmocka_unit_test(test_c_pairs),
		cmocka_unit_test(test_comment_triples),
		cmocka_unit_test(test_shell),
		cmocka_unit_test(test_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
