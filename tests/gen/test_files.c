/* SPDX-License-Identifier: MIT */
/* test_files.c - specs in several files: what is merged, refused and noted. */
#include "read/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "support.h"

#define MOST 6 /* files of a case */

/* All in a folder of their own; the first file is given as the spec. */
static const struct {
	const char *name;
	struct {
		const char *path, *text;
	} files[MOST];
	const char *specs[3]; /* other than the first file alone */
	const char *json;     /* NULL: an error */
	const char *said, *files_read, *dirs;
	bool failed;
} cases[] = {
	{ "one file",
	  { { "a.yaml", "name: x\nroutes: {a: b}\n" } },
	  { 0 },
	  "{\"name\":\"x\",\"routes\":{\"a\":\"b\"}}",
	  "",
	  "a.yaml",
	  "",
	  false },
	{ "one include",
	  { { "a.yaml", "name: x\ninclude: b.yaml\nroutes: {a: b}\n" },
	    { "b.yaml", "routes: {c: d}\nmessages: {M: {}}\n" } },
	  { 0 },
	  "{\"name\":\"x\",\"routes\":{\"a\":\"b\",\"c\":\"d\"},"
	  "\"messages\":{\"M\":{}}}",
	  "",
	  "a.yaml b.yaml",
	  "",
	  false },
	{ "globs, relative to their file, sorted",
	  { { "s/a.yaml", "name: x\ninclude: [r/*.yaml]\n" },
	    { "s/r/2.yaml", "alarms: [2]\ninclude: ../t/?.yaml\n" },
	    { "s/r/1.yaml", "alarms: [1]\n" },
	    { "s/t/3.yaml", "alarms: [3]\n" },
	    { "s/t/33.yaml", "alarms: [33]\n" } },
	  { 0 },
	  "{\"name\":\"x\",\"alarms\":[1,2,3]}",
	  "",
	  "s/a.yaml s/r/1.yaml s/r/2.yaml s/r/../t/3.yaml",
	  "s/r s/r/../t",
	  false },
	{ "globs in folders",
	  { { "a.yaml", "include: '*/r.yaml'\n" },
	    { "p/r.yaml", "routes: {p: x}" },
	    { "q/r.yaml", "routes: {q: x}" },
	    { "q/s.yaml", "routes: {s: x}" } },
	  { 0 },
	  "{\"routes\":{\"p\":\"x\",\"q\":\"x\"}}",
	  "",
	  "a.yaml p/r.yaml q/r.yaml",
	  ".",
	  false },
	{ "glob in each folder",
	  { { "a.yaml", "include: '[pq]/*.yaml'\n" },
	    { "p/r.yaml", "routes: {p: x}" },
	    { "q/r.yaml", "routes: {q: x}" } },
	  { 0 },
	  "{\"routes\":{\"p\":\"x\",\"q\":\"x\"}}",
	  "",
	  "a.yaml p/r.yaml q/r.yaml",
	  ". p q",
	  false },
	{ "brackets in the folder's name",
	  { { "[s]/a.yaml", "include: '*.yml'\n" },
	    { "[s]/b.yml", "routes: {p: x}" } },
	  { 0 },
	  "{\"routes\":{\"p\":\"x\"}}",
	  "",
	  "[s]/a.yaml [s]/b.yml",
	  "[s]",
	  false },
	{ "reached twice, read once",
	  { { "a.yaml", "include: [b.yaml, c.yaml, ./b.yaml]\n" },
	    { "b.yaml", "alarms: [1]\n" },
	    { "c.yaml", "include: b.yaml\nalarms: [2]" } },
	  { 0 },
	  "{\"alarms\":[1,2]}",
	  "",
	  "a.yaml b.yaml c.yaml",
	  "",
	  false },
	{ "several specs",
	  { { "a.yaml", "routes: {a: x}" }, { "b.yaml", "name: b" } },
	  { "a.yaml", "b.yaml" },
	  "{\"routes\":{\"a\":\"x\"},\"name\":\"b\"}",
	  "",
	  "a.yaml b.yaml",
	  "",
	  false },
	{ "a key without a value gives way",
	  { { "a.yaml", "routes:\nalarms: [1]\ninclude: b.yaml\n" },
	    { "b.yaml", "routes: {a: x}\nalarms:\n" } },
	  { 0 },
	  "{\"routes\":{\"a\":\"x\"},\"alarms\":[1]}",
	  "",
	  "a.yaml b.yaml",
	  "",
	  false },
	{ "an included file without anything",
	  { { "a.yaml", "name: x\ninclude: b.yaml" }, { "b.yaml", "# no\n" } },
	  { 0 },
	  "{\"name\":\"x\"}",
	  "",
	  "a.yaml b.yaml",
	  "",
	  false },
	{ "the same member twice",
	  { { "a.yaml", "include: [b.yaml, c.yaml]\nroutes: {x: 1}\n" },
	    { "b.yaml", "routes:\n  y: 1\n" },
	    { "c.yaml", "routes:\n  z: 1\n  y: 2\n" } },
	  { 0 },
	  NULL,
	  "c.yaml:3:3: 'y' is here twice\nb.yaml:2:3: the first one\n",
	  "a.yaml b.yaml c.yaml",
	  "",
	  false },
	{ "a scalar twice, kinds that differ",
	  { { "a.yaml", "name: a\ngrants: []\n" },
	    { "b.yaml", "name: b\ngrants: {}\n" } },
	  { "a.yaml", "b.yaml" },
	  NULL,
	  "b.yaml:1:1: 'name' is here twice\na.yaml:1:1: the first one\n"
	  "b.yaml:2:1: 'grants' is here twice\na.yaml:2:1: the first one\n",
	  "a.yaml b.yaml",
	  "",
	  false },
	{ "a name in an included file",
	  { { "a.yaml", "include: b.yaml" }, { "b.yaml", "name: b" } },
	  { 0 },
	  NULL,
	  "b.yaml:1:1: 'name' is the main file's: one that is included has "
	  "none\n",
	  "a.yaml b.yaml",
	  "",
	  false },
	{ "a cycle",
	  { { "a.yaml", "name: a\ninclude: s/b.yaml" },
	    { "s/b.yaml", "include: c.yaml" },
	    { "s/c.yaml", "include: ../a.yaml" } },
	  { 0 },
	  NULL,
	  "s/c.yaml:1:10: 's/../a.yaml' includes itself\n"
	  "s/b.yaml:1:10: 's/c.yaml' is included here\n"
	  "a.yaml:2:10: 's/b.yaml' is included here\n",
	  "a.yaml s/b.yaml s/c.yaml",
	  "",
	  false },
	{ "a file that includes itself",
	  { { "a.yaml", "include: '*.yaml'" } },
	  { 0 },
	  NULL,
	  "a.yaml:1:10: 'a.yaml' includes itself\n",
	  "a.yaml",
	  ".",
	  false },
	{ "nothing that matches",
	  { { "a.yaml", "include:\n  - b.yaml\n  - r/*.yaml\n  - s/**/x\n" } },
	  { 0 },
	  NULL,
	  "a.yaml:2:5: no file matches 'b.yaml'\n"
	  "a.yaml:3:5: no file matches 'r/*.yaml'\n"
	  "a.yaml:4:5: '**' is not known here: '*' stands for one name, as "
	  "in 'routes/*/*.yaml'\n",
	  "a.yaml",
	  "",
	  false },
	{ "no paths",
	  { { "a.yaml", "include: {a: b}" }, { "b.yaml", "include: ['', 1]" } },
	  { "a.yaml", "b.yaml" },
	  NULL,
	  "a.yaml:1:10: 'include' takes the path of a file, or a list of "
	  "paths; '*' stands for any name\n"
	  "b.yaml:1:11: 'include' takes the path of a file, or a list of "
	  "paths; '*' stands for any name\n"
	  "b.yaml:1:15: 'include' takes the path of a file, or a list of "
	  "paths; '*' stands for any name\n",
	  "a.yaml b.yaml",
	  "",
	  false },
	{ "errors in every file",
	  { { "a.yaml", "include: b.yaml\na: 1\na: 2" },
	    { "c.yaml", "include: b.yaml" },
	    { "b.yaml", "b: [" } },
	  { "a.yaml", "c.yaml" },
	  NULL,
	  "a.yaml:3:1: 'a' is here twice\na.yaml:2:1: the first one\n"
	  "b.yaml:1:5: expected a value here\n",
	  "a.yaml c.yaml b.yaml",
	  "",
	  false },
	{ "no mapping",
	  { { "a.yaml", "- a" }, { "b.yaml", "" } },
	  { "a.yaml", "b.yaml" },
	  NULL,
	  "a.yaml:1:1: a spec is a mapping, as in 'name: chat'\n"
	  "b.yaml:1:1: an empty spec: it starts with 'name: ...'\n",
	  "a.yaml b.yaml",
	  "",
	  false },
	{ "no such file",
	  { { "a.yaml", "name: a" } },
	  { "a.yaml", "b.yaml" },
	  NULL,
	  "cannot read 'b.yaml': No such file or directory\n",
	  "a.yaml",
	  "",
	  true },
	{ "a folder",
	  { { "s/a.yaml", "" } },
	  { "s" },
	  NULL,
	  "cannot read 's': Is a directory\n",
	  "",
	  "",
	  true },
	{ "an included folder",
	  { { "a.yaml", "include: s" }, { "s/a.yaml", "" } },
	  { 0 },
	  NULL,
	  "a.yaml:1:10: cannot read 's': Is a directory\n",
	  "a.yaml",
	  "",
	  true },
};

static void write_file(const char *path, const char *text)
{
	char dir[64];
	FILE *file;

	if (strchr(path, '/')) {
		snprintf(dir, sizeof(dir), "%s", path);
		for (char *at = dir; (at = strchr(at, '/')); *at++ = '/') {
			*at = '\0';
			mkdir(dir, 0777);
		}
	}
	file = fopen(path, "wb");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void remove_file(const char *path)
{
	char dir[64], *slash;

	snprintf(dir, sizeof(dir), "%s", path);
	assert_int_equal(unlink(path), 0);
	while ((slash = strrchr(dir, '/'))) {
		*slash = '\0';
		rmdir(dir); /* refused until it is empty */
	}
}

static const char *said(struct arena *arena, const struct diag *diag)
{
	struct buf out;

	buf_init(&out, arena);
	for (size_t i = 0; i < diag->entries.count; i++) {
		const struct diag_entry *entry = &diag->entries.items[i];

		if (entry->loc.source)
			buf_printf(
				&out, "%s:%u:%u: ",
				diag->sources.items[entry->loc.source - 1].path,
				entry->loc.line, entry->loc.column);
		buf_printf(&out, "%s\n", entry->text);
	}
	return out.text;
}

static const char *joined(struct arena *arena, const char *const *texts,
			  size_t count)
{
	struct buf out;

	buf_init(&out, arena);
	for (size_t i = 0; i < count; i++)
		buf_printf(&out, "%s%s", i ? " " : "", texts[i]);
	return out.text;
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *name = cases[i].name, *specs[3];
		struct arena arena = { 0 };
		struct read_inputs inputs = { 0 };
		struct diag diag;
		struct doc *doc;
		size_t count = 0;

		for (size_t j = 0; j < MOST && cases[i].files[j].path; j++)
			write_file(cases[i].files[j].path,
				   cases[i].files[j].text);
		while (count < 3 && cases[i].specs[count]) {
			specs[count] = cases[i].specs[count];
			count++;
		}
		if (!count)
			specs[count++] = cases[i].files[0].path;
		diag_init(&diag, &arena);
		doc = read_files(&arena, &diag, specs, count, &inputs);
		expect_text(name, said(&arena, &diag), cases[i].said);
		expect_text(name, doc ? compact(&arena, doc) : "(none)",
			    cases[i].json ? cases[i].json : "(none)");
		expect_text(
			name,
			joined(&arena, inputs.files.items, inputs.files.count),
			cases[i].files_read);
		expect_text(
			name,
			joined(&arena, inputs.dirs.items, inputs.dirs.count),
			cases[i].dirs);
		expect_text(name, inputs.failed ? "failed" : "",
			    cases[i].failed ? "failed" : "");
		for (size_t j = 0; j < MOST && cases[i].files[j].path; j++)
			remove_file(cases[i].files[j].path);
		arena_release(&arena);
	}
}

static void test_stdin(void **state)
{
	static const char *const specs[] = { "-" };
	struct arena arena = { 0 };
	struct read_inputs inputs = { 0 };
	struct diag diag;
	struct doc *doc;

	(void)state;
	write_file("in", "name: x\ninclude: b.yaml\n");
	write_file("b.yaml", "alarms: [a, a: b]\n");
	assert_non_null(freopen("in", "rb", stdin));
	diag_init(&diag, &arena);
	doc = read_files(&arena, &diag, specs, 1, &inputs);
	expect_text("stdin", said(&arena, &diag), "");
	expect_text("stdin", compact(&arena, doc),
		    "{\"name\":\"x\",\"alarms\":[\"a\",{\"a\":\"b\"}]}");
	expect_text("stdin", diag.sources.items[0].path, "<stdin>");
	expect_text("stdin",
		    joined(&arena, inputs.files.items, inputs.files.count),
		    "b.yaml");
	remove_file("in");
	remove_file("b.yaml");
	arena_release(&arena);
}

static void test_limits(void **state)
{
	static const char *const large[] = { "large" }, *const deep[] = { "0" };
	struct arena arena = { 0 };
	struct read_inputs inputs = { 0 };
	struct diag diag;

	(void)state;
	write_file("large", "");
	assert_int_equal(truncate("large", READ_MAX_SIZE + 1), 0);
	diag_init(&diag, &arena);
	assert_null(read_files(&arena, &diag, large, 1, &inputs));
	expect_text("large", said(&arena, &diag),
		    "'large' is larger than 64 MB\n");
	assert_false(inputs.failed);
	remove_file("large");

	for (int i = 0; i <= READ_MAX_INCLUDES + 1; i++)
		write_file(arena_printf(&arena, "%d", i),
			   arena_printf(&arena, "include: './%d'", i + 1));
	diag_init(&diag, &arena);
	assert_null(read_files(&arena, &diag, deep, 1, &inputs));
	expect_text("deep", said(&arena, &diag),
		    "64:1:10: includes are nested more than 64 deep\n");
	for (int i = 0; i <= READ_MAX_INCLUDES + 1; i++)
		remove_file(arena_printf(&arena, "%d", i));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_stdin),
		cmocka_unit_test(test_limits),
	};
	char dir[] = "/tmp/wsgen-files-XXXXXX";
	int failed;

	if (!mkdtemp(dir) || chdir(dir))
		return 1;
	failed = cmocka_run_group_tests_name("files", tests, NULL, NULL);
	if (chdir("/") || rmdir(dir))
		return 1;
	return failed;
}
