/* SPDX-License-Identifier: MIT */
#include "render.h"
#include "render/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena arena;
static char dir[64];

static int start(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/wsgen-render-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	unlink(arena_printf(&arena, "%s/t.tmpl", dir));
	unlink(arena_printf(&arena, "%s/t.c.tmpl", dir));
	arena_release(&arena);
	return rmdir(dir);
}

static const char *write_file(const char *name, const char *text)
{
	const char *path = arena_printf(&arena, "%s/%s", dir, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	return path;
}

/* One API with two messages of two and no fields. */
static struct values *make_values(void)
{
	struct values *values = values_new(&arena), *item, *field;

	values_text(values, "api", "chat");
	values_text(values, "quote", "say \"hi\"");
	values_text(values, "doc", "Says hello.\n");
	values_text(values, "nothing", NULL);
	values_text(values, "empty", "");
	values_printf(values, "count", "%d of %s", 2, "them");
	values_flag(values, "yes", true);
	values_flag(values, "no", false);
	values_list(values, "none");
	item = values_item(values, "messages");
	values_text(item, "name", "hello");
	field = values_item(item, "fields");
	values_text(field, "field", "a");
	field = values_item(item, "fields");
	values_text(field, "field", "b");
	item = values_item(values, "messages");
	values_text(item, "name", "bye");
	values_text(item, "api", "inner");
	values_list(item, "fields");
	return values;
}

static const struct {
	const char *name, *template, *text;
} cases[] = {
	{ "empty", "", "" },
	{ "text", "a\nb", "a\nb" },
	{ "a hole", "<@api@>\n", "<chat>\n" },
	{ "two holes", "@api@@api@", "chatchat" },
	{ "printf", "@count@", "2 of them" },
	{ "no holes", "\t@echo \"$@\" x@y.z @ @a b@ @A@ @9@ @if x\n",
	  "\t@echo \"$@\" x@y.z @ @a b@ @A@ @9@ @if x\n" },
	{ "at signs", "@@ $@@@api@", "@ $@chat" },
	{ "c", "\"@quote:c@\"", "\"say \\\"hi\\\"\"" },
	{ "json", "\"@quote:json@\"", "\"say \\\"hi\\\"\"" },
	{ "yaml", "a: @quote:yaml@", "a: say \"hi\"" },
	{ "yaml in quotes", "a: @doc:yaml@", "a: \"Says hello.\\n\"" },
	{ "make", "@quote:make@:", "say\\ \"hi\":" },
	{ "shell", "@quote:shell@", "'say \"hi\"'" },
	{ "recipe", "@quote:recipe@", "'say \"hi\"'" },
	{ "block", "a\n\t@doc:block@\nb\n", "a\n\t/* Says hello. */\nb\n" },
	{ "no block", "a\n\t@nothing:block@\nb\n@empty:block@\n", "a\nb\n" },
	{ "comment", "/* @doc:comment@ */", "/* Says hello. */" },
	{ "if", "@if yes@a@end@@if no@b@end@", "a" },
	{ "else", "@if no@a@else@b@end@@if yes@c@else@d@end@", "bc" },
	{ "if text", "@if api@a@end@@if empty@b@end@@if nothing@c@end@", "a" },
	{ "if list", "@if none@a@end@@if messages@b@end@", "b" },
	{ "lines vanish", "a\n\t@if yes@\nb\n  @else@\nc\n@end@\nd\n",
	  "a\nb\nd\n" },
	{ "lines vanish together", "@if yes@ @if no@\na\n@end@ @end@\nb", "b" },
	{ "lines with text stay", "a @if no@\nb\n@end@ c\n", "a  c\n" },
	{ "for", "@for messages@\n@name@\n@end@\n", "hello\nbye\n" },
	{ "inner names first", "@for messages@@api@ @end@", "chat inner " },
	{ "for in for",
	  "@for messages@@name@(@for fields@@api@_@field@@, @@end@) @end@",
	  "hello(chat_a, chat_b) bye() " },
	{ "an empty list", "<@for none@@nonsense@@end@>", "<>" },
	{ "commas", "[@for messages@@name@@,@@end@]", "[hello,bye]" },
	{ "first and last",
	  "@for messages@@if first@<@end@@name@@if last@>@end@@end@",
	  "<hellobye>" },
};

static const char *render_text(const char *name, const char *template)
{
	struct render r;
	struct buf out;

	write_file(name, template);
	render_init(&r, &arena, dir);
	buf_init(&out, &arena);
	buf_add(&out, "kept ");
	render(&r, name, make_values(), &out);
	assert_memory_equal(out.text, "kept ", 5);
	return out.text + 5;
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		print_message("  %s\n", cases[i].name);
		assert_string_equal(render_text("t.tmpl", cases[i].template),
				    cases[i].text);
	}
}

static const struct {
	const char *name, *template, *says;
} errors[] = {
	{ "no value", "a\n@nmae@\n", "2: no value for 'nmae'" },
	{ "an absent text", "@nothing@", "1: 'nothing' is no text" },
	{ "a list in a hole", "@none@", "1: 'none' is no text" },
	{ "a flag in a hole", "@yes@", "1: 'yes' is no text" },
	{ "for over a text", "@for api@@end@", "1: 'api' is no list" },
	{ "for over nothing", "@for nope@@end@", "1: no value for 'nope'" },
	{ "a quoting", "\n@api:jsno@", "2: no such quoting: 'jsno'" },
	{ "no end", "a\n@if yes@\nb\n", "2: no @end@ for this" },
	{ "too many ends", "@if yes@@end@\n@end@", "2: @end@ ends nothing" },
	{ "else alone", "@else@", "1: @else@ ends nothing" },
	{ "else in for", "@for none@@else@@end@", "1: @else@ without an @if@" },
	{ "else twice", "@if yes@@else@@else@@end@",
	  "1: @else@ without an @if@" },
	{ "a comma", "a@,@", "1: a comma hole outside @for@" },
	{ "a block among others", "a @doc:block@",
	  "1: a block comment needs its own line" },
};

/* What a child that renders says before it exits. */
static const char *complaint(const char *template)
{
	const char *path = arena_printf(&arena, "%s/err", dir);
	static char said[512];
	int status = 0;
	FILE *file;
	pid_t child;

	write_file("t.tmpl", template);
	child = fork();
	if (!child) {
		if (!freopen(path, "w", stderr))
			_exit(1);
		render_text("t.tmpl", template);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 3);
	file = fopen(path, "r");
	assert_non_null(file);
	said[fread(said, 1, sizeof(said) - 1, file)] = '\0';
	fclose(file);
	unlink(path);
	return said;
}

static void test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		print_message("  %s\n", errors[i].name);
		assert_string_equal(complaint(errors[i].template),
				    arena_printf(&arena,
						 "wsgen: template t.tmpl:%s\n",
						 errors[i].says));
	}
}

/* Names come in order, each once, and each has its text. */
static void test_built_in(void **state)
{
	const char *previous = NULL, *name;
	struct render r;

	(void)state;
	render_init(&r, &arena, NULL);
	while ((name = template_next("", previous))) {
		size_t len = 0;
		const char *text = template_text(&r, name, &len);

		assert_non_null(text);
		assert_int_equal(text[len], '\0');
		assert_true(!previous || strcmp(previous, name) < 0);
		assert_string_not_equal(name, "embed.py");
		previous = name;
	}
	assert_null(template_next("no/such/folder/", NULL));
	assert_null(template_text(&r, "no such file", &(size_t){ 0 }));
	for (name = NULL; (name = template_next("c/", name));)
		assert_memory_equal(name, "c/", 2);
}

#define A16 "abcdefghijklmnop"

static const struct {
	const char *line, *wrapped;
} wraps[] = {
	{ "int f(void);", "int f(void);" },
	{ "enum wsg_result on_send_message(struct chat_call *call, const "
	  "struct chat_msg *msg);",
	  "enum wsg_result on_send_message(struct chat_call *call,\n"
	  "\t\t\t\tconst struct chat_msg *msg);" },
	{ "bool " A16 A16 A16 A16 "(struct chat_call *call, int x);",
	  "bool " A16 A16 A16 A16 "(\n\tstruct chat_call *call, int x);" },
	{ "\treturn on_send_message(&(struct chat_send_message_call){ event }, "
	  "&msg, reply);",
	  "\treturn on_send_message(&(struct chat_send_message_call){ event }, "
	  "&msg,\n"
	  "\t\t\t       reply);" },
	{ "\t{ \"room\", WSG_STR, offsetof(struct chat_" A16 A16
	  ", room), 1, 64 },",
	  "\t{ \"room\", WSG_STR,\n"
	  "\t  offsetof(struct chat_" A16 A16 ", room), 1, 64 }," },
	{ "#define CHAT_" A16 A16 A16 A16 " 123456",
	  "#define CHAT_" A16 A16 A16 A16 " \\\n\t123456" },
	{ "/* a comment that is too long is left as it is, since its words are "
	  "not C at all */",
	  "/* a comment that is too long is left as it is, since its words are "
	  "not C at all */" },
};

static void test_wraps(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wraps) / sizeof(*wraps); i++)
		assert_string_equal(render_text("t.c.tmpl", wraps[i].line),
				    wraps[i].wrapped);
}

/* Declarations, calls and rows with names of so many letters. */
static void add_sample(struct buf *out, int a, int b)
{
	const char *letters = A16 A16 A16 A16;

	buf_printf(out,
		   "enum wsg_result x%d_%.*s(struct x_%.*s *call, "
		   "const struct y_%.*s *msg, bool on);\n\n",
		   a, a, letters, b, letters, a, letters);
	buf_printf(out,
		   "const struct wsg_route *y%d_%.*s(struct wsg_str key)\n", a,
		   a, letters);
	buf_printf(out,
		   "{\n\tif (!z_%.*s(event, &w_%.*s))\n"
		   "\t\treturn WSG_INVALID;\n",
		   a, letters, b, letters);
	buf_printf(out,
		   "\tenum wsg_sent sent = send_%.*s(event, u_%.*s, &to);"
		   "\n",
		   b, letters, a, letters);
	buf_printf(out,
		   "\tif (!memcmp(key.ptr, \"%.*s/%.*s\", %d))\n"
		   "\t\treturn &routes[%d];\n",
		   a, letters, b, letters, a, b);
	buf_printf(out,
		   "\tstruct %.*s_%.*s call = {\n\t\t.event = event,\n"
		   "\t\t.sends.%.*s = { event },\n\t};\n\tint after;\n\n",
		   a, letters, b, letters, b, letters);
	buf_printf(out,
		   "\treturn on_%.*s(&(struct c_%.*s){ event }, &msg, "
		   "reply);\n}\n\n",
		   b, letters, a / 2, letters);
	buf_printf(out,
		   "static const struct wsg_field item_%.*s_%.*s = {\n"
		   "\t.type = WSG_MAP,\n"
		   "\t.offset = offsetof(struct x_%.*s_%.*s, value),\n"
		   "\t.item_size = sizeof(struct y_%.*s),\n};\n\n",
		   a, letters, b, letters, a, letters, b, letters, b, letters);
	buf_printf(out, "static const struct wsg_field fields_%d_%d[] = {\n", a,
		   b);
	buf_printf(out,
		   "\t{ \"%.*s\", WSG_STR, offsetof(struct chat_%.*s, "
		   "m_%.*s), 1, 64 },\n",
		   a, letters, b, letters, a, letters);
	buf_printf(out, "\t{ \"%.*s\", route_%.*s },\n};\n\n", b, letters, a,
		   letters);
}

/*
 * clang-format changes nothing in what we wrapped. A compound literal that
 * does not fit on a line is the one thing that we break elsewhere.
 */
static void test_clang_format(void **state)
{
	const char *source = getenv("WSGEN_SOURCE"), *path, *style;
	struct buf text;

	(void)state;
	if (!source || system("clang-format --version 2>/dev/null | "
			      "grep -q 'version 14'") != 0)
		skip();
	buf_init(&text, &arena);
	for (int a = 4; a <= 64; a += 5)
		for (int b = 4; b <= 60; b += 7)
			add_sample(&text, a, b);
	text.text[--text.len] = '\0';
	wrap_c(wrap_new(&arena), &text, 0);
	path = write_file("t.c.tmpl", text.text);
	style = arena_printf(&arena,
			     "clang-format --assume-filename='%s/x.c' <%s | "
			     "diff -u %s - >&2",
			     source, path, path);
	assert_int_equal(system(style), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_built_in),
		cmocka_unit_test(test_wraps),
		cmocka_unit_test(test_clang_format),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
