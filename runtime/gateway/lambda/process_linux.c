/* SPDX-License-Identifier: MIT */
/* Processes on Linux: vfork, pidfd and /proc. */
#define _GNU_SOURCE
#include "process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* How many processes of a tree are looked at. */
#define TREE_MAX 64

struct child {
	const struct process_plan *plan;
	int null, output;
	pid_t parent;
	volatile int error; /* written by the child, which shares memory */
};

/* Signals as a program expects them: none ignored, none held back. */
static void reset_signals(void)
{
	struct sigaction action = { .sa_flags = 0 };
	sigset_t none;
	int number;

	action.sa_handler = SIG_DFL;
	sigemptyset(&action.sa_mask);
	for (number = 1; number < NSIG; number++) {
		if (number != SIGKILL && number != SIGSTOP)
			sigaction(number, &action, NULL);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void limit_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	if (limit.rlim_max > PROCESS_FILES_MAX)
		limit.rlim_max = PROCESS_FILES_MAX;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/*
 * In the child, whose memory is the parent's until it runs the program: system
 * calls only.
 */
_Noreturn static void become(struct child *child)
{
	const struct process_plan *plan = child->plan;
	char *const arguments[] = { (char *)plan->path, NULL };

	/* The second look is for a parent that died in between. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != child->parent)
		_exit(127);
	if (plan->traceable)
		prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	setpgid(0, 0);
	if (dup2(child->null, STDIN_FILENO) < 0 ||
	    dup2(child->output, STDOUT_FILENO) < 0 ||
	    dup2(child->output, STDERR_FILENO) < 0 || chdir(plan->folder)) {
		child->error = errno;
		_exit(127);
	}
	close_range(STDERR_FILENO + 1, ~0u, 0);
	limit_files();
	reset_signals();
	execve(plan->path, arguments, plan->environment);
	child->error = errno;
	_exit(127);
}

/*
 * Whoever started us may have had no use for the ends of its children, and
 * handed that on: then nobody is told how they end.
 */
static void want_ends(void)
{
	struct sigaction action;

	if (sigaction(SIGCHLD, NULL, &action) ||
	    (action.sa_handler != SIG_IGN && !(action.sa_flags & SA_NOCLDWAIT)))
		return;
	action.sa_handler = SIG_DFL;
	action.sa_flags = 0;
	sigaction(SIGCHLD, &action, NULL);
}

/* The pid, or -1 and child->error. Signals wait until the child is away. */
static pid_t spawn(struct child *child)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = vfork();
	if (!pid)
		become(child);
	if (pid < 0)
		child->error = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (pid > 0 && child->error) {
		waitpid(pid, NULL, 0);
		return -1;
	}
	return pid;
}

/* Its end is known; see that the rest of the group goes, and who it was. */
static int reap(struct process *process)
{
	int status = 0;

	/* While it is a zombie nobody else can have its number. */
	kill(-process->pid, SIGKILL);
	waitpid(process->pid, &status, 0);
	loop_unwatch(process->loop, &process->watch);
	process->pid = 0;
	return status;
}

static void on_exit_seen(struct loop_watch *watch, unsigned events)
{
	struct process *process =
		(void *)((char *)watch - offsetof(struct process, watch));
	int fd = watch->fd;
	int status = reap(process);

	(void)events;
	close(fd);
	process->ended(process, status);
}

static bool watch_end(struct process *process)
{
	int fd = pidfd_open(process->pid, 0);

	if (fd < 0)
		return false;
	process->watch = (struct loop_watch){ .fd = -1, .ready = on_exit_seen };
	if (loop_watch(process->loop, &process->watch, fd, LOOP_READ))
		return true;
	close(fd);
	return false;
}

bool process_start(struct process *process, struct loop *loop,
		   const struct process_plan *plan, int *output, int *error)
{
	struct child child = { .plan = plan, .parent = getpid() };
	int ends[2] = { -1, -1 };
	pid_t pid = -1;

	want_ends();
	child.null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (child.null < 0 || pipe2(ends, O_CLOEXEC)) {
		child.error = errno;
	} else {
		child.output = ends[1];
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
		pid = spawn(&child);
	}
	if (child.null >= 0)
		close(child.null);
	if (ends[1] >= 0)
		close(ends[1]);
	process->pid = pid > 0 ? pid : 0;
	process->loop = loop;
	if (pid > 0 && !watch_end(process)) {
		child.error = errno;
		process_signal(process, SIGKILL);
		waitpid(pid, NULL, 0);
		process->pid = 0;
	}
	*output = ends[0];
	if (process->pid)
		return true;
	if (ends[0] >= 0)
		close(ends[0]);
	*output = -1;
	*error = child.error;
	return false;
}

void process_signal(const struct process *process, int signal)
{
	if (process->pid)
		kill(-process->pid, signal);
}

bool process_wait(struct process *process, int64_t until_us)
{
	struct pollfd end = { .fd = process->watch.fd, .events = POLLIN };
	struct clock real = { .manual = false };

	while (process->pid) {
		int64_t left = until_us - clock_us(&real, CLOCK_REAL);
		int ms = left > 0 ? (int)(left / 1000 + 1) : 0;
		int count = poll(&end, 1, ms);

		if (count > 0) {
			reap(process);
			close(end.fd);
		} else if (!ms) {
			return false;
		}
	}
	return true;
}

/* The first bytes of a file of /proc's, closed by a NUL. */
static bool read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return false;
	len = read(fd, text, size - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	return len > 0;
}

/* Resident, but for what is a file's: a library counts for nobody. */
static uint64_t memory_of(int pid)
{
	unsigned long size, resident, shared;
	char path[64], text[128];

	snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	if (!read_text(path, text, sizeof(text)) ||
	    sscanf(text, "%lu %lu %lu", &size, &resident, &shared) != 3 ||
	    resident < shared)
		return 0;
	return (uint64_t)(resident - shared) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Add the children of one thread to the tree. */
static size_t add_children(const char *path, int *tree, size_t count)
{
	char text[1024];
	char *at = text, *end;

	if (!read_text(path, text, sizeof(text)))
		return count;
	while (count < TREE_MAX) {
		long pid = strtol(at, &end, 10);

		if (end == at)
			break;
		tree[count++] = (int)pid;
		at = end;
	}
	return count;
}

uint64_t process_memory(const struct process *process)
{
	int tree[TREE_MAX] = { process->pid };
	size_t count = process->pid ? 1 : 0;
	uint64_t sum = 0;
	char path[320];
	size_t i;

	for (i = 0; i < count; i++) {
		const struct dirent *entry;
		DIR *threads;

		sum += memory_of(tree[i]);
		snprintf(path, sizeof(path), "/proc/%d/task", tree[i]);
		threads = opendir(path);
		while (threads && (entry = readdir(threads))) {
			if (entry->d_name[0] == '.')
				continue;
			snprintf(path, sizeof(path),
				 "/proc/%d/task/%s/children", tree[i],
				 entry->d_name);
			count = add_children(path, tree, count);
		}
		if (threads)
			closedir(threads);
	}
	return sum;
}

bool process_is_traced(const struct process *process)
{
	char path[64], text[2048];
	const char *line;

	snprintf(path, sizeof(path), "/proc/%d/status", process->pid);
	if (!read_text(path, text, sizeof(text)))
		return false;
	line = strstr(text, "\nTracerPid:");
	return line && strtol(line + strlen("\nTracerPid:"), NULL, 10);
}
