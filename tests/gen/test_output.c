/* SPDX-License-Identifier: MIT */
/*
 * Trees are written as text: "a=1" is a file, "d/" an empty folder,
 * "l->target" a link, "-a" one to remove; a line each.
 */
#include "output.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct arena arena;
static char root[64];

static int start(void **state)
{
	(void)state;
	strcpy(root, "/tmp/wsgen-output-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static const char *below(const char *path)
{
	return arena_printf(&arena, "%s/%s", root, path);
}

static void empty(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		const char *inner =
			arena_printf(&arena, "%s/%s", path, entry->d_name);

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (unlink(inner) < 0) {
			empty(inner);
			rmdir(inner);
		}
	}
	if (folder)
		closedir(folder);
}

static int stop(void **state)
{
	(void)state;
	empty(root);
	arena_release(&arena);
	return rmdir(root);
}

static void make_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void make_tree(const char *dir, const char *tree)
{
	mkdir(dir, 0777);
	for (; *tree; tree += strcspn(tree, "\n"), tree += *tree == '\n') {
		char *line = arena_strndup(&arena, tree, strcspn(tree, "\n"));
		char *path = arena_printf(&arena, "%s/%s", dir,
					  line + (*line == '-'));
		char *cut;

		for (cut = path + strlen(dir) + 1;
		     *cut && *cut != '=' && strncmp(cut, "->", 2) != 0; cut++) {
			if (*cut != '/')
				continue;
			*cut = '\0';
			mkdir(path, 0777);
			*cut = '/';
		}
		if (*line == '-') {
			remove(path);
		} else if ((cut = strstr(path, "->"))) {
			*cut = '\0';
			assert_int_equal(symlink(cut + 2, path), 0);
		} else if ((cut = strchr(path, '='))) {
			*cut = '\0';
			make_file(path, cut + 1);
		}
	}
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_entry(struct buf *out, const char *dir, const char *name)
{
	const char *path = arena_printf(&arena, "%s/%s", dir, name);
	char text[4096] = { 0 };
	struct stat info;
	ssize_t len;
	FILE *file;

	assert_int_equal(lstat(path, &info), 0);
	if (S_ISLNK(info.st_mode)) {
		len = readlink(path, text, sizeof(text) - 1);
		assert_true(len > 0);
		buf_printf(out, "%s->%s\n", name, text);
		return;
	}
	file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	buf_printf(out, "%s=%s\n", name, text);
}

static void list_tree(struct buf *out, const char *dir, const char *prefix)
{
	LIST(const char *) names = { 0 };
	DIR *folder = opendir(arena_printf(&arena, "%s/%s", dir, prefix));
	struct dirent *entry;

	assert_non_null(folder);
	while ((entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    strcmp(entry->d_name, ".wsgen") != 0)
			*LIST_ADD(&arena, &names) = arena_printf(
				&arena, "%s%s", prefix, entry->d_name);
	closedir(folder);
	if (names.count)
		qsort(names.items, names.count, sizeof(*names.items),
		      compare_names);
	else if (*prefix)
		buf_printf(out, "%s\n", prefix);
	for (size_t i = 0; i < names.count; i++) {
		struct stat info;
		const char *path =
			arena_printf(&arena, "%s/%s", dir, names.items[i]);

		assert_int_equal(lstat(path, &info), 0);
		if (S_ISDIR(info.st_mode))
			list_tree(out, dir,
				  arena_printf(&arena, "%s/", names.items[i]));
		else
			add_entry(out, dir, names.items[i]);
	}
}

static const char *tree_of(const char *dir)
{
	struct buf out;

	buf_init(&out, &arena);
	list_tree(&out, dir, "");
	return out.text;
}

static void fill(struct output *output, const char *tree)
{
	output_init(output, &arena);
	for (; *tree; tree += strcspn(tree, "\n"), tree += *tree == '\n') {
		char *line = arena_strndup(&arena, tree, strcspn(tree, "\n"));
		char *text = strchr(line, '=');

		*text++ = '\0';
		output_add(output, line, text, strlen(text));
	}
}

/* What the run says on a failure, with the root cut out; NULL for none. */
static const char *write_tree(const char *dir, const char *tree)
{
	struct output output;
	char *text = NULL;
	size_t len = 0;
	FILE *err = open_memstream(&text, &len);
	const char *said;
	bool done;

	fill(&output, tree);
	done = output_write(&output, dir, err);
	fclose(err);
	assert_int_equal(done, len == 0);
	said = done ? NULL : arena_strdup(&arena, text);
	free(text);
	return said;
}

static bool exists(const char *path)
{
	struct stat info;

	return lstat(path, &info) == 0;
}

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

#define OLD "a=1\nb=1\nc=1\nd/e/f=1\ng=1\nh/i=1\n"
#define NEW "a=2\nb=1\nd/e=2\nd/j=2\ng/k=2\nh=2\nl/m/n=2\n"

struct fault {
	int left;  /* changes until it happens */
	int error; /* 0: the process dies */
};

static int strike(void *data)
{
	struct fault *fault = data;

	if (fault->left-- > 0)
		return 0;
	if (!fault->error)
		_exit(9);
	return fault->left == -1 ? fault->error : 0;
}

/* All old or all new; folders that a killed run had made are no output. */
static bool is_whole(const char *dir)
{
	const char *tree = tree_of(dir);
	struct buf files;

	buf_init(&files, &arena);
	for (; *tree; tree += strcspn(tree, "\n") + 1) {
		size_t len = strcspn(tree, "\n");

		if (tree[len - 1] != '/')
			buf_add_n(&files, tree, len + 1);
	}
	return !strcmp(files.text, OLD) || !strcmp(files.text, NEW);
}

/* Whether the run got past the fault. */
static bool run_with_fault(const char *dir, struct fault fault)
{
	FILE *err = fopen("/dev/null", "w");
	struct output output;
	int status = 0;
	pid_t child;

	fill(&output, NEW);
	output.before_change = strike;
	output.data = &fault;
	if (fault.error) {
		output_write(&output, dir, err);
		fclose(err);
		return fault.left >= 0;
	}
	child = fork();
	if (!child)
		_exit(output_write(&output, dir, err) ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	fclose(err);
	return WEXITSTATUS(status) == 0;
}

static void test_faults(void **state)
{
	const int errors[] = { 0, ENOSPC, EIO };
	const char *dir = below("o");

	(void)state;
	for (size_t e = 0; e < sizeof(errors) / sizeof(*errors); e++) {
		bool past = false;

		for (int at = 0; !past; at++) {
			empty(root);
			assert_null(write_tree(dir, OLD));
			past = run_with_fault(dir,
					      (struct fault){ at, errors[e] });
			if (!exists(below("o/.wsgen/journal")) &&
			    !is_whole(dir))
				fail_msg("mixed, errno %d at change %d: %s",
					 errors[e], at, tree_of(dir));
			assert_null(write_tree(dir, NEW));
			if (strcmp(tree_of(dir), NEW) != 0)
				fail_msg("errno %d at change %d: %s", errors[e],
					 at, tree_of(dir));
			assert_null(write_tree(dir, OLD));
			assert_true(at < 1000);
		}
	}
}

/* Killed anywhere, then asked for the old files again: that works, too. */
static void test_kill_9(void **state)
{
	const char *dir = below("o");
	unsigned seed = 1;

	(void)state;
	empty(root);
	assert_null(write_tree(dir, OLD));
	for (int i = 0; i < 60; i++) {
		pid_t child = fork();
		struct timespec wait = { 0, 0 };
		const char *says;

		if (!child)
			for (int turn = 0;; turn++)
				write_tree(dir, turn % 2 ? OLD : NEW);
		seed = seed * 1103515245u + 12345u;
		wait.tv_nsec = 300000 + (long)(seed >> 8) % 3000000;
		nanosleep(&wait, NULL);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		says = write_tree(dir, i % 2 ? OLD : NEW);
		if (says)
			fail_msg("%s", says);
		assert_string_equal(tree_of(dir), i % 2 ? OLD : NEW);
	}
}

/* Runs that overlap take turns. */
static void test_two_runs(void **state)
{
	const char *dir = below("o");
	pid_t child[2];

	(void)state;
	empty(root);
	for (int i = 0; i < 2; i++) {
		child[i] = fork();
		if (child[i])
			continue;
		for (int turn = 0; turn < 50; turn++)
			if (write_tree(dir, (turn + i) % 2 ? OLD : NEW))
				_exit(1);
		_exit(0);
	}
	for (int i = 0; i < 2; i++) {
		int status = 1;

		waitpid(child[i], &status, 0);
		assert_int_equal(status, 0);
	}
	assert_true(is_whole(dir));
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
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_kill_9),
		cmocka_unit_test(test_two_runs),
		cmocka_unit_test(test_unwritable),
		cmocka_unit_test(test_is_current),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
