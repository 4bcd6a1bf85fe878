/* SPDX-License-Identifier: MIT */
#include "output_tree.h"
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *name;
	const char *before; /* the user's, before any run */
	const char *first;  /* what a first run writes, or NULL */
	const char *meddle; /* what changes then */
	const char *second; /* what the run under test writes */
	const char *says;   /* with ROOT for the folder; NULL: it succeeds */
	const char *after;  /* NULL: as second */
} cases[] = {
	{ "from nothing", "", NULL, "", "a=1\nb/c/d=2\n", NULL, NULL },
	{ "nothing at all", "", NULL, "", "", NULL, NULL },
	{ "a changed and a new one", "", "a=1\nb=2\n", "", "a=1\nb=3\nc=4\n",
	  NULL, NULL },
	{ "one less, and its folders", "", "a=1\nb/c/d=2\n", "", "a=1\n", NULL,
	  NULL },
	{ "a folder that is still used", "", "b/c=1\nb/d=2\n", "", "b/d=2\n",
	  NULL, NULL },
	{ "a folder with a user's file", "", "b/c=1\nd=2\n", "b/mine=3\n",
	  "d=2\n", NULL, "b/mine=3\nd=2\n" },
	{ "a file becomes a folder", "", "a=1\n", "", "a/b=1\n", NULL, NULL },
	{ "a folder becomes a file", "", "a/b=1\na/c/d=2\n", "", "a=1\n", NULL,
	  NULL },
	{ "a folder with a user's file cannot", "", "a/b=1\n", "a/mine=3\n",
	  "a=1\n", "wsgen: ROOT/o/a: not written by wsgen; move it away\n",
	  "a/b=1\na/mine=3\n" },
	{ "a folder with a user's folder cannot", "", "a/b=1\n", "a/mine/\n",
	  "a=1\n", "wsgen: ROOT/o/a: not written by wsgen; move it away\n",
	  "a/b=1\na/mine/\n" },
	{ "an empty folder gives way", "a/\n", NULL, "", "a=1\n", NULL, NULL },
	{ "a user's file stays", "mine=1\n", NULL, "", "a=1\n", NULL,
	  "a=1\nmine=1\n" },
	{ "a user's file in the way", "a=mine\n", NULL, "", "a=1\nb=2\n",
	  "wsgen: ROOT/o/a: not written by wsgen; move it away\n", "a=mine\n" },
	{ "each one in the way is named", "a=mine\nc=mine\n", NULL, "",
	  "a=1\nb=2\nc=3\n",
	  "wsgen: ROOT/o/a: not written by wsgen; move it away\n"
	  "wsgen: ROOT/o/c: not written by wsgen; move it away\n",
	  "a=mine\nc=mine\n" },
	{ "the same text is no trouble", "a=1\n", NULL, "", "a=1\nb=2\n", NULL,
	  NULL },
	{ "a user's file where a folder goes", "a=mine\n", NULL, "", "a/b=1\n",
	  "wsgen: ROOT/o/a/b: not written by wsgen; move it away\n",
	  "a=mine\n" },
	{ "an edit of ours is undone", "", "a=1\n", "a=edited\n", "a=1\n", NULL,
	  NULL },
	{ "an edited one of ours is removed", "", "a=1\nb=2\n", "b=edited\n",
	  "a=1\n", NULL, NULL },
	{ "a removed one of ours is back", "", "a=1\n", "-a\n", "a=1\n", NULL,
	  NULL },
	{ "a removed one may go", "", "a=1\nb=2\n", "-b\n", "a=1\n", NULL,
	  NULL },
	{ "a link in the way", "", NULL, "a->../victim\n", "a=1\n",
	  "wsgen: ROOT/o/a: not written by wsgen; move it away\n",
	  "a->../victim\n" },
	{ "a link for one of ours is replaced", "", "a=1\n",
	  "-a\na->../victim\n", "a=2\n", NULL, NULL },
	{ "a link for one that goes is removed", "", "a=1\n",
	  "-a\na->../victim\n", "", NULL, NULL },
	{ "a link for a folder", "", NULL, "d->../outside\n", "d/a=1\n",
	  "wsgen: ROOT/o/d/a: not written by wsgen; move it away\n",
	  "d->../outside\n" },
	{ "a link for a folder of one that goes", "", "d/victim=1\n",
	  "-d/victim\n-d\nd->../outside\n", "a=1\n", NULL,
	  "a=1\nd->../outside\n" },
	{ "a manifest that leads out", "", "a=1\n",
	  ".wsgen/manifest=0123456789012345678901234567890123456789012345678901"
	  "234567890123  ../victim\n",
	  "a=1\n", NULL, NULL },
	{ "a manifest that leads out by a link", "", "a=1\n",
	  "d->../outside\n"
	  ".wsgen/manifest=0123456789012345678901234567890123456789012345678901"
	  "234567890123  d/victim\n",
	  "a=1\n", NULL, "a=1\nd->../outside\n" },
	{ "a manifest of rubbish", "", "a=1\n", ".wsgen/manifest=rubbish\n",
	  "a=1\n", NULL, NULL },
	{ "a journal that leads out", "", "a=1\n",
	  ".wsgen/journal=remove ../victim\n", "a=2\n", NULL, NULL },
	{ "a half journal is none", "", "a=1\nb=1\n",
	  ".wsgen/journal=remove b\n", "a=2\nb=1\n", NULL, NULL },
	{ "leftovers of a killed run", "", "a=1\n",
	  ".wsgen/new/0=x\n.wsgen/new/9=x\n.wsgen/journal.part=x\n", "a=2\n",
	  NULL, NULL },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *dir = below("o"), *want, *says, *cut;

		print_message("  %s\n", cases[i].name);
		empty(root);
		make_tree(root, "victim=unhurt\noutside/victim=unhurt\n");
		make_tree(dir, cases[i].before);
		if (cases[i].first)
			assert_null(write_tree(dir, cases[i].first));
		make_tree(dir, cases[i].meddle);
		says = write_tree(dir, cases[i].second);
		want = cases[i].says;
		for (; want && (cut = strstr(want, "ROOT"));)
			want = arena_printf(&arena, "%.*s%s%s",
					    (int)(cut - want), want, root,
					    cut + 4);
		if (want)
			assert_string_equal(says, want);
		else
			assert_null(says);
		assert_string_equal(tree_of(dir), cases[i].after
							  ? cases[i].after
							  : cases[i].second);
		assert_string_equal(tree_of(below("outside")),
				    "victim=unhurt\n");
		assert_true(exists(below("victim")));
		assert_false(exists(below("o/.wsgen/journal")));
		assert_false(exists(below("o/.wsgen/journal.part")));
		if (!want)
			assert_false(exists(below("o/.wsgen/new")));
	}
}

static struct timespec mtime(const char *path)
{
	struct stat info;

	assert_int_equal(stat(path, &info), 0);
	return info.st_mtim;
}

static void test_times(void **state)
{
	const struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };
	const char *const files[] = { "o/a", "o/b", "o/.wsgen/manifest",
				      "o/.wsgen/stamp" };

	(void)state;
	empty(root);
	assert_null(write_tree(below("o"), "a=1\nb=1\n"));
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		assert_int_equal(utimensat(AT_FDCWD, below(files[i]), old, 0),
				 0);
	assert_null(write_tree(below("o"), "a=1\nb=1\n"));
	assert_int_equal(mtime(below("o/a")).tv_sec, 1000);
	assert_int_equal(mtime(below("o/.wsgen/manifest")).tv_sec, 1000);
	assert_true(mtime(below("o/.wsgen/stamp")).tv_sec > 1000);
	assert_null(write_tree(below("o"), "a=1\nb=2\n"));
	assert_int_equal(mtime(below("o/a")).tv_sec, 1000);
	assert_true(mtime(below("o/b")).tv_sec > 1000);
}

static void test_unwritable(void **state)
{
	const char *says;

	(void)state;
	empty(root);
	make_tree(root, "file=1\n");
	says = write_tree(below("file/o"), "a=1\n");
	assert_string_equal(says,
			    arena_printf(&arena,
					 "wsgen: %s/file/o: Not a directory\n",
					 root));
	if (geteuid() == 0)
		return; /* root may write anywhere */
	assert_null(write_tree(below("o"), "d/a=1\nb=1\n"));
	assert_int_equal(chmod(below("o/d"), 0555), 0);
	assert_non_null(write_tree(below("o"), "d/a=2\nb=2\n"));
	assert_int_equal(chmod(below("o/d"), 0755), 0);
	assert_string_equal(tree_of(below("o")), "b=1\nd/a=1\n");
}

static void test_is_current(void **state)
{
	static const struct {
		const char *name, *meddle, *tree, *says;
	} rows[] = {
		{ "same", "", "a=1\nd/b=1\n", "" },
		{ "changed", "a=2\n", "a=1\nd/b=1\n", "ROOT/o/a: stale\n" },
		{ "gone", "-d/b\n", "a=1\nd/b=1\n", "ROOT/o/d/b: missing\n" },
		{ "too many", "", "a=1\n", "ROOT/o/d/b: no longer made\n" },
		{ "in between", ".wsgen/journal=end\n", "a=1\nd/b=1\n",
		  "ROOT/o/.wsgen/journal: an unfinished run\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct output output;
		const char *want = rows[i].says;
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);
		bool current;

		print_message("  %s\n", rows[i].name);
		empty(root);
		assert_null(write_tree(below("o"), "a=1\nd/b=1\n"));
		make_tree(below("o"), rows[i].meddle);
		fill(&output, rows[i].tree);
		current = output_is_current(&output, below("o/"), out);
		fclose(out);
		if (*want)
			want = arena_printf(&arena, "%s%s", root, want + 4);
		assert_string_equal(text, want);
		assert_int_equal(current, !*want);
		free(text);
	}
}

static void test_list(void **state)
{
	struct output output;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	fill(&output, "b=1\na/c=2\n");
	output_list(&output, "build/", out);
	fclose(out);
	assert_string_equal(text, "build/a/c\nbuild/b\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_unwritable),
		cmocka_unit_test(test_is_current),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
