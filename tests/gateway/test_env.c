/* SPDX-License-Identifier: MIT */
/* test_env.c - files of NAME=value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "config/config.h"

static char path[] = "/tmp/wsgen-env-XXXXXX";

/* What is read, as NAME=<value> lines; or what is said, `@` for the path. */
static const struct {
	const char *name, *text, *read, *why;
} cases[] = {
	{ "empty", "", "", NULL },
	{ "plain", "A=1\nB=two words  \n", "A=<1>\nB=<two words>\n", NULL },
	{ "no end of line", "A=1", "A=<1>\n", NULL },
	{ "carriage returns", "A=1\r\n\r\nB='2'\r\n", "A=<1>\nB=<2>\n", NULL },
	{ "byte order mark",
	  "\xef\xbb\xbf"
	  "A=1\n",
	  "A=<1>\n", NULL },
	{ "comments", "# x=1\n\n  # y\nA=1 # z\nB=1#2\nC=#\n",
	  "A=<1>\nB=<1#2>\nC=<>\n", NULL },
	{ "export", "export A=1\n export\tB=2\nexport=3\nexportC=4\n",
	  "A=<1>\nB=<2>\nexport=<3>\nexportC=<4>\n", NULL },
	{ "no value", "A=\nB= \n", "A=<>\nB=<>\n", NULL },
	{ "names", "Notes.Arn=a\nAWS::Region=b\n_x-Y9=c\n",
	  "Notes.Arn=<a>\nAWS::Region=<b>\n_x-Y9=<c>\n", NULL },
	{ "as it stands", "A=a\\n$B `c` \"d\"\n", "A=<a\\n$B `c` \"d\">\n",
	  NULL },
	{ "equals", "A=b=c==\n", "A=<b=c==>\n", NULL },
	{ "single quotes", "A=' a\\n\"#'  # b\nB=''\n", "A=< a\\n\"#>\nB=<>\n",
	  NULL },
	{ "double quotes", "A=\" \\\"\\\\\\$b\\t'\\x # \"\n",
	  "A=< \"\\$b\t'\\x # >\n", NULL },
	{ "several lines", "A='1\n2'\nB=\"3\\n4\n5\\\n6\"\nC=7\n",
	  "A=<1\n2>\nB=<3\n4\n56>\nC=<7>\n", NULL },
	{ "twice", "A=1\nA=2\n", "A=<1>\nA=<2>\n", NULL },
	{ "no name", "A=1\n=2\n", NULL,
	  "@:2: has to be NAME=value, without spaces before the '='\n" },
	{ "several", "A =1\n\nB\nC=1\n9=1\n", NULL,
	  "@:1: has to be NAME=value, without spaces before the '='\n"
	  "@:3: has to be NAME=value, without spaces before the '='\n"
	  "@:5: has to be NAME=value, without spaces before the '='\n" },
	{ "never closed", "A=1\nB=\"x\ny\n", NULL,
	  "@:2: the quote is never closed\n" },
	{ "closed too soon", "A='1\n2'3\nB\n", NULL,
	  "@:2: text behind the closing quote\n"
	  "@:3: has to be NAME=value, without spaces before the '='\n" },
};

static void write_text(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void expect(const char *name, const struct wsg_buf *got,
		   const char *text)
{
	struct wsg_buf wanted = { 0 };

	for (; *text; text++)
		wsg_buf_add(&wanted, *text == '@' ? path : text,
			    *text == '@' ? strlen(path) : 1);
	if (got->len != wanted.len ||
	    (got->len && memcmp(got->ptr, wanted.ptr, got->len) != 0))
		fail_msg("%s:\n%s", name, got->ptr ? got->ptr : "");
	wsg_buf_release(&wanted);
}

static void test_read(void **state)
{
	struct wsg_arena *arena = wsg_arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *name = cases[i].name;
		struct wsg_buf got = { 0 }, why = { 0 };
		struct config_variable *read = NULL;
		size_t count = 0;
		bool good;

		write_text(cases[i].text);
		good = config_read_env(arena, path, &read, &count, &why);
		for (size_t k = 0; k < count; k++)
			wsg_buf_printf(&got, "%.*s=<%.*s>\n",
				       WSG_FMT(read[k].name),
				       WSG_FMT(read[k].value));
		if (good != (cases[i].read != NULL))
			fail_msg("%s: %s", name, good ? "read" : why.ptr);
		if (good)
			expect(name, &got, cases[i].read);
		else
			expect(name, &why, cases[i].why);
		wsg_buf_release(&got);
		wsg_buf_release(&why);
	}
	wsg_arena_free(arena);
}

/* Many lines are kept in the order that they stand in. */
static void test_many(void **state)
{
	struct wsg_arena *arena = wsg_arena_new();
	struct config_variable *read;
	struct wsg_buf text = { 0 }, why = { 0 };
	size_t count;

	(void)state;
	for (int i = 0; i < 1000; i++)
		wsg_buf_printf(&text, "N%d=%d\n", i, i);
	write_text(text.ptr);
	assert_true(config_read_env(arena, path, &read, &count, &why));
	assert_int_equal(count, 1000);
	assert_true(wsg_str_is(read[999].name, "N999"));
	assert_true(wsg_str_is(read[0].value, "0"));
	wsg_buf_release(&text);
	wsg_arena_free(arena);
}

static void test_no_files(void **state)
{
	static const char *const paths[] = { "/nowhere/.env", "/tmp",
					     "/dev/zero" };
	struct wsg_arena *arena = wsg_arena_new();
	struct config_variable *read;
	size_t count;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct wsg_buf why = { 0 };

		if (config_read_env(arena, paths[i], &read, &count, &why))
			fail_msg("%s: read", paths[i]);
		assert_memory_equal(why.ptr, paths[i], strlen(paths[i]));
		wsg_buf_release(&why);
	}
	wsg_arena_free(arena);
}

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return remove(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_no_files),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
