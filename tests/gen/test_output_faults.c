/* SPDX-License-Identifier: MIT */
/* What is left when a run dies, fails, or meets another one on the way. */
#include "output_tree.h"
#include "unit.h"

#include "base/buf.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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

/* From one tree to another, killed or failing at every change on the way. */
static const struct way {
	const char *name, *from, *to;
} ways[] = {
	{ "files and folders for one another", OLD, NEW },
	{ "new folders", "", "a=1\nf/x/m=1\nf/y/m=2\ni/a=1\nj=1\n" },
	{ "a new folder in one that goes", "p/a=1\n",
	  "p/b/m=1\np/b/n=2\np/c/d/m=1\n" },
};

/* All old or all new; folders that a killed run had made are no output. */
static bool is_whole(const char *dir, const struct way *way)
{
	const char *tree = tree_of(dir);
	struct buf files;

	buf_init(&files, &arena);
	for (; *tree; tree += strcspn(tree, "\n") + 1) {
		size_t len = strcspn(tree, "\n");

		if (tree[len - 1] != '/')
			buf_add_n(&files, tree, len + 1);
	}
	return !strcmp(files.text, way->from) || !strcmp(files.text, way->to);
}

/* Whether the run got past the fault. */
static bool run_with_fault(const char *dir, const char *tree,
			   struct fault fault)
{
	FILE *err = fopen("/dev/null", "w");
	struct output output;
	int status = 0;
	pid_t child;

	fill(&output, tree);
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

static void strike_everywhere(const struct way *way, int error)
{
	const char *dir = below("o");
	bool past = false;

	for (int at = 0; !past; at++) {
		empty(root);
		assert_null(write_tree(dir, way->from));
		past = run_with_fault(dir, way->to,
				      (struct fault){ at, error });
		if (!exists(below("o/.wsgen/journal")) && !is_whole(dir, way))
			fail_msg("mixed, errno %d at change %d: %s", error, at,
				 tree_of(dir));
		assert_null(write_tree(dir, way->to));
		if (strcmp(tree_of(dir), way->to) != 0)
			fail_msg("errno %d at change %d: %s", error, at,
				 tree_of(dir));
		assert_false(exists(below("o/.wsgen/new")));
		assert_null(write_tree(dir, way->from));
		assert_string_equal(tree_of(dir), way->from);
		assert_true(at < 1000);
	}
}

static void test_faults(void **state)
{
	const int errors[] = { 0, ENOSPC, EIO };

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		for (size_t e = 0; e < sizeof(errors) / sizeof(*errors); e++) {
			print_message("  %s, errno %d\n", ways[i].name,
				      errors[e]);
			strike_everywhere(&ways[i], errors[e]);
		}
}

#define FOLDERS "a=1\nf/x/m=1\nf/y/m=2\n"

/* What comes between the journal of a killed run and the run after it. */
static const struct {
	const char *name, *meddle, *after;
	bool refused; /* until it is gone */
} meddlings[] = {
	{ "nothing", "", FOLDERS, false },
	{ "a folder of the user's", "f/mine=1\n",
	  "a=1\nf/mine=1\nf/x/m=1\nf/y/m=2\n", false },
	{ "an empty folder", "f/\n", FOLDERS, false },
	{ "one that holds a name of ours", "f/x/m=theirs\n", FOLDERS, false },
	{ "a file", "f=1\n", FOLDERS, true },
	{ "a link", "f->../outside\n", FOLDERS, true },
	{ "a torn file", ".wsgen/new/2/x/m=torn\n", FOLDERS, false },
};

/* Killed before the change that first leaves a journal behind. */
static void kill_with_journal(const char *dir)
{
	for (int at = 0; !exists(below("o/.wsgen/journal")); at++) {
		empty(root);
		make_tree(root, "outside/victim=unhurt\n");
		assert_null(write_tree(dir, ""));
		assert_false(
			run_with_fault(dir, FOLDERS, (struct fault){ at, 0 }));
	}
	assert_false(exists(below("o/f")));
	assert_true(exists(below("o/.wsgen/new/2/x/m")));
}

static void test_meddled_folders(void **state)
{
	const char *dir = below("o");

	(void)state;
	for (size_t i = 0; i < sizeof(meddlings) / sizeof(*meddlings); i++) {
		const char *says;

		print_message("  %s\n", meddlings[i].name);
		empty(root);
		kill_with_journal(dir);
		make_tree(dir, meddlings[i].meddle);
		says = write_tree(dir, FOLDERS);
		assert_string_equal(tree_of(below("outside")),
				    "victim=unhurt\n");
		if (meddlings[i].refused) {
			assert_non_null(says);
			assert_true(exists(below("o/.wsgen/journal")));
			make_tree(dir, "-f\n");
			says = write_tree(dir, FOLDERS);
		}
		assert_null(says);
		assert_string_equal(tree_of(dir), meddlings[i].after);
		assert_false(exists(below("o/.wsgen/journal")));
		assert_false(exists(below("o/.wsgen/new")));
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
	assert_true(is_whole(dir, &ways[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_meddled_folders),
		cmocka_unit_test(test_kill_9),
		cmocka_unit_test(test_two_runs),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
